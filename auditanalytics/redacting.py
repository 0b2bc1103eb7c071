"""Redacting a file: every row back, the text columns made safe, whole or not at all.

Fields stay as they were written, blanks and "N/A" included, so the file is read as plain rows and not as a return. A
row with more or fewer fields than the header is refused rather than guessed at: a comment without its quotation marks
spills into cells that nobody redacts. What is said about the file names columns and rows, never a value.
"""

import csv
import io
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.intake.sources import find_sources
from auditanalytics.parsing.limits import LARGEST_FILE, RefusedError
from auditanalytics.parsing.text import decode
from auditanalytics.privacy import REDACTED_KINDS, redact_texts

_DELIMITERS = ",;\t|"
_LONGEST_FIELD = LARGEST_FILE
_FORMULA = re.compile(r"\s*+[=+\-@＝＋－＠]|[\t\r\n]")
"""How a text begins that a spreadsheet could take for a formula, also behind spaces and in wide letters."""

_MOST_COLUMNS_SHOWN, _LONGEST_COLUMN_SHOWN = 30, 40


@dataclass(frozen=True)
class RedactedFile:
    """What redacting a file came to.

    Attributes
    ----------
    rows, rows_changed
        How many rows there are, and in how many something was hidden.
    counts
        How many pieces were hidden: ``kind`` and ``n``, the kinds in their usual order.
    """

    rows: int
    rows_changed: int
    counts: pd.DataFrame

    def __str__(self) -> str:
        """What the terminal shows: counts, and nothing that was read."""
        kinds = [f"[{kind}] {n}" for kind, n in zip(self.counts["kind"], self.counts["n"], strict=True)]
        return f"Rows: {self.rows}, changed: {self.rows_changed}.\nHidden: {', '.join(kinds) or 'nothing'}."


def redact_file(
    path: str | Path,
    *,
    text: str,
    out: str | Path,
    names: str | None = None,
    drop_names: bool = False,
    report: str | Path | None = None,
) -> RedactedFile:
    r"""Write a CSV file again with its text columns made safe.

    Parameters
    ----------
    path
        The file, with a header in its first row.
    text
        The column of free text, or several with commas between.
    out
        Where the safe file is written, for its owner alone. It is UTF-8 with a byte order mark; a text that a
        spreadsheet could take for a formula begins with an apostrophe.
    names
        The columns that name people, with commas between.
    drop_names
        Whether those columns are left out; they are written as they are otherwise.
    report
        Where the counts by kind are written as CSV, if anywhere.

    Returns
    -------
    RedactedFile
        Counts.

    Raises
    ------
    ArgumentError
        If there is no such file or column, or the file would be overwritten.
    ReturnsError
        If the file is not one of regular rows.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("Child,Comment\nJane Doe,Jane is safe\n")
    >>> print(redact_file(folder / "a.csv", text="Comment", names="Child", out=folder / "b.csv"))
    Rows: 1, changed: 1.
    Hidden: [name] 1.
    >>> (folder / "b.csv").read_text(encoding="utf-8-sig").splitlines()
    ['Child,Comment', 'Jane Doe,[name] is safe']
    """
    source, target = Path(path), Path(out)
    try:
        _check_targets(source, [target, *([Path(report)] if report is not None else [])])
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        raise ArgumentError(f"a file that was named cannot be used ({error.strerror})") from None
    header, rows = _read_rows(source, text)
    text_columns = _columns(header, text, "--text")
    name_columns = _columns(header, names, "--names") if names is not None else []
    if both := [header[at] for at in text_columns if at in name_columns]:
        raise ArgumentError(f"a column cannot be both --text and --names; take {_shown(both)} out of one")
    changed, counts = _redact_in_place([row for row in rows if row], text_columns, name_columns)
    left_out = set(name_columns) if drop_names else set()
    kept = [[cell for at, cell in enumerate(row) if at not in left_out] for row in [header, *rows]]
    table = pd.DataFrame([(kind, n) for kind, n in counts.items() if n], columns=["kind", "n"])
    _write(target, kept)
    if report is not None:
        _write(Path(report), [["kind", "n"], *([kind, str(n)] for kind, n in counts.items() if n)])
    return RedactedFile(len(rows), changed, table)


