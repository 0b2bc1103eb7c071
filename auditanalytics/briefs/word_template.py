"""A council's own Word file as the template of a brief: opened only when it is safe, and refused in a sentence."""

import io
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.section import Section as PageSetup
from docx.shared import Cm

from auditanalytics.briefs.word_styles import NEEDED, styles_by_name
from auditanalytics.errors import TemplateError, describe_refusal
from auditanalytics.parsing.archive import Archive
from auditanalytics.parsing.limits import MEGABYTE, RefusedError

_LARGEST_TEMPLATE = 100 * MEGABYTE  # all its parts together, unpacked
_LEAST_ROOM = Cm(5)  # between the margins of a template

_REFUSALS = {
    "password_or_legacy": "it is locked with a password, or was saved in a format older than .docx",
    "too_large": f"it unpacks to more than {_LARGEST_TEMPLATE // MEGABYTE} megabytes, or far more than its size",
    "dtd_forbidden": "its XML declares a document type, which no Word document does",
    "macros": "it carries macros",
    "damaged": "it is damaged, or no Word document (.docx)",
    "no_page": "its page leaves no room for text",
}


def room_of(page: PageSetup) -> tuple[int, int]:
    """Give the width and the height between the margins of a page.

    Parameters
    ----------
    page
        How the page is set up.

    Returns
    -------
    tuple of int
        Both, in the units of Word.
    """
    width = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0) - (page.gutter or 0)
    # Word writes a margin that no header may push down as a negative one.
    return width, (page.page_height or 0) - abs(page.top_margin or 0) - abs(page.bottom_margin or 0)


def open_template(path: Path) -> WordDocument:
    """Open a council's own Word file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    docx.document.Document
        The document.

    Raises
    ------
    TemplateError
        If it is no .docx file that is safe to open, or lacks a style that a brief needs.
    """
    unusable = f"the template {path.name} cannot be used"
    remedy = "give a Word document (.docx) without macros or password, such as a brief that this command wrote"
    try:
        if path.stat().st_size > _LARGEST_TEMPLATE:
            raise RefusedError("too_large")
        document = _open_checked(path.read_bytes())
    except OSError as error:
        raise TemplateError(f"{unusable}: it cannot be read ({describe_refusal(error)}); {remedy}") from None
    except RefusedError as error:
        raise TemplateError(f"{unusable}: {_REFUSALS.get(error.code, _REFUSALS['damaged'])}; {remedy}") from None
    kinds = {name: style.type for name, style in styles_by_name(document).items()}
    if missing := [name for name, kind in NEEDED.items() if kinds.get(name.casefold()) != kind]:
        remedy = "start from a brief that this command wrote, whose styles have these names"
        raise TemplateError(f"{unusable}: it lacks the styles {', '.join(missing)}; {remedy}")
    return document


def _open_checked(data: bytes) -> WordDocument:
    archive = Archive(data)
    if archive.size > _LARGEST_TEMPLATE:
        raise RefusedError("too_large")
    archive.check_xml()
    has_program = any("vbaproject" in name.casefold() for name in archive.names)
    if has_program or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise RefusedError("macros")
    try:
        document = Document(io.BytesIO(data))
        rooms = [measure for page in document.sections for measure in room_of(page)]
        styles_by_name(document)
    except Exception:  # python-docx has no base of its own for what a damaged file makes it raise
        raise RefusedError("damaged") from None
    if min(rooms, default=0) < _LEAST_ROOM:
        raise RefusedError("no_page")
    return document
