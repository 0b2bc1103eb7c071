"""A blank return as a form in Word, for one audit: what stands on the left is answered on its right.

Three shapes of table, and nothing to be answered outside them: labels with answers beside them, questions under a row
that says category, grade and comment, and actions under a row of labels. Every label is one that the framework knows.
A grade is chosen from a list and a day from a calendar; whatever is written freely has a cell to be written in.
"""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.table import _Cell as Cell
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph as WordParagraph

from auditanalytics.blank_returns.columns import (
    ACTIONS,
    NEEDED,
    NEXT_STEPS,
    BlankReturn,
    ReturnColumn,
    Section,
    field_label,
)
from auditanalytics.blank_returns.guidance import how_to_grade
from auditanalytics.briefs.word_document import new_document, number_pages, pack_document
from auditanalytics.briefs.word_styles import TABLE_STYLE, parsed
from auditanalytics.english import listed
from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.reporting.sanitised import NOT_IN_XML

_clean = partial(NOT_IN_XML.sub, "")
_RULE, _LABELS = "8A8A8A", "EEF3F8"
_PAIR, _QUESTION = (5.5, 11.5), (7.0, 4.0, 6.0)  # centimetres; 17 between the margins
_WIDTH, _OF_A_DAY = 17.0, 2.6
_LINE, _BOX = 0.75, 2.6  # centimetres high at least: what is answered in a word, and a box to write in
_CHOOSE, _LONGEST_TAG = "Choose…", 64
_SHORT_TABLE = 12  # rows of a table that is kept on one page; a longer one would leave too much of a page blank
_PLACEHOLDER = """<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>
  <w:uiPriority w:val="99"/><w:rPr><w:color w:val="595959"/></w:rPr></w:style>"""


def blank_form(framework: Framework, blank: BlankReturn) -> bytes:
    """Write a blank return as a form in Word.

    Parameters
    ----------
    framework
        The framework.
    blank
        What is asked.

    Returns
    -------
    bytes
        A .docx file; the same bytes for the same framework and form.
    """
    header = f"{blank.title}\t{framework.name}" if blank.title != framework.name else framework.name
    document = new_document(header)
    document.styles.element.extend(parsed(_PLACEHOLDER))
    number_pages(document.sections[0].footer.paragraphs[0])
    paper = _Paper(document)
    paper.add(blank.title, "Title")
    for step in _steps(framework, blank):
        paper.add(step, "List Bullet")
    for section in _in_the_order_of_a_form(blank.sections):
        paper.add(section.title, "Heading 1")
        paper.write_section(framework, section)
    return pack_document(document, title=blank.title, subject=framework.name)


def _steps(framework: Framework, blank: BlankReturn) -> list[str]:
    needed = [column.label for column in blank.columns if column.need == NEEDED]
    return [
        f"Fill in one form for each audit. {listed(needed)} must be filled in, or the audit cannot be counted.",
        how_to_grade(framework),
        "Write people's names only where they are asked for. In comments, write 'the mother' or 'the school'.",
        "Leave the words on the left and in the grey rows as they are: the answers are found by them.",
        "Save it as a Word document (.docx) and send it back as case records are sent: it is about a child.",
    ]


def _in_the_order_of_a_form(sections: Iterable[Section]) -> list[Section]:
    """The sections with the judgement on the whole where it is made: after those on its parts."""
    ordered = [section for section in sections if section.id != OVERALL]
    last = max(
        (at for at, section in enumerate(ordered, 1) if any(each.is_grade for each in section.columns)), default=0
    )
    return [*ordered[:last], *[section for section in sections if section.id == OVERALL], *ordered[last:]]


