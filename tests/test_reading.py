"""From files to tables: what is accepted, what is rejected, and that nothing is lost on the way."""

import itertools
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, write_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.returns import AuditReturns, read_returns

Read = Callable[..., AuditReturns]


def row(number: int, *grades: str, date: str = "01/04/2025") -> list[str]:
    return [f"A{number}", date, "North", *(grades or ("Good", "RI", "Inadequate"))]


HEADER_HINTS = ["category_without_column", "column_without_meaning"]


def codes(returns: AuditReturns) -> list[str]:
    """The codes of the problems, but for the hints about headers that a small sheet of a test always gets."""
    return [code for code in returns.problems["code"] if code not in HEADER_HINTS]


def totals(returns: AuditReturns) -> list[int]:
    return returns.accounting[["rows_read", "accepted", "rejected", "skipped"]].sum().tolist()


@pytest.mark.parametrize(
    ("bad", "code", "cell"),
    [
        (["", "01/04/2025", "North", "Good", "Good", "Good"], "id_missing", "A3"),
        (["#N/A", "01/04/2025", "North", "Good", "Good", "Good"], "cell_error", "A3"),
        (["a1 ", "02/04/2025", "North", "Good", "Good", "Good"], "duplicate", "A3"),
        (["A\u200b1", "02/04/2025", "North", "Good", "Good", "Good"], "duplicate", "A3"),
        (row(2, date=""), "date_missing", "B3"),
        (row(2, date="04/13/2025"), "date_order", "B3"),
        (row(2, date="soon"), "date_format", "B3"),
        (row(2, date="01/04/2999"), "date_range", "B3"),
        (row(2, date="#REF!"), "cell_error", "B3"),
    ],
)
def test_an_audit_is_rejected_with_its_place(read_small: Read, bad: list[str], code: str, cell: str) -> None:
    returns = read_small([WIDE_HEADER, row(1), bad])
    assert totals(returns) == [2, 1, 1, 0]
    assert returns.rejected_audits == 1
    problem = returns.problems.iloc[0]
    assert (problem["code"], problem["cell"], problem["row"]) == (code, cell, "3")
    assert (problem["severity"], problem["outcome"]) == ("error", "audit rejected")
    assert problem["remedy"]


def test_a_duplicate_in_another_file_points_to_the_first(read_small: Read) -> None:
    read_small([WIDE_HEADER, row(1)], name="a.csv")
    returns = read_small([WIDE_HEADER, row(2), row(1)], name="b.csv")
    problem = returns.problems.iloc[0]
    assert (problem["code"], problem["file"], problem["row"]) == ("duplicate", "b.csv", "3")
    assert problem["message"].endswith("a.csv row 2")


@pytest.mark.parametrize(
    ("word", "code"),
    [("Goood", "grade_unknown"), ("Good/RI", "two_grades"), ("RI to Good", "two_grades"), ("#N/A", "cell_error")],
)
def test_an_unknown_word_costs_the_grade_and_not_the_audit(read_small: Read, word: str, code: str) -> None:
    returns = read_small([WIDE_HEADER, row(1, "Good", word, "Good")])
    assert totals(returns) == [1, 1, 0, 0]
    problem = returns.problems.iloc[0]
    assert (problem["code"], problem["cell"], problem["column"]) == (code, "E2", "Responding")
    assert problem["outcome"] == "grade not counted"
    assert returns.judgements["outcome"].tolist() == ["graded", "not counted", "graded"]
    assert returns.ledger.set_index("label").loc[word, "rule"] == "unknown"


def test_not_graded_is_no_grade_and_no_problem(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, row(1, "N/A", "", "Inadequate")])
    assert returns.judgements["outcome"].tolist() == ["not graded", "not graded", "graded"]
    assert codes(returns) == []


def test_a_torn_row_is_rejected_and_its_neighbours_are_not(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, row(1), [*row(2), "x"], row(3)])
    assert totals(returns) == [3, 2, 1, 0]
    assert codes(returns) == ["width"]


