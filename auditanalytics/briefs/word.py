"""A learning brief as a Word file: what somebody edits and sends, in real styles, so that it takes a council's look.

Without a template the file is built here, styles and all; a council changes the look of those styles, puts its header
and its logo in, and gives the file back as its template. Everything that is read comes from the brief: this module has
words for the page number alone. The same brief gives the same bytes.
"""

import io
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.section import Section as PageSetup
from docx.shared import Pt
from docx.styles.style import BaseStyle
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph as WordParagraph

from auditanalytics.briefs.model import BriefFigure, BriefTable, LearningBrief, Paragraph, Point, Points
from auditanalytics.briefs.word_document import new_document, number_pages, pack_document
from auditanalytics.briefs.word_styles import LINK_STYLE, NEEDED, TABLE_STYLE, parsed, styles_by_name
from auditanalytics.briefs.word_template import open_template, room_of
from auditanalytics.reporting.sanitised import NOT_IN_XML

_clean = partial(NOT_IN_XML.sub, "")
PLACE = "[brief]"
"""The paragraph of a template in whose place the brief is put."""

_DEEPEST_HEADING = 3
_SHORT_TABLE = 12  # rows of a table that is kept on one page; a longer one would leave too much of a page blank
_NARROWEST_COLUMN, _WIDEST_COLUMN = 7, 44  # characters by which a column is given room, whatever its cells hold
_LINE, _EDGES, _BOLD = 100, 2.6, 1.2  # characters side by side; what a cell's edges and bold letters take besides
_TALLEST_FIGURE = 0.8  # of a page's height, so that its caption fits above it


def word_document(brief: LearningBrief, *, template: Path | None = None) -> bytes:
    """Write a learning brief as a Word file.

    Parameters
    ----------
    brief
        The brief.
    template
        A Word file (.docx) of the council's own, whose page, header, footer and styles hold. The brief stands where a
        paragraph of it says ``[brief]`` and nothing else, or at its end.

    Returns
    -------
    bytes
        A .docx file; the same bytes for the same brief and template.

    Raises
    ------
    TemplateError
        If the template is no .docx file that is safe to open, or lacks a style that the brief needs.
    """
    document = _own_document(brief) if template is None else open_template(template)
    place = next((each for each in document.paragraphs if each.text.strip() == PLACE), None)
    before = set(document.element.body)
    paper = _paper(document, place)
    _write_brief(paper, brief)
    if template is not None and brief.provenance:  # without one it stands in our footer
        paper.add(brief.provenance, "Brief note")
    if place is not None:
        for written in [element for element in document.element.body if element not in before]:
            place._p.addprevious(written)
        if place._p.xpath("./w:pPr/w:sectPr"):
            place.clear()  # what ends here is also a section, whose page and header it holds
        else:
            place._p.getparent().remove(place._p)
    for relation in document.part.package.rels.values():
        if relation.reltype.endswith("/core-properties"):  # LibreOffice gives it a name that python-docx does not know
            relation._reltype = RELATIONSHIP_TYPE.CORE_PROPERTIES
    return pack_document(document, title=brief.title, subject=brief.framework)


@dataclass(frozen=True)
class _Paper:
    """What is written on: the document, its styles by their names here, and the room between the margins."""

    document: WordDocument
    styles: dict[str, BaseStyle]
    width: int
    height: int

    def add(self, text: str, style: str, *, with_next: bool = False) -> WordParagraph:
        paragraph = self.document.add_paragraph(_clean(text), self.styles[style])
        paragraph.paragraph_format.keep_with_next = with_next or None
        return paragraph


def _paper(document: WordDocument, place: WordParagraph | None) -> _Paper:
    following = place._p.xpath("(.//w:sectPr | following::w:sectPr)[1]") if place is not None else []
    page = PageSetup(following[0], document.part) if following else document.sections[-1]
    styles = styles_by_name(document)
    return _Paper(document, {name: styles[name.casefold()] for name in NEEDED}, *room_of(page))


def _write_brief(paper: _Paper, brief: LearningBrief) -> None:
    paper.add(brief.title, "Title")
    paper.add(brief.framework if brief.when in brief.title else f"{brief.framework}, {brief.when}", "Subtitle")
    if brief.notice:
        paper.add(brief.notice, "Brief notice")
    for sentence in brief.headline:
        paper.add(sentence, "Brief headline")
    for section, depth in brief.walk():
        paper.add(section.title, f"Heading {min(depth, _DEEPEST_HEADING)}")
        for part, following in zip_longest(section.parts, section.parts[1:]):
            match part:
                case Paragraph():
                    leads_on = isinstance(following, Points)
                    paper.add(part.text, "Brief note" if part.quiet else "Normal", with_next=leads_on)
                case Points():
                    for point in part.points:
                        _write_point(paper, point)
                case BriefTable():
                    _write_table(paper, part)
                case BriefFigure():
                    _write_figure(paper, part)


