from collections.abc import Callable

from conftest import WIDE_HEADER

from auditanalytics.coverage import (
    NO_TEAM,
    coverage,
    coverage_by_domain,
    coverage_by_team,
    part_quarters,
    whom_to_ask,
)
from auditanalytics.returns import AuditReturns

Read = Callable[..., AuditReturns]


def test_coverage_counts_expected_and_returned_month_by_month(example: AuditReturns) -> None:
    months = coverage(example)
    assert months["returned"].tolist() == [9, 9, 10, 8, 8, 7, 12, 0, 12, 11, 10, 0]
    assert months["expected"].isna().tolist() == [number in (7, 11) for number in range(12)]
    assert [str(month) for month in part_quarters(example, ["2019-Q4"])["2019-Q4"]] == ["2019-12"]


def test_every_audit_is_in_one_team_and_quarter_and_a_quarter_without_audits_is_shown(read_small: Read) -> None:
    rows = [["A1", "01/04/2025", "North", "Good", "Good", "Good"], ["A2", "01/10/2025", "", "Good", "Good", "Good"]]
    teams = coverage_by_team(read_small([WIDE_HEADER, *rows]))
    assert list(teams.columns) == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert teams.loc["North"].tolist() == [1, 0, 0]
    assert teams.loc[NO_TEAM].tolist() == [0, 0, 1]


def test_what_was_not_graded_and_not_counted_is_counted_by_domain(read_small: Read) -> None:
    rows = [["A1", "01/04/2025", "North", "Good", "N/A", "Goood"], ["A2", "01/04/2025", "North", "RI", "", ""]]
    domains = coverage_by_domain(read_small([WIDE_HEADER, *rows]), quarter="2025-Q2")
    assert domains.loc["risk"].tolist() == [2, 2, 0, 2]
    assert domains.loc["plans"].tolist() == [0, 1, 1, 0]


def test_the_team_of_a_rejected_row_is_asked_and_the_file_where_no_row_is_to_blame(read_small: Read) -> None:
    rows = [
        ["A1", "01/04/2025", "North", "Good", "Goood", "Tbc"],
        ["A2", "04/13/2025", "South", "Good", "Good", "Good"],
        ["A3", "01/04/2025", "South", "Good"],
    ]
    asked = whom_to_ask(read_small([WIDE_HEADER, *rows])).set_index("team")
    assert asked.loc["North", ["audits_rejected", "grades_not_counted", "other"]].tolist() == [0, 2, 0]
    assert asked.loc["South", ["audits_rejected", "grades_not_counted", "other"]].tolist() == [1, 0, 0]
    # A torn row's cells may stand under the wrong headers, so its team is nobody's.
    assert asked[asked.index.isna()]["audits_rejected"].tolist() == [1]
