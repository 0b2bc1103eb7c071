"""What moderation says of grading: from which audits, in which numbers, and what it leaves unsaid."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.intervals import wilson_interval
from auditanalytics.moderation_measures import (
    grades_of_record,
    moderation_basis,
    moderation_direction,
    moderation_grades,
    moderation_measures,
    moderators_agreement,
)
from auditanalytics.returns import AuditReturns

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]

GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
MEASURES = ["exact", "adjacent", "moved_up", "moved_down", "kappa_linear", "kappa_quadratic", "ac2_quadratic"]
SKIN_CONDITION = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
"""Two raters, four ordered grades: the example of weighted kappa in the documentation of SAS/STAT, PROC FREQ."""


def audits(pairs: list[tuple[str, str]], *, dates: list[str] | None = None) -> list[list[str]]:
    """A return with an audit for each pair of grades of the plan: the auditor's and the moderated one."""
    header = [*WIDE_HEADER, "Plan (moderated)"]
    days = dates or ["01/04/2025"] * len(pairs)
    rows = [[f"A{at}", day, "North", "", "", *pair] for at, (pair, day) in enumerate(zip(pairs, days, strict=True), 1)]
    return [header, *rows]


def value(returns: AuditReturns, measure: str, *, domain: str = "plans", quarter: str = "all") -> pd.Series:
    measures = moderation_measures(returns).set_index(["domain", "quarter", "measure"])
    return measures.loc[(domain, quarter, measure)]


def spread(table: list[list[int]]) -> list[tuple[str, str]]:
    """The pairs of grades of a square table."""
    return [
        (first, second)
        for first, row in zip(GRADES, table, strict=True)
        for second, number in zip(GRADES, row, strict=True)
        for _ in range(number)
    ]


def test_a_published_table_comes_through_reading_and_counting_with_its_published_figures(read_small: Read) -> None:
    returns = read_small(audits(spread(SKIN_CONDITION)))
    found = {name: round(float(value(returns, name)["value"]), 4) for name in MEASURES}
    assert found == {
        "exact": 0.5114, "adjacent": 0.9205, "moved_up": round(19 / 88, 4), "moved_down": round(24 / 88, 4),
        "kappa_linear": 0.5082, "kappa_quadratic": 0.6607, "ac2_quadratic": 0.7179,
    }  # fmt: skip
    assert moderation_grades(returns).query("domain == 'plans'")["n"].tolist() == np.ravel(SKIN_CONDITION).tolist()


def test_with_one_judgement_an_audit_the_interval_is_that_of_wilson(read_small: Read) -> None:
    returns = read_small(audits([("Good", "Good")] * 17 + [("Good", "RI")] * 4))
    low, high = wilson_interval(17, 21)
    row = value(returns, "exact")
    assert (row["n"], row["low"], row["high"]) == (21, pytest.approx(low.item()), pytest.approx(high.item()))


def test_every_measure_is_there_for_each_quarter_and_for_all_together(read_small: Read) -> None:
    returns = read_small(audits([("Good", "Good")] * 2, dates=["01/04/2025", "01/07/2025"]))
    measures = moderation_measures(returns)
    assert measures.groupby(["domain", "quarter"])["measure"].agg(list).to_dict() == {
        (domain, quarter): MEASURES for domain in ("any", "plans") for quarter in ("2025-Q2", "2025-Q3", "all")
    }


def test_below_ten_audits_there_is_no_coefficient(read_small: Read) -> None:
    nine, ten = [("Good", "Good")] * 6 + [("RI", "RI")] * 3, [("Good", "Good")] * 6 + [("RI", "RI")] * 4
    for pairs, said in ((nine, False), (ten, True)):
        returns = read_small(audits(pairs))
        assert [pd.notna(value(returns, name)["value"]) for name in MEASURES[4:]] == [said] * 3


def test_perfect_agreement_on_one_grade_has_no_kappa_and_an_ac2_of_one(read_small: Read) -> None:
    returns = read_small(audits([("RI", "RI")] * 12))
    assert value(returns, "kappa_linear").isna()["value"]
    assert value(returns, "ac2_quadratic")["value"] == 1
    assert 0 < value(returns, "ac2_quadratic")["low"] < 1


def test_an_auditor_alone_gives_nothing(read_small: Read) -> None:
    returns = read_small(audits([("RI", "")] * 12))
    for table in (moderation_measures, moderation_grades, moderation_direction, moderation_basis, moderators_agreement):
        assert table(returns).empty