class _Paper:
    """What a form is written on: the document, and the number of its last control."""

    def __init__(self, document: WordDocument) -> None:
        self.document = document
        self._numbers = count(1)

    def add(self, text: str, style: str) -> WordParagraph:
        return self.document.add_paragraph(_clean(text), self.document.styles[style])

    def write_section(self, framework: Framework, section: Section) -> None:
        graded = [column for column in section.columns if column.is_grade]
        others = [column for column in section.columns if not column.is_grade]
        if graded:
            self._write_questions(framework, section.title, graded)
        actions = [column for column in others if section.id == NEXT_STEPS and column.field != "next_step"]
        pairs = [column for column in others if column not in actions]
        if pairs:
            self._write_pairs(section.title, pairs)
        if actions:
            self._write_actions(section.title, [each for each in actions if each.meaning and each.meaning.number < 2])

    def _write_questions(self, framework: Framework, title: str, columns: list[ReturnColumn]) -> None:
        head = [field_label(framework, name) for name in ("category", "grade", "comment")]
        table = self._table(title, _QUESTION, len(columns) + 1)
        self._write_head(table.rows[0], head)
        for row, column in zip(list(table.rows)[1:], columns, strict=True):
            _set_height(row, _LINE)
            self._write_label(row.cells[0], column)
            self._write_answer(row.cells[1], column)
        _keep_together(table)

    def _write_pairs(self, title: str, columns: list[ReturnColumn]) -> None:
        table = self._table(title, _PAIR, len(columns))
        for row, column in zip(table.rows, columns, strict=True):
            _set_height(row, _BOX if column.is_long else _LINE)
            self._write_label(row.cells[0], column)
            self._write_answer(row.cells[1], column)

    def _write_actions(self, title: str, columns: list[ReturnColumn]) -> None:
        days = sum(column.is_date for column in columns)
        width = (_WIDTH - days * _OF_A_DAY) / max(len(columns) - days + 1, 1)  # what is to be done takes twice as much
        widths = [_OF_A_DAY if each.is_date else width * (1 + each.is_long) for each in columns]
        table = self._table(title, widths, ACTIONS + 1)
        self._write_head(table.rows[0], [column.label for column in columns])
        for row in list(table.rows)[1:]:
            _set_height(row, 2 * _LINE)
            for cell, column in zip(row.cells, columns, strict=True):
                self._write_answer(cell, column)
        _keep_together(table)

    def _table(self, title: str, widths: Iterable[float], rows: int) -> Table:
        centimetres = list(widths)
        table = self.document.add_table(rows, len(centimetres), self.document.styles[TABLE_STYLE])
        table.autofit = False
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        about = table._tbl.tblPr
        about.find(qn("w:tblLayout")).addprevious(*parsed(f"<w:tblBorders>{edges}</w:tblBorders>"))
        about.extend(parsed(f"<w:tblCaption w:val={quoteattr(_clean(title))}/>"))
        look = about.find(qn("w:tblLook"))  # of a first row that the style sets apart; these set it apart
        look.attrib.update({qn("w:val"): "0480", qn("w:firstRow"): "0"})
        for column, width in zip(table.columns, centimetres, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().extend(parsed("<w:cantSplit/>"))
            for cell, width in zip(row.cells, centimetres, strict=True):
                cell.width = Cm(width)
                cell.paragraphs[0].style = self.document.styles["Brief table cell"]
        self.add("", "Brief note").paragraph_format.line_spacing = Pt(1)  # tables that touch become one
        return table

    def _write_head(self, row: Row, labels: list[str]) -> None:
        row._tr.get_or_add_trPr().extend(parsed("<w:tblHeader/>"))
        for cell, label in zip(row.cells, labels, strict=True):
            _shade(cell)
            cell.paragraphs[0].style = self.document.styles["Brief table head"]
            cell.paragraphs[0].add_run(_clean(label))

    def _write_label(self, cell: Cell, column: ReturnColumn) -> None:
        _shade(cell)
        cell.paragraphs[0].style = self.document.styles["Brief table cell"]
        cell.paragraphs[0].add_run(_clean(column.header)).bold = True
        if column.need == NEEDED:
            cell.add_paragraph("must be filled in", self.document.styles["Brief table cell"])

    def _write_answer(self, cell: Cell, column: ReturnColumn) -> None:
        control: Callable[[ReturnColumn], str] | None = None
        if column.field == "audit_type" and len(column.choices) == 1:  # which form this is, is known
            cell.paragraphs[0].add_run(_clean(column.choices[0]))
        elif column.choices:
            control = _list_of_choices
        elif column.is_date:
            control = _calendar
        if control:
            cell.paragraphs[0]._p.extend(self._control(column, control(column)))

    def _control(self, column: ReturnColumn, kind: str) -> list[Any]:
        """A content control that nothing was chosen in yet."""
        meaning = column.meaning
        tag = (column.field or (meaning.category if meaning else ""))[:_LONGEST_TAG]
        return parsed(
            f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(_clean(column.header))}/><w:tag w:val={quoteattr(tag)}/>"
            f'<w:id w:val="{next(self._numbers)}"/><w:lock w:val="sdtLocked"/><w:showingPlcHdr/>{kind}</w:sdtPr>'
            f'<w:sdtContent><w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>{_CHOOSE}</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        )


def _list_of_choices(column: ReturnColumn) -> str:
    words = [quoteattr(_clean(word)) for word in column.choices]
    items = "".join(f"<w:listItem w:displayText={word} w:value={word}/>" for word in words)
    return f"<w:dropDownList>{items}</w:dropDownList>"


def _calendar(_: ReturnColumn) -> str:
    return (
        '<w:date><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="en-GB"/><w:storeMappedDataAs w:val="dateTime"/>'
        '<w:calendar w:val="gregorian"/></w:date>'
    )


def _shade(cell: Cell) -> None:
    cell._tc.get_or_add_tcPr().extend(parsed(f'<w:shd w:val="clear" w:color="auto" w:fill="{_LABELS}"/>'))


def _keep_together(table: Table) -> None:
    """Keep the rows of a short table on one page."""
    for row in list(table.rows)[:-1] if len(table.rows) <= _SHORT_TABLE else ():
        for paragraph in (paragraph for cell in row.cells for paragraph in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True


def _set_height(row: Row, centimetres: float) -> None:
    row.height = Cm(centimetres)
    height = row._tr.get_or_add_trPr().find(qn("w:trHeight"))
    if height is not None:
        height.set(qn("w:hRule"), "atLeast")
