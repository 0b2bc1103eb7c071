"""What moderators do to a workbook: write into its cells, sort and copy its rows, save it with another program."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

import pandas as pd
import xlsxwriter

from auditanalytics.intake import find_sources, read_sheets

SOFFICE = shutil.which("soffice")

Sheets = dict[str, pd.DataFrame]

FRAMEWORK = """
name = "Small audit"
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
[columns]
audit_id = ["Audit ID"]
child = ["Child"]
worker = ["Worker"]
auditor = ["Auditor"]
audited_on = ["Date"]
overall = ["Overall"]
worried_about = ["Worries"]
[overall]
scale = "ofsted"
[[domains]]
id = "risk"
title = "Risk"
comments = { worked_well = ["Risk: well"], worried_about = ["Risk: worries"] }
categories = [{ id = "spotting", title = "Spotting risk" }, { id = "responding", title = "Responding to risk" }]
[[domains]]
id = "plans"
title = "Plans"
comments = { worried_about = ["Plan: worries"] }
categories = [{ id = "plan", title = "The plan" }]
"""
HEADER = [
    *("Audit ID", "Child", "Worker", "Auditor", "Date", "spotting", "responding", "plan", "Overall"),
    *("Risk: well", "Risk: worries", "Plan: worries", "Worries"),
]
PEOPLE = ("Umberta Fennimore", "Castor Wyndlethorpe", "Ottoline Brackenshaw")
MODERATED = [
    "Audit",
    "Category",
    "Moderated grade",
    "Moderator",
    "Date moderated",
    "Reason",
    "Stratum",
    "Probability",
    "Blind",
]


def row_of(number: int, grades: tuple[str, ...], words: tuple[str, ...] = ("", "", "", "")) -> list[str]:
    """A row of a return: its grades, and what was written of risk, the plan and the whole."""
    return [f"REF-{number:05}", *PEOPLE, f"{number + 1:02}/05/2019", *grades, *words]


def parts_of(path: Path) -> dict[str, str]:
    """Every part of a workbook as text."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheets_of(path: Path) -> Sheets:
    """The cells of every sheet, on the numbers of rows and with the letters of columns."""
    sheets, problems = read_sheets(find_sources([path])[0])
    assert problems == []
    letters = [*map(chr, range(65, 91))]
    return {sheet.sheet: sheet.cells.set_axis(letters[: sheet.cells.shape[1]], axis=1) for sheet in sheets}


def header_of(cells: pd.DataFrame, name: str) -> str:
    """The letter of the column under a header, in whichever row the headers stand."""
    return next(letter for letter in cells.columns if name in cells[letter].tolist())


def fill_in(path: Path, sheet: str, cells: dict[str, str], *, into: Path | None = None) -> Path:
    """Write text, or the bare number of a day, into cells that are there, as a spreadsheet does; all else stays."""
    parts = parts_of(path)
    names = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
    part = f"xl/worksheets/sheet{[unescape(name) for name in names].index(sheet) + 1}.xml"
    for cell, text in cells.items():
        is_number = text.isdecimal()
        value = f"<v>{text}</v>" if is_number else f"<is><t>{escape(text)}</t></is>"
        kind = "" if is_number else ' t="inlineStr"'
        pattern = rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'
        parts[part], found = re.subn(pattern, lambda at: f'<c r="{cell}"{at[1] or ""}{kind}>{value}</c>', parts[part])  # noqa: B023
        assert found == 1, cell
    target = into or path
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target


def fill_grades(path: Path, given: Callable[[dict[str, str]], dict[str, str]]) -> Path:
    """Fill in the sheet of grades row by row: what a moderator gives, by header, for what the row says."""
    cells = sheets_of(path)["Grades"]
    headers = cells.loc[1]
    written = {}
    for row in cells.index[1:]:
        for name, text in given(dict(zip(headers, cells.loc[row], strict=True))).items():
            written[f"{header_of(cells, name)}{row}"] = text
    return fill_in(path, "Grades", written)


def rewrite(path: Path, change: Callable[[Sheets], Sheets], *, into: Path) -> Path:
    """Write a workbook anew with rows and columns as somebody left them: another program, no formats, no lists."""
    with xlsxwriter.Workbook(into, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, cells in change(sheets_of(path)).items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(cells.to_numpy()):
                for column, value in enumerate(values):
                    if value:
                        sheet.write_string(row, column, value)
    return into


def save_with_office(path: Path, folder: Path, ending: str = "xlsx") -> Path:
    """Open a workbook in LibreOffice and save it."""
    folder.mkdir()
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", ending]
    subprocess.run([*command, "--outdir", folder, path], check=True, capture_output=True, timeout=240)
    return folder / f"{path.stem}.{ending}"