def test_the_ledger_says_what_every_word_became(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, row(1, "Good", "good", "RI"), row(2, "N/A", "Goood", "RI")])
    ledger = {entry.label: (entry.rule, entry.n) for entry in returns.ledger.itertuples()}
    assert ledger == {
        "Good": ("exact", 1), "good": ("folded", 1), "RI": ("synonym", 2), "N/A": ("not graded", 1),
        "Goood": ("unknown", 1),
    }  # fmt: skip


def test_more_than_the_limit_rejected_is_refused(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, *[row(n) for n in range(19)], row(99, date="soon")])
    returns.check()  # 1 of 20 is 5%: at the limit, not above it
    returns = read_small([WIDE_HEADER, *[row(n) for n in range(18)], row(99, date="soon")])
    with pytest.raises(ReturnsError, match="1 of 19 audits were rejected, more than the 5%"):
        returns.check()


def test_returns_of_which_nothing_could_be_read_are_refused(read_small: Read) -> None:
    with pytest.raises(ReturnsError, match="no audit could be read: no row has the headers of a return"):
        read_small([["How to"], ["fill in"]]).check()


def test_names_become_pseudonyms_as_a_return_is_read() -> None:
    returns = read_returns("data/example", framework="south-gloucestershire")
    for field, kind in [("audit_id", "audit"), ("child", "child"), ("worker", "worker"), ("auditor", "auditor")]:
        assert returns.audits[field].str.fullmatch(rf"{kind}-[a-z2-7]{{12}}").all()
    assert returns.actions["person"].str.fullmatch(r"worker-[a-z2-7]{12}").all()


def test_two_columns_identify_an_audit(tmp_path: Path) -> None:
    framework = tmp_path / "f.toml"
    framework.write_text(
        SMALL_FRAMEWORK.replace("quarters =", 'audit_id_from = ["Child", "Date"]\nquarters =').replace(
            'audit_id = ["Audit ID"]', ""
        ),
        encoding="utf-8",
    )
    rows = [
        ["Child", "Date", "Plan"],
        ["1", "01/04/2025", "Good"],
        ["1", "02/04/2025", "RI"],
        ["1", "01/04/2025", "RI"],
        ["", "01/04/2025", "RI"],
    ]
    returns = read_returns(write_rows(tmp_path / "a.csv", rows), framework=framework)
    assert len(returns.audits) == 2
    assert codes(returns) == ["duplicate", "id_missing"]


def long_rows(wide: list[list[str]]) -> list[list[str]]:
    return [["Audit ID", "Date", "Team", "Category", "Grade"]] + [
        [*audit[:3], category, grade]
        for audit in wide[1:]
        for category, grade in zip(wide[0][3:], audit[3:], strict=True)
    ]


def tidy(returns: AuditReturns) -> list[pd.DataFrame]:
    audits = returns.audits.drop(columns=["file", "sheet", "row"]).sort_values("audit_id", ignore_index=True)
    judgements = returns.judgements.sort_values(["audit_id", "category"], ignore_index=True)
    return [audits, judgements, returns.ledger]


def test_wide_and_long_and_workbook_and_text_say_the_same(tmp_path: Path, small_framework: Path) -> None:
    wide = [WIDE_HEADER, row(1), row(2, "Outstanding", "N/A", "Goood"), row(3, date="30/06/2025")]
    with xlsxwriter.Workbook(tmp_path / "wide.xlsx") as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(wide):
            sheet.write_row(number, 0, cells)
    files = [
        write_rows(tmp_path / "wide.csv", wide),
        write_rows(tmp_path / "long.csv", long_rows(wide)),
        tmp_path / "wide.xlsx",
    ]
    first, *others = [tidy(read_returns(path, framework=small_framework)) for path in files]
    for other in others:
        for one, another in zip(first, other, strict=True):
            pd.testing.assert_frame_equal(one, another)


