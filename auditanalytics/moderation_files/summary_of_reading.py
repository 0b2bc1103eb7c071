"""What is said of a moderation workbook that came back: counts, how its grades meet the draw, and what to mend.

Places are named and pseudonyms, never what stands in a cell: the terminal may be somebody's log.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from auditanalytics.assignments import describe_linkage
from auditanalytics.grades import fold_label
from auditanalytics.moderated_grades import CONSENSUS
from auditanalytics.moderation_files.draw_record import FRAMEWORK, QUARTER
from auditanalytics.moderation_files.filled import FilledWorkbook
from auditanalytics.privacy import pseudonym_key, pseudonymise
from auditanalytics.problems import Problem
from auditanalytics.reporting.wording import placed
from auditanalytics.returns import AuditReturns

MOST_PLACES = 20
"""Problems and places that are shown; more would scroll away, and each is seen again when these are mended."""


def describe_filled(filled: FilledWorkbook, returns: AuditReturns) -> list[str]:
    """Say what came back in a moderation workbook.

    Parameters
    ----------
    filled
        The workbook.
    returns
        The audit returns that it was drawn from.

    Returns
    -------
    list of str
        Lines.
    """
    lines = [
        f"Rows for a grade: {filled.rows:,}. Taken: {len(filled.grades):,}, not judged: {filled.not_judged:,}, "
        f"blank: {filled.blank:,}, not understood: {filled.not_understood:,}.",
        *_of_the_draw(filled, returns),
        describe_linkage(_pairs(filled), returns.audits),
    ]
    if filled.without_moderator:
        lines.append(f"Grades for which nobody is named, the first of each audit: {_listed(filled.without_moderator)}.")
    if filled.without_grade:
        lines.append(f"Reasons without a grade: {_listed(filled.without_grade)}.")
    return [*lines, *describe_problems(filled.problems)]


def _of_the_draw(filled: FilledWorkbook, returns: AuditReturns) -> Iterator[str]:
    if filled.draw is None:
        yield "The workbook has lost the record of its draw, so that stratum, probability and blind are left blank."
        return
    drawn, settings = filled.draw.drawn, filled.draw.settings
    graded = list(dict.fromkeys(filled.grades["audit"]))
    waiting = [audit for audit in drawn if audit not in graded]
    rest = f"; without: {_listed(waiting)}" if waiting else ""
    of = f" for {settings[QUARTER]}" if settings.get(QUARTER) in set(returns.audits["quarter"]) else ""
    yield f"Audits drawn{of}: {len(drawn)}, with grades: {len(drawn) - len(waiting)}{rest}."
    if beside := [audit for audit in graded if audit not in drawn]:
        yield f"Audits with grades that were not drawn: {_listed(beside)}."
    if settings.get(FRAMEWORK, returns.framework.id) != returns.framework.id:
        yield "The workbook was drawn with another framework than the returns are read with now."


def _pairs(filled: FilledWorkbook) -> pd.DataFrame:
    """Every audit with the pseudonym of each moderator that gave a grade of it."""
    written = filled.grades["moderator"].astype(object)
    people = written.mask((written == "") | (written.map(fold_label) == CONSENSUS), None)
    pairs = filled.grades[["audit"]].assign(moderator=pseudonymise(people, "auditor", key=pseudonym_key()))
    return pairs.drop_duplicates()


def describe_problems(problems: Iterable[Problem]) -> list[str]:
    """Say what is wrong and where.

    Parameters
    ----------
    problems
        Problems.

    Returns
    -------
    list of str
        A line for each, as far as they are shown, and how many more there are.

    Examples
    --------
    >>> from auditanalytics.problems import problem
    >>> describe_problems([problem("moderated_audit_unknown", "back.xlsx", "Grades", cell="A7", row="7")])[0][:40]
    '  back.xlsx, Grades A7: expected the ref'
    """
    listed = list(problems)
    lines = [
        f"  {placed(each.file, each.sheet, cell=each.cell, row=each.row)}: {each.message}; {each.outcome}"
        + (f" (to mend it, {each.remedy})" if each.remedy else "")
        for each in listed[:MOST_PLACES]
    ]
    more = len(listed) - MOST_PLACES
    return [*lines, f"  and {more:,} more"] if more > 0 else lines


def _listed(places: Iterable[str]) -> str:
    named = list(places)
    more = len(named) - MOST_PLACES
    return ", ".join(named[:MOST_PLACES]) + (f" and {more:,} more" if more > 0 else "")
