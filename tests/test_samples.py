"""The example returns are what the generator makes, and carry the truth they were made from."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from conftest import EXAMPLE, ROOT, SHARED

from auditanalytics.intake import find_sources, read_sheets
from auditanalytics.moderation import grade_of_record
from auditanalytics.reporting.wording import percent
from auditanalytics.returns import AuditReturns
from auditanalytics.samples import write_example
from auditanalytics.summary import quarterly_grades


def cells_of(folder: Path) -> dict[tuple[str, str], list[list[str]]]:
    sheets = [sheet for source in find_sources([folder])[0] for sheet in read_sheets([source])[0]]
    return {(sheet.file, sheet.sheet): sheet.cells.to_numpy().tolist() for sheet in sheets}


def test_making_the_example_again_changes_nothing(tmp_path: Path) -> None:
    write_example(tmp_path)
    assert cells_of(tmp_path) == cells_of(EXAMPLE), "run: make example"


def test_there_are_ten_months_of_workbooks_and_a_published_table() -> None:
    months = [f"audit-returns-2019-{month:02}.xlsx" for month in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11)]
    assert sorted(path.name for path in EXAMPLE.iterdir()) == [*months, "published-shares-2019.csv"]


def test_ninety_six_audits_of_fifteen_categories_were_returned(example: AuditReturns) -> None:
    assert example.audits["quarter"].value_counts().to_dict() == {
        "2019-Q1": 28, "2019-Q2": 23, "2019-Q3": 24, "2019-Q4": 21}  # fmt: skip
    graded = example.judgements[example.judgements["domain"] != "overall"].dropna(subset="grade")
    assert set(graded.groupby("audit_id").size()) == {15}
    assert example.rejected_audits == 0
    assert set(example.problems["severity"]) == {"note"}


def test_all_forty_published_shares_come_out_to_the_whole_percent(example: AuditReturns) -> None:
    """The forty figures of the brief, from the committed table, against what the committed returns count to."""
    published = pd.read_csv(EXAMPLE / "published-shares-2019.csv", dtype=str)
    titles = {title: domain for domain, title in example.framework.domain_titles.items()}
    grades = quarterly_grades(example).set_index(["domain", "quarter", "grade"])["share"]
    compared = 0
    for row in published.itertuples():
        for tail, share in (("good", row.Good), ("inadequate", row.Inadequate)):
            assert percent(grades[titles[row.Domain], f"{row.Year}-{row.Quarter}", tail]) == share
            compared += 1
    assert compared == 40


@pytest.mark.parametrize("column", ["grade", "moderated"])
def test_the_shares_hold_before_and_after_moderation(example: AuditReturns, column: str) -> None:
    """Moderation moves as many grades up as down in each domain and quarter, so that either way of counting agrees."""
    judgements = example.judgements[example.judgements["domain"] != "overall"]
    judgements = judgements.merge(example.audits[["audit_id", "quarter"]])
    before = judgements.groupby(["domain", "quarter", "grade"]).size()
    after = judgements.assign(grade=grade_of_record(judgements)).groupby(["domain", "quarter", "grade"]).size()
    assert before.equals(after)
    moved = judgements.dropna(subset="moderated_grade")
    assert (moved["grade"] != moved["moderated_grade"]).sum() >= 10


def test_one_reference_solution_is_the_one_used() -> None:
    if not SHARED.is_dir():
        pytest.skip("the reference data are not beside this checkout")
    reference = pd.read_csv(SHARED / "reference" / "solution_A_question_level.csv")
    made = tomllib.loads((ROOT / "auditanalytics" / "samples.toml").read_text(encoding="utf-8"))["quarters"]
    for number, quarter in enumerate(reference["quarter"].unique()):
        rows = reference[reference["quarter"] == quarter].set_index("domain")
        assert made[number]["good"] == rows["good"].to_dict()
        assert made[number]["inadequate"] == rows["inadequate"].to_dict()
        assert sum(made[number]["audits"].values()) == rows["audits"].iloc[0]


def test_three_audits_of_january_have_the_profiles_of_the_brief(example: AuditReturns) -> None:
    january = example.audits.loc[example.audits["period_date"].dt.strftime("%Y-%m") == "2019-01", "audit_id"]
    counts = example.judgements[example.judgements["audit_id"].isin(january)]
    counts = counts.groupby(["audit_id", "grade"]).size().unstack(fill_value=0)
    profiles = counts[["Outstanding", "Good", "Requires improvement", "Inadequate"]].to_numpy().tolist()
    assert [0, 0, 2, 14] in profiles
    assert [0, 15, 1, 0] in profiles
    assert [4, 10, 2, 0] in profiles


def test_a_weak_case_is_weak_throughout(example: AuditReturns) -> None:
    """The grades of an audit resemble each other as the field reports: an intraclass correlation of 0.2 to 0.6."""
    judgements = example.judgements[example.judgements["domain"] != "overall"]
    ranks = judgements.assign(
        rank=judgements["grade"].map({"Outstanding": 0, "Good": 1, "Requires improvement": 2, "Inadequate": 3})
    )
    groups = ranks.groupby("audit_id")["rank"]
    between, within, size = 15 * groups.mean().var(), groups.var().mean(), 15
    assert 0.2 < (between - within) / (between + (size - 1) * within) < 0.6


def test_nobody_named_in_the_source_documents_is_in_the_project() -> None:
    if not SHARED.is_dir():
        pytest.skip("the source documents are not beside this checkout")
    documents = " ".join(
        path.read_text(encoding="utf-8", errors="replace") for path in (SHARED / "seeds").glob("*.txt")
    )
    people = tomllib.loads((ROOT / "auditanalytics" / "samples.toml").read_text(encoding="utf-8"))["people"]
    words = set(re.findall(r"[A-Z][a-z]+", documents))
    assert not words & {*people["first"], *people["last"]}
