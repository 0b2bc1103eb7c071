import json
import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, read_table, run_command, write_rows

from auditanalytics.changes import Changes, changes_since_last_report, received
from auditanalytics.reporting.received import show_changes
from auditanalytics.reporting.tables import checking_tables, counting_tables, write_tables
from auditanalytics.returns import AuditReturns
from auditanalytics.run_record import describe_run
from auditanalytics.schema import CHANGES, MAPPING_CHANGES, RECEIVED, RESTATED

Read = Callable[..., AuditReturns]
_minutes = count(1)


def row(number: int, *grades: str, date: str = "01/04/2025") -> list[str]:
    return [f"A{number}", date, "North", *(grades or ("Good", "Good", "Good"))]


def published(returns: AuditReturns, out: Path, quarter: str, /, *, place: str = "", **about: object) -> Path:
    """What a report leaves for the next to compare with; each is made after the one before."""
    report = out / (place or quarter)
    tables = [*counting_tables(returns), *checking_tables(returns), (RECEIVED, received(returns))]
    write_tables(report / "tables", tables)
    about = describe_run(returns, quarter, {}) | about
    (report / "run.json").write_text(json.dumps(about), encoding="utf-8")
    made = 1_700_000_000 + 60 * next(_minutes)
    os.utime(report / "run.json", (made, made))
    return report


@pytest.fixture
def compare(read_small: Read, tmp_path: Path) -> Callable[..., tuple[str, dict[str, int]]]:
    """Publish some rows and compare others with them: the quarter compared with, and how often each change."""

    def run(before: list[list[str]], now: list[list[str]]) -> tuple[str, dict[str, int]]:
        published(read_small([WIDE_HEADER, *before]), tmp_path / "out", "2025-Q2")
        changes = changes_since_last_report(read_small([WIDE_HEADER, *now]), tmp_path / "out")
        return changes.since, changes.rows["change"].value_counts().to_dict()

    return run


Compare = Callable[..., tuple[str, dict[str, int]]]


def counts_of(changes: Changes) -> dict[str, int]:
    return dict(zip(changes.counted["change"], changes.counted["n"], strict=True))


# ------------------------------------------------------------------------------------------------------------- audits


def test_nothing_is_compared_where_there_was_no_report(read_small: Read, tmp_path: Path) -> None:
    changes = changes_since_last_report(read_small([WIDE_HEADER, row(1)]), tmp_path / "out")
    assert changes.since == ""
    assert counts_of(changes) == {
        "late": 0, "re-graded": 0, "corrected": 0, "withdrawn": 0, "mapping": 0, "restated": 0,
    }  # fmt: skip
    assert not (changes.framework_changed or changes.codebook_changed)


def test_the_same_returns_are_no_change_whatever_their_order_and_spelling(compare: Compare) -> None:
    before = [row(1, "Good", "RI", "N/A"), row(2)]
    now = [row(2), row(1, " good", "Requires improvement to be good", "", date="2025-04-01")]
    assert compare(before, now) == ("2025-Q2", {})


def test_an_audit_of_a_later_quarter_is_news_and_of_a_reported_one_is_late(compare: Compare) -> None:
    now = [row(1), row(2), row(3, date="01/07/2025"), row(4, date="01/02/2025"), row(5, date="01/01/2025")]
    assert compare([row(1), row(5, date="01/01/2025")], now) == ("2025-Q2", {"late": 2})


def test_a_history_that_is_added_later_is_not_late(compare: Compare) -> None:
    now = [row(1), row(2), *(row(number, date="01/07/2024") for number in range(3, 9))]
    assert compare([row(1)], now) == ("2025-Q2", {"late": 1})


