"""What time it is: by a clock in London, where an English council's day begins and ends."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

from auditanalytics.errors import ArgumentError

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