def _redact_in_place(rows: list[list[str]], texts: list[int], names: list[int]) -> tuple[int, dict[str, int]]:
    """Make text columns safe by the names of each row; how many rows changed, and how much was hidden of each kind."""
    named = pd.DataFrame([[row[at] for at in names] for row in rows], dtype=object) if names else None
    changed, counts = [False] * len(rows), dict.fromkeys(REDACTED_KINDS, 0)
    for at in texts:
        made = redact_texts(pd.Series([row[at] for row in rows], dtype=object), named)
        for number, (row, safe) in enumerate(zip(rows, made.texts, strict=True)):
            changed[number] |= safe != row[at]
            row[at] = f"'{safe}" if _FORMULA.match(safe) else safe
        for kind, n in made.counts.items():
            counts[kind] += n
    return sum(changed), counts


def _check_targets(source: Path, targets: Sequence[Path]) -> None:
    if source.is_dir():
        raise ArgumentError("redact reads one CSV file; a folder was given")
    for target in targets:
        if target.exists() and not (target.is_dir() or target.is_file()):
            raise ArgumentError(f"'{target.name}' is a device and not a file; give the name of a file to write")
        if target.is_dir():
            raise ArgumentError(f"'{target.name}' is a folder; give the name of a file to write")
        if not target.parent.is_dir():
            raise ArgumentError(f"the folder of '{target.name}' does not exist; make it first")
        if target.resolve() == source.resolve() or (target.exists() and source.exists() and target.samefile(source)):
            raise ArgumentError("the file that is read would be overwritten; give another name for what is written")
    if len({target.resolve() for target in targets}) < len(targets):
        raise ArgumentError("--out and --report name the same file; give each its own")


def _read_rows(path: Path, text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows, each of the header's width; a blank line stays one."""
    sources, problems = find_sources([path])
    if not sources:
        raise ArgumentError(f"'{path.name}' cannot be read: {problems[0].message}")
    try:
        content, _ = decode(sources[0].data)
    except RefusedError as error:
        line = error.details.get("line", "?")
        raise ReturnsError(f"'{path.name}' is not a text file that can be read (line {line}); save it as CSV") from None
    lines = _split(content, path.name, text)
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


def _split(content: str, name: str, text: str) -> list[list[str]]:
    """Rows by the delimiter under which the header has the text column; every quotation mark has to be in its place."""
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        headers = {each: next(csv.reader(io.StringIO(content, newline=""), delimiter=each), []) for each in _DELIMITERS}
        wanted = [each for each, header in headers.items() if _is_there(header, text)]
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


def _columns(header: list[str], wanted: str, option: str) -> list[int]:
    """The places of columns, all of those of one name; a name may itself hold a comma."""
    names = [name.strip() for name in header]
    asked = [wanted.strip()] if wanted.strip() in names else [name.strip() for name in wanted.split(",")]
    if missing := [name for name in asked if name not in names]:
        raise ArgumentError(f"{option}: there is no column {_shown(missing)}; the file has {_shown(names)}")
    return [at for at, name in enumerate(names) if name in asked]


def _shown(names: Sequence[str]) -> str:
    shown = [f"'{' '.join(name.split())[:_LONGEST_COLUMN_SHOWN]}'" for name in names[:_MOST_COLUMNS_SHOWN]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows whole or not at all, so that only their owner can read them."""
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with draft.open("w", encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(rows)
        draft.replace(path)
    except OSError as error:
        raise ArgumentError(f"'{path.name}' cannot be written ({error.strerror})") from None
    finally:
        draft.unlink(missing_ok=True)