def test_what_the_auditor_did_not_grade_is_no_disagreement(read_small: Read) -> None:
    returns = read_small(audits([("Good", "Good"), ("N/A", "RI")]))
    assert value(returns, "exact")[["value", "n"]].tolist() == [1, 1]


def test_direction_counts_an_audit_once(read_small: Read) -> None:
    header = [*WIDE_HEADER, *(f"{name} (moderated)" for name in ("Spotting", "Responding"))]
    rows = [[f"A{at}", "01/04/2025", "North", "Good", "Good", "", "RI", "RI"] for at in range(6)]
    row = moderation_direction(read_small([header, *rows])).set_index("domain").loc["risk"]
    assert row[["moved_up", "same", "moved_down", "audits_up", "audits_down"]].tolist() == [0, 0, 12, 0, 6]
    assert row["sign_test"] == pytest.approx(2 / 2**6)


def test_the_tails_by_both_grades_stand_beside_each_other(read_small: Read) -> None:
    returns = read_small(audits([("Good", "RI"), ("Good", ""), ("N/A", "Good"), ("Inadequate", "Inadequate")]))
    rows = grades_of_record(returns).set_index(["domain", "grade"])
    counts = ["by_auditors", "of_auditors", "by_record", "of_record"]
    assert rows.loc[("plans", "good"), counts].tolist() == [2, 3, 2, 4]
    assert rows.loc[("plans", "inadequate"), counts].tolist() == [1, 3, 1, 4]


class TestHowAuditsWereChosen:
    """Beside a return of four audits a table says how two were drawn."""

    @pytest.fixture
    def returns(self, read_small: Read) -> AuditReturns:
        days = ["01/04/2025", "01/04/2025", "01/04/2025", "01/07/2025"]
        read_small(audits([("Good", ""), ("Good", ""), ("Good", "RI"), ("Good", "RI")], dates=days), name="a.csv")
        rows = [
            ["Audit", "Category", "Moderated grade", "Moderator", "Stratum", "Probability", "Blind"],
            ["A1", "Plan", "Good", "Mo", "random", "0.1", "yes"],
            ["A2", "Plan", "Inadequate", "Mo", "certainty", "1", "no"],
        ]
        return read_small(rows, name="moderated.csv")

    def test_what_was_looked_at_for_a_reason_is_not_counted_where_some_were_drawn_at_random(
        self, returns: AuditReturns
    ) -> None:
        assert value(returns, "exact", quarter="2025-Q2")[["value", "n"]].tolist() == [1, 1]

    def test_a_quarter_of_which_nothing_was_recorded_counts_whole(self, returns: AuditReturns) -> None:
        assert value(returns, "exact", quarter="2025-Q3")[["value", "n"]].tolist() == [0, 1]
        assert value(returns, "exact")[["value", "n"]].tolist() == [0.5, 2]

    def test_the_basis_says_so(self, returns: AuditReturns) -> None:
        assert moderation_basis(returns).values.tolist() == [
            ["2025-Q2", "random", 1, "yes"],
            ["2025-Q2", "certainty", 1, "no"],
            ["2025-Q2", "not recorded", 1, "no"],
            ["2025-Q3", "not recorded", 1, "yes"],
            ["all", "random", 1, "yes"],
            ["all", "certainty", 1, "no"],
            ["all", "not recorded", 1, "no"],
            ["all", "not recorded", 1, "yes"],
        ]


def test_moderators_are_held_against_each_other_and_not_against_their_consensus(read_small: Read) -> None:
    read_small(audits([("Good", "")] * 12), name="a.csv")
    rows = [["Audit", "Category", "Moderated grade", "Moderator"]]
    for at in range(1, 13):
        rows += [[f"A{at}", "Plan", "Good" if at > 6 else "RI", "Mo"], [f"A{at}", "Plan", "Good", "Jo"]]
        rows.append([f"A{at}", "Plan", "Good", "Consensus"])
    returns = read_small(rows, name="moderated.csv")
    found = moderators_agreement(returns).set_index(["domain", "measure"])
    assert found.loc[("plans", "exact"), ["value", "n", "audits"]].tolist() == [0.5, 12, 12]
    assert found.loc[("plans", "adjacent"), "value"] == 1
    assert -1 <= found.loc[("plans", "alpha_ordinal"), "value"] < 0.5
    assert value(returns, "exact")["value"] == 1  # the consensus is what counts beside the auditor's grade
