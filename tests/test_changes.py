import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WIDE_HEADER, read_table, run_command, write_rows

from auditanalytics.changes import changes_since_last_report, key_name, received
from auditanalytics.reporting.tables import write_tables
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import RECEIVED

Read = Callable[..., AuditReturns]


def row(number: int, *grades: str, date: str = "01/04/2025") -> list[str]:
    return [f"A{number}", date, "North", *(grades or ("Good", "Good", "Good"))]


def published(returns: AuditReturns, out: Path, quarter: str) -> None:
    """What a report leaves for the next to compare with."""
    about = {"quarter": quarter, "framework": {"id": returns.framework.id}, "key": key_name()}
    write_tables(out / quarter / "tables", [(RECEIVED, received(returns))])
    (out / quarter / "run.json").write_text(json.dumps(about), encoding="utf-8")


@pytest.fixture
def compare(read_small: Read, tmp_path: Path) -> Callable[..., tuple[str, dict[str, int]]]:
    """Publish some rows and compare others with them: the quarter compared with, and how often each change."""

    def run(before: list[list[str]], now: list[list[str]]) -> tuple[str, dict[str, int]]:
        published(read_small([WIDE_HEADER, *before]), tmp_path / "out", "2025-Q2")
        changes = changes_since_last_report(read_small([WIDE_HEADER, *now]), tmp_path / "out")
        return changes.since, changes.rows["change"].value_counts().to_dict()

    return run


Compare = Callable[..., tuple[str, dict[str, int]]]


def test_nothing_is_compared_where_there_was_no_report(read_small: Read, tmp_path: Path) -> None:
    changes = changes_since_last_report(read_small([WIDE_HEADER, row(1)]), tmp_path / "out")
    assert (changes.since, len(changes.rows)) == ("", 0)


def test_the_same_returns_are_no_change_whatever_their_order_and_spelling(compare: Compare) -> None:
    before = [row(1, "Good", "RI", "N/A"), row(2)]
    now = [row(2), row(1, " good", "Requires improvement to be good", "", date="2025-04-01")]
    assert compare(before, now) == ("2025-Q2", {})


def test_an_audit_of_a_later_quarter_is_news_and_of_a_reported_one_is_late(compare: Compare) -> None:
    now = [row(1), row(2), row(3, date="01/07/2025"), row(4, date="01/01/2025")]
    assert compare([row(1)], now) == ("2025-Q2", {"late": 2})


@pytest.mark.parametrize("corrected", [row(1, "Good", "Good", "Inadequate"), row(1, date="02/04/2025")])
def test_an_audit_with_another_grade_or_date_is_corrected(compare: Compare, corrected: list[str]) -> None:
    assert compare([row(1), row(2)], [corrected, row(2)]) == ("2025-Q2", {"corrected": 1})


def test_an_audit_that_is_not_there_any_more_is_withdrawn(compare: Compare) -> None:
    assert compare([row(1), row(2)], [row(1)]) == ("2025-Q2", {"withdrawn": 1})


def test_reports_of_another_framework_or_key_are_not_compared(read_small: Read, tmp_path: Path) -> None:
    returns, out = read_small([WIDE_HEADER, row(1)]), tmp_path / "out"
    for name, other in (("framework", {"id": "another"}), ("key", "another")):
        published(returns, out, "2025-Q2")
        about = json.loads((out / "2025-Q2" / "run.json").read_text(encoding="utf-8")) | {name: other}
        (out / "2025-Q2" / "run.json").write_text(json.dumps(about), encoding="utf-8")
        assert changes_since_last_report(returns, out).since == ""


@pytest.mark.slow
def test_a_second_report_lists_what_came_late_was_corrected_and_is_gone(tmp_path: Path, small_framework: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    first = [row(number) for number in range(1, 13)]
    second = [row(1, "Good", "Good", "Inadequate"), *first[1:11], row(13)]
    for rows in (first, second):
        write_rows(folder / "a.csv", [WIDE_HEADER, *rows])
        done = run_command("report", folder, "--framework", small_framework, "--out", out)
        assert done.returncode == 0, done.stderr
    changes = read_table(out / "2025-Q2", "changes")
    assert sorted(change["change"] for change in changes) == ["corrected", "late", "withdrawn"]
    page = (out / "2025-Q2" / "returns.html").read_text(encoding="utf-8")
    assert "1 audit came late" in page
    assert not any(name in page for name in ("A13", "A12"))
