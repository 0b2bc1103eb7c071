"""A Word document of our own, before anything is written on it and when all is: its page, its properties, its bytes."""

import io
import zipfile
from datetime import datetime
from functools import partial

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm
from docx.text.paragraph import Paragraph as WordParagraph

from auditanalytics.briefs.word_styles import parsed, set_styles
from auditanalytics.reporting.sanitised import NOT_IN_XML

_clean = partial(NOT_IN_XML.sub, "")
_LONG_AGO, _FIRST_TIME_OF_ZIP, _LONGEST_PROPERTY = datetime(2000, 1, 1), (1980, 1, 1, 0, 0, 0), 255

# Parts of python-docx's own template: a picture and statistics of another document, styles for older programs.
_UNWANTED = ("/thumbnail", "/extended-properties", "/stylesWithEffects", "/customXml", "/webSettings", "/fontTable")


def new_document(header: str) -> WordDocument:
    """Make an empty document with our styles, on A4.

    Parameters
    ----------
    header
        What stands above every page; what follows a tab stands on the right.

    Returns
    -------
    docx.document.Document
        The document.
    """
    document = Document()
    for parts in (document.part.package.rels, document.part.rels):
        for name in [name for name, part in parts.items() if part.reltype.endswith(_UNWANTED)]:
            del parts[name]
    set_styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    page.header_distance = page.footer_distance = Cm(1)
    page.header.paragraphs[0].add_run(_clean(header))
    return document


def number_pages(footer: WordParagraph) -> None:
    """Write the number of the page at the right end of a line of the footer.

    Parameters
    ----------
    footer
        The line.
    """
    footer.add_run("\tPage ")
    footer._p.extend(parsed('<w:fldSimple w:instr=" PAGE "/>'))  # without a result: whoever lays out pages counts


def pack_document(document: WordDocument, *, title: str, subject: str) -> bytes:
    """Give the bytes of a document: the same for the same document, whenever it is packed.

    Parameters
    ----------
    document
        The document.
    title, subject
        What it says of itself.

    Returns
    -------
    bytes
        A .docx file.
    """
    about = document.core_properties
    about.title, about.subject = _clean(title)[:_LONGEST_PROPERTY], _clean(subject)[:_LONGEST_PROPERTY]
    about.author = about.last_modified_by = about.comments = ""  # nobody who made the template wrote what is in it
    about.language, about.revision, about.created, about.modified = "en-GB", 1, _LONG_AGO, _LONG_AGO
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(parts.namelist()):
            part = zipfile.ZipInfo(name, _FIRST_TIME_OF_ZIP)
            part.create_system, part.compress_type = 0, zipfile.ZIP_DEFLATED
            archive.writestr(part, parts.read(name))
    return packed.getvalue()
