"""Quarters and years, of the calendar and of the financial year, and months, as pandas periods with names people use.

A period is a ``pandas.Period``: pandas already knows its months, its neighbours and its order. This module only
adds what pandas does not know: the names ("2019-Q4", "2019-20-Q3", "2019-11", "2019-20"; all sort as text), and the
words for a heading.
"""

import datetime as dt
import re

import pandas as pd

from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.months import month_number, span_title

FREQUENCIES = {"calendar": "Q-DEC", "financial-year": "Q-MAR"}
"""The pandas frequency of each kind of year; a financial year runs from April to March."""

PERIODS_OF_A_YEAR = {"quarter": 4, "month": 12}
"""How many periods a year has; a period is compared with the one so many before."""

UNITS = tuple(PERIODS_OF_A_YEAR)
"""What a point of a chart may stand for."""

_YEARS = {"calendar": "Y-DEC", "financial-year": "Y-MAR"}
_EXAMPLES = {"calendar": "2019-Q4", "financial-year": "2019-20-Q3"}
_EXAMPLES_OF_A_YEAR = {"calendar": "2019", "financial-year": "2019-20"}
_CALENDAR = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_FINANCIAL = re.compile(r"(\d{4})-(\d{2})-Q([1-4])")


def _frequency(calendar: str) -> str:
    if calendar not in FREQUENCIES:
        raise ChoiceError("quarters", calendar, FREQUENCIES)
    return FREQUENCIES[calendar]


def parse_quarter(name: str, *, calendar: str) -> pd.Period:
    """Read the name of a quarter.

    Parameters
    ----------
    name
        ``2019-Q4`` for a calendar year, ``2019-20-Q3`` for a financial year.
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    pandas.Period
        The quarter.

    Raises
    ------
    ArgumentError
        If the name is not that of a quarter of this kind of year.

    Examples
    --------
    >>> parse_quarter("2019-20-Q3", calendar="financial-year").start_time.date()
    datetime.date(2019, 10, 1)
    """
    frequency = _frequency(calendar)
    if calendar == "calendar" and (found := _CALENDAR.fullmatch(name)):
        year, number = int(found[1]), int(found[2])
    elif calendar == "financial-year" and (found := _FINANCIAL.fullmatch(name)):
        year, number = int(found[1]) + 1, int(found[3])
        if year % 100 != int(found[2]):
            raise ArgumentError(f"quarter must name two years that follow each other, as in 2019-20-Q3; not '{name}'")
    else:
        raise ArgumentError(f"quarter must be written like {_EXAMPLES[calendar]} ({calendar} quarters); not '{name}'")
    return pd.Period(year=year, quarter=number, freq=frequency)


def parse_month(name: str) -> pd.Period:
    """Read the name of a month.

    Parameters
    ----------
    name
        Such as ``2019-11``.

    Returns
    -------
    pandas.Period
        The month.

    Raises
    ------
    ArgumentError
        If it is no name of a month.

    Examples
    --------
    >>> parse_month("2019-11").days_in_month
    30
    """
    if not _MONTH.fullmatch(name):
        raise ArgumentError(f"month must be written like 2019-11; not '{name}'")
    return pd.Period(name, freq="M")


def parse_year(name: str, *, calendar: str) -> pd.Period:
    """Read the name of a year.

    Parameters
    ----------
    name
        ``2019`` for a calendar year, ``2019-20`` for a financial year.
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    pandas.Period
        The year.

    Raises
    ------
    ArgumentError
        If the name is not that of a year of this kind.

    Examples
    --------
    >>> parse_year("2019-20", calendar="financial-year").start_time.date()
    datetime.date(2019, 4, 1)
    """
    _frequency(calendar)
    try:
        first = parse_quarter(f"{name}-Q1", calendar=calendar)
    except ArgumentError:
        example = _EXAMPLES_OF_A_YEAR[calendar]
        raise ArgumentError(f"year must be written like {example} ({calendar} years); not '{name}'") from None
    return first.asfreq(_YEARS[calendar])


def year_of(quarter: str) -> str:
    """Name the year that a quarter belongs to.

    Parameters
    ----------
    quarter
        The name of a quarter.

    Returns
    -------
    str
        ``2019`` or ``2019-20``.

    Examples
    --------
    >>> year_of("2019-Q4"), year_of("2019-20-Q3")
    ('2019', '2019-20')
    """
    return quarter[:-3]


def quarter_name(quarter: pd.Period) -> str:
    """Name a quarter so that names sort in time.

    Parameters
    ----------
    quarter
        A quarter of either kind of year.

    Returns
    -------
    str
        ``2019-Q4`` or ``2019-20-Q3``.

    Examples
    --------
    >>> quarter_name(pd.Period("2019-11-05", freq="Q-DEC")), quarter_name(pd.Period("2019-11-05", freq="Q-MAR"))
    ('2019-Q4', '2019-20-Q3')
    """
    if quarter.freqstr == FREQUENCIES["calendar"]:
        return f"{quarter.year}-Q{quarter.quarter}"
    if quarter.freqstr == FREQUENCIES["financial-year"]:
        return f"{quarter.qyear - 1}-{quarter.qyear % 100:02}-Q{quarter.quarter}"
    raise ValueError(f"quarter must be of {' or '.join(FREQUENCIES.values())}; not {quarter.freqstr}")


def parse_period(name: str, *, calendar: str) -> pd.Period:
    """Read the name of a quarter or a month.

    Parameters
    ----------
    name
        ``2019-Q4`` or ``2019-20-Q3`` for a quarter, ``2019-11`` for a month.
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    pandas.Period
        The quarter or the month.

    Raises
    ------
    ArgumentError
        If the name is neither that of a month nor that of a quarter of this kind of year.

    Examples
    --------
    >>> period_title(parse_period("2019-11", calendar="calendar"))
    'November 2019'
    """
    return pd.Period(name, freq="M") if _MONTH.fullmatch(name) else parse_quarter(name, calendar=calendar)


def period_name(period: pd.Period) -> str:
    """Name a month, a quarter or a year so that names sort in time.

    Parameters
    ----------
    period
        A quarter or a year of either kind, or a month.

    Returns
    -------
    str
        ``2019-11``, ``2019-Q4``, ``2019-20-Q3``, ``2019`` or ``2019-20``.

    Examples
    --------
    >>> period_name(pd.Period("2019-11", freq="M")), period_name(parse_year("2019-20", calendar="financial-year"))
    ('2019-11', '2019-20')
    """
    if period.freqstr in _YEARS.values():
        return year_of(quarter_name(period.asfreq(period.freqstr.replace("Y-", "Q-"))))
    return str(period) if period.freqstr == "M" else quarter_name(period)


def quarters_within(period: pd.Period, *, calendar: str) -> list[str]:
    """Name the quarters in which the months of a period lie.

    Parameters
    ----------
    period
        A month, a quarter or a year.
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    list of str
        Their names, in order.

    Examples
    --------
    >>> quarters_within(pd.Period("2019-11", freq="M"), calendar="financial-year")
    ['2019-20-Q3']
    """
    frequency = _frequency(calendar)
    return list(dict.fromkeys(quarter_name(month.asfreq(frequency)) for month in period_months(period)))


def period_title(period: pd.Period) -> str:
    """Say a month, a quarter or a year in words.

    Parameters
    ----------
    period
        A quarter or a year of either kind, or a month.

    Returns
    -------
    str
        Its first and last month, or itself, and its calendar year.

    Examples
    --------
    >>> period_title(pd.Period("2019-11-05", freq="Q-MAR"))
    'October to December 2019'
    >>> period_title(parse_year("2019-20", calendar="financial-year")), period_title(pd.Period("2019", freq="Y-DEC"))
    ('April 2019 to March 2020', '2019')
    """
    return _period_in_words(period, short=False)


def period_short_title(period: pd.Period) -> str:
    """Say a month, a quarter or a year in few words, for a table or an axis.

    Parameters
    ----------
    period
        A quarter or a year of either kind, or a month.

    Returns
    -------
    str
        Its first and last month, or itself, shortened, and its calendar year.

    Examples
    --------
    >>> period_short_title(pd.Period("2019-11-05", freq="Q-MAR"))
    'Oct to Dec 2019'
    """
    return _period_in_words(period, short=True)


def _period_in_words(period: pd.Period, *, short: bool) -> str:
    if period.freqstr == _YEARS["calendar"]:
        return str(period.year)
    months = period_months(period)
    return span_title(months[0], months[-1], short=short)


def period_months(period: pd.Period) -> pd.PeriodIndex:
    """List the months of a quarter or a year, or a month alone.

    Parameters
    ----------
    period
        A quarter or a year of either kind, or a month.

    Returns
    -------
    pandas.PeriodIndex
        Its months, in order.

    Examples
    --------
    >>> [str(month) for month in period_months(pd.Period("2019-11-05", freq="Q-DEC"))]
    ['2019-10', '2019-11', '2019-12']
    """
    return pd.period_range(period.asfreq("M", "start"), period.asfreq("M", "end"), freq="M")


def quarters_of(dates: pd.Series, *, calendar: str) -> pd.Series:
    """Find the quarter of every date.

    Parameters
    ----------
    dates
        Dates (``datetime64``).
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    pandas.Series
        Quarters, on the index of the dates.

    Examples
    --------
    >>> dates = pd.Series(pd.to_datetime(["2019-12-31", "2020-01-01"]))
    >>> quarters_of(dates, calendar="calendar").map(quarter_name).tolist()
    ['2019-Q4', '2020-Q1']
    """
    return dates.dt.to_period(_frequency(calendar))


def quarter_from_months(text: str, year: int, *, calendar: str) -> pd.Period | None:
    """Find the quarter a published table names by its first and last month.

    Parameters
    ----------
    text
        Words such as ``Apr - June`` or ``July -Sept``.
    year
        The calendar year of those months.
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    pandas.Period or None
        The quarter, or None where the words are not the first and last month of one.

    Examples
    --------
    >>> quarter_name(quarter_from_months("July -Sept", 2019, calendar="calendar"))
    '2019-Q3'
    """
    numbers = [month_number(word) for word in re.findall(r"[a-z]+", text.casefold()) if word != "to"]
    if len(numbers) != 2 or numbers[0] is None:
        return None
    quarter = pd.Period(dt.date(year, numbers[0], 1), freq=_frequency(calendar))
    months = [month.month for month in period_months(quarter)]
    return quarter if [months[0], months[-1]] == numbers else None
