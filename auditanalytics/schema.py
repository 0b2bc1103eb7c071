"""The tidy tables, column by column: the single place where a column gets its name, kind and meaning.

The data dictionary in ``data/README.md`` is generated from here, and so are the headers of the published tables. A
missing text is missing (never "nan" or ""), a missing date is NaT, and no column changes kind with its content.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

TEXT = pd.Series(["text"]).dtype
"""The kind of text column that this pandas makes by itself: ``str`` in pandas 3, ``object`` in pandas 2."""

_DTYPES = {"text": TEXT, "date": "datetime64[s]", "number": "float64", "whole number": "Int64"}


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, its kind and what it means."""

    name: str
    kind: Literal["text", "date", "number", "whole number"]
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table: its name, what one row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def build(self, rows: pd.DataFrame | Iterable[object]) -> pd.DataFrame:
        """Make the table from rows, with exactly its columns, each of its kind.

        Parameters
        ----------
        rows
            A frame with some of the columns, or rows of all of them.

        Returns
        -------
        pandas.DataFrame
            The rows on an index from 0, columns in order.

        Examples
        --------
        >>> GRADE_LEDGER.build([("ofsted", "RI", "Requires improvement", "synonym", 3)]).n.sum().item()
        3
        """
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), columns=self.names)
        series = {}
        for column in self.columns:
            values = frame[column.name] if column.name in frame else pd.Series(None, index=frame.index, dtype=object)
            series[column.name] = values.astype(_DTYPES[column.kind])
        return pd.DataFrame(series, columns=self.names, index=frame.index).reset_index(drop=True)


AUDITS = Table(
    "audits",
    "one audit that was accepted",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("quarter", "text", "quarter of the date that decides it, such as 2019-Q4 or 2019-20-Q3"),
        Column("period_date", "date", "the date that decides the quarter"),
        Column("child", "text", "pseudonym of the child"),
        Column("worker", "text", "pseudonym of the worker"),
        Column("auditor", "text", "pseudonym of the auditor"),
        Column("moderator", "text", "pseudonym of the moderator; auditors and moderators share theirs"),
        Column("team", "text", "team, as written"),
        Column("service", "text", "service, as written"),
        Column("case_type", "text", "case type, as written"),
        Column("audit_type", "text", "audit type, as written"),
        Column("topic", "text", "topic of a themed audit, as written"),
        Column("allocated_on", "date", "the audit was given to the auditor"),
        Column("due_on", "date", "the audit was to be returned"),
        Column("audited_on", "date", "the audit was done"),
        Column("returned_on", "date", "the return came in"),
        Column("finalised_on", "date", "the return was finalised"),
        Column("moderated_on", "date", "the audit was moderated"),
        Column("oversight_on", "date", "a manager confirmed the findings"),
        Column("supervision_on", "date", "the findings were discussed in supervision"),
        Column("review_meeting_on", "date", "the review meeting after an Inadequate"),
        Column("re_audit_of", "text", "pseudonym of the audit that this one repeats"),
        Column("exempt", "text", "agreed not to be done, as written"),
        Column("file", "text", "file the audit was read from"),
        Column("sheet", "text", "sheet the audit was read from"),
        Column("row", "whole number", "row a person sees in the sheet; the first is 1"),
    ),
)

JUDGEMENTS = Table(
    "judgements",
    "one category of one audit, or its overall judgement",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit"),
        Column("category", "text", "id of the category; overall for the judgement on the whole audit"),
        Column("grade", "text", "the auditor's grade; missing where not graded"),
        Column("moderated_grade", "text", "the grade after moderation; missing where not moderated"),
        Column("outcome", "text", "graded, not graded, or not counted (the written grade is a problem)"),
    ),
)

FINDINGS = Table(
    "findings",
    "one comment",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("domain", "text", "id of the domain; missing for a comment on the whole audit"),
        Column("category", "text", "id of the category; missing for a comment on a whole domain or audit"),
        Column("kind", "text", "worked_well, worried_about, next_step or comment"),
        Column("text", "text", "the comment as written: stays inside the analyst's session"),
    ),
)

ACTIONS = Table(
    "actions",
    "one next step",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("action_number", "whole number", "1 for the first on the audit"),
        Column("action", "text", "the next step as written: stays inside the analyst's session"),
        Column("role", "text", "role that is to act, as written"),
        Column("person", "text", "pseudonym of the person who is to act"),
        Column("due_on", "date", "to be done by"),
        Column("completed_on", "date", "done"),
    ),
)

PROBLEMS = Table(
    "problems",
    "one thing wrong or left out",
    (
        Column("code", "text", "stable name of the rule"),
        Column("severity", "text", "error, warning or note"),
        Column("message", "text", "what was expected and what was found"),
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("cell", "text", "cell, such as C7"),
        Column("row", "text", "row a person sees in the file; the first is 1"),
        Column("column", "text", "header of the column"),
        Column("value", "text", "what was found; masked in what is published"),
        Column("outcome", "text", "what became of it: audit rejected, grade not counted, row skipped, kept"),
        Column("remedy", "text", "what to do"),
    ),
)

GRADE_LEDGER = Table(
    "grade-ledger",
    "one distinct word written as a grade",
    (
        Column("scale", "text", "scale it was matched against"),
        Column("label", "text", "the word as written; masked in what is published where it is not on the scale"),
        Column("grade", "text", "the grade it became; missing where none"),
        Column("rule", "text", "exact, folded, synonym, not graded or unknown"),
        Column("n", "whole number", "how often it was written in an accepted audit"),
    ),
)

