"""What changed since the last report, in sentences.

Whoever holds the last report in one hand and this one in the other finds figures that differ, and has to be told why
before asking. Every number in these sentences is one of changes-counted.csv, or stands in restated.csv.
"""

import pandas as pd

from auditanalytics.changes import CORRECTED, KINDS, REGRADED, WITHDRAWN, Changes
from auditanalytics.english import counted, were
from auditanalytics.frameworks import Framework
from auditanalytics.grades import TAILS
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reporting.wording import TAIL_TITLES

_NO_EARLIER = "There is no earlier report under this framework to compare with."


def describe_changes(changes: Changes, framework: Framework) -> list[str]:
    """Say what changed since the last report.

    Parameters
    ----------
    changes
        The changes.
    framework
        The framework of the returns.

    Returns
    -------
    list of str
        Sentences; one where there is no earlier report, or nothing changed.

    Examples
    --------
    >>> from auditanalytics.frameworks import load_framework
    >>> describe_changes(Changes("2019-Q3", codebook_changed=True), load_framework("south-gloucestershire"))[0]
    'Since the report of July to September 2019, no audit came late, was re-graded, corrected or withdrawn.'
    """
    if not changes.since:
        return [_NO_EARLIER]
    since = _quarter_title(changes.since, framework)
    if changes.are_none:
        return [
            f"Nothing changed since the report of {since}: every audit of it is here as it was, and none of its "
            "quarters has a new one."
        ]
    sentences = [f"Since the report of {since}, {_describe_audits(changes)}."]
    if changes.framework_changed:
        sentences.append("The framework file has changed since the last report, which by itself can re-grade audits.")
    if changes.codebook_changed:
        sentences.append("The codebook has changed since the last report, so that themes may be counted anew.")
    return sentences + _describe_words(changes) + _describe_figures(changes)


def _describe_audits(changes: Changes) -> str:
    times = changes.rows["change"].value_counts()
    if not len(times):
        return "no audit came late, was re-graded, corrected or withdrawn"
    late, regraded, corrected, withdrawn = (int(times.get(kind, 0)) for kind in KINDS)
    where = "to a quarter that had been reported" if late == 1 else "to quarters that had been reported"
    parts = [
        f"{counted(late, 'late return') if late else 'no late return'} {were(late)} added {where}",
        f"{counted(regraded, 'audit') if regraded else 'no audit'} {were(regraded)} {REGRADED}",
        f"{f'{corrected:,}' if corrected else 'none'} {CORRECTED}",
    ]
    return f"{', '.join(parts)} and {f'{withdrawn:,}' if withdrawn else 'none'} {WITHDRAWN}"


def _describe_words(changes: Changes) -> list[str]:
    number = len(changes.mapping)
    means = "means what it" if number == 1 else "mean what they"
    return [f"{counted(number, 'written word')} no longer {means} meant in the last report."] if number else []


def _describe_figures(changes: Changes) -> list[str]:
    number, tails = len(changes.restated), len(restated_tails(changes))
    if not number:
        return []
    titles = " or of ".join(TAIL_TITLES.values())
    if number == 1:
        return [f"1 published figure is restated: {'a' if tails else 'no'} count of {titles}."]
    of_tails = counted(tails, "count") if tails else "no count"
    return [f"{number:,} published figures are restated, among them {of_tails} of {titles}."]


def restated_tails(changes: Changes) -> pd.DataFrame:
    """Pick the restated figures of the two tails, the last quarter first.

    Parameters
    ----------
    changes
        The changes.

    Returns
    -------
    pandas.DataFrame
        Rows of `schema.RESTATED`.
    """
    tails = changes.restated[changes.restated["grade"].isin(TAILS)]
    return tails.sort_values("quarter", ascending=False, kind="stable")


def restated_points(changes: Changes, framework: Framework) -> list[str]:
    """Say of every restated share what it was and what it is.

    Parameters
    ----------
    changes
        The changes.
    framework
        The framework of the returns.

    Returns
    -------
    list of str
        Such as ``Plans, July to September 2019, Good or better: 8 of 40, before 7 of 38``; the last quarter first.
    """
    return [
        f"{title}, {quarter}, {tail}: {now}, before {before}"
        for title, quarter, tail, before, now in restated_cells(changes, framework)
    ]


def restated_cells(changes: Changes, framework: Framework) -> list[tuple[str, str, str, str, str]]:
    """Write every restated share as a table has it.

    Parameters
    ----------
    changes
        The changes.
    framework
        The framework of the returns.

    Returns
    -------
    list of tuple
        The domain, the quarter and the tail in words, the count before and the count now; the last quarter first.
    """
    return [
        (
            framework.domain_titles[row.domain],
            _quarter_title(row.quarter, framework),
            TAIL_TITLES[row.grade],
            f"{row.n_before:,} of {row.of_before:,}",
            f"{row.n:,} of {row.of:,}",
        )
        for row in restated_tails(changes).itertuples()
    ]


def _quarter_title(name: str, framework: Framework) -> str:
    return period_title(parse_quarter(name, calendar=framework.quarters))
