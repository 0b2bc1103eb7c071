"""Quarters of the calendar year and of the financial year, and months, as pandas periods with names people use.

A period is a ``pandas.Period``: pandas already knows its months, its neighbours and its order. This module only
adds what pandas does not know: the names ("2019-Q4", "2019-20-Q3", "2019-11"; all sort as text), the words for a
heading, and that the clock of an English council is Europe/London.
"""

import datetime as dt
import os
import re
from zoneinfo import ZoneInfo

import pandas as pd

from auditanalytics.errors import ArgumentError, ChoiceError

FREQUENCIES = {"calendar": "Q-DEC", "financial-year": "Q-MAR"}
"""The pandas frequency of each kind of year; a financial year runs from April to March."""

PERIODS_OF_A_YEAR = {"quarter": 4, "month": 12}
"""How many periods a year has; a period is compared with the one so many before."""

UNITS = tuple(PERIODS_OF_A_YEAR)
"""What a point of a chart may stand for."""

_EXAMPLES = {"calendar": "2019-Q4", "financial-year": "2019-20-Q3"}
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
    """Name a quarter or a month so that names sort in time.

    Parameters
    ----------
    period
        A quarter of either kind of year, or a month.

    Returns
    -------
    str
        ``2019-Q4``, ``2019-20-Q3`` or ``2019-11``.

    Examples
    --------
    >>> period_name(pd.Period("2019-11", freq="M"))
    '2019-11'
    """
    return str(period) if period.freqstr == "M" else quarter_name(period)


def period_title(period: pd.Period) -> str:
    """Say a quarter or a month in words.

    Parameters
    ----------
    period
        A quarter of either kind of year, or a month.

    Returns
    -------
    str
        Its first and last month, or itself, and its calendar year.

    Examples
    --------
    >>> period_title(pd.Period("2019-11-05", freq="Q-MAR"))
    'October to December 2019'
    """
    return _period_in_words(period, short=False)


def period_short_title(period: pd.Period) -> str:
    """Say a quarter or a month in few words, for a table or an axis.

    Parameters
    ----------
    period
        A quarter of either kind of year, or a month.

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
    months = period_months(period)
    names = dict.fromkeys(month_title(month, short=short) for month in (months[0], months[-1]))
    return f"{' to '.join(names)} {months[-1].year}"


def period_months(period: pd.Period) -> pd.PeriodIndex:
    """List the months of a quarter, or a month alone.

    Parameters
    ----------
    period
        A quarter of either kind of year, or a month.

    Returns
    -------
    pandas.PeriodIndex
        Its months, in order.

    Examples
    --------
    >>> [month_title(month) for month in period_months(pd.Period("2019-11-05", freq="Q-DEC"))]
    ['October', 'November', 'December']
    """
    return pd.period_range(period.asfreq("M", "start"), period.asfreq("M", "end"), freq="M")


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def month_title(month: pd.Period, *, short: bool = False) -> str:
    """Name a month in English, whatever the machine's locale.

    Parameters
    ----------
    month
        A month.
    short
        Whether three letters are to do.

    Returns
    -------
    str
        The month's name without its year.

    Examples
    --------
    >>> month_title(pd.Period("2019-08", freq="M")), month_title(pd.Period("2019-08", freq="M"), short=True)
    ('August', 'Aug')
    """
    return _MONTHS[month.month - 1][: 3 if short else None]


def month_number(word: str) -> int | None:
    """Find the month that a word names.

    Parameters
    ----------
    word
        An English month, whole or shortened to its first three letters (September also to four).

    Returns
    -------
    int or None
        From 1 to 12, or None where the word names no month.

    Examples
    --------
    >>> month_number("Sept"), month_number("june"), month_number("marble")
    (9, 6, None)
    """
    folded = word.casefold()
    shortened = [month[:3].casefold() for month in _MONTHS]
    if folded in ("sept", *shortened, *(month.casefold() for month in _MONTHS)):
        return shortened.index(folded[:3]) + 1
    return None


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


CLOCK = "AUDITANALYTICS_NOW"
"""The variable of the environment that sets the clock, to try what a report would be at another time."""


def now_in_london() -> dt.datetime:
    """Say what time it is in London.

    Returns
    -------
    datetime.datetime
        The machine's clock or, where the environment sets ``AUDITANALYTICS_NOW``, that moment.

    Raises
    ------
    ArgumentError
        If that is no moment with a time zone.
    """
    text = os.environ.get(CLOCK)
    try:
        now = dt.datetime.fromisoformat(text) if text else dt.datetime.now(dt.timezone.utc)
    except ValueError:
        now = dt.datetime.min
    if now.tzinfo is None:
        raise ArgumentError(f"{CLOCK} must be a time with its zone, such as 2020-03-31T23:30:00+00:00; not {text!r}")
    return now.astimezone(ZoneInfo("Europe/London"))


def today_in_london(now: dt.datetime | None = None) -> dt.date:
    """Say which day it is in London.

    Parameters
    ----------
    now
        A moment with a time zone; that of `now_in_london` if none is given.

    Returns
    -------
    datetime.date
        The date on a London calendar.

    Examples
    --------
    >>> today_in_london(dt.datetime(2025, 3, 31, 23, 30, tzinfo=dt.timezone.utc))
    datetime.date(2025, 4, 1)
    """
    return (now.astimezone(ZoneInfo("Europe/London")) if now else now_in_london()).date()
