"""The styles of a brief in Word: their names, which a council's template must have, and how they look without one."""

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.styles import BabelFish
from docx.styles.style import BaseStyle

from auditanalytics.reporting.colours import BLACK, DARK_BLUE, DARK_GREY, ORANGE

_INK, _BLUE, _GREY, _BAR = (colour.removeprefix("#") for colour in (BLACK, DARK_BLUE, DARK_GREY, ORANGE))
_RULE, _GROUND = "D5D5D5", "FFF6DB"


def _space(before: float, after: float, line: float = 1.15) -> str:
    """Points above and below a paragraph, and how far apart its lines are."""
    sizes = f'w:before="{before * 20:.0f}" w:after="{after * 20:.0f}" w:line="{line * 240:.0f}"'
    return f'<w:spacing {sizes} w:lineRule="auto"/>'


def _letters(size: float, colour: str = _INK, *, bold: bool = False) -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    return f'{weight}<w:color w:val="{colour}"/><w:sz w:val="{size * 2:.0f}"/><w:szCs w:val="{size * 2:.0f}"/>'


def _edge(side: str, colour: str, eighths: int, space: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def _heading(depth: int, before: float, after: float, size: float) -> tuple[str, str]:
    paragraph = f'<w:keepNext/><w:keepLines/>{_space(before, after, 1.05)}<w:outlineLvl w:val="{depth - 1}"/>'
    return paragraph, _letters(size, _BLUE, bold=True)


_BOX = (
    f"<w:pBdr>{_edge('top', _GROUND, 4, 6)}{_edge('left', _BAR, 36, 8)}{_edge('bottom', _GROUND, 4, 6)}</w:pBdr>"
    f'<w:shd w:val="clear" w:color="auto" w:fill="{_GROUND}"/>'
)
_TO_THE_RIGHT = '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>'  # A4 between margins of 2 cm

_LOOKS: dict[str, tuple[str, str]] = {
    "Normal": (_space(0, 7), _letters(10.5)),
    "Title": (f"<w:keepNext/>{_space(6, 4, 1)}", _letters(24, _BLUE, bold=True)),
    "Subtitle": (f"<w:pBdr>{_edge('bottom', _BLUE, 32, 10)}</w:pBdr>{_space(0, 18, 1)}", _letters(13, _GREY)),
    "Heading 1": _heading(1, 24, 7, 17),
    "Heading 2": _heading(2, 17, 5, 13),
    "Heading 3": _heading(3, 12, 4, 11),
    "List Bullet": (f'<w:numPr><w:numId w:val="1"/></w:numPr>{_space(0, 4.5)}', ""),
    "Caption": (f"<w:keepNext/><w:keepLines/>{_space(13, 5, 1.1)}", _letters(10.5, bold=True)),
    "Brief headline": (_space(0, 9, 1.2), _letters(14)),
    "Brief notice": (f'<w:keepLines/>{_BOX}{_space(6, 20)}<w:ind w:left="227" w:right="113"/>', ""),
    "Brief note": (f"<w:keepLines/>{_space(4, 10, 1.1)}", _letters(9, _GREY)),
    "Brief table head": (f"<w:keepNext/>{_space(2, 3, 1)}", _letters(9.5, _BLUE, bold=True)),
    "Brief table cell": (_space(3, 3, 1.05), _letters(9.5)),
    **dict.fromkeys(("Header", "Footer"), (f"{_TO_THE_RIGHT}{_space(0, 3, 1)}", _letters(8.5, _GREY))),
}
"""How the paragraphs of each style are set, and their letters; in the order in which Word asks for the properties."""

LINK_STYLE, TABLE_STYLE = "Hyperlink", "Brief table"
NEEDED = {name: WD_STYLE_TYPE.PARAGRAPH for name in _LOOKS if name not in ("Header", "Footer")}
NEEDED |= {LINK_STYLE: WD_STYLE_TYPE.CHARACTER, TABLE_STYLE: WD_STYLE_TYPE.TABLE}
"""The styles that a template must have, by the names that Word shows, and of what each is one."""

_OTHER_LOOKS = f"""
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="{LINK_STYLE}"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:rPr><w:color w:val="{_BLUE}"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="BriefTable"><w:name w:val="{TABLE_STYLE}"/>
  <w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr><w:tblBorders>{_edge("bottom", _RULE, 4, 0)}{_edge("insideH", _RULE, 4, 0)}</w:tblBorders>
    <w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{_edge("bottom", _BLUE, 12, 0)}</w:tcBorders>
    <w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>"""

_DEFAULTS = """<w:docDefaults><w:rPrDefault><w:rPr>
  <w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>
  <w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"""

_BULLETS = f"""<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/>
    <w:pPr><w:ind w:left="340" w:hanging="255"/></w:pPr>
    <w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:color w:val="{_BLUE}"/></w:rPr></w:lvl>
  </w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"""


def styles_by_name(document: WordDocument) -> dict[str, BaseStyle]:
    """Give the styles of a document by their names in small letters; programs write them with capitals or without.

    Parameters
    ----------
    document
        A Word document.

    Returns
    -------
    dict
        The styles.
    """
    return {(style.name or "").casefold(): style for style in document.styles}


def parsed(xml: str) -> list[Any]:
    """Give the elements of Word that a piece of XML holds.

    Parameters
    ----------
    xml
        Elements with the prefix ``w:``.

    Returns
    -------
    list
        The elements.
    """
    return list(parse_xml(f"<w:all {nsdecls('w')}>{xml}</w:all>"))


def set_styles(document: WordDocument) -> None:
    """Give a document our styles in the place of all that it has.

    Parameters
    ----------
    document
        A document from python-docx's own template.
    """
    styles = document.styles.element
    for style in list(document.styles):
        if style.name not in ("Default Paragraph Font", "Normal Table", "No List"):
            style.delete()
    styles.replace(styles.find(qn("w:docDefaults")), *parsed(_DEFAULTS))
    styles.extend(parsed("".join(_style_xml(name) for name in _LOOKS) + _OTHER_LOOKS))
    document.part.numbering_part.element[:] = parsed(_BULLETS)
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).attrib.update({qn("w:val"): "en-GB", qn("w:eastAsia"): "en-GB"})
    # Of a document in an older mode Word says "Compatibility Mode" beside the title.
    next(settings.iter(qn("w:compatSetting"))).set(qn("w:val"), "15")


def _style_xml(name: str) -> str:
    paragraph, letters = _LOOKS[name]
    mark = 'w:default="1"' if name == "Normal" else 'w:customStyle="1"' if name.startswith("Brief") else ""
    based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    following = '<w:next w:val="Normal"/>' if "<w:keepNext/>" in paragraph else ""
    return (
        f'<w:style w:type="paragraph" {mark} w:styleId="{name.title().replace(" ", "")}">'
        f'<w:name w:val="{BabelFish.ui2internal(name)}"/>{based}{following}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )
