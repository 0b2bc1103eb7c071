"""CSV files that somebody gives to a command and gets back: every row and every field as it was written.

They are read as plain rows and not as a return, so that blanks and "N/A" stay. A row with more or fewer fields than the
header is refused rather than guessed at: a comment without its quotation marks spills into cells that nobody looks at.
What is said about a file names columns and rows, never a value.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.intake.sources import find_sources
from auditanalytics.parsing.limits import LARGEST_FILE, RefusedError
from auditanalytics.parsing.text import decode
from auditanalytics.target_files import write_whole

_DELIMITERS = ",;\t|"
_LONGEST_FIELD = LARGEST_FILE
_FORMULA = re.compile(r"\s*+[=+\-@＝＋－＠]|[\t\r\n]")
"""How a text begins that a spreadsheet could take for a formula, also behind spaces and in wide letters."""

_MOST_COLUMNS_SHOWN, _LONGEST_COLUMN_SHOWN = 30, 40


def read_rows(path: Path, column: str) -> tuple[list[str], list[list[str]]]:
    """Read a CSV file as plain rows: nothing is trimmed, inferred or left out.

    Parameters
    ----------
    path
        The file, with a header in its first row.
    column
        A column that it has, or several with commas between, by which the delimiter is known.

    Returns
    -------
    tuple
        The header, and the rows, each of the header's width; a blank line stays one.

    Raises
    ------
    ArgumentError
        If the file cannot be read.
    ReturnsError
        If it is not one of regular rows.
    """
    sources, problems = find_sources([path])
    if not sources:
        raise ArgumentError(f"'{path.name}' cannot be read: {problems[0].message}")
    try:
        content, _ = decode(sources[0].data)
    except RefusedError as error:
        line = error.details.get("line", "?")
        raise ReturnsError(f"'{path.name}' is not a text file that can be read (line {line}); save it as CSV") from None
    lines = _split(content, path.name, column)
    if not lines or not lines[0]:
        raise ReturnsError(f"'{path.name}' has no header in its first row")
    header, rows = lines[0], lines[1:]
    for number, row in enumerate(rows, 2):
        if row and (len(row) < len(header) or any(row[len(header) :])):
            raise ReturnsError(
                f"row {number} of '{path.name}' has {len(row)} fields and the header {len(header)}; put texts that "
                "hold commas or line breaks in quotation marks, or save the file again from the spreadsheet"
            )
        del row[len(header) :]
    return header, rows


def _split(content: str, name: str, column: str) -> list[list[str]]:
    """Rows by the delimiter under which the header has the text column; every quotation mark has to be in its place."""
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        headers = {each: next(csv.reader(io.StringIO(content, newline=""), delimiter=each), []) for each in _DELIMITERS}
        wanted = [each for each, header in headers.items() if _is_there(header, column)]
        delimiter = wanted[0] if wanted else max(headers, key=lambda each: len(headers[each]))
        return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise ReturnsError(
            f"a quotation mark in '{name}' is not in its place, so that rows run into each other; write a quotation "
            "mark within a text twice, or save the file again from the spreadsheet"
        ) from None
    finally:
        csv.field_size_limit(limit)


def _is_there(header: list[str], wanted: str) -> bool:
    names = {name.strip() for name in header}
    return wanted.strip() in names or all(name.strip() in names for name in wanted.split(","))


def find_columns(header: list[str], wanted: str, option: str) -> list[int]:
    """Find columns by name.

    Parameters
    ----------
    header
        The header.
    wanted
        A name, or several with commas between; a name may itself hold a comma.
    option
        The option that names them, for what is said where there is none.

    Returns
    -------
    list of int
        The places of all columns of these names.

    Raises
    ------
    ArgumentError
        If a column is not there; the sentence lists those that are.

    Examples
    --------
    >>> find_columns(["ID", "Comment", "Comment"], "Comment", "--text")
    [1, 2]
    """
    names = [name.strip() for name in header]
    asked = [wanted.strip()] if wanted.strip() in names else [name.strip() for name in wanted.split(",")]
    if missing := [name for name in asked if name not in names]:
        raise ArgumentError(f"{option}: there is no column {show_names(missing)}; the file has {show_names(names)}")
    return [at for at, name in enumerate(names) if name in asked]


def show_names(names: Sequence[str]) -> str:
    """Write names of columns for a sentence, shortened.

    Parameters
    ----------
    names
        The names.

    Returns
    -------
    str
        The names in quotation marks, and how many more there are.

    Examples
    --------
    >>> show_names(["ID", "Comment"])
    "'ID', 'Comment'"
    """
    shown = [f"'{' '.join(name.split())[:_LONGEST_COLUMN_SHOWN]}'" for name in names[:_MOST_COLUMNS_SHOWN]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def plain_text(cell: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula.

    Parameters
    ----------
    cell
        A text.

    Returns
    -------
    str
        The text, with an apostrophe before it where that is needed.

    Examples
    --------
    >>> plain_text("=1+1"), plain_text("Good")
    ("'=1+1", 'Good')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV, UTF-8 with a byte order mark, whole or not at all, for their owner alone.

    Parameters
    ----------
    path
        The file.
    rows
        The header and the rows.

    Raises
    ------
    ArgumentError
        If it cannot be written.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    write_whole(path, text.getvalue().encode("utf-8-sig", errors="surrogatepass"))
