import json
import random
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
import pytest
from attacker import attack, read_as_text
from conftest import EXAMPLE, SMALL_FRAMEWORK, WIDE_HEADER, write_rows

from auditanalytics.consistency import FLAGS
from auditanalytics.errors import ArgumentError, PrivacyError
from auditanalytics.frameworks import Framework
from auditanalytics.grades import TAILS
from auditanalytics.intervals import wilson_interval
from auditanalytics.reporting.domains import (
    show_case_mix,
    show_changes_in_shares,
    show_overview,
    show_position,
    show_summary,
    show_trend,
    show_year,
)
from auditanalytics.reporting.every_grade import show_grades, show_grades_of_all
from auditanalytics.reporting.fragments import close_page
from auditanalytics.reporting.pages import Page, describe_audience, index_page
from auditanalytics.reporting.received import show_coverage, show_ledger, show_whom_to_ask
from auditanalytics.reporting.tables import published_tables, write_csv, write_tables
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.rules import RULES_BY_SUBJECT
from auditanalytics.sharing import SMALL, check_earlier_reports, prepare_for_sharing
from auditanalytics.summary import count_grades, quarterly_grades
from auditanalytics.trends import domain_trend, domain_trends

Read = Callable[..., AuditReturns]
HEADER = ["Audit ID", "Date", "Child", "Team", "Plan"]
GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
DAYS = {"2019-Q1": "2019-02-04", "2019-Q2": "2019-05-07", "2019-Q3": "2019-08-06", "2019-Q4": "2019-11-05"}


def audits(counts: dict[str, list[int]], *, child: Callable[[int], str] = "C{}".format) -> list[list[str]]:
    """Rows of audits with one judgement each: how many of each grade in each quarter."""
    rows = [HEADER]
    for quarter, numbers in counts.items():
        for grade, number in zip(GRADES, numbers, strict=True):
            for _ in range(number):
                rows.append([f"A{len(rows)}", DAYS[quarter], child(len(rows)), "North", grade])
    return rows


def share(returns: AuditReturns, **disclosure: int) -> AuditReturns:
    """The returns for sharing, under other limits if any are given."""
    limits = returns.framework.disclosure.model_copy(update=disclosure)
    framework: Framework = returns.framework.model_copy(update={"disclosure": limits})
    return prepare_for_sharing(replace(returns, framework=framework), through=max(returns.audits["quarter"]))


def shown(returns: AuditReturns, quarter: str = "2019-Q4", domain: str = "plans") -> dict[str, int | None]:
    rows = count_grades(returns).query("domain == @domain and period == @quarter")
    return {row["grade"]: None if pd.isna(row["n"]) else int(row["n"]) for _, row in rows.iterrows()}


def pages(returns: AuditReturns) -> str:
    """Everything that a report for sharing prints and draws, as one text."""
    quarter = max(returns.audits["quarter"])
    trends = domain_trends(returns, quarter=quarter)
    pieces = [
        show(trends) for show in (show_year, show_summary, show_overview, show_grades_of_all, show_changes_in_shares)
    ]
    for trend in trends:
        pieces += [show(trend) for show in (show_position, show_trend, show_grades, show_case_mix)]
        pieces += [show_changes_in_shares([trend]), close_page(returns, [trend])]
    html = [piece.html + piece.text for piece in pieces]
    tables = published_tables(returns, quarter=quarter)
    html.append(index_page(returns, trends, Page("index.html", "Summary", "Report"), [table for table, _ in tables]))
    return "\n".join(html)


def files(returns: AuditReturns, folder: Path) -> dict[str, bytes]:
    write_tables(folder, published_tables(returns, quarter=max(returns.audits["quarter"])))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_single_small_count_takes_another_with_it_and_leaves_the_tails(read_small: Read) -> None:
    returns = share(read_small(audits({"2019-Q4": [6, 20, 12, 2]})))
    assert shown(returns) == {
        "Outstanding": 6, "Good": 20, "Requires improvement": None, "Inadequate": None, "good": 26, "inadequate": None,
    }  # fmt: skip
    reasons = returns.hidden.set_index("grade")["reason"].to_dict()
    assert {grade for grade, reason in reasons.items() if reason == SMALL} == {"Inadequate", "inadequate"}


