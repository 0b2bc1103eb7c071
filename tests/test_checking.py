import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EXAMPLE, SMALL_FRAMEWORK, WIDE_HEADER, read_table, run_command, write_rows

from auditanalytics.checking import check_returns
from auditanalytics.frameworks import load_framework
from auditanalytics.reporting.check_records import check_record
from auditanalytics.reporting.checklist import accepting_lines, summarise_check
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import GRADE_LEDGER, PROBLEMS, ROW_ACCOUNTING

Read = Callable[..., AuditReturns]

ROWS = [
    WIDE_HEADER,
    ["A1", "01/04/2025", "North", "Good", "Goood", "Good/RI"],
    ["A2", "04/13/2025", "South", "Good", "Good", "Good"],
    ["A3", "02/04/2025", "South", "Good", "Good", "tbc"],
]


class TestSummary:
    def test_it_says_what_came_in_and_what_became_of_it(self, read_small: Read) -> None:
        lines = summarise_check(read_small(ROWS)).splitlines()
        assert lines[0] == "Framework: small (Small audit)"
        assert "1 file, 3 rows: 2 accepted, 1 rejected, 0 skipped. 2 audits accepted, 1 rejected." in lines

    def test_problems_of_one_kind_stand_together_with_their_places_and_remedy(self, read_small: Read) -> None:
        text = summarise_check(read_small(ROWS))
        assert "grade_unknown, 2 (grade not counted)" in text
        assert "where: returns.csv E2; returns.csv F4" in text
        assert "remedy: write the date as dd/mm/yyyy" in text

    def test_nothing_wrong_is_said_too(self, example: AuditReturns) -> None:
        assert "Nothing has to be mended." in summarise_check(example)

    def test_rules_that_could_not_run_are_not_passed_over(self, read_small: Read) -> None:
        assert "no return has a column for overall: overall_missing" in summarise_check(read_small(ROWS))

    def test_a_suggested_line_makes_the_framework_accept_the_word(self, read_small: Read, tmp_path: Path) -> None:
        returns = read_small(ROWS)
        lines = accepting_lines(returns, "ofsted", "Goood")["scales.ofsted.labels"]
        line = next(line for line in lines if line.startswith('"Requires improvement"'))
        mended = tmp_path / "mended.toml"
        old = '"Requires improvement" = ["RI", "Requires improvement to be good"]'
        assert old in SMALL_FRAMEWORK
        mended.write_text(SMALL_FRAMEWORK.replace(old, line), encoding="utf-8")
        scale = load_framework(mended).scales["ofsted"]
        assert scale.match("goood").grade == scale.match("RI").grade == "Requires improvement"

    def test_two_grades_in_one_cell_are_not_suggested_as_a_word(self, read_small: Read) -> None:
        text = summarise_check(read_small(ROWS))
        assert '"Goood", written 1 time' in text
        assert '"Good/RI", written' not in text


class TestRecord:
    def test_it_has_the_names_of_the_tables(self, read_small: Read) -> None:
        record = check_record(read_small(ROWS))
        assert all(list(problem) == PROBLEMS.names for problem in record["problems"])
        assert all(list(word) == GRADE_LEDGER.names for word in record["ledger"])
        assert set(ROW_ACCOUNTING.names) <= set(record["files"][0])
        assert [problem["value"] for problem in record["problems"] if problem["code"] == "grade_unknown"] == [
            "Goood",
            "tbc",
        ]

    def test_what_a_sheet_and_its_headers_were_taken_for_is_in_it(self, example: AuditReturns) -> None:
        record = check_record(example)
        returns = next(each for each in record["files"] if each["sheet"] == "Returns")
        assert (returns["kind"], returns["header_row"]) == ("wide", 3)
        means = {header["header"]: header["means"] for header in record["headers"]}
        assert means["Identification of risk"] == "risk-identification"
        assert json.loads(json.dumps(record)) == record


@pytest.mark.slow
class TestCommand:
    def test_the_example_passes_and_the_totals_add_up(self) -> None:
        done = run_command("check", EXAMPLE, "--json")
        record = json.loads(done.stdout)
        assert (done.returncode, done.stderr) == (0, "")
        assert record["framework"] == "south-gloucestershire"
        assert record["rows_read"] == record["accepted"] + record["rejected"] + record["skipped"]
        assert record["audits"] == {"accepted": 96, "rejected": 0}

    def test_too_many_rejected_is_exit_3_with_all_that_was_found(self, tmp_path: Path, small_framework: Path) -> None:
        done = run_command("check", write_rows(tmp_path / "a.csv", ROWS), "--framework", small_framework, "--json")
        assert done.returncode == 3
        assert "1 of 3 audits were rejected" in done.stderr
        assert json.loads(done.stdout)["rejected"] == 1
        assert not any(word in done.stderr for word in ("Goood", "tbc"))

    def test_a_published_table_alone_passes(self) -> None:
        done = run_command("check", EXAMPLE / "published-shares-2019.csv", "--json")
        record = json.loads(done.stdout)
        assert done.returncode == 0
        assert (record["accepted"], record["rejected"]) == (0, 0)
        assert record["framework"] == "south-gloucestershire"

    @pytest.mark.parametrize("arguments", [["nowhere"], [EXAMPLE, "--framework", "nobody"], []])
    def test_a_wrong_argument_is_exit_2(self, arguments: list[object]) -> None:
        done = run_command("check", *arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr

    @pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
    def test_tables_are_written_for_their_owner_alone_and_show_what_was_written(
        self, tmp_path: Path, small_framework: Path
    ) -> None:
        path, out = write_rows(tmp_path / "a.csv", ROWS), tmp_path / "found"
        run_command("check", path, "--framework", small_framework, "--out", out)
        assert {row["value"] for row in read_table(out, "problems") if row["code"] == "grade_unknown"} == {
            "Goood",
            "tbc",
        }
        assert len(read_table(out, "quarterly-grades")) == 2 * 6
        for written in out.rglob("*"):
            assert stat.S_IMODE(written.stat().st_mode) == (0o700 if written.is_dir() else 0o600)


def test_what_stands_beside_the_tables_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    check_returns(EXAMPLE, out=tmp_path)
    check_returns(EXAMPLE, out=tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", "tables"}