ROW_ACCOUNTING = Table(
    "row-accounting",
    "one sheet that was read",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("rows_read", "whole number", "rows beside the header row"),
        Column("accepted", "whole number", "rows of accepted audits"),
        Column("rejected", "whole number", "rows of rejected audits"),
        Column("skipped", "whole number", "titles, notes, totals and blank rows"),
    ),
)

CHECKS = Table(
    "checks",
    "one rule, except those that only note what was left out",
    (
        Column("code", "text", "stable name of the rule"),
        Column("subject", "text", "what it is about"),
        Column("state", "text", "passed, found, or could not run"),
        Column("found", "whole number", "how often it was met"),
        Column("reason", "text", "why it could not run"),
    ),
)

SENDERS = Table(
    "senders",
    "one row with a problem, and whose it is",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("row", "text", "row a person sees in the file"),
        Column("team", "text", "team, as written"),
        Column("auditor", "text", "pseudonym of the auditor"),
    ),
)

RECEIVED = Table(
    "received",
    "one audit that was accepted, as the next report will remember it",
    (
        Column("audit", "text", "pseudonym of the audit"),
        Column("quarter", "text", "quarter"),
        Column("fingerprint", "text", "keyed digest of its dates, people, teams and grades"),
    ),
)

CHANGES = Table(
    "changes",
    "one audit that is not as the last report had it",
    (
        Column("audit", "text", "pseudonym of the audit"),
        Column("quarter", "text", "quarter of the audit; of a withdrawn one, as the last report had it"),
        Column("change", "text", "late (of a quarter that had been reported), corrected, or withdrawn"),
        Column("file", "text", "file it was read from; missing where withdrawn"),
        Column("sheet", "text", "sheet"),
        Column("row", "whole number", "row a person sees in the sheet"),
    ),
)

SHEETS = Table(
    "sheets",
    "one sheet that was looked at",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet; missing in a file that has no sheets"),
        Column("kind", "text", "wide or long (a return), published (a table of shares), or not read"),
        Column("header_row", "whole number", "row of the header; missing where none was found"),
        Column("hidden_rows", "whole number", "rows that are hidden or filtered away, and were read all the same"),
        Column("encoding", "text", "encoding of a text file"),
    ),
)

HEADERS = Table(
    "headers",
    "one header of a return",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("cell", "text", "cell of the header"),
        Column("header", "text", "header as written"),
        Column("means", "text", "field or category it was taken for; missing where it means nothing"),
        Column("rule", "text", "usual, or synonym where it is another word for what it means"),
    ),
)

PUBLISHED_SHARES = Table(
    "published-shares",
    "one share of a published table",
    (
        Column("domain", "text", "id of the domain"),
        Column("quarter", "text", "quarter"),
        Column("grade", "text", "good (or better) or inadequate"),
        Column("share", "number", "the share as published, from 0 to 1"),
        Column("file", "text", "file it was read from"),
    ),
)

QUARTERLY_GRADES = Table(
    "quarterly-grades",
    "one domain, quarter and grade, whether or not anybody received it",
    (
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit"),
        Column("quarter", "text", "quarter"),
        Column("grade", "text", "a grade of the scale, or a tail: good (or better) or inadequate"),
        Column("n", "whole number", "judgements at the grade"),
        Column("of", "whole number", "graded judgements"),
        Column("share", "number", "n / of, unrounded; missing where of is 0"),
        Column("low", "number", "lower limit of the 95% interval"),
        Column("high", "number", "upper limit of the 95% interval"),
        Column("audits", "whole number", "audits that the graded judgements come from"),
    ),
)

UNGRADED_JUDGEMENTS = Table(
    "ungraded-judgements",
    "one domain and quarter",
    (
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit"),
        Column("quarter", "text", "quarter"),
        Column("not_graded", "whole number", "judgements left blank or marked as not applicable or not judged"),
        Column("not_counted", "whole number", "judgements whose written grade is a problem"),
    ),
)

TABLES = (
    AUDITS,
    JUDGEMENTS,
    FINDINGS,
    ACTIONS,
    PROBLEMS,
    GRADE_LEDGER,
    ROW_ACCOUNTING,
    CHECKS,
    SENDERS,
    RECEIVED,
    CHANGES,
    SHEETS,
    HEADERS,
    PUBLISHED_SHARES,
    QUARTERLY_GRADES,
    UNGRADED_JUDGEMENTS,
)


_DICTIONARY_INTRODUCTION = """# Data

* `example/`: ten monthly workbooks of audit returns for 2019 and the table that was published of them. All synthetic:
  every person and comment is invented. `make example` writes them anew.
* `returns/`: the place for real returns. Git ignores everything in it.

What follows is made from `auditanalytics/schema.py` by `make dictionary`. A text is missing where nothing was
written; dates are written YYYY-MM-DD."""


def write_data_dictionary(path: Path) -> None:
    """Write the data dictionary where people look for it.

    Parameters
    ----------
    path
        The file.
    """
    path.write_text(data_dictionary(), encoding="utf-8", newline="\n")


def data_dictionary() -> str:
    """Write the data dictionary.

    Returns
    -------
    str
        Markdown, a table for every table.

    Examples
    --------
    >>> "| `share` | number |" in data_dictionary()
    True
    """
    parts = [_DICTIONARY_INTRODUCTION]
    for table in TABLES:
        rows = [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in table.columns]
        head = [f"## {table.name}", "", f"One row is {table.row}.", "", "| column | kind | meaning |", "|---|---|---|"]
        parts.append("\n".join(head + rows))
    return "\n\n".join(parts) + "\n"