def test_a_small_complement_is_hidden_as_a_small_count_is(read_small: Read) -> None:
    """38 of 40 Good or better says that 2 were not."""
    found = shown(share(read_small(audits({"2019-Q4": [0, 38, 1, 1]}))))
    assert found["good"] is None
    assert found["Good"] is None


def test_a_child_audited_several_times_is_one_child(read_small: Read) -> None:
    rows = audits({"2019-Q4": [0, 20, 10, 6]}, child=lambda number: f"C{min(number, 31)}")
    found = shown(share(read_small(rows)))
    assert found["Inadequate"] is None
    assert shown(share(read_small(audits({"2019-Q4": [0, 20, 10, 6]}))))["Inadequate"] == 6


def test_where_nothing_is_small_nothing_is_hidden(read_small: Read) -> None:
    returns = share(read_small(audits({"2019-Q3": [5, 20, 12, 7], "2019-Q4": [0, 20, 12, 7]})))
    assert returns.hidden.empty
    assert "No number had to be hidden." in pages(returns)


@pytest.mark.parametrize(("threshold", "hidden"), [(0, False), (5, False), (7, True), (10, True)])
def test_the_threshold_is_the_frameworks(read_small: Read, threshold: int, hidden: bool) -> None:
    returns = share(read_small(audits({"2019-Q4": [0, 20, 12, 6]})), threshold=threshold)
    assert (shown(returns)["Inadequate"] is None) == hidden


def test_of_a_small_quarter_nothing_is_shown_not_even_what_nobody_received(read_small: Read) -> None:
    """Of three audits, none Good and none Inadequate says what the three were."""
    returns = share(read_small(audits({"2019-Q3": [6, 20, 12, 8], "2019-Q4": [0, 0, 3, 0]})))
    assert set(shown(returns).values()) == {None}
    latest = count_grades(returns).query("domain == 'plans' and period == '2019-Q4'")
    assert latest[["of", "audits", "share", "low", "high"]].isna().all(axis=None)
    assert "what was graded in this domain is hidden" in pages(returns)
    assert "Fewer than 5 audits were returned for October to December 2019." in pages(returns)


def test_returns_that_are_small_as_a_whole_are_withheld_with_a_sentence(read_small: Read, tmp_path: Path) -> None:
    returns = share(read_small(audits({"2019-Q4": [0, 1, 2, 0]})))
    text = pages(returns)
    assert domain_trend(returns, "plans", quarter="2019-Q4").is_withheld
    assert "The chart and its table are withheld" in text
    assert "<img" not in text
    rows = files(returns, tmp_path / "out")["quarterly-grades.csv"].decode("utf-8-sig").splitlines()[1:]
    assert {row.split(",", 3)[3] for row in rows if row.startswith("plans")} == {"c,c,c,c,c,c"}


def test_what_is_hidden_is_c_in_the_file_and_never_blank(read_small: Read, tmp_path: Path) -> None:
    returns = share(read_small(audits({"2019-Q2": [0, 8, 1, 0], "2019-Q4": [6, 20, 12, 2]})))
    write_csv(
        tmp_path / "a.csv",
        *next(each for each in published_tables(returns, quarter="2019-Q4") if each[0].name == "quarterly-grades"),
    )
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "plans,2019-Q4,Inadequate,c,40,c,c,c,40" in lines
    assert "plans,2019-Q3,Good,0,0,,,,0" in lines  # nothing came back, which is not hidden
    assert (
        next(line for line in lines if line.startswith("plans,2019-Q2,Outstanding"))
        == "plans,2019-Q2,Outstanding,0,9,c,c,c,9"
    )


def test_no_percentage_of_fewer_than_ten(read_small: Read) -> None:
    returns = share(read_small(audits({"2019-Q4": [0, 9, 0, 0]})))
    row = quarterly_grades(returns).query("domain == 'plans' and grade == 'good'").iloc[0]
    assert (int(row["n"]), int(row["of"]), pd.isna(row["share"])) == (9, 9, True)


