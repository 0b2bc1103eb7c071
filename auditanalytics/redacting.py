"""Redacting a file: every row back, the text columns made safe, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditanalytics.csv_files import find_columns, plain_text, read_rows, show_names, write_rows
from auditanalytics.errors import ArgumentError
from auditanalytics.privacy import REDACTED_KINDS, redact_texts
from auditanalytics.target_files import check_targets


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
    check_targets(source, [target, *([Path(report)] if report is not None else [])])
    header, rows = read_rows(source, text)
    text_columns = find_columns(header, text, "--text")
    name_columns = find_columns(header, names, "--names") if names is not None else []
    if both := [header[at] for at in text_columns if at in name_columns]:
        raise ArgumentError(f"a column cannot be both --text and --names; take {show_names(both)} out of one")
    changed, counts = _redact_in_place([row for row in rows if row], text_columns, name_columns)
    left_out = set(name_columns) if drop_names else set()
    kept = [[cell for at, cell in enumerate(row) if at not in left_out] for row in [header, *rows]]
    table = pd.DataFrame([(kind, n) for kind, n in counts.items() if n], columns=["kind", "n"])
    write_rows(target, kept)
    if report is not None:
        write_rows(Path(report), [["kind", "n"], *([kind, str(n)] for kind, n in counts.items() if n)])
    return RedactedFile(len(rows), changed, table)


def _redact_in_place(rows: list[list[str]], texts: list[int], names: list[int]) -> tuple[int, dict[str, int]]:
    """Make text columns safe by the names of each row; how many rows changed, and how much was hidden of each kind."""
    named = pd.DataFrame([[row[at] for at in names] for row in rows], dtype=object) if names else None
    changed, counts = [False] * len(rows), dict.fromkeys(REDACTED_KINDS, 0)
    for at in texts:
        made = redact_texts(pd.Series([row[at] for row in rows], dtype=object), named)
        for number, (row, safe) in enumerate(zip(rows, made.texts, strict=True)):
            changed[number] |= safe != row[at]
            row[at] = plain_text(safe)
        for kind, n in made.counts.items():
            counts[kind] += n
    return sum(changed), counts
