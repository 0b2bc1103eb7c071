"""What months, quarters and the year come to: exact numbers from returns that are known."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, write_rows
from themed_returns import PLAIN, audit, write

from auditanalytics.period_measures import (
    ANY_DOMAIN,
    good_features,
    periods_of_year,
    return_rates,
    themes_by_period,
    track_actions,
)
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.summary import count_grades, quarterly_grades, yearly_grades
from auditanalytics.theme_measures import count_themes, themes_by_grade

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")


def themed(folder: Path, rows: list[list[str]]) -> AuditReturns:
    place = write(folder, rows)
    return read_returns(place / "in", framework=place / "themed.toml")


def test_a_year_is_counted_up_to_the_reported_quarter(example: AuditReturns) -> None:
    whole, half = (yearly_grades(example, through=quarter) for quarter in ("2019-Q4", "2019-Q2"))
    assert set(whole["year"]) == set(half["year"]) == {"2019"}
    of = {
        through: rows.query("domain == 'risk' and grade == 'good'")["audits"].item()
        for through, rows in (("Q4", whole), ("Q2", half))
    }
    assert of == {"Q4": 96, "Q2": 51}
    quarters = quarterly_grades(example, through="2019-Q2").groupby(["domain", "grade"])[["n", "of"]].sum()
    years = half.set_index(["domain", "grade"])[["n", "of"]]
    pd.testing.assert_frame_equal(years.sort_index(), quarters.sort_index(), check_dtype=False)


def test_years_of_two_calendars_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "years.toml").write_text(SMALL_FRAMEWORK.replace('"calendar"', '"financial-year"'), encoding="utf-8")
    rows = [
        [f"A{n}", day, "North", "Good", "RI", "RI"] for n, day in enumerate(["2020-03-31", "2020-04-01", "2020-12-31"])
    ]
    returns = read_returns(write_rows(tmp_path / "a.csv", [WIDE_HEADER, *rows]), framework=tmp_path / "years.toml")
    counts = count_grades(returns, unit="year").query("domain == 'plans' and grade == 'inadequate'")
    assert counts[["period", "of"]].to_numpy().tolist() == [["2019-20", 1], ["2020-21", 2]]


def test_the_periods_of_a_year_begin_with_its_first_quarter_that_has_returns(example: AuditReturns) -> None:
    periods = periods_of_year(example, through="2019-Q3")
    assert periods["quarter"] == ["2019-Q1", "2019-Q2", "2019-Q3"]
    assert periods["month"] == [f"2019-{month:02}" for month in range(1, 10)]
    assert periods["year"] == ["2019"]


def test_return_rates_stand_with_both_numbers(example: AuditReturns) -> None:
    rates = return_rates(example, through="2019-Q4").set_index("period")
    assert rates.loc["2019-Q4", ["expected", "returned", "share"]].tolist() == [30, 21, 0.7]
    assert pd.isna(rates.loc["2019-08", "expected"]) and rates.loc["2019-08", "returned"] == 0
    assert rates.query("unit == 'month'")["returned"].sum() == rates.loc["2019", "returned"] == 96


def test_nothing_is_expected_of_a_year_with_a_month_of_which_nobody_said(example: AuditReturns) -> None:
    by_month = {month: number for month, number in example.framework.expected.by_month.items() if month != "2019-02"}
    framework = example.framework.model_copy(
        update={"expected": example.framework.expected.model_copy(update={"by_month": by_month})}
    )
    rates = return_rates(replace(example, framework=framework), through="2019-Q4").set_index("period")
    assert rates.loc[["2019-Q1", "2019"], ["expected", "share"]].isna().all(axis=None)
    assert rates.loc["2019-Q2", "expected"] == 45


def test_what_was_expected_before_anything_came_back_is_owed(example: AuditReturns) -> None:
    late = replace(example, audits=example.audits[example.audits["quarter"] >= "2019-Q2"].reset_index(drop=True))
    rates = return_rates(late, through="2019-Q4").set_index("period")
    assert rates.loc["2019-Q1", ["expected", "returned"]].tolist() == [45, 0]
    assert rates.loc["2019", ["expected", "returned"]].tolist() == [150, 68]


def test_an_audit_that_names_a_theme_in_two_domains_counts_once_in_any(tmp_path: Path) -> None:
    worry = PLAIN["history"][1]
    rows = [
        audit(1, Risk_worry=worry, Plans_worry=worry),
        audit(2, Risk_worry=worry),
        audit(3, Plans_well="So so."),
        audit(4),
    ]
    themes = themes_by_period(themed(tmp_path, rows), through="2019-Q4")
    here = themes.query("period == '2019-Q4' and kind == 'worried_about' and theme == 'history'").set_index("domain")
    assert here.loc[ANY_DOMAIN, ["n", "audits", "of_audits"]].tolist() == [3, 2, 3]
    assert here.loc[ANY_DOMAIN, "share"] == 2 / 3
    assert here.loc["risk", ["n", "audits", "of_audits"]].tolist() == [2, 2, 2]


def test_quarters_are_those_of_the_table_of_themes(example: AuditReturns) -> None:
    by_period = themes_by_period(example, through="2019-Q4").query("unit == 'quarter' and domain != 'any'")
    cell = ["domain", "kind", "theme", "quarter"]
    ours = by_period.rename(columns={"period": "quarter"}).set_index(cell)[["n", "audits", "of_audits", "share"]]
    theirs = count_themes(example, through="2019-Q4").set_index(cell)
    pd.testing.assert_frame_equal(ours.sort_index(), theirs.sort_index())


def test_months_of_a_quarter_hold_each_statement_once(example: AuditReturns) -> None:
    themes = themes_by_period(example, through="2019-Q4").groupby(["unit", "domain", "kind", "theme"])["n"].sum()
    for unit in ("quarter", "year"):
        pd.testing.assert_series_equal(themes["month"], themes[unit])


def test_features_of_good_are_strengths_of_audits_that_are_good_throughout(example: AuditReturns) -> None:
    ours = good_features(example, through="2019-Q4").query("unit == 'quarter'")
    theirs = themes_by_grade(example, through="2019-Q4").query(
        "grade == 'good' and kind == 'worked_well' and theme != 'none'"
    )
    cell = ["domain", "theme", "quarter"]
    ours = ours.rename(columns={"period": "quarter"}).set_index(cell)[["audits", "of_audits"]]
    pd.testing.assert_frame_equal(ours.sort_index(), theirs.set_index(cell)[["audits", "of_audits"]].sort_index())


ACTIONS = SMALL_FRAMEWORK.replace(
    'team = ["Team"]\n',
    'team = ["Team"]\naction = ["Action"]\naction_due_on = ["By when"]\naction_completed_on = ["Done"]\n',
)


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [
        ("2019-06-30", "2019-06-30", {"completed": 1}),
        ("2019-06-30", "2019-07-01", {"completed": 1, "completed_late": 1}),
        ("", "2019-07-01", {"completed": 1}),
        ("2019-06-30", "2019-10-01", {"overdue": 1}),  # done after the quarter that is reported
        ("", "2019-10-01", {"without_date": 1}),
        ("2019-09-30", "", {"overdue": 1}),
        ("2019-10-01", "", {"not_yet_due": 1}),
        ("", "", {"without_date": 1}),
    ],
)
def test_a_next_step_has_one_state_at_the_end_of_the_reported_quarter(
    tmp_path: Path, due: str, done: str, state: dict[str, int]
) -> None:
    (tmp_path / "actions.toml").write_text(ACTIONS, encoding="utf-8")
    header = [*WIDE_HEADER, "Action", "By when", "Done"]
    rows = [["A1", "2019-05-10", "North", "Good", "RI", "RI", "See the child", due, done]]
    rows += [["A2", "2019-08-10", "North", "Good", "RI", "RI", "", "", ""]]
    returns = read_returns(write_rows(tmp_path / "a.csv", [header, *rows]), framework=tmp_path / "actions.toml")
    tracked = track_actions(returns, through="2019-Q3").set_index("quarter")
    found = tracked.loc["2019-Q2"].to_dict()
    assert {name: number for name, number in found.items() if number} == {"actions": 1, **state}
    assert tracked.loc["2019-Q3"].sum() == 0


def test_returns_without_comments_have_no_rows_of_themes(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
    path = write_rows(tmp_path / "a.csv", [WIDE_HEADER, ["A1", "2019-05-10", "North", "Good", "RI", "RI"]])
    returns = read_returns(path, framework=tmp_path / "small.toml")
    assert themes_by_period(returns, through="2019-Q2").empty
    assert good_features(returns, through="2019-Q2").empty
