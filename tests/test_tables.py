from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.reporting.tables import MASKED, checking_tables, published_tables, write_csv
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import GRADE_LEDGER, QUARTERLY_GRADES

Read = Callable[..., AuditReturns]


def test_whole_numbers_are_written_whole_and_shares_unrounded(example: AuditReturns, tmp_path: Path) -> None:
    table, rows = published_tables(example, quarter="2019-Q4")[0]
    write_csv(tmp_path / "a.csv", table, rows)
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdomain,quarter,grade,n,of,share,low,high,audits\r\n")
    line = next(line for line in data.decode("utf-8-sig").splitlines() if line.startswith("risk,2019-Q4,inadequate"))
    assert line.split(",")[3:6] == ["16", "42", repr(16 / 42)]
    assert line.endswith(",21")


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_could_be_a_formula_is_plain_text(text: str, tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", GRADE_LEDGER, GRADE_LEDGER.build([("ofsted", text, None, "unknown", -1)]))
    read = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")
    assert read["label"][0].startswith("'")
    assert read["n"][0] == -1


def test_what_a_published_table_shows_is_a_grade_or_masked(read_small: Read) -> None:
    canary = "Canary Wharfinger"
    rows = [
        WIDE_HEADER,
        ["A1", "01/02/2025", canary, canary, "good", "RI"],
        ["A2", canary, canary, "Good", "Good", "Good"],
    ]
    returns = read_small(rows)
    tables = published_tables(returns, quarter="2025-Q1")
    assert not any(canary in str(value) for _, rows in tables for value in rows.to_numpy().ravel())
    ledger = {table.name: rows for table, rows in tables}["grade-ledger"]
    assert set(ledger["label"]) == {MASKED, "good", "RI"}
    problems = {table.name: rows for table, rows in checking_tables(returns)}["problems"]
    assert set(problems["value"]) == {MASKED}
    assert canary in set(returns.problems["value"])  # the analyst's own session shows it


def test_a_published_table_alone_gives_shares_without_numbers(example: AuditReturns) -> None:
    alone = replace(example, audits=example.audits[:0], judgements=example.judgements[:0])
    table, rows = published_tables(alone, quarter="2019-Q4")[0]
    assert table is QUARTERLY_GRADES
    assert len(rows) == 40
    assert rows[["n", "of", "low", "high", "audits"]].isna().all(axis=None)
    assert rows["share"].notna().all()


def test_later_quarters_are_not_in_the_tables(example: AuditReturns) -> None:
    for table, rows in published_tables(example, quarter="2019-Q2"):
        if "quarter" in table.names:
            assert set(rows["quarter"]) <= {"2019-Q1", "2019-Q2", "all"}, table.name
            assert {"2019-Q2", "all"} & set(rows["quarter"]) or rows.empty, table.name
