import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditanalytics.clock import now_in_london, today_in_london
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.months import month_number, month_title
from auditanalytics.quarters import (
    FREQUENCIES,
    PERIODS_OF_A_YEAR,
    parse_period,
    parse_quarter,
    period_months,
    period_name,
    period_short_title,
    period_title,
    quarter_from_months,
    quarter_name,
    quarters_of,
)

DATES = st.dates(dt.date(1995, 1, 1), dt.date(2095, 12, 31))
CALENDARS = st.sampled_from(sorted(FREQUENCIES))


def quarter_of(date: dt.date, calendar: str) -> pd.Period:
    return quarters_of(pd.Series([pd.Timestamp(date)]), calendar=calendar)[0]


@pytest.mark.parametrize(
    ("date", "calendar", "financial"),
    [
        ("2019-01-01", "2019-Q1", "2018-19-Q4"),
        ("2019-03-31", "2019-Q1", "2018-19-Q4"),
        ("2019-04-01", "2019-Q2", "2019-20-Q1"),
        ("2019-12-31", "2019-Q4", "2019-20-Q3"),
        ("1999-12-31", "1999-Q4", "1999-00-Q3"),
        ("2000-02-29", "2000-Q1", "1999-00-Q4"),
    ],
)
def test_the_quarter_of_a_date(date: str, calendar: str, financial: str) -> None:
    day = dt.date.fromisoformat(date)
    assert quarter_name(quarter_of(day, "calendar")) == calendar
    assert quarter_name(quarter_of(day, "financial-year")) == financial


@given(DATES, CALENDARS)
def test_a_name_reads_back_as_its_quarter(date: dt.date, calendar: str) -> None:
    quarter = quarter_of(date, calendar)
    assert parse_quarter(quarter_name(quarter), calendar=calendar) == quarter


@given(DATES, DATES, CALENDARS)
def test_names_sort_as_quarters_do(one: dt.date, other: dt.date, calendar: str) -> None:
    first, second = sorted([quarter_of(one, calendar), quarter_of(other, calendar)])
    assert quarter_name(first) <= quarter_name(second)


@given(DATES, CALENDARS)
def test_a_date_is_in_one_of_the_three_months_of_its_quarter(date: dt.date, calendar: str) -> None:
    months = period_months(quarter_of(date, calendar))
    assert len(months) == 3
    assert pd.Period(date, freq="M") in months


@pytest.mark.parametrize(
    "name", ["2019-Q5", "2019Q4", "2019-q4", "2019-20-Q3", "../../x", "{x.__class__}", "2019-Q4\n"]
)
def test_what_is_no_calendar_quarter_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match="2019-Q4"):
        parse_quarter(name, calendar="calendar")


@pytest.mark.parametrize("name", ["2019-Q4", "2019-21-Q3", "2025-26Q5", "2019-20-Q3x", "2019-20-Q3\n"])
def test_what_is_no_financial_quarter_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match="quarter must"):
        parse_quarter(name, calendar="financial-year")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Jan - Mar", "2019-Q1"),
        ("Apr - June", "2019-Q2"),
        ("July - Sept", "2019-Q3"),
        ("July -Sept", "2019-Q3"),
        ("October to December", "2019-Q4"),
        ("OCT-DEC", "2019-Q4"),
        ("Jan - Feb", None),
        ("Mar - Jan", None),
        ("Year", None),
        ("", None),
    ],
)
def test_a_quarter_is_read_from_its_months(words: str, name: str | None) -> None:
    quarter = quarter_from_months(words, 2019, calendar="calendar")
    assert (quarter_name(quarter) if quarter is not None else None) == name


def test_a_title_names_the_months_and_their_year() -> None:
    assert period_title(parse_quarter("2018-19-Q4", calendar="financial-year")) == "January to March 2019"


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2025-03-31T22:59:00+00:00", "2025-03-31"),
        ("2025-03-31T23:00:00+00:00", "2025-04-01"),  # British Summer Time has begun
        ("2025-12-31T23:59:00+00:00", "2025-12-31"),
        ("2025-04-01T08:00:00+10:00", "2025-03-31"),
    ],
)
def test_the_day_is_a_london_day(moment: str, date: str) -> None:
    assert today_in_london(dt.datetime.fromisoformat(moment)).isoformat() == date