def test_a_published_share_does_not_tell_what_is_hidden(read_small: Read) -> None:
    returns = read_small(audits({"2019-Q3": [0, 20, 12, 8], "2019-Q4": [6, 20, 12, 2]}))
    published = [("plans", quarter, tail, 0.05, "p.csv") for quarter in ("2019-Q3", "2019-Q4") for tail in TAILS]
    returns = replace(
        returns, published=pd.DataFrame(published, columns=["domain", "quarter", "grade", "share", "file"])
    )
    left = share(returns).published[["quarter", "grade"]].to_numpy().tolist()
    assert left == [["2019-Q3", "good"], ["2019-Q3", "inadequate"], ["2019-Q4", "good"]]


def test_counts_are_rounded_and_everything_is_made_from_the_rounded_ones(read_small: Read) -> None:
    returns = share(read_small(audits({"2019-Q3": [0, 23, 12, 8], "2019-Q4": [0, 18, 13, 11]})), round_to=5)
    rows = quarterly_grades(returns).query("domain == 'plans' and quarter == '2019-Q4'").set_index("grade")
    assert rows["n"].tolist() == [0, 20, 15, 10, 20, 10]
    assert set(rows["of"]) == {40}
    assert rows.loc["good", "share"] == 0.5
    text = pages(returns)
    assert "20 of 40 judgements in 40 audits were Good or better (50%)" in text
    assert "About 40 audits were returned" in text
    assert "The others are rounded to the nearest 5." in describe_audience(returns)[0]
    assert "18 of 42" not in text


def test_months_teams_and_single_rows_are_for_internal_use(read_small: Read) -> None:
    returns = share(read_small(audits({"2019-Q3": [0, 23, 12, 8], "2019-Q4": [0, 18, 13, 11]})))
    with pytest.raises(ArgumentError, match="by quarter"):
        domain_trends(returns, quarter="2019-Q4", unit="month")
    for show in (show_coverage, show_ledger, show_whom_to_ask):
        assert "not part of a report for sharing" in show(returns).html
    names = {table.name for table, _ in published_tables(returns, quarter="2019-Q4")}
    assert not names & {"monthly-grades", "case-mix", "received", "changes", "ungraded-judgements"}
    assert "not split into practice and mix" in pages(returns)


def test_files_are_not_counted_apart(read_small: Read, tmp_path: Path) -> None:
    """There is often one a team."""
    rows = audits({"2019-Q3": [0, 20, 12, 8]})
    read_small(rows[:1] + rows[1:4], name="north.csv")
    returns = share(read_small(rows[:1] + rows[4:], name="south.csv"))
    lines = files(returns, tmp_path / "out")["row-accounting.csv"].decode("utf-8-sig").splitlines()
    assert lines[1:] == ["all files,,40,40,0,0"]


def test_returns_for_sharing_are_kept_as_such_for_the_notebooks(read_small: Read, tmp_path: Path) -> None:
    returns = share(read_small(audits({"2019-Q4": [6, 20, 12, 2]})))
    returns.save(tmp_path / "kept")
    opened = read_returns(tmp_path / "kept")
    assert opened.is_shared
    pd.testing.assert_frame_equal(count_grades(opened), count_grades(returns))


def test_a_scale_on_which_nothing_is_inadequate(small_framework: Path, tmp_path: Path) -> None:
    """An empty tail is a sum of nothing."""
    small_framework.write_text(SMALL_FRAMEWORK.replace('inadequate = ["Inadequate"]', "inadequate = []"), "utf-8")
    returns = share(
        read_returns(write_rows(tmp_path / "in.csv", audits({"2019-Q4": [6, 20, 12, 2]})), framework=small_framework)
    )
    assert shown(returns)["Inadequate"] is None
    assert shown(returns)["inadequate"] == 0


def test_a_scale_on_which_everything_is_good(small_framework: Path, tmp_path: Path) -> None:
    text = SMALL_FRAMEWORK.replace('inadequate = ["Inadequate"]', "inadequate = []")
    small_framework.write_text(text.replace('["Outstanding", "Good"]', json.dumps(GRADES)), encoding="utf-8")
    rows = write_rows(tmp_path / "in.csv", audits({"2019-Q4": [6, 20, 12, 7]}))
    returns = share(read_returns(rows, framework=small_framework))
    assert shown(returns)["good"] == 45
    assert "45 of 45" in pages(returns)


