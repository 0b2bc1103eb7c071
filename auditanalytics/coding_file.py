"""Coding a file: every row back, with the themes of its text and the words that made each.

Themes that somebody coded by hand win. What the terminal shows is counts, how many rows carry no theme, and phrases
that those have in common: they are read with names hidden, and only words of a dictionary are among them.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from auditanalytics.csv_files import find_columns, plain_text, read_rows, show_names, write_rows
from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.grades import fold_label
from auditanalytics.parsing.limits import LONGEST_CELL
from auditanalytics.privacy import OFTEN_NAMES, redact
from auditanalytics.target_files import check_targets
from auditanalytics.themes import KINDS, NO_THEME, Codebook, Match, code_statement, load_codebook, suggest_terms
from auditanalytics.themes.by_hand import BY_HAND, read_codes
from auditanalytics.themes.coding import COMMENT
from auditanalytics.themes.suggestions import MOST_READ

ADDED = ("themes", "matched")
"""The columns that are added."""

_KIND_WORDS = {
    "worked_well": ("worked well", "working well", "what is working well", "good practice", "strength", "strengths"),
    "worried_about": ("worried about", "what are we worried about", "worry", "worries", "concern", "concerns"),
    "next_step": ("next step", "next steps", "action", "actions", "recommendation", "recommendations"),
    "comment": ("comments", "other", ""),
}
"""What people write for a kind of statement, beside its own name."""

_BOXES = {fold_label(word): name for name, words in _KIND_WORDS.items() for word in (name, *words)}
_OPTIONS = ("--text", "--domain", "--kind", "--by-hand")


@dataclass(frozen=True)
class CodedFile:
    """What coding a file came to.

    Attributes
    ----------
    rows, without_text, without_theme
        How many rows there are, how many of them have no text, and how many of the others carry no theme.
    of_unknown_kind, of_unknown_theme
        How many rows name a kind, or a theme by hand, that is not known.
    counts
        For each theme, by its title, in how many rows it is of each of `themes.KINDS`.
    phrases
        Phrases that texts without a theme have in common, with how many different texts do.
    """

    rows: int
    without_text: int
    without_theme: int
    of_unknown_kind: int
    of_unknown_theme: int
    counts: pd.DataFrame
    phrases: list[tuple[str, int]]

    def __str__(self) -> str:
        """What the terminal shows."""
        read = self.rows - self.without_text
        share = f" ({self.without_theme / read:.0%} of those with text)" if read else ""
        empty, without = f"without text: {self.without_text:,}", f"without a theme: {self.without_theme:,}{share}"
        lines = [f"Rows: {self.rows:,}, {empty}, {without}."]
        if self.of_unknown_kind:
            lines.append(f"Rows whose kind is none of {', '.join(KINDS)}: {self.of_unknown_kind:,}, read as comments.")
        if self.of_unknown_theme:
            lines.append(f"Rows with a theme by hand that the codebook does not have: {self.of_unknown_theme:,}.")
        lines.append(self.counts.rename(columns=lambda kind: kind.replace("_", " ")).to_string())
        if self.phrases:
            lines.append("Texts without a theme share these phrases; some may belong in a codebook of your own:")
            lines += [f"  {phrase} ({n:,})" for phrase, n in self.phrases]
        return "\n".join(lines)


def code_file(
    path: str | Path,
    *,
    text: str,
    out: str | Path,
    domain: str | None = None,
    kind: str | None = None,
    by_hand: str | None = None,
    codebook: str | Path | None = None,
) -> CodedFile:
    r"""Write a CSV file again with the themes of its text.

    Parameters
    ----------
    path
        The file, with a header in its first row.
    text
        The column of text.
    out
        Where the coded file is written, for its owner alone. Two columns are added: ``themes``, the ids with semicolons
        between them, and ``matched``, the words that made each.
    domain
        The column that says in which domain a text stands, where the codebook has terms for some domains only.
    kind
        The column that says what a text is: worked_well, worried_about, next_step or comment, or words for these.
    by_hand
        The column of themes that somebody coded; where it names any, they win.
    codebook
        The path of a codebook; the library's own if None.

    Returns
    -------
    CodedFile
        Counts.

    Raises
    ------
    ArgumentError
        If there is no such file or column, or the file would be overwritten.
    CodebookError
        If the codebook cannot be used.
    ReturnsError
        If the file is not one of regular rows, or a text is longer than a cell can be.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("Text\nNo chronology on file; the plan is SMART.\nWell done.\n")
    >>> code_file(folder / "a.csv", text="Text", out=folder / "b.csv").without_theme
    1
    >>> (folder / "b.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    'No chronology on file; the plan is SMART.,history;planning,history: no chronology; planning: smart'
    """
    book = load_codebook(codebook)
    source, target = Path(path), Path(out)
    check_targets(source, [target])
    header, rows = read_rows(source, text)
    if taken := [name for name in header if name.strip() in ADDED]:
        raise ArgumentError(f"the file has a column {show_names(taken)} already, which is one that is added; rename it")
    asked = dict(zip(_OPTIONS, (text, domain, kind, by_hand), strict=True))
    places = {option: find_columns(header, name, option) for option, name in asked.items() if name is not None}
    statements = [_read(row, places) for row in rows]
    if long := [number for number, each in enumerate(statements, 2) if len(each.text) > LONGEST_CELL]:
        raise ReturnsError(
            f"the text of row {long[0]} is longer than {LONGEST_CELL:,} characters; split it into several"
        )
    known = {each: _code(each, book) for each in dict.fromkeys(statements)}
    found = [known[each] for each in statements]
    write_rows(target, [[*header, *ADDED], *map(_with_themes, rows, found)])
    return _summary([each for each, row in zip(statements, rows, strict=True) if row], known, book)


class _Statement(NamedTuple):
    """What a row says: the text, where and as what it was written, and the themes coded by hand."""

    text: str
    domain: str
    kind: str
    by_hand: str

    @property
    def box(self) -> str | None:
        """The kind of box, None where the row names one that is not known."""
        return _BOXES.get(fold_label(self.kind)) if self.kind else COMMENT


def _read(row: list[str], places: dict[str, list[int]]) -> _Statement:
    cells = (" ".join(row[at] for at in places.get(option, []) if row) for option in _OPTIONS)
    return _Statement(*cells)


def _code(statement: _Statement, book: Codebook) -> list[Match]:
    """The themes of a row: those coded by hand where it names any, else those of its words."""
    box = statement.box or COMMENT
    codes, _ = read_codes(statement.by_hand, book)
    if codes:
        return [Match(theme, (BY_HAND,), (), box) for theme in codes if theme != NO_THEME]
    return code_statement(statement.text, book, domain=statement.domain.strip(), box=box)


def _with_themes(row: list[str], matches: list[Match]) -> list[str]:
    if not row:
        return row
    receipts = "; ".join(f"{match.theme}: {', '.join(match.words)}" for match in matches)
    return [*row, ";".join(match.theme for match in matches), plain_text(receipts.lower())]


def _summary(statements: list[_Statement], known: dict[_Statement, list[Match]], book: Codebook) -> CodedFile:
    found = Counter((match.theme, match.kind) for each in statements for match in known[each])
    counts = [[found[theme, kind] for kind in KINDS] for theme in book.titles]
    written = [each for each in statements if each.text.strip()]
    without = [each.text for each in written if not known[each]]
    hidden = [redact(text).text for text in islice(dict.fromkeys(without), MOST_READ)]
    return CodedFile(
        rows=len(statements),
        without_text=len(statements) - len(written),
        without_theme=len(without),
        of_unknown_kind=sum(each.box is None for each in statements),
        of_unknown_theme=sum(not read_codes(each.by_hand, book)[1] for each in statements if each.by_hand),
        counts=pd.DataFrame(counts, index=list(book.titles.values()), columns=list(KINDS)),
        phrases=suggest_terms(hidden, names=OFTEN_NAMES),
    )
