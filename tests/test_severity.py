from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from simulated_services import Service, audit_year, fair, planted

from auditanalytics.auditor_comparison import FEW_AUDITS, FEW_OTHERS, NOT_ENOUGH, compare_with_rest, score_audits
from auditanalytics.drift import HIGHER_THAN_BEFORE, LOWER_THAN_BEFORE, auditor_drift
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.evidence import NO_EVIDENCE
from auditanalytics.frameworks import Framework
from auditanalytics.funnel import OUTER, auditor_funnel, funnel_limits
from auditanalytics.intervals import wilson_interval
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import AUDITOR_DRIFT, AUDITOR_FUNNEL, AUDITOR_SEVERITY, AUDITS, JUDGEMENTS
from auditanalytics.severity import (
    ALL_ALIKE,
    BESIDE_OTHERS,
    CONTRADICTED,
    FROM_GRADES_ALONE,
    FROM_MODERATION_ALONE,
    GRADED_HIGHER,
    GRADED_LOWER,
    NOTHING_ALIKE,
    auditor_severity,
)

Audit = dict[str, object]
NAMED = (GRADED_LOWER, GRADED_HIGHER)
WORDS = {"O": "Outstanding", "G": "Good", "R": "Requires improvement", "I": "Inadequate", "-": None}
NUMBERS = ["lower", "low", "high", "low_of_all", "high_of_all", "shrunk", "from_rest", "from_moderation"]


@pytest.fixture(scope="session")
def empty(example: AuditReturns, small: Framework) -> AuditReturns:
    return replace(
        example,
        framework=small,
        audits=AUDITS.build([]),
        judgements=JUDGEMENTS.build([]),
        published=example.published[:0],
    )


def with_audits(returns: AuditReturns, audits: list[Audit]) -> AuditReturns:
    """Returns of audits given by their columns; their grades on risk, and the moderated ones, by initials."""
    rows = [{"audit_id": f"audit-{number}", "quarter": "2025-Q1"} | audit for number, audit in enumerate(audits)]
    judgements = [
        {
            "audit_id": row["audit_id"],
            "domain": "risk",
            "category": f"category-{number}",
            "grade": WORDS[grade],
            "moderated_grade": WORDS[moderated],
        }
        for row in rows
        for number, (grade, moderated) in enumerate(
            zip(row["grades"], row.get("moderated") or "-" * len(row["grades"]), strict=True)
        )
    ]
    columns = ["audit_id", "domain", "category", "grade", "moderated_grade"]
    return replace(
        returns,
        audits=AUDITS.build(pd.DataFrame(rows, columns=sorted({"audit_id", "quarter"}.union(*rows)))),
        judgements=JUDGEMENTS.build(pd.DataFrame(judgements, columns=columns).assign(outcome="graded")),
    )


def alike(auditor: str | None, grades: str, **columns: object) -> list[Audit]:
    """An audit with one judgement for each initial."""
    return [{"auditor": auditor, "grades": grade, **columns} for grade in grades]


def of(table: pd.DataFrame, auditor: str) -> pd.Series:
    return table.set_index("auditor").loc[auditor]


def test_lower_is_the_chance_that_a_grade_is_lower_and_its_limits_are_students(empty: AuditReturns) -> None:
    # Of a's grades 6 of 10 are RI, of b's 3: a's is lower in .6 x .7 of the pairs and equal in .6 x .3 + .4 x .7.
    table = auditor_severity(with_audits(empty, [*alike("a", "GGGGRRRRRR"), *alike("b", "GGGGGGGRRR")]))
    row = of(table, "a")
    assert row["lower"] == pytest.approx(0.42 + 0.46 / 2)
    error = (0.25 * (10 * 0.4 * 0.6 + 10 * 0.7 * 0.3) / 18 * 2 / 10) ** 0.5
    for names, confidence in ((["low", "high"], 0.95), (["low_of_all", "high_of_all"], 0.985)):
        reach = stats.t.ppf((1 + confidence) / 2, 18) * error
        assert row[names].tolist() == pytest.approx([0.65 - reach, 0.65 + reach])
    assert row[["comparisons", "finding", "reason"]].tolist() == [2, NO_EVIDENCE, FROM_GRADES_ALONE]
    assert of(table, "b")["lower"] == pytest.approx(0.35)


