"""What a parsed sheet is, and how a value becomes the text that a person sees in the cell.

Only text leaves the parser: "N/A" is an answer, "Null" a surname and 007 an identifier. A number becomes the digits
that a person sees, a percentage keeps its sign, and what a spreadsheet could not work out is marked as such instead
of vanishing.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from auditanalytics.parsing.limits import LONGEST_CELL, RefusedError

Rewrite = Callable[[object], str]
"""How the value of a cell is written as a person sees it."""

NOT_CALCULATED = "#NOT CALCULATED"
"""Stands for a formula that was never calculated."""

_TWICE_ENCODED_BEGINS = "\u00e2\u00c3\u00c2"
_CONTROL = bytes([*range(9), 11, 12, *range(14, 32), 127])

_EXACT_INTEGERS = 10**15
"""A spreadsheet keeps fifteen digits of a number; what has more was rounded."""

# UTF-8 read as Windows-1252 and written as UTF-8 again: "â€™" in place of an apostrophe, "Ã©" in place of "é".
_TWICE_ENCODED = re.compile(
    "\u00e2\u20ac[\u0080-\u00bf\u0152-\u2122]|\u00c3[\u0080-\u00bf\u0152-\u2122]|\u00c2[\u00a0-\u00bf]"
)


@dataclass
class ParsedSheet:
    """A sheet as text.

    Attributes
    ----------
    name
        Its name; "" in a file that has no sheets.
    rows
        The cells, without white space around them; rows may differ in width where ``is_ragged``.
    is_ragged
        Whether the width of a row was written by somebody, as in a text file, and can be wrong.
    spoiled
        Rows, from 1, that a stray quotation mark spoiled.
    hidden_rows
        How many rows are hidden or filtered away.
    too_long
        Row and column, from 1 and 0, of cells too long to be one cell; their text is dropped.
    twice_encoded
        Row and column of the first cell whose text was encoded twice, and how many there are.
    """

    name: str
    rows: list[list[str]]
    is_ragged: bool = False
    spoiled: list[int] = field(default_factory=list)
    hidden_rows: int = 0
    too_long: list[tuple[int, int]] = field(default_factory=list)
    twice_encoded: list[int] = field(default_factory=list)

    def tidied(self) -> "ParsedSheet":
        """Drop control characters and what is too long, and note text that was encoded twice."""
        text = "".join(map("".join, self.rows))  # looked at once, because almost no sheet holds any of it
        octets = text.encode("utf-8", "surrogatepass")
        has_control = len(octets.translate(None, _CONTROL)) < len(octets)
        may_be_twice = any(letter in text for letter in _TWICE_ENCODED_BEGINS)
        twice = []
        for number, row in enumerate(self.rows, 1):
            if has_control:
                row[:] = [_without_control(text) for text in row]
            if row and max(map(len, row)) > LONGEST_CELL:
                self.too_long += [(number, column) for column, text in enumerate(row) if len(text) > LONGEST_CELL]
                row[:] = [text if len(text) <= LONGEST_CELL else "" for text in row]
            if may_be_twice:
                twice += [(number, column) for column, text in enumerate(row) if _TWICE_ENCODED.search(text)]
        self.twice_encoded = [*twice[0], len(twice)] if twice else []
        return self


def as_rows(values: list[list[object]], rewrites: dict[tuple[int, int], Rewrite]) -> list[list[str]]:
    """Write the values of a sheet as a person sees them.

    Parameters
    ----------
    values
        Values, rows of one width.
    rewrites
        How to write those cells, by row and column from 0, that are not written as their value is; the sheet grows to
        hold them.

    Returns
    -------
    list of list of str
        Rows of one width.

    Examples
    --------
    >>> as_rows([[0.85, " a "]], {(0, 0): as_percentage, (1, 1): lambda value: "#N/A"})
    [['85%', 'a'], ['', '#N/A']]
    """
    rows = [[value.strip() if type(value) is str else as_text(value) for value in row] for row in values]
    if rewrites:
        height, width = (1 + max(place[at] for place in rewrites) for at in (0, 1))
        width = max(width, max(map(len, rows), default=0))
        rows = [row + [""] * (width - len(row)) for row in rows + [[] for _ in range(height - len(rows))]]
    for (row, column), rewrite in rewrites.items():
        rows[row][column] = rewrite(values[row][column] if row < len(values) and column < len(values[row]) else "")
    return rows


def _without_control(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").translate(None, _CONTROL).decode("utf-8", "surrogatepass").strip()


def as_text(value: object) -> str:
    """Write a value as a person sees it.

    Parameters
    ----------
    value
        A value of a cell.

    Returns
    -------
    str
        Its text; a number that was rounded is written with an exponent.

    Examples
    --------
    >>> as_text(7.0), as_text(7.5), as_text(True), as_text(dt.datetime(2025, 4, 1)), as_text(1.2345678901234567e19)
    ('7', '7.5', 'TRUE', '2025-04-01', '1.23456789012346e+19')
    """
    if isinstance(value, str):
        return value
    if type(value) is dt.date:
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if abs(value) >= _EXACT_INTEGERS:
            return f"{value:.14e}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, Decimal):  # exact, however many digits it has
        written = f"{value:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def as_stored(value: object) -> str:
    """Write a value of a column that has a kind, as files of columns and databases have them.

    Parameters
    ----------
    value
        The value; None and "not a number" are blank.

    Returns
    -------
    str
        Its text, without white space around it.

    Raises
    ------
    RefusedError
        If it is bytes that are no text.

    Examples
    --------
    >>> as_stored(None), as_stored(float("nan")), as_stored("Zoë ".encode()), as_stored(Decimal("7.50"))
    ('', '', 'Zoë', '7.5')
    """
    if isinstance(value, (bytes, memoryview)):  # text, as some platforms keep it
        try:
            value = bytes(value).decode()
        except UnicodeDecodeError:
            raise RefusedError("damaged") from None
    return "" if value is None or value != value else as_text(value).strip()


def as_percentage(value: object) -> str:
    """Write a value of a cell that is formatted as a percentage.

    Parameters
    ----------
    value
        A value of such a cell.

    Returns
    -------
    str
        Its text, with a sign.

    Examples
    --------
    >>> as_percentage(0.85), as_percentage(1.0), as_percentage("85%")
    ('85%', '100%', '85%')
    """
    return f"{value * 100:.10g}%" if isinstance(value, float) else as_text(value)


def as_padded(value: object, digits: int) -> str:
    """Write a value of a cell that is formatted with leading noughts.

    Parameters
    ----------
    value
        A value of such a cell.
    digits
        How many digits are shown at least.

    Returns
    -------
    str
        Its text.

    Examples
    --------
    >>> as_padded(7.0, 3), as_padded("x", 3)
    ('007', 'x')
    """
    whole = isinstance(value, float) and value.is_integer() and 0 <= value < _EXACT_INTEGERS
    return f"{int(value):0{digits}d}" if whole else as_text(value)  # type: ignore[call-overload]
