"""The brief as a PDF that conforms to PDF/UA-1: a fixed template reads the brief as data, and Typst sets it.

No word of a brief is ever part of the template, so that nothing that somebody wrote can be read as markup. The files
are given to Typst in memory and the fonts are those that come with matplotlib, so that the same brief gives the same
bytes everywhere. PDF/UA-1 allows no glyph that a font lacks: what DejaVu Sans cannot draw is drawn as "�".
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from itertools import count
from pathlib import Path

import matplotlib as mpl
import typst
from matplotlib.ft2font import FT2Font

from auditanalytics.briefs.model import BriefFigure, LearningBrief, Part, Points, Section
from auditanalytics.errors import PublishingError
from auditanalytics.reporting.sanitised import NOT_IN_XML

_SPOKEN = {"name", "alternative", "href"}
"""What is read out or shown by the reader's own program, whose fonts are others."""

_MISSING = "�"
_BREAK = re.compile(r"\s*[\t\n\r\x85\u2028\u2029]\s*")


def pdf_document(brief: LearningBrief) -> bytes:
    """Write a learning brief as a tagged PDF that conforms to PDF/UA-1, on A4.

    Parameters
    ----------
    brief
        A learning brief.

    Returns
    -------
    bytes
        The PDF; the same brief gives the same bytes.

    Raises
    ------
    PublishingError
        When Typst refuses it.
    """
    pictures: dict[str, bytes] = {}
    names = (f"chart-{number}.svg" for number in count(1))
    values = {
        "name": brief.title,
        "title": brief.title,
        "framework": brief.framework,
        "when": brief.when,
        "headline": brief.headline,
        "notice": brief.notice,
        "provenance": brief.provenance,
        "sections": [_section(section, pictures, names) for section in brief.sections],
    }
    data = json.dumps(_shown(values)).encode()
    template = files(__package__).joinpath("templates/brief.typ").read_bytes()
    try:
        return typst.compile(
            {"main.typ": template, "brief.json": data, **pictures},
            format="pdf",
            pdf_standards="ua-1",
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )
    except typst.TypstError:
        # Without what Typst said, which repeats the text.
        raise PublishingError(
            "the brief could not be set as a PDF that conforms to PDF/UA-1; everything that it holds is in its other "
            "files; please report it"
        ) from None


def _section(section: Section, pictures: dict[str, bytes], names: Iterator[str]) -> dict[str, object]:
    return {
        "title": section.title,
        "parts": [_part(part, pictures, names) for part in section.parts],
        "sections": [_section(inner, pictures, names) for inner in section.sections],
    }


def _part(part: Part, pictures: dict[str, bytes], names: Iterator[str]) -> dict[str, object]:
    if isinstance(part, Points):
        points = [{"lead": point.lead, "text": point.text, "href": point.href} for point in part.points]
        return {"kind": part.kind, "points": points}
    if not isinstance(part, BriefFigure):
        return asdict(part)
    name = next(names)
    pictures[name] = part.chart.outlined
    about = {"kind": part.kind, "caption": part.caption, "note": part.note, "share": part.share_of_width}
    return {**about, "file": name, "alternative": part.chart.alternative}


def _shown(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _shown(inner, key) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(inner, name) for inner in value]
    if not isinstance(value, str):
        return value
    words = NOT_IN_XML.sub("", _BREAK.sub(" ", value))
    return words if name in _SPOKEN else _drawable(words)


def _drawable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(_glyph(character) for character in composed) if not composed.isascii() else composed


def _glyph(character: str) -> str:
    kind = unicodedata.category(character)
    # Joiners, marks of direction and selectors of a variation draw nothing, and are noise beside a "�".
    if kind in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character if ord(character) in _glyphs() and kind != "Co" else _MISSING


@cache
def _glyphs() -> frozenset[int]:
    regular, bold = (FT2Font(str(_font_folder() / f"DejaVuSans{style}.ttf")).get_charmap() for style in ("", "-Bold"))
    return frozenset(regular) & frozenset(bold)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_folder()])


def _font_folder() -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
