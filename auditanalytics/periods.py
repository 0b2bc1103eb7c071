"""The months, quarters and years that a report shows: without a gap, and which of them is reported.

A period without returns is shown as one, because a chart that leaves it out shows a step that nobody took.
"""

import datetime as dt

import pandas as pd

from auditanalytics.clock import today_in_london
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.quarters import UNITS, parse_quarter, period_months, quarter_name, year_of
from auditanalytics.returns import AuditReturns

LATEST = "latest"

UNITS_COUNTED = (*UNITS, "year")
"""By what grades are counted; no chart shows years."""


def quarters_held(returns: AuditReturns) -> list[str]:
    """List the quarters that have returns or published shares.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    list of str
        Names of quarters, in order.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> quarters_held(read_returns("data/example"))
    ['2019-Q1', '2019-Q2', '2019-Q3', '2019-Q4']
    """
    return sorted({*returns.audits["quarter"], *returns.published["quarter"]})


def resolve_quarter(returns: AuditReturns, quarter: str = LATEST, *, today: dt.date | None = None) -> str:
    """Find the quarter to report.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The name of a quarter, or ``latest``: the last one that has ended and has returns or published shares.
    today
        The day by which it has to have ended; today in London if None.

    Returns
    -------
    str
        The name of the quarter.

    Raises
    ------
    ChoiceError
        If there is nothing in that quarter, or no such quarter; the sentence lists those that have something.
    ArgumentError
        If no quarter has ended.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> resolve_quarter(read_returns("data/example"), today=dt.date(2019, 12, 31))
    '2019-Q3'
    """
    calendar = returns.framework.quarters
    held = quarters_held(returns)
    if quarter != LATEST:
        if quarter not in held:
            raise ChoiceError("quarter", quarter, [*held, LATEST])
        return quarter
    day = today or today_in_london()
    returned = sorted(set(returns.audits["quarter"])) or held
    ended = [name for name in returned if parse_quarter(name, calendar=calendar).end_time.date() < day]
    if not ended:
        raise ArgumentError(f"no quarter with returns has ended yet; name one with --quarter: {', '.join(returned)}")
    return ended[-1]


def reported_quarters(returns: AuditReturns, *, through: str | None = None) -> list[str]:
    """List the quarters that a report shows: from the first with returns to the last, without a gap.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to show; the last with returns if None.

    Returns
    -------
    list of str
        Names of quarters, in order; a quarter without returns is one of them.

    Raises
    ------
    ChoiceError
        If ``through`` has neither returns nor published shares.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> reported_quarters(read_returns("data/example"), through="2019-Q3")
    ['2019-Q1', '2019-Q2', '2019-Q3']
    """
    held = quarters_held(returns)
    if through is not None and through not in held:
        raise ChoiceError("quarter", through, held)
    if not held:
        return []
    names = (held[0], held[-1] if through is None else through)
    first, final = (parse_quarter(name, calendar=returns.framework.quarters) for name in names)
    return [quarter_name(quarter) for quarter in pd.period_range(first, final, freq=first.freq)]


def reported_periods(returns: AuditReturns, *, unit: str = "quarter", through: str | None = None) -> list[str]:
    """List the quarters, months or years that a report shows: without a gap.

    Parameters
    ----------
    returns
        Audit returns.
    unit
        ``quarter``, ``month`` or ``year``.
    through
        The last quarter to show; the last with returns if None.

    Returns
    -------
    list of str
        Names of periods, in order. Months begin and end with one that has returns.

    Raises
    ------
    ChoiceError
        If there is no such unit or quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> reported_periods(read_returns("data/example"), unit="month", through="2019-Q2")[-2:]
    ['2019-05', '2019-06']
    """
    if unit not in UNITS_COUNTED:
        raise ChoiceError("unit", unit, UNITS_COUNTED)
    quarters = reported_quarters(returns, through=through)
    if unit == "quarter" or not quarters:
        return quarters
    if unit == "year":
        return list(dict.fromkeys(map(year_of, quarters)))
    final = period_months(parse_quarter(quarters[-1], calendar=returns.framework.quarters))[-1]
    held = returns.audits["period_date"].dt.to_period("M")
    held = held[held <= final]
    return [str(month) for month in pd.period_range(held.min(), held.max(), freq="M")] if len(held) else []


def periods_of(returns: AuditReturns, unit: str) -> pd.Series:
    """Name the month, quarter or year of every audit.

    Parameters
    ----------
    returns
        Audit returns.
    unit
        ``month``, ``quarter`` or ``year``.

    Returns
    -------
    pandas.Series
        A name for every row of the audits.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> periods_of(read_returns("data/example"), "year").unique().tolist()
    ['2019']
    """
    if unit == "month":
        return returns.audits["period_date"].dt.to_period("M").astype(str)
    quarters = returns.audits["quarter"]
    return quarters if unit == "quarter" else quarters.map(year_of)