def test_both_comparisons_are_those_of_ordinary_least_squares(example: AuditReturns) -> None:
    chance = np.random.default_rng(4)
    service = planted(chance, teams=4, apart=0.5, at_home=0.5)
    returns = audit_year(example, service, chance)
    scored = score_audits(returns).assign(theirs=lambda rows: (rows["auditor"] == "auditor-00").astype(int))
    grades = smf.ols("score ~ theirs + C(quarter) + C(team)", scored).fit()
    pairs = scored.dropna(subset="moderated_score")
    moderation = smf.ols("moderated_score ~ theirs + paired_score + C(quarter) + C(moderator)", pairs).fit()
    slope = moderation.params["paired_score"]
    severity = np.array([-grades.params["theirs"], moderation.params["theirs"] / slope])
    variance = np.array([grades.bse["theirs"], moderation.bse["theirs"] / slope]) ** 2
    row = of(auditor_severity(returns), "auditor-00")
    assert row[["from_rest", "from_moderation"]].tolist() == pytest.approx((0.5 + severity).tolist())
    assert row["lower"] == pytest.approx(0.5 + np.average(severity, weights=1 / variance))
    share = 1 / variance / (1 / variance).sum()
    freedom = np.array([grades.df_resid, moderation.df_resid])
    error = ((1 + 4 * (share * (1 - share) / freedom).sum()) / (1 / variance).sum()) ** 0.5
    reach = stats.t.ppf(0.975, 1 / (share**2 / freedom).sum()) * error
    assert row[["low", "high"]].tolist() == pytest.approx([row["lower"] - reach, row["lower"] + reach])


def test_shrinking_takes_off_what_chance_makes_auditors_differ_by(example: AuditReturns) -> None:
    chance = np.random.default_rng(6)
    severity = tuple(chance.normal(scale=0.4, size=12).tolist())
    table = auditor_severity(audit_year(example, Service((25,) * 12, severity), chance))
    kept = (table["shrunk"] - 0.5) / (table["lower"] - 0.5)
    assert kept.between(0.5, 0.99).all()
    same = auditor_severity(audit_year(example, Service((25,) * 12, (0.0,) * 12), chance))
    assert (same["shrunk"] - 0.5).abs().max() < (same["lower"] - 0.5).abs().max() / 2


AUDIT = st.fixed_dictionaries(
    {
        "auditor": st.sampled_from("abc"),
        "quarter": st.sampled_from(["2025-Q1", "2025-Q2"]),
        "team": st.sampled_from(["North", "South", None]),
        "grades": st.text("OGRI-", min_size=2, max_size=2),
        "moderated": st.sampled_from(["--", "GR", "RR", "IR", "GG", "OG"]),
        "moderator": st.sampled_from(["a", "d"]),
    }
)


@settings(max_examples=40)
@given(audits=st.lists(AUDIT, min_size=30, max_size=60))
def test_names_do_not_matter_and_the_scale_turned_round_turns_the_findings_round(
    empty: AuditReturns, audits: list[Audit]
) -> None:
    table = auditor_severity(with_audits(empty, audits)).set_index("auditor")
    names = {"a": "z", "b": "a", "c": "b"}
    renamed = [
        audit | {"auditor": names[audit["auditor"]], "moderator": names.get(audit["moderator"], "d")}
        for audit in audits
    ]
    again = auditor_severity(with_audits(empty, renamed)).set_index("auditor")
    assert again.index.is_monotonic_increasing
    pd.testing.assert_frame_equal(again.sort_index(), table.rename(index=names).sort_index(), atol=1e-9, rtol=0)

    turn = str.maketrans("OGRI", "IRGO")
    turned = [audit | {name: audit[name].translate(turn) for name in ("grades", "moderated")} for audit in audits]
    other = auditor_severity(with_audits(empty, turned)).set_index("auditor")
    opposite = {"low": "high", "high": "low", "low_of_all": "high_of_all", "high_of_all": "low_of_all"}
    flipped = 1 - other[NUMBERS].astype(float).rename(columns=opposite)[NUMBERS]
    pd.testing.assert_frame_equal(flipped, table[NUMBERS].astype(float), atol=1e-9, rtol=0)
    turned_round = {GRADED_LOWER: GRADED_HIGHER, GRADED_HIGHER: GRADED_LOWER}
    assert other["finding"].replace(turned_round).tolist() == table["finding"].tolist()


