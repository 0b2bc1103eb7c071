"""Reading single values from text: dates, and the errors a spreadsheet leaves in a cell.

Each date is read by what is written in it, never by a format guessed from its column: ISO first, then the day-first
forms, then a spreadsheet's serial number. A month is never first: 01/04/2025 is the first of April, and 04/13/2025
is a problem.
"""

import datetime as dt
import re
import unicodedata

import pandas as pd

from auditanalytics.months import month_number
from auditanalytics.parsing.cells import NOT_CALCULATED
from auditanalytics.parsing.dates import DAY_FIRST, IN_WORDS, ISO

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
DAY_ZERO = dt.date(1899, 12, 30)
"""The day from which most spreadsheets count."""

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


def parse_dates(
    texts: pd.Series, *, latest: dt.date | None = None, day_zero: dt.date = DAY_ZERO
) -> tuple[pd.Series, pd.Series]:
    """Read dates from text.

    Parameters
    ----------
    texts
        Text as written, "" where blank.
    latest
        The last day that a date may be, if there is one.
    day_zero
        The day from which a bare number counts.

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
    read = {text: _parse_date(text, latest, day_zero) for text in texts.unique()}
    if read.keys() <= {""}:  # most fields of most returns
        blank = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[s]")
        return blank, pd.Series("date_missing", index=texts.index, dtype=object)
    dates = pd.to_datetime(texts.map({text: date for text, (date, _) in read.items()}), errors="coerce")
    return dates.astype("datetime64[s]"), texts.map({text: fault for text, (_, fault) in read.items()})


def _parse_date(text: str, latest: dt.date | None, day_zero: dt.date) -> tuple[dt.date | None, str]:
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if not text:
        return None, "date_missing"
    if is_error_cell(text):
        return None, "cell_error"
    if is_uncalculated(text):
        return None, "formula_not_calculated"
    if found := ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
        if month > 12 >= day:
            return None, "date_order"
    elif (found := IN_WORDS.fullmatch(text)) and (number := month_number(found[2])):
        day, month, year = int(found[1]), number, int(found[3])
    elif _SERIAL.fullmatch(text):
        date = day_zero + dt.timedelta(days=int(float(text)))
        year, month, day = date.year, date.month, date.day
    else:
        return None, "date_format"
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None, "date_format"
    return (None, "date_range") if date < EARLIEST_DATE or (latest and date > latest) else (date, "")


def plain(text: str) -> str:
    """Write text with runs of white space made one space and without characters that nobody sees.

    Parameters
    ----------
    text
        The text of a cell.

    Returns
    -------
    str
        The text as it is printed.

    Examples
    --------
    >>> plain("New\u200b   form ")
    'New form'
    """
    return " ".join("".join(letter for letter in text if unicodedata.category(letter) != "Cf").split())