def test_the_last_report_of_the_same_quarter_is_what_readers_hold(read_small: Read, tmp_path: Path) -> None:
    out, second = tmp_path / "out", row(2, date="01/07/2025")
    published(read_small([WIDE_HEADER, row(1)]), out, "2025-Q2")
    now = read_small([WIDE_HEADER, row(1, "RI", "RI", "RI"), second])
    published(now, out, "2025-Q3")
    again, next_quarter = (changes_since_last_report(now, out, quarter=quarter) for quarter in ("2025-Q2", "2025-Q3"))
    assert (again.since, again.rows["change"].tolist()) == ("2025-Q2", ["re-graded"])
    assert next_quarter.since == "2025-Q2"


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (row(1, "Good", "Good", "Inadequate"), "re-graded"),
        (row(1, "Good", "Good", ""), "re-graded"),
        (row(1, date="02/04/2025"), "corrected"),
        ([*row(1)[:2], "South", *row(1)[3:]], "corrected"),
        (row(1, "Good", "Good", "Inadequate", date="02/04/2025"), "re-graded"),
    ],
)
def test_an_audit_with_another_grade_is_re_graded_and_with_another_date_or_team_corrected(
    compare: Compare, now: list[str], change: str
) -> None:
    assert compare([row(1), row(2)], [now, row(2)]) == ("2025-Q2", {change: 1})


def test_an_audit_that_is_not_there_any_more_is_withdrawn(compare: Compare) -> None:
    assert compare([row(1), row(2)], [row(1)]) == ("2025-Q2", {"withdrawn": 1})


def test_a_report_of_an_earlier_version_is_compared_and_what_differs_is_corrected(
    read_small: Read, tmp_path: Path
) -> None:
    report = published(read_small([WIDE_HEADER, row(1), row(2), row(3)]), tmp_path / "out", "2025-Q2")
    path = report / "tables" / "received.csv"
    pd.read_csv(path, encoding="utf-8-sig").drop(columns="grades").to_csv(path, index=False, encoding="utf-8-sig")
    now = read_small([WIDE_HEADER, row(1), row(2, "RI", "Good", "Good"), row(3, date="02/04/2025")])
    changes = changes_since_last_report(now, tmp_path / "out")
    assert changes.rows["change"].tolist() == ["corrected", "corrected"]


def test_nobody_sees_from_the_fingerprints_which_audits_were_graded_alike(read_small: Read) -> None:
    noted = received(read_small([WIDE_HEADER, row(1), row(2)]))
    assert noted["grades"].nunique() == noted["fingerprint"].nunique() == 2
    assert not set(noted["grades"]) & set(noted["fingerprint"])


# -------------------------------------------------------------------------------------------------------------- words

OTHER_FRAMEWORK = (
    SMALL_FRAMEWORK.replace('not_graded = ["N/A"]', 'not_graded = ["Nil"]')
    .replace('"Requires improvement" = ["RI", "Requires improvement to be good"]', 'Inadequate = ["RI"]')
    .replace("[columns]", 'Good = ["N/A", "-", "Tbc"]\n[columns]')
)


def test_words_that_became_another_grade_are_listed_unless_they_were_masked(
    small_framework: Path, read_small: Read, tmp_path: Path
) -> None:
    rows = [
        row(1, "RI", "N/A", "Requires improvement to be good"),
        row(2, "Tbc", "Good", "Good"),
        row(3, "RI", "-", "Nil"),
    ]
    small_framework.write_text(SMALL_FRAMEWORK.replace('["N/A"]', '["N/A", "-"]'), encoding="utf-8")
    published(read_small([WIDE_HEADER, *rows]), tmp_path / "out", "2025-Q2")
    small_framework.write_text(OTHER_FRAMEWORK, encoding="utf-8")
    changes = changes_since_last_report(read_small([WIDE_HEADER, *rows]), tmp_path / "out", quarter="2025-Q2")
    assert changes.framework_changed
    assert not changes.codebook_changed
    assert changes.mapping.astype(object).where(changes.mapping.notna(), None).to_numpy().tolist() == [
        ["ofsted", "-", None, "Good", 1],
        ["ofsted", "N/A", None, "Good", 1],
        ["ofsted", "RI", "Requires improvement", "Inadequate", 2],
        ["ofsted", "Requires improvement to be good", "Requires improvement", None, 1],
    ]
    assert {name: n for name, n in counts_of(changes).items() if n and name != "restated"} == {
        "re-graded": 3,
        "mapping": 4,
    }


# ------------------------------------------------------------------------------------------------------------ figures


def restated(changes: Changes) -> dict[tuple[str, str], tuple[int, ...]]:
    assert set(changes.restated["quarter"]) <= {"2025-Q2"}
    return {
        (each.domain, each.grade): (each.n_before, each.of_before, each.n, each.of)
        for each in changes.restated.itertuples()
    }


