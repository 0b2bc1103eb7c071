"""Flags that the reading of the returns, or the columns on people, already hold: they need only be told of the audit.

A row of a long return is a judgement, so that a problem with one stands on any row of its audit. The audit is the one
that begins last above it, where the rows of every audit stand together; where they do not, it is not guessed.
"""

from bisect import bisect_right
from collections.abc import Iterator

import pandas as pd

from auditanalytics.consistency.asked import Answer, Asked, Rule
from auditanalytics.consistency.boxes import count_words, places
from auditanalytics.consistency.flags import Sign
from auditanalytics.frameworks import OVERALL
from auditanalytics.grades import fold_label


def _audit_at(asked: Asked) -> dict[tuple[str, str], "_Rows"]:
    audits, judgements = asked.audits, asked.tables["judgements"]
    sheets = asked.tables["sheets"]
    long = set(places(sheets[sheets["kind"] == "long"]))
    lines = judgements.loc[judgements["domain"] != OVERALL].groupby("audit_id").size()
    by_place: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for place, row, audit in zip(places(audits), audits["row"], audits["audit_id"], strict=True):
        by_place.setdefault(place, []).append((int(row), audit))
    return {place: _Rows(sorted(rows), lines if place in long else None) for place, rows in by_place.items()}


class _Rows:
    """The rows of the audits of one sheet."""

    def __init__(self, rows: list[tuple[int, str]], lines: pd.Series | None) -> None:
        self._first, self._audits = [row for row, _ in rows], [audit for _, audit in rows]
        self._is_long = lines is not None
        # An audit has at least a row for each of its judgements, unless the rows of several stand among each other.
        self.is_apart = lines is None or all(
            behind - row >= lines.get(audit, 0) for (row, audit), behind in zip(rows, self._first[1:], strict=False)
        )

    def audit(self, row: int) -> str | None:
        """The audit of a row; None where it cannot be said."""
        at = bisect_right(self._first, row) - 1
        if at < 0 or not self.is_apart or (not self._is_long and self._first[at] != row):
            return None
        return self._audits[at]


def _find_problems(asked: Asked, code: str) -> Iterator[Sign]:
    problems = asked.tables["problems"]
    problems = problems[(problems["code"] == code) & ~problems["outcome"].fillna("").str.startswith("moderated")]
    if problems.empty:
        return
    rows, means = _audit_at(asked), _meanings(asked)
    for place, row, cell in zip(places(problems), problems["row"], problems["cell"].fillna(""), strict=True):
        audit = rows[place].audit(int(row)) if place in rows else None
        if audit is None:
            continue
        subject = means.get((*place, cell.rstrip("0123456789")))
        of = f" of {asked.title(subject)}" if subject else ""
        yield Sign(audit, code, subject, None, _SEEN[code].format(of=of))


_SEEN = {
    "prefilled": "the answer{of} is the one that the form comes with",
    "two_grades": "the box{of} holds two grades, and neither was counted",
}


def _meanings(asked: Asked) -> dict[tuple[str, str, str], str]:
    """The category, or the overall judgement, that a column of a sheet grades."""
    headers = asked.tables["headers"]
    known = {*asked.domain_of, *([OVERALL] if asked.framework.overall else [])}
    return {
        (*place, cell.rstrip("0123456789")): means
        for place, cell, means in zip(places(headers), headers["cell"], headers["means"], strict=True)
        if means in known
    }


def _ask_prefilled(asked: Asked) -> Answer:
    if not any(form.prefilled for form in asked.framework.forms):
        return Answer([], "the framework names no form that comes with answers")
    if "audit_type" not in asked.fields:
        return Answer([], "no return has a column for audit_type")
    return _ask_problems(asked, "prefilled")


def _ask_two_grades(asked: Asked) -> Answer:
    return _ask_problems(asked, "two_grades")


def _ask_problems(asked: Asked, code: str) -> Answer:
    apart = all(rows.is_apart for rows in _audit_at(asked).values())
    return Answer(list(_find_problems(asked, code)), "" if apart else _AMONG_EACH_OTHER)


_AMONG_EACH_OTHER = (
    "in a long return the rows of several audits stand among each other, so that it is not known whose a problem is"
)


def _ask_own_team(asked: Asked) -> Answer:
    if asked.framework.allocation.own_team_allowed:
        return Answer([], "the framework allows auditors to be given cases of their own teams")
    if "auditor_team" not in asked.fields:
        return Answer([], "no return has a column for auditor_team")
    if asked.fields.isdisjoint(_CASE):
        return Answer([], f"no return has a column for {' or '.join(_CASE)}")
    return Answer(list(_find_own_team(asked)))


_CASE = ("team", "service")


def _find_own_team(asked: Asked) -> Iterator[Sign]:
    audits = asked.audits.dropna(subset="auditor_team")
    for audit, own, *case in audits[["audit_id", "auditor_team", *_CASE]].itertuples(index=False, name=None):
        for field, named in zip(_CASE, case, strict=True):
            if pd.notna(named) and fold_label(named) == fold_label(own) and count_words(own):
                yield Sign(audit, "own_team", None, None, f"the auditor's team is the {field} of the case")
                break


RULES: dict[str, Rule] = {
    "prefilled": _ask_prefilled,
    "two_grades": _ask_two_grades,
    "own_team": _ask_own_team,
}
"""The rules about what the reading, or the columns on people, already hold."""
