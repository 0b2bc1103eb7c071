from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL_FRAMEWORK, write_rows

from auditanalytics.returns import AuditReturns, read_returns

HEADER = [
    "Audit ID", "Date", "Team", "Child", "Auditor", "Moderator", "Returned on", "Overall", "Spotting", "Responding",
    "Plan", "Comment",
]  # fmt: skip
SOUND = {
    "Audit ID": "A1", "Date": "01/04/2025", "Team": "North", "Child": "C1", "Auditor": "P", "Moderator": "Q",
    "Returned on": "02/04/2025", "Overall": "Good", "Spotting": "Good", "Responding": "RI", "Plan": "Good",
    "Comment": "well kept",
}  # fmt: skip
FRAMEWORK = SMALL_FRAMEWORK.replace(
    'team = ["Team"]', 'team = ["Team"]\nreturned_on = ["Returned on"]\nworked_well = ["Comment"]'
).replace("[[domains]]", '[overall]\nscale = "ofsted"\n[[domains]]', 1)

Check = Callable[..., AuditReturns]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Read sound audits with some cells changed, and columns left out."""

    def read(*changes: dict[str, str], without: tuple[str, ...] = ()) -> AuditReturns:
        framework = tmp_path / "small.toml"
        framework.write_text(FRAMEWORK, encoding="utf-8")
        header = [name for name in HEADER if name not in without]
        rows = [[(SOUND | change)[name] for name in header] for change in changes]
        return read_returns(write_rows(tmp_path / "a.csv", [header, *rows]), framework=framework)

    return read


def found(returns: AuditReturns) -> list[tuple[str, str]]:
    rules = set(returns.checks.loc[returns.checks["subject"] == "what the audits say", "code"])
    return [(row.code, row.cell) for row in returns.problems.itertuples() if row.code in rules]


def state(returns: AuditReturns, code: str) -> tuple[str, str]:
    row = returns.checks.set_index("code").loc[code]
    return row["state"], row["reason"]


def test_a_sound_audit_breaks_no_rule(check: Check) -> None:
    assert found(check({})) == []


def test_every_rule_costs_nothing(check: Check) -> None:
    returns = check({"Overall": "", "Moderator": "P", "Returned on": "31/03/2025"})
    assert len(returns.audits) == 1
    assert set(returns.problems.loc[returns.problems["severity"] == "warning", "outcome"]) == {"kept"}


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        ({"Overall": "", "Spotting": "", "Responding": "N/A", "Plan": ""}, "nothing_graded", "A2"),
        ({"Overall": ""}, "overall_missing", "H2"),
        ({"Returned on": "31/03/2025"}, "dates_out_of_order", "G2"),
        ({"Moderator": " p "}, "moderator_is_auditor", "F2"),
        ({"Plan": "Inadequate", "Comment": ""}, "inadequate_unexplained", "A2"),
    ],
)
def test_a_rule_finds_the_audit_that_breaks_it_and_names_the_cell(
    check: Check, change: dict[str, str], code: str, cell: str
) -> None:
    # A sound audit beside it, so that the comment column is known to be one.
    assert found(check(change, {"Audit ID": "A2", "Child": "C2"})) == [(code, cell)]


@pytest.mark.parametrize("change", [{"Returned on": "01/04/2025"}, {"Returned on": ""}, {"Moderator": ""}])
def test_the_twins_of_a_broken_rule_pass(check: Check, change: dict[str, str]) -> None:
    assert found(check(change)) == []


def test_the_same_child_on_the_same_day_is_pointed_out_once_with_the_other_place(check: Check) -> None:
    returns = check({}, {"Audit ID": "A2"}, {"Audit ID": "A3", "Date": "02/04/2025"})
    assert found(returns) == [("child_twice", "D3")]
    message = returns.problems.set_index("code").loc["child_twice", "message"]
    assert message.endswith("in a.csv row 2")


@pytest.mark.parametrize(
    ("column", "code", "reason"),
    [
        ("Overall", "overall_missing", "no return has a column for overall"),
        ("Moderator", "moderator_is_auditor", "no return has a column for moderator"),
        ("Child", "child_twice", "no return has a column for child"),
        ("Comment", "inadequate_unexplained", "no return has a column for a comment"),
    ],
)
def test_a_rule_whose_column_no_return_has_could_not_run(check: Check, column: str, code: str, reason: str) -> None:
    returns = check({"Plan": "Inadequate"}, without=(column,))
    assert state(returns, code) == ("could not run", reason)
    assert state(check({}), code)[0] == "passed"


def test_rules_of_reading_say_whether_they_were_met(check: Check) -> None:
    returns = check({"Plan": "Goood"}, {"Audit ID": "A2"})
    assert state(returns, "grade_unknown")[0] == "found"
    assert state(returns, "two_grades")[0] == "passed"
    assert state(returns, "share_format") == ("could not run", "no published table was read")
    assert state(returns, "prefilled") == ("could not run", "the framework names no forms")
