"""Problems: a rule met at a place.

A problem's message says what was expected and what was found, never the value itself, which stands in a column of its
own that published tables mask. The rules and their wording are those of `rules`.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from auditanalytics.rules import RULES, RULES_BY_SUBJECT, Severity


class Problem(NamedTuple):
    """One row of the problems table."""

    code: str
    severity: str
    message: str
    file: str
    sheet: str
    cell: str
    row: str
    column: str
    value: str
    outcome: str
    remedy: str


def problem(
    code: str,
    file: str,
    sheet: str = "",
    *,
    cell: str = "",
    row: str = "",
    column: str = "",
    value: str = "",
    severity: Severity | None = None,
    outcome: str | None = None,
    **details: object,
) -> Problem:
    """Make the problem of a rule met at a place.

    Parameters
    ----------
    code
        The code of the rule.
    file, sheet, cell, row, column
        The place, as far as it is known.
    value
        What was found there.
    severity, outcome
        In place of those of the rule, where the place makes them others.
    **details
        What the message and the remedy name.

    Returns
    -------
    Problem
        The problem.

    Examples
    --------
    >>> problem("same_content", "b.csv", earlier="a.csv").message
    'the file is a copy of a.csv'
    """
    rule = RULES[code]
    return Problem(
        code,
        severity or rule.severity,
        rule.message.format(**details),
        file,
        sheet,
        cell,
        row,
        column,
        value,
        outcome or rule.outcome,
        rule.remedy.format(**details),
    )


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Put problems in the order in which somebody goes through the files.

    Parameters
    ----------
    problems
        Problems.

    Returns
    -------
    list of Problem
        By file, sheet and row.

    Examples
    --------
    >>> [found.row for found in in_order([problem("width", "a.csv", row="10"), problem("width", "a.csv", row="9")])]
    ['9', '10']
    """
    return sorted(problems, key=lambda found: (found.file, found.sheet or "", int(found.row.partition("-")[0] or 0)))


def problem_reference() -> str:
    """Describe every code.

    Returns
    -------
    str
        Markdown, a table for every subject.

    Examples
    --------
    >>> "| `two_grades` | error |" in problem_reference()
    True
    """
    parts = []
    for subject, rules in RULES_BY_SUBJECT.items():
        rows = [
            f"| `{code}` | {rule.severity} | {_plain(rule.message)} | {rule.outcome} | {_plain(rule.remedy)} |"
            for code, rule in rules.items()
        ]
        head = [
            f"## {subject.capitalize()}",
            "",
            "| code | severity | meaning | outcome | remedy |",
            "|---|---|---|---|---|",
        ]
        parts.append("\n".join(head + rows))
    return _REFERENCE_INTRODUCTION + "\n\n" + "\n\n".join(parts) + "\n"


def write_problem_reference(path: Path) -> None:
    """Write the description of every code where people look for it.

    Parameters
    ----------
    path
        The file.
    """
    path.write_text(problem_reference(), encoding="utf-8", newline="\n")


_REFERENCE_HEAD = ("| code | severity | meaning | outcome | remedy |", "|---|---|---|---|---|")
_REFERENCE_INTRODUCTION = """# Problem codes

What `check` and `tables/problems.csv` call each thing that is wrong, left out or worth knowing; made from
`auditanalytics/rules/` by `make dictionary`. A code never changes its meaning. An *error* cost an audit, a grade or a
file; a *warning* cost nothing and somebody should look; a *note* says what was left out and why. Where a problem is met
in another way than usual, its outcome says so: a date beside the one that decides the quarter costs only itself."""


def _plain(template: str) -> str:
    """A message with the names of what it will say in place of braces."""
    return re.sub(r"\{(\w+)\}", r"…", template)