def test_rows_stand_in_the_order_of_pseudonyms_and_nobody_is_ranked(example: AuditReturns) -> None:
    chance = np.random.default_rng(8)
    returns = audit_year(example, Service((20,) * 6, (0.0, 2.0, -2.0, 1.0, -1.0, 0.0)), chance)
    before = returns.judgements.copy(), returns.audits.copy()
    table = auditor_severity(returns)
    assert table["auditor"].tolist() == [f"auditor-{at:02}" for at in range(6)]
    assert not any("rank" in name for name in table)
    assert table["finding"].tolist()[1:3] == [GRADED_LOWER, GRADED_HIGHER]
    for held, now in zip(before, (returns.judgements, returns.audits), strict=True):
        pd.testing.assert_frame_equal(held, now)


def test_few_audits_or_few_of_others_are_not_enough_to_say(empty: AuditReturns) -> None:
    nine = [*alike("a", "I" * 9), *alike("b", "GR" * 10)]
    table = auditor_severity(with_audits(empty, nine))
    assert of(table, "a")[["audits", "finding", "reason"]].tolist() == [9, NOT_ENOUGH, FEW_AUDITS]
    assert of(table, "b")[["audits", "finding", "reason"]].tolist() == [20, NOT_ENOUGH, FEW_OTHERS]
    assert table[NUMBERS].isna().all(axis=None)
    ten = auditor_severity(with_audits(empty, [*alike("a", "I"), *nine]))
    assert ten["reason"].tolist() == [FROM_GRADES_ALONE] * 2
    assert of(ten, "a")["low_of_all"] > 0.5 > of(ten, "b")["high_of_all"]


def test_an_audit_without_an_auditor_or_a_grade_is_neither_theirs_nor_of_the_rest(empty: AuditReturns) -> None:
    audits = [*alike("a", "GGGGRRRRRR"), *alike("b", "GGGGGGGRRR")]
    more = [*audits, *alike(None, "IIIIIII"), *alike("a", "---"), *alike("c", "-")]
    pd.testing.assert_frame_equal(
        auditor_severity(with_audits(empty, audits)), auditor_severity(with_audits(empty, more))
    )


def test_one_auditor_or_no_audit_or_no_auditor_is_no_error(empty: AuditReturns) -> None:
    alone = auditor_severity(with_audits(empty, alike("a", "GR" * 20)))
    assert alone[["finding", "reason"]].to_numpy().tolist() == [[NOT_ENOUGH, FEW_OTHERS]]
    for returns in (empty, with_audits(empty, alike(None, "GR" * 20))):
        for table, columns in (
            (auditor_severity(returns), AUDITOR_SEVERITY.names),
            (auditor_drift(returns), AUDITOR_DRIFT.names),
            (auditor_funnel(returns, domain="risk"), AUDITOR_FUNNEL.names),
        ):
            assert table.empty
            assert list(table.columns) == columns


@pytest.mark.filterwarnings("error")
def test_where_all_grades_are_the_same_there_is_no_evidence(empty: AuditReturns) -> None:
    audits = [*alike("a", "G" * 12, moderated="R", moderator="m"), *alike("b", "G" * 12, moderated="G", moderator="m")]
    returns = with_audits(empty, audits)
    table = auditor_severity(returns)
    assert table[["finding", "reason"]].to_numpy().tolist() == [[NO_EVIDENCE, ALL_ALIKE]] * 2
    assert table[NUMBERS].isna().all(axis=None)
    assert auditor_drift(returns)["finding"].unique().tolist() == [NOT_ENOUGH]
    assert auditor_funnel(returns, domain="risk")["share"].tolist() == [1, 0, 1, 0]


