from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditanalytics import case_mix
from auditanalytics.case_mix import (
    MOSTLY_MIX,
    MOSTLY_PRACTICE,
    NO_AUDIT_TYPE,
    NOT_SPLIT,
    OTHER_TYPES,
    TOO_SMALL,
    audit_types,
    audit_types_differ,
    split_change,
)
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.kept_tables import FEWEST_OF_A_WORD
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import AUDITS, CASE_MIX, JUDGEMENTS
from auditanalytics.summary import quarterly_grades

SINCE, UNTIL = "2025-Q2", "2025-Q3"
PARTS = ["practice", "team", "case_type", "auditor"]
MIX = PARTS[1:]
Audit = dict[str, object]


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
    """Returns of audits given by their columns and by their grades on risk, as a list."""
    rows = [{"audit_id": f"audit-{number}"} | audit for number, audit in enumerate(audits)]
    days = {SINCE: "2025-04-01", UNTIL: "2025-07-01"}
    table = pd.DataFrame([{name: value for name, value in row.items() if name != "grades"} for row in rows])
    table["period_date"] = pd.to_datetime(table["quarter"].map(days))
    judgements = [
        {"audit_id": row["audit_id"], "domain": "risk", "category": f"category-{number}", "grade": grade}
        for row in rows
        for number, grade in enumerate(row["grades"])
    ]
    judged = pd.DataFrame(judgements, columns=["audit_id", "domain", "category", "grade"])
    return replace(returns, audits=AUDITS.build(table), judgements=JUDGEMENTS.build(judged.assign(outcome="graded")))


def alike(number: int, good: int, **columns: object) -> list[Audit]:
    """A number of audits with a judgement each, some of them good."""
    grades = ["Good"] * good + ["Requires improvement"] * (number - good)
    return [{"grades": [grade], **columns} for grade in grades]


def good(returns: AuditReturns, *, fewest_audits: int = 1) -> pd.Series:
    """The row of good or better."""
    return split_change(returns, "risk", SINCE, UNTIL, fewest_audits=fewest_audits).iloc[0]


