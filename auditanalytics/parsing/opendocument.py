"""OpenDocument spreadsheets (.ods): values from calamine, and from one pass over the content what it leaves out.

A cell or row can be repeated a million times in a few bytes, so how far a sheet extends is worked out before calamine
sees it. The pass also marks percentages, truth values, errors and formulas that were never calculated.
"""

import io
import re
from functools import partial

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from auditanalytics.parsing.archive import Archive, check_names, local_name, parse_xml
from auditanalytics.parsing.cells import NOT_CALCULATED, ParsedSheet, Rewrite, as_percentage, as_rows, as_text
from auditanalytics.parsing.limits import MOST_COLUMNS, MOST_ROWS, RefusedError

_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_PADDED = re.compile("0[0-9]+")
_MOST_CELLS = 20_000_000


def parse_opendocument(data: bytes) -> tuple[list[ParsedSheet], list[tuple[str, str]], bool]:
    """Read the visible sheets of an OpenDocument spreadsheet.

    Parameters
    ----------
    data
        The bytes of an .ods file.

    Returns
    -------
    tuple
        As `workbook.parse_workbook` gives it.

    Raises
    ------
    RefusedError
        If it is not to be read.
    """
    archive = Archive(data)
    if "content.xml" not in archive.names or not _is_spreadsheet(archive):
        raise RefusedError("not_a_workbook")
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise RefusedError("password_or_legacy")
    if any(name.startswith("Basic/") and name.count("/") > 1 for name in archive.names):
        raise RefusedError("macros")
    archive.check_xml()
    content = _Content(archive.read("content.xml"))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        about = workbook.sheets_metadata
        check_names([sheet.name for sheet in about])
        visible = [sheet.name for sheet in about if sheet.visible == SheetVisibleEnum.Visible]
        values = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in visible}
    except RefusedError:
        raise
    except Exception:  # calamine has no base of its own for what a damaged file makes it raise
        raise RefusedError("damaged") from None
    hidden = [("hidden_sheet", sheet.name) for sheet in about if sheet.name not in visible]
    sheets = [
        _sheet(sheet.name, values[sheet.name], content)
        for sheet in about
        if sheet.name in values and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    return sheets, hidden, False


def _is_spreadsheet(archive: Archive) -> bool:
    return "mimetype" not in archive.names or archive.read("mimetype").strip().startswith(_TYPE)


def _sheet(name: str, values: list[list[object]], content: "_Content") -> ParsedSheet:
    rows = as_rows(values, content.special.get(name, {}))
    return ParsedSheet(name, rows, hidden_rows=content.hidden.get(name, 0))


def _always(text: str, _: object) -> str:
    return text


class _Content:
    """The pass over the content: how far each sheet extends, what is hidden, and which cells are special."""

    def __init__(self, xml: bytes) -> None:
        self.special: dict[str, dict[tuple[int, int], Rewrite]] = {}
        self.hidden: dict[str, int] = {}
        self.table, self.row, self.column = "", 0, 0
        self.rows_repeated = self.columns_repeated = 1
        self.cell: dict[str, str] = {}
        self.written: list[tuple[int, int, str, dict[str, str]]] = []
        self.cells = 0
        self.text: list[str] = []
        parse_xml(
            xml, StartElementHandler=self._start, EndElementHandler=self._end, CharacterDataHandler=self.text.append
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        plain = {local_name(key): value for key, value in attributes.items()}
        if name == "table":
            self.table, self.row = plain.get("name", ""), 0
        elif name == "table-row":
            self.rows_repeated, self.column = _repeated(plain, "number-rows-repeated"), 0
            self.written = []
            self.row_is_hidden = plain.get("visibility") in ("collapse", "filter")
        elif name in ("table-cell", "covered-table-cell"):
            # Two prefixes may each give a type; LibreOffice marks errors under its own.
            types = {value for key, value in attributes.items() if local_name(key) == "value-type"}
            self.cell = plain | {"types": " ".join(sorted(types))}
            self.columns_repeated = _repeated(plain, "number-columns-repeated")
            self.text.clear()

    def _end(self, tag: str) -> None:
        name = local_name(tag)
        if name == "annotation":
            self.text.clear()  # a note on a cell is not its text
        elif name in ("table-cell", "covered-table-cell"):
            text = "".join(self.text).strip()
            if text or self.cell["types"] or "formula" in self.cell:
                self.written.append((self.column, self.columns_repeated, text, self.cell))
                if self.column + self.columns_repeated > MOST_COLUMNS:
                    raise RefusedError("too_large" if self.column < MOST_COLUMNS else "out_of_range")
            self.column += self.columns_repeated
        elif name == "table-row":
            self._end_row()

    def _end_row(self) -> None:
        if self.written:
            end = self.row + self.rows_repeated
            if end > MOST_ROWS:
                raise RefusedError("too_large" if self.rows_repeated > 1 or self.row == MOST_ROWS else "out_of_range")
            self.cells += self.rows_repeated * sum(repeated for _, repeated, _, _ in self.written)
            if self.cells > _MOST_CELLS:
                raise RefusedError("too_large")
            if self.row_is_hidden:
                self.hidden[self.table] = self.hidden.get(self.table, 0) + self.rows_repeated
            for column, repeated, text, cell in self.written:
                if rewrite := _rewrite(text, cell):
                    places = [(row, at) for row in range(self.row, end) for at in range(column, column + repeated)]
                    self.special.setdefault(self.table, {}).update(dict.fromkeys(places, rewrite))
        self.row += self.rows_repeated


def _repeated(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    if not text.isdecimal():
        raise RefusedError("damaged")
    return max(1, int(text[:9]))


def _rewrite(text: str, cell: dict[str, str]) -> Rewrite | None:
    if "error" in cell["types"].split() or (text.startswith("#") and "formula" in cell):
        return partial(_always, text or NOT_CALCULATED)
    if "formula" in cell and not cell["types"] and not text:
        return partial(_always, NOT_CALCULATED)
    if "float" in cell["types"] and _PADDED.fullmatch(text):  # shown with noughts that its value has not
        return partial(_always, text)
    if "percentage" in cell["types"]:
        return partial(_percentage, cell.get("value", ""))
    if "boolean" in cell["types"]:
        return partial(_always, "TRUE" if cell.get("boolean-value") == "true" else "FALSE")
    return None


def _percentage(written: str, value: object) -> str:
    try:
        return as_percentage(float(written))
    except ValueError:
        return as_text(value)