def test_in_a_long_return_the_rows_of_a_rejected_audit_are_rejected(read_small: Read) -> None:
    returns = read_small(long_rows([WIDE_HEADER, row(1), row(2, date="soon")]))
    assert totals(returns) == [6, 3, 3, 0]
    assert returns.rejected_audits == 1


def test_in_a_long_return_a_second_grade_for_a_category_is_not_counted(read_small: Read) -> None:
    rows = long_rows([WIDE_HEADER, row(1)])
    returns = read_small([*rows, ["A1", "01/04/2025", "North", "Plan", "Good"], ["A1", "", "", "Planning", "Good"]])
    assert sorted(codes(returns)) == ["category_unknown", "grade_repeated"]
    assert returns.judgements.set_index("category").loc["plan", "grade"] == "Inadequate"


def test_comments_and_actions_go_to_their_place(tmp_path: Path) -> None:
    rows = [
        ["Audit ID", "Date of audit", "Identification of risk", "Risk: what is working well?", "What is working well?",
         "Action 1", "Action 2", "Responsible role"],
        ["A1", "01/04/2019", "Good", "seen alone", "all in all", "write", "call", "Manager"],
        ["A2", "01/04/2019", "Good", "", "", "", "", ""],
    ]  # fmt: skip
    returns = read_returns(write_rows(tmp_path / "a.csv", rows), framework="south-gloucestershire")
    found = returns.findings.fillna("")[["domain", "category", "kind", "text"]].to_numpy().tolist()
    assert found == [["risk", "", "worked_well", "seen alone"], ["", "", "worked_well", "all in all"]]
    assert returns.actions.fillna("")[["action_number", "action", "role"]].to_numpy().tolist() == [
        [1, "write", "Manager"], [2, "call", ""]]  # fmt: skip


@pytest.mark.parametrize("headers", [["a", "b", "c"], ["Audit ID", "Topic", "Team"]])
def test_headers_that_fit_no_shipped_framework_leave_the_choice_to_the_user(tmp_path: Path, headers: list[str]) -> None:
    path = write_rows(tmp_path / "a.csv", [headers, ["1", "2", "3"]])
    with pytest.raises(ArgumentError, match="name one with --framework"):
        read_returns(path)


def test_returns_kept_for_the_notebooks_hold_no_free_text(example: AuditReturns, tmp_path: Path) -> None:
    example.save(tmp_path / "kept")
    opened = read_returns(tmp_path / "kept")
    kept = ["audit_id", "quarter", "period_date", "auditor", "moderator", "moderated_on", "team", "audit_type"]
    pd.testing.assert_frame_equal(opened.audits[kept], example.audits[kept])
    assert opened.audits.drop(columns=[*kept, "case_type", "child"]).isna().all(axis=None)
    children = pd.DataFrame({"read": example.audits["child"], "kept": opened.audits["child"]}).drop_duplicates()
    assert len(children) == children["read"].nunique() == children["kept"].nunique()
    assert children["kept"].str.fullmatch(r"child \d+").all()
    types = pd.DataFrame({"written": example.audits["case_type"], "kept": opened.audits["case_type"]}).drop_duplicates()
    assert len(types) == types["written"].nunique() == types["kept"].nunique()
    assert types["kept"].str.fullmatch(r"case type \d+").all()
    pd.testing.assert_frame_equal(opened.judgements, example.judgements)
    assert opened.framework == example.framework
    assert opened.findings.empty
    assert opened.problems["value"].isna().all()
    assert len(opened.problems) == len(example.problems)
    data = b"".join(path.read_bytes() for path in (tmp_path / "kept").iterdir())
    assert not any(text.encode() in data for text in example.findings["text"].unique())


