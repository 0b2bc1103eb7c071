"""What auditors do to a blank return: write into the cells of its workbook, choose and write in its form in Word."""

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import _Cell as Cell
from xlsxwriter.utility import xl_col_to_name

Answer = str | dt.date
Answers = Mapping[str, Answer | Sequence[Answer]]


def filled_form(path: Path, answers: Answers, *, into: Path) -> Path:
    """Fill in a form as Word does, and save it under another name.

    ``answers`` are by label. What stands beside a label is one answer; beside a question it is a grade, or a grade and
    a comment; under a label it is an answer for each row.
    """
    document, unanswered = Document(str(path)), set(answers)
    for table in document.tables:
        rows = [row.cells for row in table.rows]
        labels = [_label(cell) for cell in rows[0]]
        has_head = table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        if has_head and not any(_label(row[0]) for row in rows[1:]):  # actions: a label above each column
            for at, label in enumerate(labels):
                for row, answer in zip(rows[1:], _several(answers.get(label, ())), strict=False):
                    _answer(row[at], answer)
                unanswered.discard(label)
            continue
        for row in rows[has_head:]:
            for cell, answer in zip(row[1:], _several(answers.get(_label(row[0]), ())), strict=False):
                _answer(cell, answer)
            unanswered.discard(_label(row[0]))
    assert not unanswered, unanswered
    document.save(str(into))
    return into


def _several(answer: Answer | Sequence[Answer]) -> Sequence[Answer]:
    return [answer] if isinstance(answer, (str, dt.date)) else answer


def _label(cell: Cell) -> str:
    return cell.paragraphs[0].text


def _answer(cell: Cell, answer: Answer) -> None:
    """Write into a cell, or choose in its control, where what is chosen takes the place of the prompt."""
    control = next(cell._tc.iter(qn("w:sdt")), None)
    if control is None:
        first, *others = str(answer).split("\n")
        cell.paragraphs[0].add_run(first)
        for text in others:
            cell.add_paragraph(text)
        return
    about = control.find(qn("w:sdtPr"))
    if (prompted := about.find(qn("w:showingPlcHdr"))) is not None:
        about.remove(prompted)
    if (choices := about.find(qn("w:dropDownList"))) is not None:
        assert answer in [item.get(qn("w:displayText")) for item in choices]
        choices.set(qn("w:lastValue"), str(answer))
    if (day := about.find(qn("w:date"))) is not None:
        assert isinstance(answer, dt.date)
        day.set(qn("w:fullDate"), f"{answer:%Y-%m-%d}T00:00:00Z")
    (run,) = control.find(qn("w:sdtContent")).iter(qn("w:r"))
    run.remove(run.find(qn("w:rPr")))
    run.find(qn("w:t")).text = f"{answer:%d/%m/%Y}" if isinstance(answer, dt.date) else answer


def sheet_parts(parts: Mapping[str, str]) -> dict[str, str]:
    """The part of every sheet of a workbook, by the name of the sheet."""
    names = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
    return {unescape(name): f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}


def parts_of(path: Path) -> dict[str, str]:
    """Every part of a workbook as text."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def headers_of(parts: Mapping[str, str], sheet: str, row: int = 2) -> list[str]:
    """The headers of a sheet, in the order of the columns."""
    strings = [
        unescape("".join(re.findall(r"<t[^>]*>([^<]*)</t>", text)))
        for text in re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"], re.DOTALL)
    ]
    written = re.search(rf'<row r="{row}"[^>]*>(.*?)</row>', parts[sheet_parts(parts)[sheet]], re.DOTALL)
    assert written
    return [strings[int(number)] for number in re.findall(r"<v>(\d+)</v>", written[1])]


def filled_workbook(path: Path, audits: Mapping[str, Sequence[Mapping[str, Answer]]], *, into: Path) -> Path:
    """Write audits into the rows under the headers of sheets, as a spreadsheet does, each cell as its column wants it."""
    parts = parts_of(path)
    for sheet, rows in audits.items():
        part, headers = sheet_parts(parts)[sheet], headers_of(parts, sheet)
        runs = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', parts[part])
        styles = {at: style for first, last, style in runs for at in range(int(first), int(last) + 1)}
        written = ""
        for number, audit in enumerate(rows, 3):
            assert audit.keys() <= set(headers), audit.keys() - set(headers)
            cells = {headers.index(header): answer for header, answer in audit.items()}
            content = "".join(_cell(at, number, styles[at + 1], cells[at]) for at in sorted(cells))
            written += f'<row r="{number}">{content}</row>'
        parts[part] = parts[part].replace("</sheetData>", f"{written}</sheetData>")
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return into


def _cell(column: int, row: int, style: str, answer: Any) -> str:
    place = f'<c r="{xl_col_to_name(column)}{row}" s="{style}"'
    if isinstance(answer, dt.date):
        return f"{place}><v>{(answer - dt.date(1899, 12, 30)).days}</v></c>"
    return f'{place} t="inlineStr"><is><t>{escape(answer)}</t></is></c>'
