"""Workbooks (.xlsx): values from calamine, and from one pass over each sheet's XML what calamine leaves out.

calamine reads an error and a formula that was never calculated as blank, drops number formats, and gives a cell at the
far corner of the sheet all the memory between here and there. A blank grade is "not graded", 7 is not 007 and 85% is
not 0.85, so the pass marks such cells; and a sheet with a cell beyond the limits never reaches calamine.
"""

import io
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from auditanalytics.parsing.archive import Archive, local_name, parse_xml
from auditanalytics.parsing.cells import NOT_CALCULATED, ParsedSheet, as_padded, as_percentage, as_text
from auditanalytics.parsing.limits import MOST_COLUMNS, MOST_ROWS, RefusedError

Rewrite = Callable[[object], str]

_PERCENT_FORMATS = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.')
_ADDRESS = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})")
_COLUMN_WRITTEN = (re.compile(rb' r="([A-Z]+)'), re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,9})"""))
_ROW_TAG = (re.compile(rb"<row [^>]*>"), re.compile(rb"<(?:\w+:)?row\b[^>]*>"))
"""Each as every spreadsheet program writes it, which is found quickly, and in all the ways that XML allows."""

_FAR_ROW = re.compile(rb"""\sr=["'](?:[2-9][0-9]{5}|[0-9]{7,})["']""")
_ROW_NUMBER = re.compile(rb"""\sr=["']([0-9]{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_UNWORKED = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b' t="e"', b" t='e'")
"""What is somewhere in a sheet that has a formula or an error."""


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
    for part in set(about.parts.values()) & set(archive.names):
        _check_extent(archive.read(part))
    archive.check_xml()
    rewrites = _read_rewrites(archive) if "xl/styles.xml" in archive.names else {}
    workbook = _open(data)
    sheets, problems = [], []
    for sheet in workbook.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != SheetVisibleEnum.Visible:
            problems.append(("hidden_sheet", sheet.name))
            continue
        xml = archive.read(about.parts.get(sheet.name, ""))
        sheets.append(_read_sheet(workbook, sheet.name, xml, rewrites))
    return sheets, problems, about.counts_from_1904


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception:  # calamine has no base of its own for what a damaged file makes it raise
        raise RefusedError("damaged") from None


def _read_sheet(workbook: CalamineWorkbook, name: str, xml: bytes, rewrites: dict[str, Rewrite]) -> ParsedSheet:
    try:
        values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except Exception:
        raise RefusedError("damaged") from None
    rows = [[value.strip() if type(value) is str else as_text(value) for value in row] for row in values]
    special = _special_cells(xml, rewrites)
    if special:
        height, width = (1 + max(place[at] for place in special) for at in (0, 1))
        width = max(width, max(map(len, rows), default=0))
        rows = [row + [""] * (width - len(row)) for row in rows + [[] for _ in range(height - len(rows))]]
    for (row, column), rewrite in special.items():
        value = values[row][column] if row < len(values) and column < len(values[row]) else ""
        rows[row][column] = rewrite(value)
    tags = _ROW_TAG[_spelling(xml)].findall(xml)
    hidden = sum(_HIDDEN.search(tag) is not None for tag in tags) if b"hidden" in xml else 0
    return ParsedSheet(name, rows + [[]] * (_last_row(tags) - len(rows)), hidden_rows=hidden)


def _last_row(tags: list[bytes]) -> int:
    """The number of the last row that is written in the file, blank or not; one beyond the limits is none."""
    numbers = [int(found[1]) for tag in tags[-1:] if (found := _ROW_NUMBER.search(tag))]
    return max([number for number in numbers if number <= MOST_ROWS], default=0)


@dataclass
class _About:
    """What the workbook says of itself: the part of each sheet, and how it counts days."""

    parts: dict[str, str] = field(default_factory=dict)
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


def _check_extent(xml: bytes) -> None:
    """Refuse a sheet with more rows or columns than the limits, or with a value in a cell beyond them."""
    spelling = _spelling(xml)
    rows = _ROW_TAG[spelling].findall(xml)
    if len(rows) > MOST_ROWS:
        raise RefusedError("too_large")
    columns = {text.decode().upper() for text in set(_COLUMN_WRITTEN[spelling].findall(xml))}
    is_wide = any(_column_number(text) > MOST_COLUMNS for text in columns)
    # A cell may leave out its address, and then only its place among the others says where it stands.
    if is_wide or spelling or any(_FAR_ROW.search(row) for row in rows):
        _Extent().check(xml)


def _spelling(xml: bytes) -> bool:
    """Whether any row or cell has no address, or one written in another way than the usual."""
    return xml.count(b"<row ") + xml.count(b"<row>") + xml.count(b"<c ") + xml.count(b"<c>") != xml.count(b' r="')


class _Walk:
    """A pass over a sheet's XML that knows, in every cell, where it stands: by its address, or after the one before."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of a row or cell that begins; rows and columns count from 0."""
        if name == "row":
            number = attributes.get("r", "")
            self.row, self.column = int(number) - 1 if number.isdecimal() else self.row + 1, -1
        elif name == "c":
            address = _ADDRESS.fullmatch(attributes.get("r", ""))
            self.column = _column_number(address[1]) - 1 if address else self.column + 1
            self.row = int(address[2]) - 1 if address else self.row


class _Extent(_Walk):
    """The pass that finds values beyond the limits; a blank cell with a style is nothing."""

    def check(self, xml: bytes) -> None:
        parse_xml(xml, StartElementHandler=self._start)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        self.enter(name, attributes)
        if name in ("v", "is", "f") and (self.row >= MOST_ROWS or self.column >= MOST_COLUMNS):
            # One column more than there may be is a wide sheet; a cell far away from all others is a stray.
            raise RefusedError("too_large" if self.column == MOST_COLUMNS else "out_of_range")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _special_cells(xml: bytes, rewrites: dict[str, Rewrite]) -> dict[tuple[int, int], Rewrite]:
    """The cells, by row and column from 0, whose value calamine does not give as a person sees it."""
    used = {style for style in rewrites if re.search(rb"""\ss=["']%s["']""" % style.encode(), xml)}
    if not used and not any(piece in xml for piece in _UNWORKED):
        return {}
    return _SpecialCells({style: rewrites[style] for style in used}).find(xml)


class _SpecialCells(_Walk):
    """The pass that finds the cells whose value calamine does not give as a person sees it."""

    def __init__(self, rewrites: dict[str, Rewrite]) -> None:
        super().__init__()
        self.rewrites = rewrites
        self.found: dict[tuple[int, int], Rewrite] = {}
        self.attributes: dict[str, str] = {}
        self.has_formula = self.in_value = False
        self.value = ""

    def find(self, xml: bytes) -> dict[tuple[int, int], Rewrite]:
        parse_xml(
            xml, StartElementHandler=self._start, EndElementHandler=self._end, CharacterDataHandler=self._characters
        )
        return self.found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        self.enter(name, attributes)
        if name == "c":
            self.attributes, self.has_formula, self.value = attributes, False, ""
        elif name == "f":
            self.has_formula = True
        elif name == "v":
            self.in_value = True

    def _characters(self, text: str) -> None:
        if self.in_value:
            self.value += text

    def _end(self, tag: str) -> None:
        name = local_name(tag)
        if name == "v":
            self.in_value = False
        elif name == "c":
            kind, style = self.attributes.get("t", "n"), self.attributes.get("s", "")
            place, error = (self.row, self.column), self.value or NOT_CALCULATED
            if kind == "e":
                self.found[place] = lambda _: error
            elif self.has_formula and not self.value and kind != "str":  # a formula for text may give ""
                self.found[place] = lambda _: NOT_CALCULATED
            elif kind == "n" and self.value and style in self.rewrites:
                self.found[place] = self.rewrites[style]
