"""Tables of moderated grades beside the returns: which are read, what joins the auditors' grades, what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, write_rows

from auditanalytics.moderation import grade_of_record, moderated_judgements, representative
from auditanalytics.returns import AuditReturns, read_returns

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]

HEADER = ["Audit", "Category", "Moderated grade", "Moderator", "Date moderated", "Reason", "Stratum", "Probability"]
AUDITS = [
    WIDE_HEADER,
    ["A1", "01/04/2025", "North", "Good", "RI", "Inadequate"],
    ["A2", "02/04/2025", "North", "N/A", "Good", "Good"],
]


@pytest.fixture
def read(read_small: Read) -> Read:
    """Read two audits with a table of moderated grades beside them."""

    def beside(*rows: list[str], header: list[str] = HEADER, audits: list[list[str]] = AUDITS) -> AuditReturns:
        read_small(audits, name="a.csv")
        return read_small([header, *[row + [""] * (len(header) - len(row)) for row in rows]], name="moderated.csv")

    return beside


def moderated(returns: AuditReturns) -> dict[tuple[int, str], str]:
    """Every moderated grade by the number of its audit and its category."""
    number = {audit: at for at, audit in enumerate(returns.audits["audit_id"], 1)}
    rows = returns.judgements.dropna(subset="moderated_grade")
    return {(number[row.audit_id], row.category): row.moderated_grade for row in rows.itertuples()}


def found(returns: AuditReturns) -> list[tuple[str, str, str]]:
    problems = returns.problems[
        (returns.problems["file"] == "moderated.csv") & (returns.problems["severity"] != "note")
    ]
    return list(problems[["code", "cell", "outcome"]].itertuples(index=False, name=None))


def test_a_moderated_grade_stands_beside_the_auditors_and_is_the_one_of_record(read: Read) -> None:
    returns = read(["A1", "Spotting", "RI", "Mo Ravenscar", "05/04/2025", "thin", "random", "0.25"])
    assert found(returns) == []
    judgement = returns.judgements.set_index("category").loc["spotting"].iloc[0]
    assert (judgement["grade"], judgement["moderated_grade"]) == ("Good", "Requires improvement")
    assert grade_of_record(returns.judgements).tolist().count("Requires improvement") == 2
    row = moderated_judgements(returns).iloc[0]
    assert (row["grade"], row["moderated_grade"], row["grade_of_record"]) == ("Good", *["Requires improvement"] * 2)
    assert (row["steps"], row["stratum"], row["probability"]) == (-1, "random", 0.25)
    assert returns.audits["moderated_on"].dropna().dt.strftime("%d/%m/%Y").tolist() == ["05/04/2025"]
    assert returns.audits["moderator"].notna().tolist() == [True, False]


def test_the_rows_of_such_a_table_are_skipped_rows_and_no_audits(read: Read) -> None:
    returns = read(["A1", "Spotting", "Good"])
    assert returns.rows == {"rows_read": 3, "accepted": 2, "rejected": 0, "skipped": 1}
    assert returns.sheets.set_index("file").loc["moderated.csv", "kind"] == "moderated"


def test_an_audit_may_be_named_by_its_pseudonym_or_as_the_return_has_it(read: Read) -> None:
    pseudonym = read().audits["audit_id"].iloc[1]
    assert moderated(read([pseudonym, "Plan", "Good"])) == {(2, "plan"): "Good"}
    assert moderated(read([" a2 ", "Plan", "Good"])) == {(2, "plan"): "Good"}


@pytest.mark.parametrize("header", ["Audit", "Audit ID", "audit_id"])
@pytest.mark.parametrize("grade", ["Moderated grade", "moderated_grade"])
def test_headers_are_those_of_the_library_the_framework_or_the_fields(read: Read, header: str, grade: str) -> None:
    assert moderated(read(["A1", "plan", "Good"], header=[header, "Category", grade])) == {(1, "plan"): "Good"}


def test_a_grade_that_the_auditor_could_not_give_is_graded_once_it_is_moderated(read: Read) -> None:
    returns = read(["A2", "Spotting", "Good"])
    assert returns.judgements.query("category == 'spotting'")["outcome"].tolist() == ["graded", "graded"]
    assert moderated_judgements(returns)["steps"].isna().all()


@pytest.mark.parametrize("blank", ["", "N/A"])
def test_a_row_without_a_grade_is_one_that_nobody_moderated(read: Read, blank: str) -> None:
    returns = read(["A1", "Plan", blank])
    assert (moderated(returns), found(returns)) == ({}, [])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["A9", "Plan", "Good"], ("moderated_audit_unknown", "A2", "moderated grade not counted")),
        (["A1", "Plam", "Good"], ("category_unknown", "B2", "moderated grade not counted")),
        (["A1", "Plan", "Goood"], ("grade_unknown", "C2", "moderated grade not counted")),
        (["A1", "Plan", "Good/RI"], ("two_grades", "C2", "moderated grade not counted")),
        (["A1", "Plan", "#REF!"], ("cell_error", "C2", "moderated grade not counted")),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_cell(
    read: Read, row: list[str], problem: tuple[str, str, str]
) -> None:
    returns = read(row)
    assert (moderated(returns), found(returns)) == ({}, [problem])


def test_a_date_that_cannot_be_read_costs_itself(read: Read) -> None:
    returns = read(["A1", "Plan", "Good", "", "13/13/2025"])
    assert moderated(returns) == {(1, "plan"): "Good"}
    assert found(returns) == [("date_format", "E2", "date left out")]


def test_moderators_who_agree_give_one_grade(read: Read) -> None:
    assert moderated(read(["A1", "Plan", "Good", "Mo"], ["A1", "Plan", "Good", "Jo"])) == {(1, "plan"): "Good"}


def test_moderators_who_differ_leave_the_auditors_grade_until_a_consensus_is_written_down(read: Read) -> None:
    rows = [["A1", "Plan", "Good", "Mo"], ["A1", "Plan", "RI", "Jo"]]
    returns = read(*rows)
    assert moderated(returns) == {}
    assert found(returns) == [("moderators_differ", "C2", "kept"), ("moderators_differ", "C3", "kept")]
    agreed = read(*rows, ["A1", "Plan", "RI", "Consensus"])
    assert (moderated(agreed), found(agreed)) == ({(1, "plan"): "Requires improvement"}, [])
    assert agreed.moderations["moderator"].nunique() == 3


def test_the_return_itself_is_believed_before_a_table_beside_it(read: Read) -> None:
    audits = [[*AUDITS[0], "Plan (moderated)"], [*AUDITS[1], "RI"], [*AUDITS[2], ""]]
    returns = read(["A1", "Plan", "Good"], ["A2", "Plan", "Good"], audits=audits)
    assert moderated(returns) == {(1, "plan"): "Requires improvement", (2, "plan"): "Good"}
    assert found(returns) == [("moderated_otherwise", "C2", "moderated grade not counted")]


@pytest.mark.parametrize("probability", ["", "0", "1.2", "-1", "often", "nan", "inf"])
def test_a_probability_that_is_none_is_missing(read: Read, probability: str) -> None:
    returns = read(["A1", "Plan", "Good", "", "", "", "random", probability])
    assert returns.moderations["probability"].isna().all()


@pytest.mark.parametrize(
    ("column", "text", "cell"),
    [
        ("Stratum", "by lot", "D2"),
        ("Probability", "10%", "D2"),
        ("Probability", "1.7", "D2"),
        ("Blind", "perhaps", "D2"),
    ],
)
def test_what_is_written_of_the_draw_and_not_understood_is_said(read: Read, column: str, text: str, cell: str) -> None:
    returns = read(["A1", "Plan", "Good", text], header=["Audit", "Category", "Moderated grade", column])
    assert moderated(returns) == {(1, "plan"): "Good"}
    assert found(returns) == [("moderated_draw_unclear", cell, "left out")]


def test_tables_that_tell_differently_how_an_audit_was_drawn_are_pointed_out_and_the_first_counts_whole(
    read: Read,
) -> None:
    returns = read(
        ["A1", "Plan", "Good", "", "", "", "random", "0.25"], ["A1", "Spotting", "Good", "", "", "", "certainty", "1"]
    )
    assert found(returns) == [("moderated_draw_differs", "A2", "kept")]
    assert moderated_judgements(returns)[["stratum", "probability"]].to_numpy().tolist() == [["random", 0.25]] * 2


def test_whoever_moderates_their_own_audit_is_pointed_out(read: Read, tmp_path: Path) -> None:
    framework = tmp_path / "own.toml"
    named = SMALL_FRAMEWORK.replace('team = ["Team"]', 'team = ["Team"]\nauditor = ["Auditor"]')
    framework.write_text(named, encoding="utf-8")
    rows = [[*AUDITS[0], "Auditor"], [*AUDITS[1], "Mo Ravenscar"]]
    table = [HEADER[:4], ["A1", "Plan", "Good", "mo ravenscar"]]
    files = [write_rows(tmp_path / name, each) for name, each in (("a.csv", rows), ("moderated.csv", table))]
    assert ("moderator_is_auditor", "D2", "kept") in found(read_returns(files, framework=framework))


def test_nothing_can_have_been_moderated_in_the_future(read: Read) -> None:
    returns = read(["A1", "Plan", "Good", "", "01/01/2099"])
    assert found(returns) == [("date_range", "E2", "date left out")]


def test_where_it_was_recorded_how_audits_were_chosen_only_the_random_ones_stand_for_others(read: Read) -> None:
    returns = read(
        ["A1", "Plan", "Good", "", "", "", "certainty", "1"], ["A2", "Plan", "Good", "", "", "", "random", "0.1"]
    )
    rows = moderated_judgements(returns)
    assert representative(rows).tolist() == [False, True]


def test_names_and_reasons_of_moderators_are_among_what_may_not_be_published(read: Read) -> None:
    returns = read(["A1", "Plan", "Good", "Mo Ravenscar", "", "Kezia was seen"])
    assert {("auditor", "Mo Ravenscar"), ("comment", "Kezia was seen")} <= set(
        returns.identifiers.itertuples(index=False, name=None)
    )


def test_a_pseudonym_is_no_name_that_may_not_be_published(read: Read) -> None:
    pseudonym = read().audits["audit_id"].iloc[0]
    identifiers = read([pseudonym, "Plan", "Good"], ["A2", "Plan", "Good"]).identifiers
    assert pseudonym not in set(identifiers["text"])
    assert ("audit", "A2") in set(identifiers.itertuples(index=False, name=None))


def test_a_table_whose_columns_are_there_twice_is_not_guessed(read: Read) -> None:
    returns = read(["A1", "Plan", "Good", "RI"], header=["Audit", "Category", "Moderated grade", "Moderated grade"])
    assert (moderated(returns), found(returns)) == ({}, [("duplicate_header", "D1", "sheet not read")])