@pytest.mark.filterwarnings("error")
def test_auditors_who_always_give_one_grade_each_are_told_apart_without_an_error(empty: AuditReturns) -> None:
    table = auditor_severity(with_audits(empty, [*alike("a", "I" * 12), *alike("b", "G" * 12)]))
    assert table["lower"].tolist() == pytest.approx([1, 0])
    assert table["low_of_all"].iloc[0] > 0.5 > table["high_of_all"].iloc[1]


def test_by_grades_alone_nobody_is_named_however_far_they_lie(empty: AuditReturns) -> None:
    table = auditor_severity(with_audits(empty, [*alike("a", "I" * 12), *alike("b", "G" * 12)]))
    assert table[["finding", "reason"]].to_numpy().tolist() == [[NOT_ENOUGH, FROM_GRADES_ALONE]] * 2


def test_an_auditor_of_a_team_that_nobody_else_audits_is_compared_by_moderation_alone(example: AuditReturns) -> None:
    chance = np.random.default_rng(12)
    service = Service((30, 30, 30), (1.0, 0.0, 0.0), teams=3, apart=1.0, at_home=1.0, moderated=0.6)
    returns = audit_year(example, service, chance)
    table = auditor_severity(returns)
    assert table["reason"].tolist() == [FROM_MODERATION_ALONE] * 3
    assert table["from_rest"].isna().all()
    assert table["finding"].tolist()[0] == GRADED_LOWER
    unmoderated = replace(returns, judgements=returns.judgements.assign(moderated_grade=None))
    without = auditor_severity(unmoderated)
    assert without[["finding", "reason"]].to_numpy().tolist() == [[NOT_ENOUGH, NOTHING_ALIKE]] * 3


def test_weaker_cases_of_a_team_that_is_recorded_do_not_make_an_auditor_severe(empty: AuditReturns) -> None:
    audits = [
        *alike("a", "IIIIIIIIRR" * 2, team="North"),
        *alike("a", "GGGRR", team="South"),
        *alike("b", "IIIIR", team=" NORTH"),
        *alike("b", "GGGGGGGRRR" * 2, team="South"),
    ]
    row = of(auditor_severity(with_audits(empty, audits)), "a")
    assert row["finding"] == NO_EVIDENCE
    nowhere = [audit | {"team": None} for audit in audits]
    assert of(auditor_severity(with_audits(empty, nowhere)), "a")["low_of_all"] > 0.5


def test_where_moderators_agree_with_low_grades_nobody_is_called_severe(empty: AuditReturns) -> None:
    # The moderator gave every case the auditor's own grade, but for a few, so a's cases were weaker.
    audits = [
        *(alike("a", "I" * 24, moderated="I", moderator="m") + alike("a", "RR", moderated="R", moderator="m")),
        *alike("b", "G" * 20, moderated="G", moderator="m"),
        *alike("b", "R" * 9, moderated="R", moderator="m"),
        *alike("b", "III", moderated="R", moderator="m"),
    ]
    row = of(auditor_severity(with_audits(empty, audits)), "a")
    assert row["from_rest"] > 0.8
    assert row["from_moderation"] < 0.55
    assert row[["finding", "reason"]].tolist() == [NO_EVIDENCE, CONTRADICTED]


def test_beside_one_who_grades_low_the_others_are_not_called_high(empty: AuditReturns) -> None:
    audits = [*alike("a", "I" * 60), *(audit for name in "bcd" for audit in alike(name, "GRGRGRGRGRGRGRGRGRRR"))]
    table = auditor_severity(with_audits(empty, audits))
    assert table["finding"].tolist() == [NOT_ENOUGH, *[NO_EVIDENCE] * 3]
    assert table["reason"].tolist() == [FROM_GRADES_ALONE, *[BESIDE_OTHERS] * 3]
    assert (table["high_of_all"].iloc[1:] < 0.5).all()


