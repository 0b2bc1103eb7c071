"""Numbers and lists as English writes them.

A percentage is whole, because more digits would claim more than a few dozen judgements can bear; halves go up; and
something is never rounded to nothing or to everything.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE

TAIL_TITLES = {GOOD_OR_BETTER: "Good or better", INADEQUATE: "Inadequate"}


def percent(share: float) -> str:
    """Write a share as a whole percentage, halves up, never rounding something to nothing.

    Parameters
    ----------
    share
        From 0 to 1.

    Returns
    -------
    str
        Such as ``38%``, ``under 1%`` or ``over 99%``.

    Examples
    --------
    >>> percent(16 / 42), percent(57 / 200), percent(1 / 300), percent(299 / 300), percent(0.0)
    ('38%', '29%', 'under 1%', 'over 99%', '0%')
    """
    whole = whole_percent(share)
    if whole == 0 and share > 0:
        return "under 1%"
    return "over 99%" if whole == 100 and share < 1 else f"{whole}%"


def whole_percent(share: float) -> int:
    """Round a share to a whole percentage, halves up.

    Parameters
    ----------
    share
        From 0 to 1.

    Returns
    -------
    int
        From 0 to 100.

    Examples
    --------
    >>> whole_percent(57 / 200)
    29
    """
    # The shortest decimal that reads back as the share: 57/200 is 28.5%, though its binary form is a hair below.
    return int((Decimal(repr(float(share))) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def signed_points(difference: float) -> str:
    """Write a difference of shares in whole percentage points, with a true minus sign.

    Parameters
    ----------
    difference
        From -1 to 1.

    Returns
    -------
    str
        Such as ``12``, ``−5`` or ``0``.

    Examples
    --------
    >>> signed_points(0.124), signed_points(-0.05), signed_points(-0.001)
    ('12', '−5', '0')
    """
    points = whole_percent(abs(difference))
    return f"−{points}" if points and difference < 0 else str(points)


def limit_in_points(limit: float) -> str:
    """Write a limit of a difference in points, on which side of 0 it lies included.

    Parameters
    ----------
    limit
        From -1 to 1.

    Returns
    -------
    str
        As `signed_points`, but never 0 for what is not.

    Examples
    --------
    >>> limit_in_points(0.124), limit_in_points(0.002), limit_in_points(0.0)
    ('12', 'just over 0', '0')
    """
    points = signed_points(limit)
    if points != "0" or limit == 0:
        return points
    return "just over 0" if limit > 0 else "just under 0"


def chance(p: float) -> str:
    """Write a probability as tables do.

    Parameters
    ----------
    p
        From 0 to 1.

    Returns
    -------
    str
        Two decimals, or that it is below what they can say.

    Examples
    --------
    >>> chance(0.142), chance(0.0004)
    ('0.14', '< 0.01')
    """
    return "< 0.01" if p < 0.01 else f"{p:.2f}"


HIDDEN = "c"
"""Stands for a number that is hidden because it, or one that could be worked out from it, is small."""


def count_of(point: pd.Series, *, between: str = " of ") -> str:
    """Write how many of how many judgements, as far as both are shown.

    Parameters
    ----------
    point
        A point of a tail (`trends.DomainTrend.tail`).
    between
        What stands between the two.

    Returns
    -------
    str
        Such as ``16 of 42``, ``c of 42`` where the count is hidden, or ``c`` where both are.

    Examples
    --------
    >>> count_of(pd.Series({"n": 16, "hidden": False, "shown_of": 42}))
    '16 of 42'
    >>> count_of(pd.Series({"n": 0, "hidden": True, "shown_of": 42})), count_of(pd.Series({"hidden": True}))
    ('c of 42', 'c')
    """
    of = point.get("shown_of")
    if pd.isna(of):
        return HIDDEN
    n = HIDDEN if point["hidden"] else f"{int(point['n']):,}"
    return f"{n}{between}{int(of):,}"


def accounted(rows: Mapping[str, int]) -> str:
    """Write what became of the rows that were read.

    Parameters
    ----------
    rows
        How many were ``accepted``, ``rejected`` and ``skipped``.

    Returns
    -------
    str
        Words for a sentence.

    Examples
    --------
    >>> accounted({"accepted": 96, "rejected": 1, "skipped": 70}).split(" (")[0]
    '96 accepted, 1 rejected and 70 skipped'
    """
    return (
        f"{rows['accepted']:,} accepted, {rows['rejected']:,} rejected and {rows['skipped']:,} skipped (titles, notes, "
        "totals, blank rows, published shares, events, links, moderated grades and rows sent back)"
    )


def placed(file: str, sheet: object = "", *, cell: str = "", row: object = "") -> str:
    """Write a place in a file as people say it.

    Parameters
    ----------
    file, sheet, cell, row
        The place, as far as it is known; a sheet may be missing.

    Returns
    -------
    str
        Such as ``returns.xlsx, May F7``.

    Examples
    --------
    >>> placed("returns.xlsx", "May", cell="F7", row="7"), placed("returns.csv", row="7"), placed("returns.csv")
    ('returns.xlsx, May F7', 'returns.csv row 7', 'returns.csv')
    """
    where = cell or (f"row {row}" if row else "")
    return f"{file if pd.isna(sheet) or not sheet else f'{file}, {sheet}'} {where}".strip()


def placed_first(problems: pd.DataFrame, most: int) -> str:
    """Write where problems stand: the first of them, and how many more there are.

    Parameters
    ----------
    problems
        Rows of `schema.PROBLEMS`.
    most
        How many places to write.

    Returns
    -------
    str
        The places with semicolons between them.

    Examples
    --------
    >>> rows = pd.DataFrame({"file": ["a.csv"] * 3, "sheet": "", "cell": ["A2", "A3", "A4"], "row": ["2", "3", "4"]})
    >>> placed_first(rows, 2)
    'a.csv A2; a.csv A3 and 1 more'
    """
    first = problems.head(most)[["file", "sheet", "cell", "row"]].to_dict("records")
    more = f" and {len(problems) - most:,} more" if len(problems) > most else ""
    return "; ".join(placed(**place) for place in first) + more
