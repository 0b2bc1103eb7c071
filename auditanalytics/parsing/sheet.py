"""One pass over a sheet's XML for what calamine leaves out, and for where its cells stand.

calamine reads an error and a formula that was never calculated as blank, drops number formats and blank rows at the
end, does not mind XML that is cut or wrongly closed, and gives a cell at the far corner of the sheet all the memory
between here and there. So a sheet is looked through before calamine sees it. What almost every sheet is spelled like is
found by searching bytes; only what is unusual is walked cell by cell.
"""

import re

from auditanalytics.parsing.archive import local_name, parse_xml
from auditanalytics.parsing.cells import NOT_CALCULATED, Rewrite
from auditanalytics.parsing.limits import MOST_COLUMNS, MOST_ROWS, RefusedError

_ADDRESS = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})")
_FAR_CELL = re.compile(rb' r="(?:[A-Z]{3,}|[L-Z][A-Z]|K[O-Z]|[A-Z]+(?:[2-9][0-9]{5}|[0-9]{7}))')
"""An address beyond column 300, which is KN, or beyond row 200,000, whatever row the cell is written in."""

_ROW = (re.compile(rb"<row [^>]*>"), re.compile(rb"<(?:\w+:)?row\b[^>]*>"))
"""Each as every spreadsheet program writes it, which is found quickly, and in all the ways that XML allows."""

_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_UNWORKED = ((b"<f", b't="e"'), (b"<f", b":f", b't="e"', b"t='e'"))
"""What is somewhere among the cells of a sheet that has a formula or an error, in the usual way and in all ways."""


class SheetXml:
    """The XML of a sheet that stays within the limits.

    Parameters
    ----------
    xml
        The part of the sheet.

    Raises
    ------
    RefusedError
        If it has more rows or columns than the limits, or a value in a cell beyond them.
    """

    def __init__(self, xml: bytes) -> None:
        self._xml, self._cells = xml, xml[xml.find(b"sheetData") : xml.rfind(b"sheetData>")]
        # A row or cell without an address, or with one that is not written in the usual way.
        self._is_unusual = unusual = self._cells.count(b"<row") + self._cells.count(b"<c") != self._cells.count(b' r="')
        rows = _ROW[unusual].findall(self._cells)
        if len(rows) > MOST_ROWS:
            raise RefusedError("too_large")
        numbers = [int(found[1]) for row in rows if (found := _NUMBER.search(row))]
        if unusual or max(numbers, default=0) > MOST_ROWS or _FAR_CELL.search(self._cells):
            _Extent().check(xml)
        self.hidden_rows = sum(_HIDDEN.search(row) is not None for row in rows) if b"hidden" in self._cells else 0
        self.last_row = max((number for number in numbers if number <= MOST_ROWS), default=0)
        """The last row that is written, blank or not."""

    def special_cells(self, rewrites: dict[str, Rewrite]) -> dict[tuple[int, int], Rewrite]:
        """Find the cells whose value calamine does not give as a person sees it.

        Parameters
        ----------
        rewrites
            How to write the values of cells by the number of their style, where that matters.

        Returns
        -------
        dict
            How to write each such cell, by row and column from 0.
        """
        used = {style: rewrite for style, rewrite in rewrites.items() if self._uses(style)}
        if not used and not any(piece in self._cells for piece in _UNWORKED[self._is_unusual]):
            return {}
        return _SpecialCells(used).find(self._xml)

    def _uses(self, style: str) -> bool:
        return re.search(rb"""\ss\s*=\s*["']%s["']""" % style.encode(), self._cells) is not None


def column_number(letters: str) -> int:
    """Give the number of a column.

    Parameters
    ----------
    letters
        Its letters.

    Returns
    -------
    int
        From 1.

    Examples
    --------
    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


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
            self.column = column_number(address[1]) - 1 if address else self.column + 1
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
