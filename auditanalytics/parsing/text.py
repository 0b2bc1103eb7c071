"""From the bytes of a text file to rows of fields, and which rows a stray quotation mark spoiled.

A quotation mark too many makes a parser run two rows together without a word, and the audit between the marks is
gone. So a cell that holds a line break and looks as if it had swallowed a row spoils its row, and a mark that is never
closed spoils the file.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from auditanalytics.parsing.cells import ParsedSheet
from auditanalytics.parsing.dates import looks_like_a_date
from auditanalytics.parsing.limits import RefusedError

_DELIMITERS = ",;\t|"
_WEIGHT_OF_TABS = 5
"""How much more a field between tabs or bars counts than one between commas, which comments are full of; our choice."""
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ROWS_TO_TELL_BY = 50
_LONGEST_FIELD = 10_000_000
_NEVER_CLOSED = "unexpected end of data"


def parse_text(data: bytes) -> tuple[list[ParsedSheet], str]:
    """Read a text file of rows.

    Parameters
    ----------
    data
        The bytes of a .csv or .tsv file.

    Returns
    -------
    tuple
        One sheet without a name, and the name of the encoding.

    Raises
    ------
    RefusedError
        If it is not to be read.
    """
    text, encoding = decode(data)
    rows, spoiled = split_rows(text)
    stripped = [[field.strip() for field in row] for row in rows]
    return [ParsedSheet("", stripped, is_ragged=True, spoiled=spoiled)], encoding


def decode(data: bytes) -> tuple[str, str]:
    r"""Decode text that is UTF-8, UTF-16 with a byte order mark, or Windows-1252.

    Parameters
    ----------
    data
        The bytes of a file.

    Returns
    -------
    tuple of str
        The text and the name of its encoding.

    Raises
    ------
    RefusedError
        If it is in none of these; the line of the first byte that fits none is named.

    Examples
    --------
    >>> decode("café".encode("cp1252"))
    ('café', 'cp1252')
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        raise RefusedError("encoding", line=_line(data, data.index(b"\0")))
    at = 0
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
            continue
        if "\0" in text:
            raise RefusedError("encoding", line=str(text.count("\n", 0, text.index("\0")) + 1))
        return text, encoding
    raise RefusedError("encoding", line=_line(data, at))


def _line(data: bytes, at: int) -> str:
    return str(data.count(b"\n", 0, at) + 1)


def split_rows(text: str) -> tuple[list[list[str]], list[int]]:
    r"""Split text into rows of fields.

    Parameters
    ----------
    text
        Fields between commas, semicolons, tabs or bars; whichever makes most rows alike.

    Returns
    -------
    tuple
        The rows, and the numbers, from 1, of those that a stray quotation mark spoiled.

    Raises
    ------
    RefusedError
        If a quotation mark is never closed, so that no row after it can be trusted, or a field has no end.

    Examples
    --------
    >>> split_rows('a;b\n1;"2;3"\n')
    ([['a', 'b'], ['1', '2;3']], [])
    """
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        delimiter, width = _delimiter(text)
        rows, spoiled = [], []
        for number, (row, fault) in enumerate(_records(text, delimiter), 1):
            if fault == _NEVER_CLOSED:
                raise RefusedError("quote")
            if fault or any("\n" in cell and _swallowed(cell, delimiter, width) for cell in row):
                spoiled.append(number)
            rows.append(row)
        return rows, spoiled
    except csv.Error:
        raise RefusedError("too_large") from None
    finally:
        csv.field_size_limit(limit)


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter that most regularly divides the first rows, and the number of fields that it makes of them.

    Each row that is divided as most are counts with all its delimiters, so that one semicolon in every line of a
    comment does not outweigh the commas of the rows. Tabs and bars that make three fields and more count several times,
    because nobody writes them in a sentence, as one does commas. A row of one field speaks for none: it may be a title.
    """
    usual = {}
    for delimiter in _DELIMITERS:
        rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _ROWS_TO_TELL_BY)
        widths = [width for row in rows if (width := len(row)) > 1]
        most = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        weight = _WEIGHT_OF_TABS if delimiter in "\t|" and most > 2 else 1
        usual[delimiter] = (widths.count(most) * (most - 1) * weight, most)
    best = max(usual, key=usual.__getitem__)
    return best, usual[best][1]


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """Each row with what is wrong with its quotation marks, "" where nothing is."""
    try:
        for row in list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)):
            yield row, ""
        return
    except csv.Error:
        pass
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), delimiter=delimiter)
    first = 0
    for row in reader:
        try:
            list(csv.reader(lines[first : reader.line_num], delimiter=delimiter, strict=True))
            yield row, ""
        except csv.Error as error:
            yield row, str(error)
        first = reader.line_num


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell holds what was once the end of its row and the beginning of the next, date and all."""
    pieces = re.split(rf"[{re.escape(delimiter)}\r\n]", cell)
    return cell.count(delimiter) >= width - 1 and any(looks_like_a_date(piece) for piece in pieces)