def test_what_somebody_moderated_of_their_own_is_no_moderation(empty: AuditReturns) -> None:
    audits = [
        *alike("a", "GGGGRRRRRR", moderated="R", moderator="a"),
        *alike("b", "GGGGGGGRRR", moderated="G", moderator="a"),
    ]
    table = auditor_severity(with_audits(empty, audits))
    assert table["moderated"].tolist() == [0, 10]
    assert table["from_moderation"].isna().all()


def test_only_audits_up_to_a_quarter_are_compared(empty: AuditReturns) -> None:
    early = [*alike("a", "GGGGRRRRRR"), *alike("b", "GGGGGGGRRR")]
    late = [audit | {"quarter": "2025-Q2"} for audit in alike("a", "I" * 20)]
    returns = with_audits(empty, [*early, *late])
    pd.testing.assert_frame_equal(
        auditor_severity(returns, through="2025-Q1"), auditor_severity(with_audits(empty, early))
    )
    assert auditor_severity(returns)["audits"].tolist() == [30, 10]


CALLS: list[Callable[..., pd.DataFrame]] = [auditor_severity, auditor_drift, auditor_funnel]


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_quarter_and_returns_for_sharing_are_refused(
    example: AuditReturns, call: Callable[..., pd.DataFrame]
) -> None:
    with pytest.raises(ChoiceError, match="quarter must be"):
        call(example, through="2018-Q1")
    with pytest.raises(ArgumentError, match="for internal use"):
        call(replace(example, audience="shared"))


def test_moderated_categories_are_compared_with_the_same_categories_alone(empty: AuditReturns) -> None:
    audits = [*alike("a", "GR"), {"auditor": "b", "grades": "GI", "moderated": "R-", "moderator": "m"}]
    scored = score_audits(with_audits(empty, audits))
    # In the first category there are two Good and one RI: 1/6 for RI, 1/3 + 1/3 for Good; the other one stands alone.
    assert scored["score"].tolist() == pytest.approx([2 / 3, 1 / 6, (2 / 3 + 1 / 2) / 2])
    assert scored["paired_score"].tolist()[2] == pytest.approx(2 / 3)
    assert scored["moderated_score"].tolist()[2] == pytest.approx(1 / 6)


def named(table: pd.DataFrame) -> list[bool]:
    return table["finding"].isin(NAMED).tolist()


def flagged(example: AuditReturns, services: int, seed: int, **how: object) -> tuple[int, int, int]:
    """In how many services the harsh auditor of 30 audits is flagged, the one of 5 named, and anybody else named."""
    chance = np.random.default_rng(seed)
    counts = np.zeros(3, dtype=int)
    for _ in range(services):
        table = auditor_severity(audit_year(example, planted(chance, **how), chance))
        who = named(table)
        counts += [table["finding"].iloc[0] == GRADED_LOWER, who[1], any(who[2:])]
    return tuple(counts.tolist())


def misled(example: AuditReturns, services: int, seed: int, **how: object) -> int:
    """In how many fair services anybody is named."""
    chance = np.random.default_rng(seed)
    return sum(any(named(auditor_severity(audit_year(example, fair(chance, **how), chance)))) for _ in range(services))


def test_a_harsh_auditor_is_mostly_flagged_and_one_of_five_audits_never_named(example: AuditReturns) -> None:
    harsh, few, others = flagged(example, 20, 2025)
    assert harsh >= 14
    assert few == 0
    assert others <= 4
    assert misled(example, 20, 2025) <= 4


@pytest.mark.thorough
@pytest.mark.slow
def test_over_two_hundred_services_four_in_five_harsh_auditors_are_flagged_and_fair_services_name_nobody(
    example: AuditReturns,
) -> None:
    harsh, few, others = flagged(example, 200, 2025)
    assert harsh >= 160
    assert few == 0
    assert others <= 10
    assert misled(example, 200, 2025) <= 10