def test_which_words_were_written_as_grades_is_not_shared(read_small: Read, tmp_path: Path) -> None:
    """Of three audits all is hidden; that nothing but RI was written anywhere would say what they are."""
    rows = [WIDE_HEADER, *([f"A{at}", "2019-11-05", "North", "RI", "RI", "RI"] for at in range(3))]
    names = files(share(read_small(rows)), tmp_path / "out")
    assert "grade-ledger.csv" not in names


def test_what_is_asked_of_single_audits_is_not_shared(small_framework: Path, tmp_path: Path) -> None:
    """Whoever reads that two audits are Inadequate without a word, and in which rows, needs no table of grades."""
    boxed = SMALL_FRAMEWORK.replace("[columns]", '[columns]\nworked_well = ["Well"]')
    small_framework.write_text(boxed, encoding="utf-8")
    rows = audits({"2019-Q4": [6, 20, 12, 2]})
    rows = [[*row, "Well" if at == 0 else "all is written down" * (at == 1)] for at, row in enumerate(rows)]
    returns = read_returns(write_rows(tmp_path / "in.csv", rows), framework=small_framework)
    assert (returns.problems["code"] == "inadequate_unexplained").sum() == 2
    out = files(share(returns), tmp_path / "out")
    assert not [name for name, content in out.items() if b"inadequate_unexplained" in content]
    assert b"header_not_found" in out["checks.csv"]


def test_signs_and_what_is_wrong_with_moderated_grades_are_not_shared(small_framework: Path, tmp_path: Path) -> None:
    """How many audits are Good as a whole over an Inadequate plan says what a handful of audits found."""
    judged = SMALL_FRAMEWORK.replace("[[domains]]", '[overall]\nscale = "ofsted"\n[[domains]]', 1)
    judged = judged.replace("[columns]", '[moderation]\nlimiting = ["plans"]\n[columns]\noverall = ["Overall"]')
    small_framework.write_text(judged, encoding="utf-8")
    rows = audits({"2019-Q4": [6, 20, 12, 2]})
    rows = [[*row, "Overall" if at == 0 else "Good"] for at, row in enumerate(rows)]
    table = [["Audit", "Category", "Moderated grade"], ["A0", "Plan", "Goood"], ["nobody's", "Plan", "Good"]]
    files_read = [write_rows(tmp_path / "in.csv", rows), write_rows(tmp_path / "moderated.csv", table)]
    returns = read_returns(files_read, framework=small_framework)
    assert (returns.flags["flag"] == "limiting_judgement").sum() == 2
    assert "moderated_audit_unknown" in set(returns.problems["code"])
    out = files(share(returns), tmp_path / "out")
    told = [code.encode() for code in (*FLAGS, *RULES_BY_SUBJECT["moderated grades"])]
    assert not [(name, code) for name, content in out.items() for code in told if code in content]


def test_the_audits_of_a_few_children_are_not_counted_in_words_either(small_framework: Path, tmp_path: Path) -> None:
    named = SMALL_FRAMEWORK.replace("[columns]", '[columns]\nchild = ["Child"]')
    small_framework.write_text(named, encoding="utf-8")
    rows = audits({"2019-Q4": [0, 20, 0, 0]}, child=lambda number: f"C{number % 3}")
    text = pages(share(read_returns(write_rows(tmp_path / "in.csv", rows), framework=small_framework)))
    assert "The audits returned for October to December 2019 are of fewer than 5 children." in text
    assert "20 audits" not in text


def test_an_interval_around_a_rounded_share_does_not_tell_what_was_rounded(read_small: Read) -> None:
    """How judgements cluster in audits gives the counts back, and with them what was hidden."""
    agreeing = [("Good", "Good")] * 12 + [("RI", "RI")] * 14
    mixed = [("Good", "RI")] * 10 + [("Good", "Good")] * 7 + [("RI", "RI")] * 9
    reports = []
    for judged in (agreeing, mixed):
        pairs = [*judged, ("RI", "Inadequate")]
        rows = [[f"A{at}", DAYS["2019-Q4"], "North", *pair, "Good"] for at, pair in enumerate(pairs)]
        returns = share(read_small([WIDE_HEADER, *rows]), round_to=5)
        reports.append(quarterly_grades(returns).query("domain == 'risk'").reset_index(drop=True))
    pd.testing.assert_frame_equal(*reports)
    good = reports[0].set_index("grade").loc["good"]
    assert (int(good["n"]), int(good["of"]), int(good["audits"])) == (25, 55, 25)
    low, high = wilson_interval(25 / 55 * 25, 25)
    assert (good["low"], good["high"]) == pytest.approx((float(low), float(high)))