def test_a_rarely_written_audit_type_is_not_kept(example: AuditReturns, tmp_path: Path) -> None:
    rare = example.audits["audit_type"].astype(object)
    rare.iloc[:2], rare.iloc[2:5] = "Canary Wharfinger", "Dip sample"
    replace(example, audits=example.audits.assign(audit_type=rare)).save(tmp_path / "kept")
    found = read_returns(tmp_path / "kept").audits["audit_type"]
    assert found.value_counts().to_dict() == {"Deep dive": 91, "Dip sample": 3, "other types": 2}


def test_a_rarely_written_team_is_a_number(example: AuditReturns, tmp_path: Path) -> None:
    teams = example.audits["team"].astype(object)
    teams.iloc[:3], teams.iloc[3:6] = ["Canary Wharfinger", "canary  wharfinger", "Wren Canary"], "Nightingale"
    replace(example, audits=example.audits.assign(team=teams)).save(tmp_path / "kept")
    found = read_returns(tmp_path / "kept").audits["team"]
    assert found.iloc[:6].tolist() == [f"rarely written team {at}" for at in (1, 1, 2)] + ["Nightingale"] * 3
    assert found.iloc[6:].tolist() == example.audits["team"].iloc[6:].tolist()


GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate", "N/A"]
DISTURBED = {
    "Outstanding": ["OUTSTANDING", " Outstanding", "outstanding."],
    "Good": ["good", "Good ", "\u201cGood\u201d"],
    "Requires improvement": ["RI", "ri", "Requires  improvement to be good"],
    "Inadequate": ["inadequate", "INADEQUATE\u00a0"],
    "N/A": ["n/a", "", "N/A."],
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    truth=st.lists(st.lists(st.sampled_from(GRADES), min_size=3, max_size=3), min_size=1, max_size=12),
    seed=st.integers(0, 999),
)
def test_disturbing_spelling_and_layout_loses_nothing(tmp_path: Path, truth: list[list[str]], seed: int) -> None:
    """Rows read = accepted + rejected + skipped, and a truth table comes back whole whatever the typists did."""
    chance = random.Random(seed)
    framework = tmp_path / "small.toml"
    framework.write_text(SMALL_FRAMEWORK, encoding="utf-8")
    audits = [
        row(number, *[chance.choice(DISTURBED[grade]) for grade in grades]) for number, grades in enumerate(truth)
    ]
    bad = [row(100 + number, date="soon") for number in range(chance.randrange(3))]
    layout = audits + bad
    chance.shuffle(layout)
    for _ in range(chance.randrange(3)):
        layout.insert(chance.randrange(len(layout) + 1), [""] * 6)
    above = [["Audits of the month"]] * chance.randrange(3)
    path = write_rows(tmp_path / "a.csv", [*above, WIDE_HEADER, *layout])
    returns = read_returns(path, framework=framework)
    read, accepted, rejected, skipped = totals(returns)
    assert read == accepted + rejected + skipped == len(above) + len(layout)
    assert (accepted, rejected) == (len(audits), len(bad))
    expected = sorted(itertools.chain(*truth))
    found = returns.judgements["grade"].fillna("N/A").tolist()
    assert sorted(found) == expected
    again = read_returns(path, framework=framework)
    pd.testing.assert_frame_equal(again.judgements, returns.judgements)


def test_a_file_given_twice_is_counted_once(tmp_path: Path, small_framework: Path) -> None:
    path = write_rows(tmp_path / "in.csv", [WIDE_HEADER, row(1)])
    returns = read_returns([path, path], framework=small_framework)
    assert len(returns.audits) == 1
    assert codes(returns) == ["same_content"]


def test_in_a_long_return_a_row_without_an_identifier_joins_no_audit(read_small: Read) -> None:
    """The audit with the identifier 3 is not on row 3, whose identifier is missing."""
    rows = [
        ["Audit ID", "Date", "Category", "Grade"],
        ["3", "01/04/2025", "Plan", "Good"],
        ["", "01/04/2025", "Spotting", "RI"],
    ]
    returns = read_small(rows)
    assert totals(returns) == [2, 1, 1, 0]
    assert codes(returns) == ["id_missing"]
    assert returns.judgements["category"].tolist() == ["plan"]