def test_the_clock_can_be_set_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITANALYTICS_NOW", "2020-03-31T23:30:00+00:00")
    assert now_in_london().isoformat() == "2020-04-01T00:30:00+01:00"
    assert today_in_london() == dt.date(2020, 4, 1)


def test_a_clock_that_is_not_set_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDITANALYTICS_NOW", raising=False)
    before = dt.datetime.now(dt.timezone.utc)
    assert before <= now_in_london() <= dt.datetime.now(dt.timezone.utc)


@pytest.mark.parametrize("text", ["2020-03-31T23:30:00", "2020-03-31", "yesterday"])
def test_a_clock_without_a_zone_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AUDITANALYTICS_NOW", text)
    with pytest.raises(ArgumentError, match="AUDITANALYTICS_NOW must be a time with its zone"):
        now_in_london()


def test_a_kind_of_year_that_is_not_known_is_refused() -> None:
    with pytest.raises(ChoiceError, match="quarters must be calendar or financial-year; not 'tax-year'"):
        parse_quarter("2019-Q4", calendar="tax-year")


@pytest.mark.parametrize("frequency", ["M", "Q-SEP", "Y-DEC"])
def test_what_is_no_quarter_of_either_year_has_no_name_as_one(frequency: str) -> None:
    with pytest.raises(ValueError, match="quarter must be of Q-DEC or Q-MAR; not"):
        quarter_name(pd.Period("2019-11", freq=frequency))


@pytest.mark.parametrize("name", ["2019-01", "2019-09", "2019-10", "2019-12", "2019-Q1", "2019-Q4"])
def test_a_period_reads_back_from_its_name(name: str) -> None:
    period = parse_period(name, calendar="calendar")
    assert period_name(period) == name
    assert period.freqstr == ("Q-DEC" if "Q" in name else "M")


@pytest.mark.parametrize("name", ["2019-00", "2019-13", "2019-1", "2019-011", "19-01", "2019-01\n", "x2019-01"])
def test_what_is_no_month_is_refused_as_no_quarter(name: str) -> None:
    with pytest.raises(ArgumentError, match="2019-20-Q3"):
        parse_period(name, calendar="financial-year")


def test_a_year_later_is_as_many_periods_later() -> None:
    for unit, name in (("quarter", "2019-Q4"), ("month", "2019-11")):
        period = parse_period(name, calendar="calendar")
        assert period_name(period + PERIODS_OF_A_YEAR[unit]) == name.replace("2019", "2020")


def test_periods_in_words() -> None:
    across = parse_quarter("2019-20-Q3", calendar="financial-year")
    month = parse_period("2020-02", calendar="calendar")
    assert (period_title(across), period_short_title(across)) == ("October to December 2019", "Oct to Dec 2019")
    assert (period_title(month), period_short_title(month)) == ("February 2020", "Feb 2020")


MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip


def test_every_month_has_its_name_and_is_found_by_it() -> None:
    months = [pd.Period(year=2019, month=number, freq="M") for number in range(1, 13)]
    assert [month_title(month) for month in months] == MONTHS
    assert [month_title(month, short=True) for month in months] == [name[:3] for name in MONTHS]
    for number, name in enumerate(MONTHS, 1):
        assert [month_number(written) for written in (name, name.upper(), name[:3])] == [number] * 3


@pytest.mark.parametrize(("word", "number"), [("Sept", 9), ("Septem", None), ("Ju", None), ("Mars", None), ("", None)])
def test_a_month_is_whole_or_shortened_as_people_do(word: str, number: int | None) -> None:
    assert month_number(word) == number


@pytest.mark.parametrize(
    "words", ["January", "Jan - Feb - Mar", "nothing - Mar", "Jan - nothing", "Jan Mar Mar", "Feb - Apr", "Dec - Feb"]
)
def test_words_that_are_not_the_first_and_last_month_of_a_quarter_name_none(words: str) -> None:
    assert quarter_from_months(words, 2019, calendar="calendar") is None


def test_the_months_of_a_financial_quarter_are_of_the_year_that_is_said() -> None:
    quarter = quarter_from_months("January to March", 2020, calendar="financial-year")
    assert quarter is not None
    assert quarter_name(quarter) == "2019-20-Q4"
