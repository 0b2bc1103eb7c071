"""Workbooks (.xlsx): values from calamine, and from one pass over each sheet's XML what calamine leaves out.

A blank grade is "not graded", 7 is not 007 and 85% is not 0.85, so cells that calamine gives in another way than a
person sees them are written anew; and a sheet with a cell beyond the limits never reaches calamine.
"""

import io
import posixpath
import re
from dataclasses import dataclass, field
from functools import partial

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from auditanalytics.parsing.archive import Archive, check_names, local_name, parse_xml
from auditanalytics.parsing.beside import checked_beside
from auditanalytics.parsing.cells import ParsedSheet, Rewrite, as_padded, as_percentage, as_rows
from auditanalytics.parsing.limits import RefusedError
from auditanalytics.parsing.sheet import SheetXml

_PERCENT_FORMATS = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.')


def parse_workbook(data: bytes) -> tuple[list[ParsedSheet], list[tuple[str, str]], bool]:
    """Read the visible sheets of a workbook.

    Parameters
    ----------
    data
        The bytes of an .xlsx file.

    Returns
    -------
    tuple
        The sheets; code and sheet of each problem; and whether the workbook counts days from 1904.

    Raises
    ------
    RefusedError
        If it is not to be read.
    """
    archive = Archive(data)
    if "xl/workbook.xml" not in archive.names:
        raise RefusedError("not_a_workbook")
    if any(name.casefold().endswith("vbaproject.bin") for name in archive.names):
        raise RefusedError("macros")
    about = _read_about(archive)
    parts = {name: about.parts.get(name, "") for name in about.visible}
    looked_through = {name: SheetXml(archive.read(part)) for name, part in parts.items() if part in archive.names}
    rewrites = _read_rewrites(archive) if "xl/styles.xml" in archive.names else {}
    with checked_beside(archive.check_xml, size=archive.size):
        sheets, problems = _read_sheets(_open(data), looked_through, rewrites)
    return sheets, problems, about.counts_from_1904


def _read_sheets(
    workbook: CalamineWorkbook, looked_through: dict[str, SheetXml], rewrites: dict[str, Rewrite]
) -> tuple[list[ParsedSheet], list[tuple[str, str]]]:
    sheets, problems = [], []
    check_names([sheet.name for sheet in workbook.sheets_metadata])
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible != SheetVisibleEnum.Visible:
            problems.append(("hidden_sheet", sheet.name))
        elif sheet.typ == SheetTypeEnum.WorkSheet:
            if sheet.name not in looked_through:
                raise RefusedError("damaged")
            sheets.append(_read_sheet(workbook, sheet.name, looked_through[sheet.name], rewrites))
    return sheets, problems


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception:  # calamine has no base of its own for what a damaged file makes it raise
        raise RefusedError("damaged") from None


def _read_sheet(workbook: CalamineWorkbook, name: str, xml: SheetXml, rewrites: dict[str, Rewrite]) -> ParsedSheet:
    try:
        values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except Exception:
        raise RefusedError("damaged") from None
    rows = as_rows(values, xml.special_cells(rewrites))
    rows += [[] for _ in range(xml.last_row - len(rows))]
    return ParsedSheet(name, rows, hidden_rows=xml.hidden_rows)


@dataclass
class _About:
    """What the workbook says of itself: the part of each sheet, which are shown, and how it counts days."""

    parts: dict[str, str] = field(default_factory=dict)
    visible: list[str] = field(default_factory=list)
    counts_from_1904: bool = False


def _read_about(archive: Archive) -> _About:
    about, targets, relations = _About(), {}, {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship":
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = path.lstrip("/")

    def element(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet":
            identifiers = [value for name, value in attributes.items() if local_name(name) == "id" and ":" in name]
            relations[attributes.get("name", "")] = "".join(identifiers[:1])
            if attributes.get("state", "visible") == "visible":
                about.visible.append(attributes.get("name", ""))
        elif local_name(tag) == "workbookPr":
            about.counts_from_1904 = attributes.get("date1904") in ("1", "true")

    parse_xml(archive.read("xl/_rels/workbook.xml.rels"), StartElementHandler=relation)
    parse_xml(archive.read("xl/workbook.xml"), StartElementHandler=element)
    about.parts = {name: targets.get(identifier, "") for name, identifier in relations.items()}
    return about


def _read_rewrites(archive: Archive) -> dict[str, Rewrite]:
    """How to write the values of cells whose style is a percentage or leading noughts, by the number of the style."""
    codes: dict[str, str] = {}
    rewrites: dict[str, Rewrite] = {}
    inside, styles = [""], [0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs"):
            inside[0] = name
        elif name == "xf" and inside[0] == "cellXfs":
            if rewrite := _rewrite(attributes.get("numFmtId", "0"), codes):
                rewrites[str(styles[0])] = rewrite
            styles[0] += 1

    def end(tag: str) -> None:
        if local_name(tag) == inside[0]:
            inside[0] = ""

    parse_xml(archive.read("xl/styles.xml"), StartElementHandler=start, EndElementHandler=end)
    return rewrites


def _rewrite(number: str, codes: dict[str, str]) -> Rewrite | None:
    code = codes.get(number, "")
    if (number.isdecimal() and int(number) in _PERCENT_FORMATS) or "%" in _QUOTED.sub("", code):
        return as_percentage
    if re.fullmatch("00+", code):
        return partial(as_padded, digits=len(code))
    return None
