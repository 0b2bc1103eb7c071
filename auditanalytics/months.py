"""The names of months, in English whatever the machine's locale."""

import pandas as pd

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


def span_title(first: pd.Period, last: pd.Period, *, short: bool = False) -> str:
    """Say several months in words.

    Parameters
    ----------
    first, last
        The first month and the last.
    short
        Whether three letters of each are to do.

    Returns
    -------
    str
        Both months, or the one alone, and their calendar years.

    Examples
    --------
    >>> span_title(pd.Period("2019-01", freq="M"), pd.Period("2019-06", freq="M"))
    'January to June 2019'
    """
    names = [month_title(month, short=short) for month in (first, last)]
    if first.year != last.year:
        names[0] = f"{names[0]} {first.year}"
    return f"{' to '.join(dict.fromkeys(names))} {last.year}"


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