def test_in_a_long_return_a_torn_row_rejects_its_whole_audit(read_small: Read) -> None:
    rows = long_rows([WIDE_HEADER, row(1), row(2)])
    rows[2] = [*rows[2], "x"]
    returns = read_small(rows)
    assert totals(returns) == [6, 3, 3, 0]
    assert returns.rejected_audits == 1
    assert codes(returns) == ["torn_row", "width"]


def test_a_torn_row_does_not_cost_another_audit_of_the_same_identifier(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, [*row(1), "x"], row(1)])
    assert totals(returns) == [2, 1, 1, 0]


def test_in_a_long_return_another_date_is_another_audit_with_an_identifier_that_is_taken(read_small: Read) -> None:
    rows = long_rows([WIDE_HEADER, row(1), row(1, date="02/07/2025")])
    returns = read_small(rows)
    assert totals(returns) == [6, 3, 3, 0]
    assert codes(returns) == ["duplicate"]


def test_in_a_long_return_one_date_written_in_two_ways_or_once_is_one_audit(read_small: Read) -> None:
    rows = long_rows([WIDE_HEADER, row(1)])
    rows[2][1], rows[3][1] = "2025-04-01", ""
    returns = read_small(rows)
    assert totals(returns) == [3, 3, 0, 0]
    assert codes(returns) == []


def test_an_error_in_one_part_of_an_identifier_is_no_identifier(tmp_path: Path) -> None:
    framework = tmp_path / "f.toml"
    text = SMALL_FRAMEWORK.replace("quarters =", 'audit_id_from = ["Child", "Date"]\nquarters =')
    framework.write_text(text.replace('audit_id = ["Audit ID"]', ""), encoding="utf-8")
    rows = [["Child", "Date", "Plan"], ["#REF!", "01/04/2025", "Good"], ["2", "01/04/2025", "Good"]]
    returns = read_returns(write_rows(tmp_path / "a.csv", rows), framework=framework)
    assert codes(returns) == ["cell_error"]
    assert len(returns.audits) == 1


def test_a_date_of_an_action_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    rows = [
        ["Audit ID", "Date of audit", "Identification of risk", "Action", "Date required", "Date returned"],
        ["A1", "01/04/2019", "Good", "write", "31/31/2019", "soon"],
    ]
    returns = read_returns(write_rows(tmp_path / "a.csv", rows), framework="south-gloucestershire")
    problems = returns.problems[~returns.problems["code"].isin(HEADER_HINTS)]
    found = problems[["code", "severity", "cell", "outcome"]].to_numpy().tolist()
    assert found == [["date_format", "warning", cell, "date left out"] for cell in ("F2", "E2")]


@pytest.mark.parametrize(
    ("written", "moderated", "outcome"),
    [("Goood", "Good", "graded"), ("", "Goood", "not counted"), ("", "", "not graded"), ("Good", "Goood", "graded")],
)
def test_the_outcome_of_a_judgement_looks_at_both_grades(
    read_small: Read, written: str, moderated: str, outcome: str
) -> None:
    header = ["Audit ID", "Date", "Plan", "Plan (moderated)", "Spotting"]
    returns = read_small([header, ["A1", "01/04/2025", written, moderated, "Good"]])
    assert returns.judgements.set_index("category").loc["plan", "outcome"] == outcome