def seeming(table: pd.DataFrame) -> bool:
    """Whether anybody lies outside what chance would give, by the numbers."""
    return bool(((table["low_of_all"] > 0.5) | (table["high_of_all"] < 0.5)).any())


@pytest.mark.thorough
@pytest.mark.slow
def test_without_moderation_unrecorded_teams_would_be_taken_for_severity_so_nobody_is_named(
    example: AuditReturns,
) -> None:
    apart = {"teams": 6, "apart": 0.5, "at_home": 1.0}
    chance = np.random.default_rng(2028)
    unmoderated = [
        auditor_severity(audit_year(example, fair(chance, moderated=None, recorded=False, **apart), chance))
        for _ in range(60)
    ]
    assert sum(map(seeming, unmoderated)) > 40
    assert not any(any(named(table)) for table in unmoderated)
    assert misled(example, 60, 2028, recorded=False, **apart) < 25
    assert misled(example, 60, 2028, **apart) <= 7


def drifting(example: AuditReturns, steps: tuple[float, ...], seed: int) -> AuditReturns:
    """A year in which the first of four auditors grows harsher, each making 30 audits a quarter."""
    chance = np.random.default_rng(seed)
    years = []
    for at, step in enumerate(steps):
        year = audit_year(example, Service((30,) * 4, (step, 0.0, 0.0, 0.0)), chance)
        ids = f"quarter-{at}-" + year.audits["audit_id"]
        judged = year.judgements.assign(audit_id=f"quarter-{at}-" + year.judgements["audit_id"])
        years.append((year.audits.assign(audit_id=ids, quarter=f"2025-Q{at + 1}"), judged))
    audits, judgements = (pd.concat(tables, ignore_index=True) for tables in zip(*years, strict=True))
    return replace(example, audits=audits, judgements=judgements, published=example.published[:0])


def test_an_auditor_who_grows_harsher_is_found_to_grade_lower_than_before(example: AuditReturns) -> None:
    table = auditor_drift(drifting(example, (-0.6, -0.2, 0.2, 0.6), 3))
    assert len(table) == 16
    first = table[table["auditor"] == "auditor-00"]
    assert first["finding"].unique().tolist() == [LOWER_THAN_BEFORE]
    assert first["lower"].is_monotonic_increasing
    assert first["step"].nunique() == 1
    weight = 1 / (first["high"] - first["low"]) ** 2
    line = np.polyfit(range(4), first["lower"], 1, w=weight**0.5)
    assert first["step"].iloc[0] == pytest.approx(line[0], abs=0.001)  # limits are wider by a hair in some quarters
    assert table.loc[table["auditor"] != "auditor-00", "finding"].isin([NO_EVIDENCE, HIGHER_THAN_BEFORE]).all()
    steady = auditor_drift(drifting(example, (0.5,) * 4, 5))
    assert steady["finding"].unique().tolist() == [NO_EVIDENCE]


def test_a_quarter_is_compared_with_the_rest_of_that_quarter(empty: AuditReturns) -> None:
    # Everybody's grades rise; a stays below b by the same.
    audits = [
        *alike("a", "RRRRRRRRII", quarter="2025-Q1"),
        *alike("b", "GGRRRRRRRR", quarter="2025-Q1"),
        *alike("a", "GGGGGGGGRR", quarter="2025-Q3"),
        *alike("b", "OOGGGGGGGG", quarter="2025-Q3"),
    ]
    table = auditor_drift(with_audits(empty, audits))
    assert table["quarter"].tolist() == ["2025-Q1", "2025-Q2", "2025-Q3"] * 2
    assert table["audits"].tolist() == [10, 0, 10] * 2
    # Of the 40 grades 2 are I, 18 R, 18 G and 2 O: ridits of 1/40, 11/40, 29/40 and 39/40.
    distance = (0.2 * 29 + 0.8 * 11 - 0.8 * 11 - 0.2 * 1) / 40
    expected = [0.5 + distance, np.nan, 0.5 + distance, 0.5 - distance, np.nan, 0.5 - distance]
    assert table["lower"].tolist() == pytest.approx(expected, nan_ok=True)
    assert table["finding"].unique().tolist() == [NO_EVIDENCE]
    assert table["comparisons"].tolist() == [2] * 6