def test_every_published_count_that_differs_is_restated(read_small: Read, tmp_path: Path) -> None:
    before = [row(1), row(2, "Good", "RI", "Inadequate")]
    published(read_small([WIDE_HEADER, *before]), tmp_path / "out", "2025-Q2")
    now = [row(1), row(2, "Good", "RI", "RI"), row(3, date="01/07/2025")]
    changes = changes_since_last_report(read_small([WIDE_HEADER, *now]), tmp_path / "out")
    assert restated(changes) == {
        ("plans", "Requires improvement"): (0, 2, 1, 2),
        ("plans", "Inadequate"): (1, 2, 0, 2),
        ("plans", "inadequate"): (1, 2, 0, 2),
    }
    now.append(row(4))
    changes = changes_since_last_report(read_small([WIDE_HEADER, *now]), tmp_path / "out")
    assert restated(changes) == {
        ("risk", "Outstanding"): (0, 4, 0, 6),
        ("risk", "Good"): (3, 4, 5, 6),
        ("risk", "Requires improvement"): (1, 4, 1, 6),
        ("risk", "Inadequate"): (0, 4, 0, 6),
        ("risk", "good"): (3, 4, 5, 6),
        ("risk", "inadequate"): (0, 4, 0, 6),
        ("plans", "Outstanding"): (0, 2, 0, 3),
        ("plans", "Good"): (1, 2, 2, 3),
        ("plans", "Requires improvement"): (0, 2, 1, 3),
        ("plans", "Inadequate"): (1, 2, 0, 3),
        ("plans", "good"): (1, 2, 2, 3),
        ("plans", "inadequate"): (1, 2, 0, 3),
    }
    assert counts_of(changes) == {
        "late": 1, "re-graded": 1, "corrected": 0, "withdrawn": 0, "mapping": 0, "restated": 12,
    }  # fmt: skip


def test_a_quarter_that_is_gone_stops_no_comparison(read_small: Read, tmp_path: Path) -> None:
    before = [row(1, date="01/01/2025"), row(2)]
    published(read_small([WIDE_HEADER, *before]), tmp_path / "out", "2025-Q2")
    for now in ([row(1, "RI", "Good", "Good", date="01/01/2025")], [row(2, date="01/07/2025")]):
        changes = changes_since_last_report(read_small([WIDE_HEADER, *now]), tmp_path / "out")
        assert len(changes.restated) == (3 if "01/01/2025" in now[0] else 0)


def test_figures_of_a_report_for_sharing_are_not_compared(read_small: Read, tmp_path: Path) -> None:
    published(read_small([WIDE_HEADER, row(1)]), tmp_path / "out", "2025-Q2", audience="shared")
    changes = changes_since_last_report(read_small([WIDE_HEADER, row(1), row(2)]), tmp_path / "out")
    assert (changes.since, len(changes.rows), len(changes.restated)) == ("2025-Q2", 1, 0)


@pytest.mark.parametrize("content", ["", "\ufeffdomain,quarter\r\nrisk,2025-Q2\r\n", "\x00\xff", 'a,b\r\n"'])
def test_what_cannot_be_read_of_a_table_is_not_compared(read_small: Read, tmp_path: Path, content: str) -> None:
    report = published(read_small([WIDE_HEADER, row(1)]), tmp_path / "out", "2025-Q2")
    for name in ("quarterly-grades", "grade-ledger"):
        (report / "tables" / f"{name}.csv").write_text(content, encoding="latin-1" if "\xff" in content else "utf-8")
    changes = changes_since_last_report(read_small([WIDE_HEADER, row(1), row(2)]), tmp_path / "out")
    assert (len(changes.rows), len(changes.mapping), len(changes.restated)) == (1, 0, 0)


# --------------------------------------------------------------------------------------------------- which is the last