GRADES = st.lists(st.sampled_from(["Outstanding", "Good", "Requires improvement", "Inadequate", None]), max_size=4)
SMALL_AUDITS = st.lists(
    st.fixed_dictionaries(
        {
            "quarter": st.sampled_from([SINCE, UNTIL]),
            "team": st.sampled_from(["North", "South", "north ", None]),
            "case_type": st.sampled_from(["CIN", "CP", None]),
            "auditor": st.sampled_from(["auditor-a", "auditor-b", "auditor-c", "auditor-d", None]),
            "grades": GRADES,
        }
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(audits=SMALL_AUDITS, chance=st.randoms(use_true_random=False))
def test_the_parts_sum_to_the_change_and_neither_order_nor_names_matter(
    empty: AuditReturns, audits: list[Audit], chance: object
) -> None:
    returns = with_audits(empty, audits)
    split = split_change(returns, "risk", SINCE, UNTIL, fewest_audits=1)
    done = split["finding"] != NOT_SPLIT
    assert done.nunique() == 1
    assert np.allclose(split.loc[done, PARTS].sum(axis=1), split.loc[done, "change"], rtol=0, atol=1e-9)
    assert split.loc[~done, PARTS].isna().all(axis=None)

    names = {"North": "Zulu", "north ": "ZULU", "South": "Alpha"}
    renamed = [audit | {"team": names.get(audit["team"])} for audit in audits]
    chance.shuffle(renamed)
    again = split_change(with_audits(empty, renamed), "risk", SINCE, UNTIL, fewest_audits=1)
    pd.testing.assert_frame_equal(split.drop(columns="finding"), again.drop(columns="finding"), rtol=0, atol=1e-9)


def test_the_change_is_that_of_the_published_shares_and_judgements_are_the_weights(empty: AuditReturns) -> None:
    chance = np.random.default_rng(7)
    audits = [
        {
            "quarter": quarter,
            "team": str(chance.choice(["North", "South"])),
            "grades": list(chance.choice(["Outstanding", "Good", "Inadequate"], size=chance.integers(1, 7))),
        }
        for quarter in [SINCE] * 17 + [UNTIL] * 13
    ]
    returns = with_audits(empty, audits)
    moderated = returns.judgements["moderated_grade"].mask(returns.judgements.index < 9, "Inadequate")
    given = returns.judgements["grade"].mask(returns.judgements.index < 3)  # graded by the moderator alone
    returns = replace(returns, judgements=returns.judgements.assign(grade=given, moderated_grade=moderated))
    shares = quarterly_grades(returns).query("domain == 'risk'").pivot(index="grade", columns="quarter", values="share")
    split = split_change(returns, "risk", SINCE, UNTIL, fewest_audits=10).set_index("grade")
    for tail in ("good", "inadequate"):
        assert split.loc[tail, "change"] == shares.loc[tail, UNTIL] - shares.loc[tail, SINCE]
    assert split["change"].abs().min() > 0


def planted_mix(**columns: str) -> list[Audit]:
    """The same two teams, as good as ever, the weaker one drawn three times as often."""
    since, until = {"quarter": SINCE, **columns}, {"quarter": UNTIL, **columns}
    return [
        *alike(20, 16, team="North", **since),
        *alike(5, 1, team="South", **since),
        *alike(5, 4, team="North", **until),
        *alike(20, 4, team="South", **until),
    ]


def test_teams_as_good_as_ever_but_drawn_otherwise_are_mostly_mix(empty: AuditReturns) -> None:
    row = good(with_audits(empty, planted_mix()))
    assert row["change"] == pytest.approx(-0.36)
    assert row["team"] < 0.8 * row["change"] < 0
    assert row["finding"] == MOSTLY_MIX


def test_every_group_is_given_three_average_audits_without_an_effect_however_many_judgements_they_have(
    empty: AuditReturns,
) -> None:
    # North is better by 0.6. Its effect and South's, equal and opposite, are 0.3 x 32 / (32 + 2 x 3).
    row = good(with_audits(empty, planted_mix()))
    assert row["team"] == pytest.approx(2 * 0.3 * 32 / 38 * -0.6)
    thrice = good(with_audits(empty, [audit | {"grades": audit["grades"] * 3} for audit in planted_mix()]))
    assert thrice[PARTS].tolist() == pytest.approx(row[PARTS].tolist())


def test_a_team_found_weak_at_18_to_6_then_6_to_18_is_mostly_mix_beside_other_factors(empty: AuditReturns) -> None:
    # 80% and 20% of judgements, five an audit, so that every audit is as its team is.
    grades = {"North": ["Good"] * 4 + ["Inadequate"], "South": ["Good"] + ["Inadequate"] * 4}
    drawn = {SINCE: ["North"] * 18 + ["South"] * 6, UNTIL: ["North"] * 6 + ["South"] * 18}
    audits = [
        {
            "quarter": quarter,
            "team": team,
            "case_type": ["CIN", "CP", "CLA"][number % 3],
            "auditor": f"auditor-{number % 14}",
            "grades": grades[team],
        }
        for quarter, teams in drawn.items()
        for number, team in enumerate(teams)
    ]
    split = split_change(with_audits(empty, audits), "risk", SINCE, UNTIL, fewest_audits=10)
    assert split["change"].tolist() == pytest.approx([-0.3, 0.3])
    assert split["finding"].tolist() == [MOSTLY_MIX, MOSTLY_MIX]
    assert split["left_out"].tolist() == ["", ""]
    assert (split["practice"] / split["change"]).max() < 0.25


def test_every_team_weaker_than_before_is_mostly_practice(empty: AuditReturns) -> None:
    audits = [
        *alike(10, 8, quarter=SINCE, team="North"),
        *alike(10, 6, quarter=SINCE, team="South"),
        *alike(10, 4, quarter=UNTIL, team="North"),
        *alike(10, 2, quarter=UNTIL, team="South"),
    ]
    row = good(with_audits(empty, audits))
    assert row["finding"] == MOSTLY_PRACTICE
    assert row["practice"] == pytest.approx(-0.4)
    assert row["team"] == pytest.approx(0, abs=1e-12)


def test_without_a_penalty_one_factor_is_the_textbook_decomposition(
    empty: AuditReturns, monkeypatch: pytest.MonkeyPatch
) -> None:
    audits = [
        *alike(12, 9, quarter=SINCE, team="North"),
        *alike(8, 2, quarter=SINCE, team="South"),
        *alike(6, 3, quarter=UNTIL, team="North"),
        *alike(14, 2, quarter=UNTIL, team="South"),
    ]
    monkeypatch.setattr(case_mix, "AUDITS_WITHOUT_EFFECT", 1e-7)
    row = good(with_audits(empty, audits))
    # North is better by 1/2, then by 5/14; these weigh 12 x 8 / 20 and 6 x 14 / 20. North fell from 60% to 30%.
    better = (4.8 * 1 / 2 + 4.2 * 5 / 14) / (4.8 + 4.2)
    assert row["team"] == pytest.approx(better * (0.3 - 0.6), abs=1e-6)
    assert row["practice"] == pytest.approx(-0.3 + 0.13, abs=1e-6)


def test_a_factor_the_quarters_do_not_share_is_left_out_by_name_and_the_others_are_kept(empty: AuditReturns) -> None:
    audits = [
        *alike(12, 9, quarter=SINCE, team="North", case_type="CIN"),
        *alike(4, 1, quarter=SINCE, team="North", case_type="CP"),
        *alike(4, 1, quarter=UNTIL, team="South", case_type="CIN"),
        *alike(12, 2, quarter=UNTIL, team="South", case_type="CP"),
    ]
    row = good(with_audits(empty, audits))
    assert row["left_out"] == "team: the quarters share too few teams; auditor: not given"
    assert np.isnan(row["team"])
    assert row["auditor"] == 0
    assert row["practice"] + row["case_type"] == pytest.approx(row["change"])
    alone = good(with_audits(empty, [audit | {"case_type": "CIN"} for audit in audits]))
    assert alone["practice"] == pytest.approx(alone["change"])
    assert alone["left_out"].startswith("team: the quarters share too few teams; case type: all the same")


@pytest.mark.parametrize(("shared", "kept"), [(10, True), (9, False)])
def test_half_the_audits_in_groups_of_both_quarters_are_enough(empty: AuditReturns, shared: int, kept: bool) -> None:
    audits = [
        *alike(shared - 5, 2, quarter=SINCE, team="North"),
        *alike(15 - shared, 1, quarter=SINCE, team="East"),
        *alike(5, 1, quarter=UNTIL, team="North"),
        *alike(5, 1, quarter=UNTIL, team="West"),
    ]
    assert good(with_audits(empty, audits)).notna()["team"] == kept


def test_auditors_who_each_audit_one_team_share_its_part_with_it(empty: AuditReturns) -> None:
    audits = [audit | {"auditor": f"auditor-{audit['team']}-{n % 2}"} for n, audit in enumerate(planted_mix())]
    row = good(with_audits(empty, audits))
    assert row["finding"] == MOSTLY_MIX
    assert row[MIX].astype(float).between(row["change"], 0).all()
    assert row[PARTS].sum() == pytest.approx(row["change"])


def test_one_team_and_nothing_else_leaves_all_to_practice(empty: AuditReturns) -> None:
    audits = [*alike(10, 8, quarter=SINCE, team="North"), *alike(10, 4, quarter=UNTIL, team=" NORTH")]
    row = good(with_audits(empty, audits))
    assert row["left_out"] == "team: all the same; case type: not given; auditor: not given"
    assert row[PARTS].tolist() == [pytest.approx(-0.4), 0, 0, 0]
    assert row["finding"] == MOSTLY_PRACTICE


def test_where_nothing_can_be_compared_nothing_is_split(empty: AuditReturns) -> None:
    audits = [*alike(10, 8, quarter=SINCE, team="North"), *alike(10, 4, quarter=UNTIL, team="South")]
    row = good(with_audits(empty, audits))
    assert row["finding"] == NOT_SPLIT
    assert row["left_out"] == "team: the quarters share too few teams; case type: not given; auditor: not given"
    assert row[PARTS].isna().all()


def test_a_team_that_is_not_given_is_a_group_like_others(empty: AuditReturns) -> None:
    returns = with_audits(empty, planted_mix())
    nameless = returns.audits["team"].where(returns.audits["team"] == "North")
    without = good(replace(returns, audits=returns.audits.assign(team=nameless)))
    assert without[PARTS].tolist() == pytest.approx(good(returns)[PARTS].tolist())


def test_too_few_audits_or_none_are_not_split(empty: AuditReturns) -> None:
    audits = [*alike(10, 8, quarter=SINCE, team="North"), *alike(9, 4, quarter=UNTIL, team="North")]
    audits.append({"quarter": UNTIL, "team": "North", "grades": [None]})
    few = split_change(with_audits(empty, audits), "risk", SINCE, UNTIL, fewest_audits=10)
    assert few["finding"].tolist() == [NOT_SPLIT] * 2
    assert few["left_out"].tolist() == ["too few audits"] * 2
    assert few.loc[0, "change"] == pytest.approx(4 / 9 - 0.8)
    assert few[PARTS].isna().all(axis=None)
    none = split_change(with_audits(empty, audits[:10]), "risk", SINCE, UNTIL, fewest_audits=0)
    assert none["finding"].tolist() == [NOT_SPLIT] * 2
    assert none[["change", *PARTS]].isna().all(axis=None)
    assert list(none.columns) == CASE_MIX.names
    assert split_change(empty, "risk", SINCE, UNTIL, fewest_audits=1)["finding"].tolist() == [NOT_SPLIT] * 2


@pytest.mark.parametrize(("of", "finding"), [(20, MOSTLY_PRACTICE), (21, TOO_SMALL), (30, MOSTLY_PRACTICE)])
def test_five_points_are_enough_whatever_the_rounding(empty: AuditReturns, of: int, finding: str) -> None:
    # 6/20 - 5/20 is a little less than 0.05 in floating point.
    audits = [*alike(20, 5, quarter=SINCE, team="North"), *alike(of, 6, quarter=UNTIL, team="North")]
    assert good(with_audits(empty, audits))["finding"] == finding


def test_a_domain_or_a_quarter_that_cannot_be_is_refused(empty: AuditReturns) -> None:
    with pytest.raises(ChoiceError, match="domain must be risk or plans"):
        split_change(empty, "rsk", SINCE, UNTIL, fewest_audits=1)
    for since, until in ((UNTIL, SINCE), (SINCE, SINCE)):
        with pytest.raises(ArgumentError, match="since must be a quarter before until"):
            split_change(empty, "risk", since, until, fewest_audits=1)
        with pytest.raises(ArgumentError, match="since must be a quarter before until"):
            audit_types(empty, since, until)


@pytest.mark.thorough
def test_where_nothing_has_an_effect_the_mix_is_rarely_blamed(empty: AuditReturns) -> None:
    chance = np.random.default_rng(2025)
    findings = []
    for _ in range(200):
        audits = [
            {
                "quarter": quarter,
                "team": f"team-{chance.integers(5)}",
                "case_type": f"type-{chance.integers(3)}",
                "auditor": f"auditor-{chance.integers(14)}",
                "grades": ["Good" if one else "Requires improvement" for one in chance.random(2) < 0.35],
            }
            for quarter in [SINCE] * 24 + [UNTIL] * 24
        ]
        findings.append(good(with_audits(empty, audits), fewest_audits=10)["finding"])
    large = [finding for finding in findings if finding != TOO_SMALL]
    assert len(large) > 80
    assert large.count(MOSTLY_MIX) < 0.15 * len(large)


def typed(number: int, quarter: str, audit_type: str | None) -> list[Audit]:
    return [{"quarter": quarter, "audit_type": audit_type, "grades": []} for _ in range(number)]


def test_types_are_counted_as_mostly_written_and_rare_words_are_not_shown(empty: AuditReturns) -> None:
    rare = FEWEST_OF_A_WORD - 1
    audits = [
        *typed(6, SINCE, "Deep dive"),
        *typed(5, UNTIL, "deep  DIVE"),
        *typed(2, SINCE, "Re-audit"),
        *typed(1, UNTIL, "Re-audit"),
        *typed(rare, UNTIL, "Audited by Jo Bloggs"),
        *typed(1, SINCE, "jo"),
        *typed(1, UNTIL, None),
    ]
    counts = audit_types(with_audits(empty, audits), SINCE, UNTIL)
    assert list(counts.columns) == [SINCE, UNTIL]
    assert counts.T.to_dict("list") == {
        "Deep dive": [6, 5],
        "Re-audit": [2, 1],
        OTHER_TYPES: [1, 2],
        NO_AUDIT_TYPE: [0, 1],
    }
    assert counts.to_numpy().sum() == len(audits)


def test_the_form_is_the_type_where_there_are_forms(empty: AuditReturns) -> None:
    hull = load_framework("hull").model_copy(update={"quarters": "calendar"})
    form = hull.forms[0]
    audits = [
        *typed(3, SINCE, form.title.upper()),
        *typed(1, SINCE, form.id),
        *typed(3, UNTIL, "Dip sample"),
        *typed(1, UNTIL, form.title),
    ]
    counts = audit_types(replace(with_audits(empty, audits), framework=hull), SINCE, UNTIL)
    assert counts.T.to_dict("list") == {form.title: [4, 1], "Dip sample": [0, 3]}


@pytest.mark.parametrize(("of_another_type", "differ"), [(3, False), (4, True), (20, True)])
def test_quarters_differ_from_a_fifth_of_the_audits_on(empty: AuditReturns, of_another_type: int, differ: bool) -> None:
    audits = [
        *typed(20, SINCE, "Deep dive"),
        *typed(20 - of_another_type, UNTIL, "Deep dive"),
        *typed(of_another_type, UNTIL, "Re-audit"),
    ]
    assert audit_types_differ(audit_types(with_audits(empty, audits), SINCE, UNTIL)) == differ


def test_a_quarter_without_audits_is_of_no_other_type(empty: AuditReturns) -> None:
    assert audit_types(empty, SINCE, UNTIL).empty
    for audits in ([], typed(5, SINCE, "Deep dive")):
        returns = with_audits(empty, audits) if audits else empty
        assert not audit_types_differ(audit_types(returns, SINCE, UNTIL))