def test_quarters_of_nine_audits_are_not_enough_to_say(empty: AuditReturns) -> None:
    audits = [
        *alike("a", "RRRRRRRRII", quarter="2025-Q1"),
        *alike("b", "GGRRRRRRRR" * 2, quarter="2025-Q1"),
        *alike("a", "IIIIIIIII", quarter="2025-Q2"),
        *alike("b", "OOGGGGGGGG" * 2, quarter="2025-Q2"),
    ]
    table = auditor_drift(with_audits(empty, audits))
    assert table["finding"].unique().tolist() == [NOT_ENOUGH]
    assert table["lower"].notna().tolist() == [True, False, True, False]


def test_funnel_limits_are_wilsons_interval_turned_round_and_those_of_public_health() -> None:
    low, _ = funnel_limits(0.80642448, 4)
    assert 100 * low == pytest.approx(41.923356, abs=5e-7)
    for confidence in (0.95, OUTER):
        low, high = funnel_limits([0.2, 0.5, 0.3], [40, 11, 300], confidence=confidence)
        assert wilson_interval(low * [40, 11, 300], [40, 11, 300], confidence=confidence)[1] == pytest.approx(
            [0.2, 0.5, 0.3]
        )
        assert wilson_interval(high * [40, 11, 300], [40, 11, 300], confidence=confidence)[0] == pytest.approx(
            [0.2, 0.5, 0.3]
        )
    assert np.isnan(funnel_limits(0.2, 0)).all()


def test_the_funnel_counts_an_auditors_own_grades_about_the_share_of_the_rest(empty: AuditReturns) -> None:
    audits = [
        *alike("a", "IIIIRRRRRG", moderated="G", moderator="m"),
        *alike("b", "GGGGGGIIRR" * 2),
        *alike("c", "I" * 9),
    ]
    table = auditor_funnel(with_audits(empty, audits), domain="risk")
    row = table[(table["auditor"] == "a") & (table["grade"] == "inadequate")].iloc[0]
    assert row[["n", "of", "audits", "share", "effective"]].tolist() == [4, 10, 10, 0.4, 10]
    assert row["share_of_rest"] == pytest.approx(13 / 29)
    assert row[["low", "high"]].tolist() == pytest.approx([float(each) for each in funnel_limits(13 / 29, 10)])
    few = table[table["auditor"] == "c"]
    assert few[["n", "share"]].to_numpy().tolist() == [[0, 0], [9, 1]]
    assert few[["share_of_rest", "low", "high", "outer_low", "outer_high"]].isna().all(axis=None)


def test_judgements_on_one_audit_that_agree_widen_the_funnel(empty: AuditReturns) -> None:
    audits = [*alike("a", "GGGRRRIIII"), *alike("b", "GGGGGGIIRR")]
    once = auditor_funnel(with_audits(empty, audits), domain="risk")
    thrice = auditor_funnel(
        with_audits(empty, [audit | {"grades": audit["grades"] * 3} for audit in audits]), domain="risk"
    )
    assert thrice["of"].tolist() == (3 * once["of"]).tolist()
    assert thrice["effective"].tolist() == pytest.approx(once["effective"].tolist())
    with pytest.raises(ChoiceError, match="domain must be"):
        auditor_funnel(empty, domain="rsk")


def test_one_set_of_audits_beside_which_there_is_no_other_cannot_be_told() -> None:
    scored = pd.DataFrame(
        {"quarter": "2025-Q1", "team": "", "case_type": "", "moderator": "", "score": [0.3, 0.7] * 10}
    )
    scored = scored.assign(paired_score=np.nan, moderated_score=np.nan)
    assert np.isnan(compare_with_rest(scored, np.ones((20, 1), dtype=bool)).severity).all()