def random_counts(chance: random.Random) -> dict[str, list[int]]:
    many = chance.choice([3, 6, 12, 25])
    return {
        quarter: [chance.randrange(many + 1) for _ in GRADES]
        for quarter in DAYS
        if chance.random() < 0.9 or quarter.endswith("4")
    }


def test_published_tables_withstand_an_attack_that_knows_nothing_of_their_making(
    read_small: Read, tmp_path: Path
) -> None:
    chance, intervals = random.Random(66), []
    for number in range(25):
        returns = share(read_small(audits(random_counts(chance))))
        if returns.audits.empty:
            continue
        folder = tmp_path / str(number)
        files(returns, folder)
        table = read_as_text(folder / "quarterly-grades.csv")
        small = table["n"].isin(["1", "2", "3", "4"]) | table["of"].isin(["1", "2", "3", "4"])
        assert not small.any()
        assert (table.loc[table["n"] == "c", ["share", "low", "high"]] == "c").all(axis=None)
        intervals += attack(table, returns.framework)
    assert len(intervals) > 200
    assert min(high - low for low, high in intervals) >= 2


def test_nothing_that_is_printed_depends_on_what_is_hidden(read_small: Read, tmp_path: Path) -> None:
    """Returns that differ in hidden counts alone make the same pages and the same tables, to the letter."""
    chance, pairs = random.Random(67), 0
    for number in range(400):
        counts = random_counts(chance)
        quarter = chance.choice(list(counts))
        other = {name: list(numbers) for name, numbers in counts.items()}
        first, second = chance.sample(range(4), 2)
        if not other[quarter][first]:
            continue
        other[quarter][first] -= 1
        other[quarter][second] += 1
        one, two = (share(read_small(audits(each))) for each in (counts, other))
        cells = ["domain", "quarter", "grade"]
        if not one.hidden[cells].equals(two.hidden[cells]) or not count_grades(one).equals(count_grades(two)):
            continue
        pairs += 1
        assert pages(one) == pages(two)
        assert files(one, tmp_path / f"{number}a") == files(two, tmp_path / f"{number}b")
        if pairs == 3:
            return
    raise AssertionError("too few pairs of returns differ in hidden counts alone")


def shared_before(returns: AuditReturns, out: Path, name: str = "2019-Q4") -> None:
    """Leave in a folder what a report for sharing of these returns leaves."""
    write_tables(out / name / "tables", published_tables(returns, quarter=name))
    about = {"audience": "shared", "framework": {"id": returns.framework.id}}
    about["disclosure"] = asdict(returns.disclosure_policy)
    (out / name / "run.json").write_text(json.dumps(about), encoding="utf-8")


FIRST = {"2019-Q3": [6, 20, 12, 9], "2019-Q4": [5, 22, 15, 8]}


@pytest.mark.parametrize(
    ("counts", "is_exposed"),
    [
        (FIRST, False),
        (FIRST | {"2019-Q4": [5, 22, 15, 9]}, True),
        (FIRST | {"2019-Q3": [6, 20, 11, 10]}, True),
        (FIRST | {"2019-Q4": [5, 21, 15, 8]}, True),
        (FIRST | {"2019-Q4": [10, 27, 20, 13]}, False),
        ({"2019-Q4": FIRST["2019-Q4"]}, False),
    ],
    ids=[
        "the same",
        "one came",
        "one corrected",
        "one is gone",
        "five of each came",
        "a quarter is not shown any more",
    ],
)
def test_a_report_is_held_against_those_shared_before(
    read_small: Read, tmp_path: Path, counts: dict[str, list[int]], is_exposed: bool
) -> None:
    shared_before(share(read_small(audits(FIRST))), tmp_path / "out")
    later = share(read_small(audits(counts)))
    if not is_exposed:
        check_earlier_reports(later, tmp_path / "out", through="2019-Q4")
        return
    with pytest.raises(PrivacyError, match="side by side would show what few children were graded") as refused:
        check_earlier_reports(later, tmp_path / "out", through="2019-Q4")
    assert "Plans, 2019-Q" in str(refused.value)