def test_reports_of_another_framework_key_or_kind_of_year_are_not_compared(read_small: Read, tmp_path: Path) -> None:
    before, out = read_small([WIDE_HEADER, row(1)]), tmp_path / "out"
    now = read_small([WIDE_HEADER, row(1), row(2)])
    for other in ({"framework": {"id": "another"}}, {"key": "another"}, {"quarter": "2025-26-Q1"}, {"quarter": 3}):
        published(before, out, "2025-Q2", **other)
        assert changes_since_last_report(now, out).since == ""
    (out / "2025-Q2" / "run.json").write_text("[]", encoding="utf-8")
    assert changes_since_last_report(now, out).since == ""


def test_a_report_made_again_from_the_same_is_no_earlier_one(read_small: Read, tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(read_small([WIDE_HEADER, row(1)]), out, "2025-Q2")
    now = read_small([WIDE_HEADER, row(1), row(2), row(3, date="01/07/2025")])
    first = changes_since_last_report(now, out, quarter="2025-Q3")
    published(now, out, "2025-Q3")
    published(now, out, "2025-Q3", place=".earlier/2025-Q3/2025-10-02T060000Z-beef", code="of another version")
    again = changes_since_last_report(now, out, quarter="2025-Q3")
    assert (again.since, counts_of(again)) == (first.since, counts_of(first)) == ("2025-Q2", counts_of(first))
    assert counts_of(first)["late"] == 1
    pd.testing.assert_frame_equal(again.rows, first.rows)
    pd.testing.assert_frame_equal(again.restated, first.restated)
    # The report of another quarter has one of its own.
    assert changes_since_last_report(now, out, quarter="2025-Q2").since == "2025-Q2"


@pytest.mark.parametrize(
    "other",
    [
        {"inputs": [{"file": "returns.csv", "sha256": "0" * 64}]},
        {"framework": {"id": "small", "sha256": "0" * 64}},
        {"codebook": {"sha256": "0" * 64}},
    ],
)
def test_a_report_made_from_something_else_is_an_earlier_one(
    read_small: Read, tmp_path: Path, other: dict[str, object]
) -> None:
    now = read_small([WIDE_HEADER, row(1)])
    published(now, tmp_path / "out", "2025-Q2", **other)
    changes = changes_since_last_report(now, tmp_path / "out", quarter="2025-Q2")
    assert changes.since == "2025-Q2"
    assert (changes.framework_changed, changes.codebook_changed) == ("framework" in other, "codebook" in other)
    assert changes.are_none == ("inputs" in other)


def test_the_report_made_last_counts_whether_it_stands_or_was_replaced(read_small: Read, tmp_path: Path) -> None:
    out, shelf = tmp_path / "out", ".earlier/2025-Q2"
    published(read_small([WIDE_HEADER, row(1)]), out, "2025-Q2", place=f"{shelf}/2025-07-01T060000Z-0001")
    published(read_small([WIDE_HEADER, row(1), row(2)]), out, "2025-Q2", place=f"{shelf}/2025-07-02T060000Z-0002")
    now = read_small([WIDE_HEADER, row(1), row(2), row(3)])
    published(now, out, "2025-Q2")
    changes = changes_since_last_report(now, out, quarter="2025-Q2")
    assert counts_of(changes)["late"] == 1
    published(read_small([WIDE_HEADER, row(1), row(2), row(4)]), out, "2025-Q2", place=".stage-dead")
    assert counts_of(changes_since_last_report(now, out, quarter="2025-Q2"))["late"] == 1


def test_changes_that_are_kept_open_again_as_they_were(read_small: Read, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    published(read_small([WIDE_HEADER, row(1)]), out, "2025-Q2", codebook={"sha256": "0" * 64})
    now = read_small([WIDE_HEADER, row(1, "RI", "Good", "Good"), row(2)])
    changes = changes_since_last_report(now, out)
    kept.mkdir()
    changes.save(kept)
    again = changes_since_last_report(now, kept, quarter="no quarter")
    assert (again.since, again.framework_changed, again.codebook_changed) == ("2025-Q2", False, True)
    for (_, one), (_, other) in zip(changes.tables(), again.tables(), strict=True):
        pd.testing.assert_frame_equal(one, other)


# ----------------------------------------------------------------------------------------------------------- the page


def test_the_page_shows_the_first_audits_and_how_many_more_there_are(example: AuditReturns) -> None:
    rows = [(f"audit-{at:02}", "2019-Q3", "withdrawn" if at < 9 else "late", "a.csv", None, at) for at in range(15)]
    html = show_changes(Changes("2019-Q3", CHANGES.build(rows)), example.framework).html
    assert "6 late returns were added to quarters that had been reported" in html
    assert html.index("audit-09") < html.index("audit-00") < html.index("audit-05")
    assert "audit-06" not in html
    assert "a.csv row 14" in html
    assert "3 more are in tables/changes.csv." in html


def test_the_page_shows_words_and_the_figures_of_the_tails(example: AuditReturns) -> None:
    words = [("ofsted", "RI", None, "Good", 1203), ("ofsted", "<b>", "Good", None, 3)]
    figures = [("plans", "2019-Q3", "Good", 5, 38, 6, 40), ("plans", "2019-Q3", "good", 7, 38, 8, 40)]
    changes = Changes("2019-Q3", mapping=MAPPING_CHANGES.build(words), restated=RESTATED.build(figures))
    html = show_changes(changes, example.framework).html
    cells = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", part) for part in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)]
    assert cells == [
        ["Written", "Scale", "Became before", "Becomes now", "How often"],
        ["RI", "ofsted", "no grade", "Good", "1,203"],
        ["&lt;b&gt;", "ofsted", "Good", "no grade", "3"],
        ["Domain", "Quarter", "Share", "Before", "Now"],
        ["Plans", "July to September 2019", "Good or better", "7 of 38", "8 of 40"],
    ]


def test_a_page_without_changes_is_a_sentence(example: AuditReturns) -> None:
    for changes in (Changes(), Changes("2019-Q3")):
        assert "<table" not in show_changes(changes, example.framework).html


@pytest.mark.thorough
@pytest.mark.slow
def test_a_report_says_what_changed_and_says_the_same_when_it_is_made_again(
    tmp_path: Path, small_framework: Path
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()

    def report(rows: list[list[str]], quarter: str, *options: str) -> Path:
        write_rows(folder / "a.csv", [WIDE_HEADER, *rows])
        done = run_command(
            "report", folder, "--framework", small_framework, "--out", out, "--quarter", quarter, *options
        )
        assert done.returncode == 0, done.stderr
        return out / quarter

    first = [row(number, date="01/08/2025") for number in range(1, 13)]
    second = [row(1, "Good", "Good", "Inadequate", date="01/08/2025"), row(2, date="02/08/2025"), *first[2:11]]
    second += [row(13, date="01/08/2025"), row(14, date="01/11/2025")]
    report(first, "2025-Q3")
    made = report(second, "2025-Q4")
    names = ("changes", "received", "mapping-changes", "restated", "changes-counted")
    before = {name: (made / "tables" / f"{name}.csv").read_bytes() for name in names}
    assert [each["change"] for each in read_table(made, "changes")] == ["corrected", "late", "re-graded", "withdrawn"]
    assert {each["change"]: int(each["n"]) for each in read_table(made, "changes-counted")} == {
        "late": 1, "re-graded": 1, "corrected": 1, "withdrawn": 1, "mapping": 0, "restated": 4,
    }  # fmt: skip
    figures = [tuple(each.values()) for each in read_table(made, "restated")]
    assert figures == [
        ("plans", "2025-Q3", "Good", "12", "12", "11", "12"),
        ("plans", "2025-Q3", "Inadequate", "0", "12", "1", "12"),
        ("plans", "2025-Q3", "good", "12", "12", "11", "12"),
        ("plans", "2025-Q3", "inadequate", "0", "12", "1", "12"),
    ]
    page = (made / "returns.html").read_text(encoding="utf-8")
    assert (
        "Since the report of July to September 2025, 1 late return was added to a quarter that had been reported, 1 audit "
        "was re-graded, 1 corrected and 1 withdrawn." in page
    )
    assert "4 published figures are restated, among them 2 counts of Good or better or of Inadequate" in page
    assert "12 of 12" in page
    assert not any(name in page for name in ("A13", "A12"))
    made = report(second, "2025-Q4", "--force")
    assert {name: (made / "tables" / f"{name}.csv").read_bytes() for name in names} == before
    assert (made / "returns.html").read_text(encoding="utf-8") == page
    assert len(list((out / ".earlier" / "2025-Q4").iterdir())) == 1