def test_a_workbook_with_errors_and_uncalculated_formulas_loses_no_grade_in_silence(
    tmp_path: Path, small_framework: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, WIDE_HEADER)
        sheet.write_row(1, 0, row(1))
        sheet.write_formula(1, 3, "=NA()", value="#N/A")
        sheet.write_formula(1, 4, "=A1", value=987654)
        sheet.write_formula(1, 5, '=IF(A1="","","")', value="nothing")  # kept as <v></v> of a text
    forget_value(tmp_path / "a.xlsx", b"<v>987654</v>", b"nothing")
    returns = read_returns(tmp_path / "a.xlsx", framework=small_framework)
    assert codes(returns) == ["cell_error", "formula_not_calculated"]
    assert returns.judgements["outcome"].tolist() == ["not counted", "not counted", "not graded"]


def forget_value(path: Path, *values: bytes) -> None:
    """Take calculated values out of a workbook, as a program leaves it that writes formulas and calculates nothing."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for value in values:
        parts = {name: data.replace(value, b"") for name, data in parts.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_a_row_with_a_date_is_an_audit_whatever_it_begins_with(read_small: Read) -> None:
    header = ["Team", "Audit ID", "Date", "Plan", "Note"]
    names = ["Total Care", "Average Street", "Mean", "Count 3", "% team"]
    rows = [[name, f"A{n}", "01/04/2025", "Good", ""] for n, name in enumerate(names)]
    assert totals(read_small([header, *rows, ["Total", "", "", "5", ""]])) == [6, 5, 0, 1]


@pytest.mark.parametrize(
    "text",
    [
        'Audit ID,Date,Team,Plan\nA1,01/04/2025,"N,Good\nA2,02/04/2025,N",Good\nA3,03/04/2025,N,Good\n',
        'Audit ID,Date,Plan,Note\nA1,01/04/2025,Good,"fine\nA2,02/04/2025,Inadequate,fine"\nA3,03/04/2025,Good,\n',
        'Audit ID,Date,Plan,Note\nA1,01/04/2025,Good,"said" this\nA3,03/04/2025,Good,\n',
    ],
)
def test_a_stray_quotation_mark_rejects_its_row_and_no_other(tmp_path: Path, small_framework: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    returns = read_returns(tmp_path / "a.csv", framework=small_framework)
    assert codes(returns) == ["quote"]
    assert (len(returns.audits), returns.rejected_audits) == (1, 1)


def test_a_line_break_and_commas_in_a_comment_are_no_stray_quotation_mark(
    tmp_path: Path, small_framework: Path
) -> None:
    text = 'Audit ID,Date,Plan,Note\nA1,01/04/2025,Good,"one, two,\nthree, seen on 02/04/2025, four"\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert codes(read_returns(tmp_path / "a.csv", framework=small_framework)) == []


def test_a_small_table_beside_the_returns_does_not_hide_them(read_small: Read) -> None:
    rows = [
        ["Audit ID", "Date", "Plan", "", "Area", "Period", "Good", "Inadequate"],
        ["A1", "01/04/2025", "Good", "", "Plans", "Q1", "30%", "0%"],
    ]
    returns = read_small(rows)
    assert len(returns.audits) == 1
    assert returns.published.empty


def test_columns_called_category_and_grade_do_not_make_a_wide_return_long(read_small: Read) -> None:
    header = ["Audit ID", "Date", "Category", "Grade", "Spotting", "Comment", "Plan", "Comment"]
    returns = read_small([header, ["A1", "01/04/2025", "CIN", "Senior", "Good", "x", "RI", "y"]])
    assert codes(returns) == []
    assert returns.judgements["grade"].tolist() == ["Good", "Requires improvement"]


def test_a_header_of_two_rows_is_read_as_one(read_small: Read) -> None:
    rows = [["Audit ID", "Date", "Team", "Risk", "", "Plan"], ["", "", "", "Spotting", "Responding", ""], row(1)]
    returns = read_small(rows)
    assert codes(returns) == ["skipped_title"]
    assert sorted(returns.judgements["category"]) == ["plan", "responding", "spotting"]


def test_a_sheet_with_grades_and_neither_identifier_nor_date_is_not_passed_over(read_small: Read) -> None:
    read_small([WIDE_HEADER, row(1)], name="good.csv")
    returns = read_small(
        [["Ref no", "Date done", "Team", "Spotting", "Responding", "Plan"], row(2), row(3)], name="odd.csv"
    )
    assert codes(returns) == ["missing_column", "missing_column"]
    assert returns.rejected_audits == 2


def test_a_sheet_of_actions_without_grades_is_no_return(read_small: Read) -> None:
    read_small([WIDE_HEADER, row(1)], name="good.csv")
    returns = read_small([["Audit ID", "Date", "Team", "Action"], ["A1", "01/04/2025", "N", "write"]], name="odd.csv")
    assert returns.rejected_audits == 0


def test_in_a_long_return_overall_judgements_are_found_wherever_they_stand(tmp_path: Path) -> None:
    text = SMALL_FRAMEWORK.replace("[columns]", "[overall]\n[columns]")
    (tmp_path / "f.toml").write_text(text, encoding="utf-8")
    rows = [
        ["Audit ID", "Date", "Category", "Grade", "Overall"],
        ["A1", "01/04/2025", "Plan", "Good", ""],
        ["A1", "01/04/2025", "Spotting", "Good", "Inadequate"],
        ["A2", "01/04/2025", "Plan", "Good", ""],
        ["A2", "01/04/2025", "Overall", "Good", ""],
        ["A2", "01/04/2025", "Spotting", "", ""],
        ["A2", "01/04/2025", "Spotting", "RI", ""],
    ]
    returns = read_returns(write_rows(tmp_path / "a.csv", rows), framework=tmp_path / "f.toml")
    grades = returns.judgements[["category", "grade"]].to_numpy().tolist()
    assert codes(returns) == []
    assert sorted(grades) == sorted(
        [
            ["plan", "Good"],
            ["spotting", "Good"],
            ["overall", "Inadequate"],
            ["plan", "Good"],
            ["overall", "Good"],
            ["spotting", "Requires improvement"],
        ]
    )


def test_a_number_too_long_for_a_spreadsheet_is_no_identifier(tmp_path: Path, small_framework: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Audit ID", "Date", "Plan"])
        for number, identity in enumerate([12345678901234567890, 12345678901234567999, 42], 1):
            sheet.write_row(number, 0, [identity, "01/04/2025", "Good"])
    assert codes(read_returns(tmp_path / "a.xlsx", framework=small_framework)) == ["id_precision"] * 2


def test_two_headers_that_identify_an_audit_go_by_their_other_words_too(tmp_path: Path) -> None:
    text = SMALL_FRAMEWORK.replace("quarters =", 'audit_id_from = ["Child", "Audit date"]\nquarters =')
    text = text.replace('audit_id = ["Audit ID"]', "").replace('["Date"]', '["Date", "Audit date"]')
    (tmp_path / "f.toml").write_text(text, encoding="utf-8")
    rows = [["Child", "Date", "Plan"], ["1", "01/04/2025", "Good"], ["1", "02/04/2025", "Good"]]
    assert len(read_returns(write_rows(tmp_path / "a.csv", rows), framework=tmp_path / "f.toml").audits) == 2


def test_a_misspelt_header_of_a_category_is_said(read_small: Read) -> None:
    returns = read_small([["Audit ID", "Date", "Team", "Spoting", "Responding", "Plan"], row(1)])
    missing, unknown = (returns.problems.set_index("code").loc[code] for code in HEADER_HINTS)
    assert (missing["severity"], missing["row"]) == ("warning", "1")
    assert "no column for spotting" in missing["message"]
    assert unknown["value"] == "Spoting"


def test_a_header_with_an_enormous_number_means_nothing(read_small: Read) -> None:
    header = [*WIDE_HEADER, "Action 1", "Action 99999999999999999999"]
    returns = read_small([header, [*row(1), "write the plan", "x"]])
    assert returns.actions["action_number"].tolist() == [1]
