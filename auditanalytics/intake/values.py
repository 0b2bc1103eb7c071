"""Reading single values from text: dates, and the errors a spreadsheet leaves in a cell.

Each date is read by what is written in it, never by a format guessed from its column: ISO first, then the day-first
forms, then a spreadsheet's serial number. A month is never first: 01/04/2025 is the first of April, and 04/13/2025
is a problem.
"""

import datetime as dt
import re

import pandas as pd

from auditanalytics.intake.unworked import NOT_CALCULATED
from auditanalytics.quarters import month_number

_TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})" + _TIME)
_IN_WORDS = re.compile(r"(?:[a-z]+day,? )?(\d{1,2})(?:st|nd|rd|th)?[ \-]([a-z]+)\.?,?[ \-](\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIAL_DAY_ZERO = dt.date(1899, 12, 30)
_ERROR_CELL = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)

EARLIEST_DATE = dt.date(1990, 1, 1)
"""No audit return is older; an earlier date is a slip of the keyboard."""


def is_error_cell(text: str) -> bool:
    """Say whether a spreadsheet put an error into the cell in place of a value.

    Parameters
    ----------
    text
        The text of a cell.

    Returns
    -------
    bool
        True for ``#N/A``, ``#REF!`` and their like.

    Examples
    --------
    >>> is_error_cell("#REF!"), is_error_cell("N/A")
    (True, False)
    """
    return _ERROR_CELL.fullmatch(text.strip()) is not None


def is_uncalculated(text: str) -> bool:
    """Say whether the cell holds a formula that was never calculated.

    Parameters
    ----------
    text
        The text of a cell.

    Returns
    -------
    bool
        True for what stands for such a formula.

    Examples
    --------
    >>> is_uncalculated("#NOT CALCULATED"), is_uncalculated("=A1")
    (True, False)
    """
    return text.strip().upper() == NOT_CALCULATED


def looks_like_a_date(text: str) -> bool:
    """Say whether a piece of text is a written date and nothing else.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    bool
        True for 2025-04-01, 01/04/2025 and 1 April 2025; not for a bare number.

    Examples
    --------
    >>> looks_like_a_date(" 01/04/2025"), looks_like_a_date("45748"), looks_like_a_date("seen on 01/04/2025")
    (True, False, False)
    """
    folded = " ".join(text.casefold().split())
    return any(form.fullmatch(folded) for form in (_ISO, _DAY_FIRST, _IN_WORDS))


def parse_dates(texts: pd.Series, *, latest: dt.date | None = None) -> tuple[pd.Series, pd.Series]:
    """Read dates from text.

    Parameters
    ----------
    texts
        Text as written, "" where blank.
    latest
        The last day that a date may be, if there is one.

    Returns
    -------
    tuple of pandas.Series
        Dates (``datetime64[s]``, NaT where not read) and what is wrong with each: "" where nothing is, otherwise
        ``date_missing``, ``cell_error``, ``formula_not_calculated``, ``date_format``, ``date_order`` or ``date_range``.

    Examples
    --------
    >>> dates, faults = parse_dates(pd.Series(["2025-04-01", "01/04/2025", "1 April 2025", "45748", "04/13/2025"]))
    >>> dates.dropna().dt.strftime("%d %B").unique().tolist(), faults.tolist()
    (['01 April'], ['', '', '', '', 'date_order'])
    """
    read = {text: _parse_date(text, latest) for text in texts.unique()}
    dates = pd.to_datetime(texts.map({text: date for text, (date, _) in read.items()}), errors="coerce")
    return dates.astype("datetime64[s]"), texts.map({text: fault for text, (_, fault) in read.items()})


def _parse_date(text: str, latest: dt.date | None) -> tuple[dt.date | None, str]:
    text = " ".join(text.casefold().split())
    if not text:
        return None, "date_missing"
    if is_error_cell(text):
        return None, "cell_error"
    if is_uncalculated(text):
        return None, "formula_not_calculated"
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
        if month > 12 >= day:
            return None, "date_order"
    elif (found := _IN_WORDS.fullmatch(text)) and (number := month_number(found[2])):
        day, month, year = int(found[1]), number, int(found[3])
    elif _SERIAL.fullmatch(text):
        date = _SERIAL_DAY_ZERO + dt.timedelta(days=int(float(text)))
        year, month, day = date.year, date.month, date.day
    else:
        return None, "date_format"
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None, "date_format"
    return (None, "date_range") if date < EARLIEST_DATE or (latest and date > latest) else (date, "")