def test_where_counts_are_rounded_one_late_return_mostly_does_not_show(read_small: Read, tmp_path: Path) -> None:
    """Good goes from 21 to 22, which are 20 both. From 22 to 23 it would go to 25, while all together do not change."""
    first = {"2019-Q4": [5, 21, 15, 8]}
    shared_before(share(read_small(audits(first)), round_to=5), tmp_path / "out")
    check_earlier_reports(
        share(read_small(audits({"2019-Q4": [5, 22, 15, 8]})), round_to=5), tmp_path / "out", through="2019-Q4"
    )
    with pytest.raises(PrivacyError, match="Plans, 2019-Q4"):
        check_earlier_reports(
            share(read_small(audits({"2019-Q4": [5, 23, 15, 8]})), round_to=5), tmp_path / "out", through="2019-Q4"
        )


def test_a_report_for_internal_use_and_one_of_another_framework_are_not_held_against_it(
    read_small: Read, tmp_path: Path
) -> None:
    later = share(read_small(audits(FIRST | {"2019-Q4": [5, 23, 15, 8]})))
    for change in ({"audience": "internal"}, {"framework": {"id": "another"}}):
        shared_before(share(read_small(audits(FIRST))), tmp_path / "out")
        place = tmp_path / "out" / "2019-Q4" / "run.json"
        place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | change), encoding="utf-8")
        check_earlier_reports(later, tmp_path / "out", through="2019-Q4")


SIX = ["Top", "A", "B", "C", "D", "Bad"]


def test_another_threshold_does_not_show_what_the_first_hid(small_framework: Path, tmp_path: Path) -> None:
    """Under 5, A and C are hidden and B is shown; under 10, A and B are hidden and C is shown: A is what is left."""
    text = SMALL_FRAMEWORK.replace(json.dumps(GRADES), json.dumps(SIX)).replace('["Outstanding", "Good"]', '["Top"]')
    text = text.replace('"Inadequate"', '"Bad"').replace('not_graded = ["N/A"]\n[scales.ofsted.labels]\n', "")
    text = re.sub(r'"Requires improvement" = .*', "", text)
    small_framework.write_text(text, encoding="utf-8")
    rows = [HEADER]
    for grade, number in zip(SIX, [20, 3, 8, 12, 40, 15], strict=True):
        rows += [[f"A{grade}{at}", DAYS["2019-Q4"], f"C{grade}{at}", "North", grade] for at in range(number)]
    returns = read_returns(write_rows(tmp_path / "in.csv", rows), framework=small_framework)
    under_5, under_10 = share(returns), share(returns, threshold=10)
    assert [grade for grade, n in shown(under_5).items() if n is None] == ["A", "C"]
    assert [grade for grade, n in shown(under_10).items() if n is None] == ["A", "B"]
    shared_before(under_5, tmp_path / "out")
    check_earlier_reports(under_5, tmp_path / "out", through="2019-Q4")
    with pytest.raises(PrivacyError, match="hid other numbers of Plans, 2019-Q4"):
        check_earlier_reports(under_10, tmp_path / "out", through="2019-Q4")


def test_rounding_that_is_switched_on_is_no_other_choice_of_what_to_hide(read_small: Read, tmp_path: Path) -> None:
    returns = read_small(audits({"2019-Q3": [6, 20, 12, 2], "2019-Q4": [6, 20, 14, 8]}))
    shared_before(share(returns), tmp_path / "out", "2019-Q3")
    check_earlier_reports(share(returns, round_to=5), tmp_path / "out", through="2019-Q4")


def test_both_tails_are_compared_with_the_same_quarter_or_one_is_not_compared(read_small: Read) -> None:
    """Where Inadequate is hidden in the first quarter, its change since the second is not one over the year."""
    returns = share(
        read_small(
            audits(
                {
                    "2019-Q1": [6, 20, 12, 2],
                    "2019-Q2": [6, 20, 12, 9],
                    "2019-Q3": [6, 20, 12, 7],
                    "2019-Q4": [5, 22, 15, 8],
                }
            )
        )
    )
    changes = domain_trend(returns, "plans", quarter="2019-Q4").changes
    assert changes[["comparison", "grade", "since"]].to_numpy().tolist() == [
        ["step", "good", "2019-Q3"],
        ["year", "good", "2019-Q1"],
        ["step", "inadequate", "2019-Q3"],
    ]
    assert "the year since January to March 2019, Good or better went from 65% to 54%" in pages(returns)
    assert "and Inadequate went from 20%" not in pages(returns)