def _write_point(paper: _Paper, point: Point) -> None:
    paragraph = paper.add("", "List Bullet")
    if point.lead:
        paragraph.add_run(_clean(point.lead)).bold = True
        paragraph.add_run(": ")
    run = paragraph.add_run(_clean(point.text), paper.styles[LINK_STYLE] if point.href else None)
    if point.href:
        relation = paper.document.part.relate_to(point.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink", {qn("r:id"): relation}, {"w": nsmap["w"], "r": nsmap["r"]})
        link.append(run._r)
        paragraph._p.append(link)


def _write_table(paper: _Paper, table: BriefTable) -> None:
    paper.add(table.caption, "Caption", with_next=True)
    rows = [table.head, *table.rows]
    drawn = paper.document.add_table(len(rows), len(table.head), paper.styles[TABLE_STYLE])
    drawn.autofit = False
    columns = ", ".join(name for name in table.head if name)
    for tag, text in (("w:tblCaption", table.caption), ("w:tblDescription", f"{columns}. {table.note}".strip())):
        drawn._tbl.tblPr.append(OxmlElement(tag, {qn("w:val"): _clean(text)}))
    for column, share in zip(drawn.columns, _shares(table), strict=True):
        column.width = round(share * paper.width)
    for number, (row, cells) in enumerate(zip(drawn.rows, rows, strict=True)):
        is_last = number == len(rows) - 1
        with_next = not number or (bool(table.note) if is_last else len(rows) <= _SHORT_TABLE)
        row._tr.get_or_add_trPr().extend(parsed("<w:cantSplit/>" + "<w:tblHeader/>" * (not number)))
        _write_row(paper, row, cells, style=f"Brief table {'cell' if number else 'head'}", with_next=with_next)
        for cell in row.cells[1:] if not table.of_words else ():
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    # Word wants a paragraph after a table, and tables that touch become one; so one stands here with or without words.
    note = paper.add(table.note, "Brief note")
    if not table.note:
        note.paragraph_format.line_spacing = Pt(1)


def _write_row(paper: _Paper, row: Row, texts: tuple[str, ...], *, style: str, with_next: bool) -> None:
    for cell, text, column in zip(row.cells, texts, row.table.columns, strict=True):
        cell.width = column.width
        paragraph = cell.paragraphs[0]
        paragraph.style = paper.styles[style]
        paragraph.add_run(_clean(text))
        paragraph.paragraph_format.keep_with_next = with_next or None


def _shares(table: BriefTable) -> list[float]:
    """Give how much of the width each column takes: no word and no number is broken; the names of the rows may wrap."""
    columns = zip(table.head, *table.rows, strict=True)
    lengths = [max(*map(len, cells), *(_BOLD * len(word) for word in head.split()), 0, 0) for head, *cells in columns]
    room = [min(max(length, _NARROWEST_COLUMN), _WIDEST_COLUMN) + _EDGES for length in lengths]
    if not table.of_words and len(room) > 1:
        room[0] = max(min(room[0], _LINE - sum(room[1:])), 2 * _NARROWEST_COLUMN)
    return [each / sum(room) for each in room]


def _write_figure(paper: _Paper, figure: BriefFigure) -> None:
    paper.add(figure.caption, "Caption", with_next=True)
    paragraph = paper.add("", "Normal", with_next=bool(figure.note))
    paragraph.paragraph_format.line_spacing = 1.0  # lines of a fixed height, as a council may want, would cut it off
    width, height = figure.chart.on_wide.size
    fitting = min(round(paper.width * figure.share_of_width), round(paper.height * _TALLEST_FIGURE * width / height))
    shape = paragraph.add_run().add_picture(io.BytesIO(figure.chart.png), width=fitting)
    shape._inline.docPr.set("title", _clean(figure.caption))
    shape._inline.docPr.set("descr", _clean(figure.chart.alternative))
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")  # without it LibreOffice moves a picture into the margin
    if figure.note:
        paper.add(figure.note, "Brief note")


def _own_document(brief: LearningBrief) -> WordDocument:
    document = new_document(f"{brief.framework}\t{brief.when}")
    page = document.sections[0]
    footer = page.footer.paragraphs[0]
    if brief.provenance:
        footer.add_run(_clean(brief.provenance))
        footer = page.footer.add_paragraph(style=document.styles["Footer"])
    number_pages(footer)
    return document
