"""Cells of a workbook that hold no value although something stands in them.

A spreadsheet that could not work out a formula leaves an error such as #REF!, and one that never calculated it leaves
nothing at all. The parser reads both as blank, and a blank grade is "not graded": a loss that nobody would see. One
pass over a sheet's XML finds them; sheets without formulas and errors are not parsed.
"""

import io
import posixpath
import re
import zipfile
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse
from xlsxwriter.utility import xl_cell_to_rowcol

NOT_CALCULATED = "#NOT CALCULATED"
"""What stands for a formula that was never calculated."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")


def unworked_cells(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Find the cells of a workbook that hold an error or a formula that was never calculated.

    Parameters
    ----------
    data
        The bytes of an .xlsx file.

    Returns
    -------
    dict
        For each sheet, the text that stands for each such cell, by row number and column position (from 1 and 0).
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = {
            relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
            for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        sheets = fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        parts = {sheet.get("name"): relations.get(sheet.get(_RELATION)) for sheet in sheets}
        return {
            name: _unworked(archive.read(part)) for name, part in parts.items() if name and part in archive.namelist()
        }


def _unworked(xml: bytes) -> dict[tuple[int, int], str]:
    if b't="e"' not in xml and b"<f" not in xml:
        return {}
    found = {}
    for _, cell in iterparse(io.BytesIO(xml)):
        if cell.tag == f"{_MAIN}c" and (text := _text_of(cell)) and _ADDRESS.fullmatch(cell.get("r", "")):
            row, column = xl_cell_to_rowcol(cell.get("r", ""))
            found[row + 1, column] = text
        elif cell.tag == f"{_MAIN}row":
            cell.clear()
    return found


def _text_of(cell: Element) -> str:
    value = cell.find(f"{_MAIN}v")
    if cell.get("t") == "e":
        return (value.text if value is not None else None) or NOT_CALCULATED
    blank = value is None or (value.text is None and cell.get("t") != "str")  # a text formula may give ""
    uncalculated = cell.find(f"{_MAIN}f") is not None and blank
    return NOT_CALCULATED if uncalculated else ""
