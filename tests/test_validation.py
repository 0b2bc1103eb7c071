from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from conftest import SMALL_FRAMEWORK, write_rows

from auditanalytics.consistency import FLAGS
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.rules import RULES, RULES_BY_SUBJECT

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

HEADER = [
    "Audit ID", "Date", "Team", "Child", "Auditor", "Moderator", "Returned on", "Overall", "Spotting", "Responding",
    "Plan", "Comment", "Allocated on", "Finalised on",
]  # fmt: skip
SOUND = {
    "Audit ID": "A1", "Date": "01/04/2025", "Team": "North", "Child": "C1", "Auditor": "P", "Moderator": "Q",
    "Returned on": "02/04/2025", "Overall": "Good", "Spotting": "Good", "Responding": "RI", "Plan": "Good",
    "Comment": "well kept", "Allocated on": "25/03/2025", "Finalised on": "03/04/2025",
}  # fmt: skip
FRAMEWORK = SMALL_FRAMEWORK.replace(
    'team = ["Team"]',
    'team = ["Team"]\nreturned_on = ["Returned on"]\nallocated_on = ["Allocated on"]\n'
    'finalised_on = ["Finalised on"]\nworked_well = ["Comment"]',
).replace("[[domains]]", '[overall]\nscale = "ofsted"\n[[domains]]', 1)

Check = Callable[..., AuditReturns]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Read sound audits with some cells changed, and columns left out."""

    def read(*changes: dict[str, str], without: tuple[str, ...] = (), more: str = "") -> AuditReturns:
        framework = tmp_path / "small.toml"
        framework.write_text(FRAMEWORK + more, encoding="utf-8")
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


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        ({"Allocated on": "02/04/2025"}, ("B2", "Date"), "the audit comes before the day it was allocated"),
        ({"Returned on": "31/03/2025"}, ("G2", "Returned on"), "the day it was returned comes before the audit"),
        (
            {"Finalised on": "01/04/2025"},
            ("N2", "Finalised on"),
            "the day it was finalised comes before the day it was returned",
        ),
    ],
)
def test_dates_out_of_order_are_said_in_words_at_the_later_one(
    check: Check, change: dict[str, str], place: tuple[str, str], message: str
) -> None:
    problems = check(change).problems
    assert problems["code"].tolist() == ["dates_out_of_order"]
    (problem,) = problems.itertuples()
    assert (problem.cell, problem.column) == place
    assert problem.message == f"{message}, in the order of the work"


def test_each_two_dates_out_of_order_are_a_problem_of_their_own(check: Check) -> None:
    turned_round = {"Allocated on": "04/04/2025", "Date": "03/04/2025", "Finalised on": "01/04/2025"}
    returns = check(turned_round, {"Audit ID": "A2", "Child": "C2"})
    assert sorted(found(returns)) == [("dates_out_of_order", cell) for cell in ("B2", "G2", "N2")]
    assert returns.checks.set_index("code")["found"]["dates_out_of_order"] == 3


def test_a_grade_that_cannot_be_counted_is_not_the_same_as_none(check: Check) -> None:
    """Somebody wrote something: it is asked what was meant, and not whether the audit was finished."""
    blank = {"Overall": "", "Spotting": "", "Responding": "", "Plan": ""}
    for change in ({"Overall": "Goood"}, {"Spotting": "Goood"}):
        assert found(check(blank | change)) == []
    assert found(check(blank)) == [("nothing_graded", "A2")]


@pytest.mark.parametrize(
    ("grades", "explained", "asked"),
    [
        ({"Overall": "Inadequate"}, "", True),
        ({"Responding": "Inadequate"}, "", True),
        ({"Responding": "Inadequate"}, "late", False),
        ({"Responding": "RI"}, "", False),
        ({"Responding": "N/A"}, "", False),
    ],
)
def test_only_inadequate_has_to_be_explained_whatever_was_judged(
    check: Check, grades: dict[str, str], explained: str, asked: bool
) -> None:
    other = {"Audit ID": "A2", "Child": "C2"}
    expected = [("inadequate_unexplained", "A2")] if asked else []
    assert found(check(grades | {"Comment": explained}, other)) == expected
    # Whose comment it is matters: that of the audit beside it explains nothing.
    assert found(check(other, grades | {"Comment": explained})) == [(code, "A3") for code, _ in expected]


def test_what_is_inadequate_is_that_of_the_scale_on_which_it_was_judged(tmp_path: Path) -> None:
    """RI is the worst answer to the questions on plans, and no more than that of the risk."""
    plans = 'title = "Plans"'
    scale = '[scales.answers]\ngrades = ["Good", "RI"]\ngood = ["Good"]\ninadequate = ["RI"]\n'
    framework = FRAMEWORK.replace(plans, f'{plans}\nscale = "answers"').replace(
        'title = "Risk"', 'title = "Risk"\nscale = "ofsted"'
    )
    (tmp_path / "small.toml").write_text(framework.replace("[columns]", f"{scale}[columns]", 1), encoding="utf-8")
    found_in = {}
    for grade in ("RI", "Good"):
        rows = [
            [(SOUND | {"Plan": grade, "Comment": ""} | more)[name] for name in HEADER]
            for more in ({}, {"Audit ID": "A2", "Child": "C2", "Comment": "late"})
        ]
        returns = read_returns(write_rows(tmp_path / "a.csv", [HEADER, *rows]), framework=tmp_path / "small.toml")
        found_in[grade] = found(returns)
    assert found_in == {"RI": [("inadequate_unexplained", "A2")], "Good": []}


def test_a_third_audit_of_a_child_on_one_day_is_pointed_out_as_well_and_one_of_no_child_is_not(check: Check) -> None:
    returns = check({}, {"Audit ID": "A2"}, {"Audit ID": "A3"}, *({"Audit ID": f"B{at}", "Child": ""} for at in (1, 2)))
    assert found(returns) == [("child_twice", "D3"), ("child_twice", "D4")]
    twice = returns.problems[returns.problems["code"] == "child_twice"]
    assert set(twice["message"]) == {"another audit of the same child has the same date, in a.csv row 2"}


def test_every_rule_that_costs_something_is_in_the_table_of_checks_once(check: Check) -> None:
    returns = check({"Moderator": "P"}, {"Audit ID": "A2", "Child": "C2", "Moderator": "p"})
    rules = [(code, subject) for subject, of in RULES_BY_SUBJECT.items() for code in of if of[code].severity != "note"]
    signs = [(code, "consistency") for code in FLAGS if code not in RULES]
    assert list(zip(returns.checks["code"], returns.checks["subject"], strict=True)) == [*rules, *signs]
    met = returns.checks[(returns.checks["found"] > 0) & (returns.checks["subject"] != "consistency")]
    assert met[["code", "state", "found", "reason"]].fillna("").to_numpy().tolist() == [
        ["moderator_is_auditor", "found", 2, ""]
    ]
    assert set(returns.checks.loc[returns.checks["found"] == 0, "state"]) == {"passed", "could not run"}
    assert (returns.checks["reason"].fillna("").ne("") == returns.checks["state"].eq("could not run")).all()


def test_two_columns_that_no_return_has_are_both_named(check: Check) -> None:
    returns = check({}, without=("Auditor", "Moderator"))
    assert state(returns, "moderator_is_auditor") == (
        "could not run",
        "no return has a column for auditor or moderator",
    )
    assert state(check({}, without=("Returned on",)), "dates_out_of_order") == (
        "could not run",
        "no return has a column for returned_on",
    )


def test_where_no_audit_was_accepted_no_rule_about_audits_could_run(check: Check) -> None:
    returns = check({"Date": "someday"}, without=("Child",))
    states = returns.checks[returns.checks["subject"] == "what the audits say"]
    assert set(zip(states["state"], states["reason"], strict=True)) == {("could not run", "no audit was accepted")}
    assert state(returns, "date_format")[0] == "found"


def test_rules_about_what_was_not_handed_in_could_not_run(check: Check) -> None:
    reasons = {
        "grades": "no sheet was recognised as a return",
        "audits": "no sheet was recognised as a return",
        "published tables": "no published table was read",
        "events": "no table of events was read",
        "links to learning": "no table of links was read",
        "feedback": "no return has a column for feedback_score",
    }
    published = read_returns("data/example/published-shares-2019.csv", framework="south-gloucestershire").checks
    for returns, absent in (
        (published, {"grades", "audits", "events", "links to learning", "feedback"}),
        (check({}).checks, {"published tables", "events", "links to learning", "feedback"}),
    ):
        for subject, reason in reasons.items():
            of = returns[(returns["subject"] == subject) & ~returns["code"].isin(["not_on_form", "prefilled"])]
            states = set(zip(of["state"], of["reason"].fillna(""), strict=True))
            assert states == ({("could not run", reason)} if subject in absent else {("passed", "")}), subject


def test_whether_an_answer_is_on_the_form_is_only_known_with_forms_and_the_type_of_the_audit(check: Check) -> None:
    form = """