@pytest.mark.parametrize("damage", ["no table", "other columns", "no limits", "other limits"])
def test_a_report_shared_before_that_cannot_be_read_stops_the_next(
    read_small: Read, tmp_path: Path, damage: str
) -> None:
    returns = share(read_small(audits(FIRST)))
    shared_before(returns, tmp_path / "out")
    table, record = (tmp_path / "out" / "2019-Q4" / name for name in ("tables/quarterly-grades.csv", "run.json"))
    about = json.loads(record.read_text(encoding="utf-8"))
    if damage == "no table":
        table.unlink()
    elif damage == "other columns":
        table.write_text(table.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    elif damage == "no limits":
        record.write_text(json.dumps({name: about[name] for name in ("audience", "framework")}), encoding="utf-8")
    else:
        record.write_text(json.dumps(about | {"disclosure": {"threshold": "few"}}), encoding="utf-8")
    with pytest.raises(PrivacyError, match="is not as it was published"):
        check_earlier_reports(returns, tmp_path / "out", through="2019-Q4")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"audience": "shared"}'])
def test_what_is_no_report_is_passed_over(read_small: Read, tmp_path: Path, content: str) -> None:
    (tmp_path / "out" / "elsewhere").mkdir(parents=True)
    (tmp_path / "out" / "elsewhere" / "run.json").write_text(content, encoding="utf-8")
    check_earlier_reports(share(read_small(audits(FIRST))), tmp_path / "out", through="2019-Q4")


def test_other_grades_that_count_as_good_cannot_be_compared(
    read_small: Read, small_framework: Path, tmp_path: Path
) -> None:
    rows = audits({"2019-Q4": [6, 20, 12, 7]})
    shared_before(share(read_small(rows)), tmp_path / "out")
    text = SMALL_FRAMEWORK.replace('["Outstanding", "Good"]\n', '["Outstanding", "Good", "Requires improvement"]\n')
    small_framework.write_text(text, encoding="utf-8")
    with pytest.raises(PrivacyError, match="what counts as good or inadequate is not what it was"):
        check_earlier_reports(share(read_small(rows)), tmp_path / "out", through="2019-Q4")


def test_published_shares_alone_are_shared_and_shared_again(tmp_path: Path) -> None:
    returns = read_returns(EXAMPLE / "published-shares-2019.csv", framework="south-gloucestershire", year="2019")
    returns = prepare_for_sharing(returns, through="2019-Q4")
    compared = show_changes_in_shares(domain_trends(returns, quarter="2019-Q4"))
    assert compared.text == "Published shares come without numbers of audits, so nothing is compared."
    for _ in range(2):
        check_earlier_reports(returns, tmp_path / "out", through="2019-Q4")
        shared_before(returns, tmp_path / "out")


@pytest.mark.parametrize(("quarters", "missing"), [(7, "a median"), (14, "control limits")])
def test_where_too_few_points_are_shown_for_a_chart_it_does_not_say_that_nothing_was_graded(
    small_framework: Path, tmp_path: Path, quarters: int, missing: str
) -> None:
    """Inadequate is hidden in half the quarters, and not in the last."""
    rows = [HEADER]
    for at in range(quarters):
        day = f"{2016 + at // 4}-{at % 4 * 3 + 2:02d}-05"
        for grade, number in zip(GRADES, [6, 20, 12, 8 if at % 2 == (quarters - 1) % 2 else 2], strict=True):
            rows += [[f"A{at}{grade}{one}", day, f"C{at}{grade}{one}", "North", grade] for one in range(number)]
    text = pages(share(read_returns(write_rows(tmp_path / "in.csv", rows), framework=small_framework)))
    assert f"Inadequate: too few quarters are shown for {missing}, as the others are hidden." in text
    assert "nothing was graded in the latest quarter" not in text
    assert "Inadequate: every quarter is on the median" not in text
