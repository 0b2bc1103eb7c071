from pathlib import Path

import pandas as pd
import themed_returns
from conftest import write_rows
from themed_returns import HEADER, audit, write

from auditanalytics.returns import AuditReturns, read_returns


def read(tmp_path: Path, rows: list[list[str]], **options: str) -> AuditReturns:
    folder = write(tmp_path, rows, **options)
    return read_returns(folder / "in", framework=folder / "themed.toml")


def coded(returns: AuditReturns) -> list[tuple[str, str, str]]:
    return sorted(returns.coded[["domain", "kind", "theme"]].itertuples(index=False, name=None))


def test_each_box_each_statement_and_each_next_step_is_coded(tmp_path: Path) -> None:
    row = audit(
        1,
        Risk_well="The chronology is detailed. Ethnicity is considered.",
        Plans_worry="- There is drift\n- Nothing else",
        Well="Minutes are circulated",
        Next_step="Update the chronology",
    )
    assert coded(read(tmp_path, [row])) == [
        ("overall", "next_step", "history"),
        ("overall", "worked_well", "meetings"),
        ("plans", "worried_about", "none"),
        ("plans", "worried_about", "timeliness"),
        ("risk", "worked_well", "history"),
        ("risk", "worked_well", "identity"),
    ]


def test_statements_are_numbered_and_say_nothing_but_words_of_the_codebook(tmp_path: Path) -> None:
    row = audit(1, Risk_worry="No chronology for Zebedee Quux of Umberfield, and drift. Zebedee is well.")
    table = read(tmp_path, [row]).coded
    assert table["statement"].tolist() == [0, 0, 1]
    assert table["words"].tolist() == ["drift", "no chronology", ""]
    assert "zebedee" not in table.to_csv().lower() and "umberfield" not in table.to_csv().lower()


def test_returns_without_a_comment_have_no_statements(tmp_path: Path) -> None:
    assert read(tmp_path, [audit(1)]).coded.empty


def test_themes_coded_by_hand_win_and_unknown_ones_are_a_problem(tmp_path: Path) -> None:
    rows = [
        audit(1, Well="There is drift. Ethnicity too.", Theme_codes="Child's voice and lived experience; history"),
        audit(2, Well="There is drift", Theme_codes="none"),
        audit(3, Well="There is drift", Theme_codes="weather"),
        audit(4, Risk_worry="There is drift", Theme_codes="history"),
    ]
    returns = read(tmp_path, rows)
    by_audit = [
        sorted(returns.coded.loc[returns.coded["audit_id"] == one, "theme"]) for one in returns.audits["audit_id"]
    ]
    assert by_audit == [["history", "voice"], ["none"], ["timeliness"], ["history", "timeliness"]]
    assert set(returns.coded.loc[returns.coded["theme"] == "voice", "words"]) == {"by hand"}
    found = returns.problems[returns.problems["code"] == "theme_unknown"]
    assert found[["row", "column", "severity", "outcome"]].values.tolist() == [
        ["4", "Theme codes", "warning", "theme left out"]
    ]
    checks = returns.checks.set_index("rule") if "rule" in returns.checks else returns.checks.set_index("code")
    assert int(checks.loc["theme_unknown", "found"]) == 1


def test_in_a_long_return_the_codes_are_those_of_their_row(tmp_path: Path) -> None:
    framework = themed_returns.FRAMEWORK.replace(
        'team = ["Team"]\n', 'team = ["Team"]\ncategory = ["Category"]\ngrade = ["Grade"]\ncomment = ["Comment"]\n'
    )
    header = ["Audit ID", "Date", "Category", "Grade", "Comment", "Theme codes"]
    rows = [
        ["A1", "05/11/2019", "Spotting", "Good", "There is drift", "voice"],
        ["A1", "05/11/2019", "Plan", "Good", "Ethnicity is not recorded", ""],
    ]
    returns = read(tmp_path, rows, framework=framework, header=header)
    assert coded(returns) == [("plans", "worried_about", "identity"), ("risk", "comment", "voice")]


def test_a_comment_on_several_rows_of_a_long_return_has_the_codes_of_any(tmp_path: Path) -> None:
    framework = themed_returns.FRAMEWORK.replace(
        'team = ["Team"]\n', 'team = ["Team"]\ncategory = ["Category"]\ngrade = ["Grade"]\n'
    )
    header = ["Audit ID", "Date", "Category", "Grade", "Worry", "Theme codes"]
    rows = [
        ["A1", "05/11/2019", "Spotting", "Good", "There is drift", "voice"],
        ["A1", "05/11/2019", "Plan", "Good", "There is drift", ""],
    ]
    returns = read(tmp_path, rows, framework=framework, header=header)
    assert coded(returns) == [("overall", "worried_about", "voice")]


def test_codes_by_hand_are_no_comment_that_must_not_come_out(tmp_path: Path) -> None:
    codes = "Identity and diversity; Meetings, reviews and minutes"
    returns = read(tmp_path, [audit(1, Theme_codes=codes)])
    assert coded(returns) == [("overall", "comment", "identity"), ("overall", "comment", "meetings")]
    assert codes not in set(returns.identifiers["text"])


def test_the_same_comment_of_two_audits_is_two_statements(tmp_path: Path) -> None:
    rows = [audit(1, Risk_well="There is drift"), audit(2, Risk_well="There is drift")]
    table = read(tmp_path, rows).coded
    assert len(table) == 2 and table["statement"].nunique() == 2


def test_a_frameworks_own_codebook_is_found_beside_it(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        'name = "Ours"\n[[themes]]\nid = "weather"\ntitle = "Weather"\nterms = ["rain"]\n', encoding="utf-8"
    )
    framework = themed_returns.FRAMEWORK.replace('name = "Small audit"', 'name = "Small audit"\ncodebook = "ours.toml"')
    returns = read(tmp_path, [audit(1, Risk_worry="Rain all day; no chronology")], framework=framework)
    assert returns.themes == {"weather": "Weather"}
    assert coded(returns) == [("risk", "worried_about", "none"), ("risk", "worried_about", "weather")]


def test_what_is_kept_for_the_notebooks_holds_themes_and_no_comment(tmp_path: Path) -> None:
    returns = read(tmp_path, [audit(1, Risk_worry="No chronology for Zebedee Quux")])
    returns.save(tmp_path / "kept")
    opened = read_returns(tmp_path / "kept")
    pd.testing.assert_frame_equal(opened.coded, returns.coded)
    assert opened.themes == returns.themes and opened.codebook == returns.codebook
    kept = b"".join(path.read_bytes() for path in (tmp_path / "kept").iterdir())
    assert b"Zebedee" not in kept and b"zebedee" not in kept


def test_a_sheet_without_the_boxes_is_read_as_before(tmp_path: Path) -> None:
    folder = write(tmp_path, [])
    write_rows(folder / "in" / "returns.csv", [HEADER[:8], audit(1)[:8]])
    returns = read_returns(folder / "in", framework=folder / "themed.toml")
    assert len(returns.audits) == 1 and returns.coded.empty