[[forms]]
id = "short"
title = "Short form"
audit_types = ["North"]
categories = ["spotting"]
"""
    rules = ("not_on_form", "prefilled")
    without_forms, without_type = check({}), check({}, more=form)
    for rule in rules:
        assert state(without_forms, rule) == ("could not run", "the framework names no forms")
        assert state(without_type, rule) == ("could not run", "no return has a column for audit_type")


def test_the_cell_that_is_named_is_that_of_the_sheet_on_which_the_audit_stands(tmp_path: Path) -> None:
    """Two sheets of one workbook, and a file beside it, with the columns in three orders."""
    (tmp_path / "small.toml").write_text(FRAMEWORK, encoding="utf-8")
    orders = [HEADER, HEADER[::-1], [*HEADER[5:], *HEADER[:5]]]
    rows = [
        [order, [(SOUND | {"Audit ID": f"A{at}", "Child": f"C{at}", "Moderator": "P"})[name] for name in order]]
        for at, order in enumerate(orders)
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        for name, table in zip(("North", "South"), rows, strict=False):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    write_rows(folder / "file.csv", rows[2])
    problems = read_returns(folder, framework=tmp_path / "small.toml").problems
    assert set(problems["code"]) == {"moderator_is_auditor"}
    places = problems[["file", "sheet", "cell", "column"]].fillna("").to_numpy().tolist()
    assert sorted(places) == [
        ["book.xlsx", "North", "F2", "Moderator"],
        ["book.xlsx", "South", "I2", "Moderator"],
        ["file.csv", "", "A2", "Moderator"],
    ]
