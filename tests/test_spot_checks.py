"""The draw for a second look: by whom it can be repeated, how likely each audit is, and what may be estimated from it."""

import itertools
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.frameworks.tables import Moderation
from auditanalytics.intervals import wilson_interval
from auditanalytics.reasons_to_look import reasons_to_look
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.schema import AUDITS, CONSISTENCY_FLAGS, JUDGEMENTS, MODERATIONS, PUBLISHED_SHARES, SPOT_CHECK
from auditanalytics.service_agreement import weighted_agreement
from auditanalytics.spot_checks import draw_spot_checks, draw_systematically

QUARTER = "2025-Q3"
DAYS = {"2025-Q1": "2025-02-03", "2025-Q2": "2025-05-05", QUARTER: "2025-08-04"}
SEEDS = 10_000
FARTHEST = 5.0
"""Standard errors by which no share of so many seeds may miss; of 40 right ones one would by a chance of 2 in 100,000."""

Audit = dict[str, object]
Make = Callable[..., AuditReturns]


def made_of(returns: AuditReturns, framework: Framework, audits: list[Audit], **tables: pd.DataFrame) -> AuditReturns:
    """Returns of audits given by their columns, an overall grade and grades on risk; RI throughout where not said."""
    rows: list[Audit] = [
        {"audit_id": f"audit-{at}", "quarter": QUARTER, "auditor": f"auditor-{at % 4}", "case_type": "CIN"} | audit
        for at, audit in enumerate(audits)
    ]
    table = pd.DataFrame([{"period_date": DAYS[str(row["quarter"])]} | row for row in rows], columns=[*AUDITS.names])
    table["period_date"] = pd.to_datetime(table["period_date"])
    judgements = []
    for at, row in enumerate(rows):
        audit, ri = {"audit_id": row["audit_id"]}, "Requires improvement"
        overall, grades = audits[at].get("overall", ri), audits[at].get("grades", [ri])
        judgements.append(audit | {"domain": "overall", "category": "overall", "grade": overall})
        judgements += [audit | {"domain": "risk", "category": f"c{of}", "grade": g} for of, g in enumerate(grades)]
    judged = pd.DataFrame(judgements, columns=["audit_id", "domain", "category", "grade"]).astype(object)
    judged = judged.where(judged.notna(), None)
    return replace(
        returns,
        framework=framework,
        audits=AUDITS.build(table),
        judgements=JUDGEMENTS.build(judged.assign(outcome="graded")),
        **{"flags": CONSISTENCY_FLAGS.build([]), "moderations": MODERATIONS.build([])} | tables,
    )


@pytest.fixture(scope="session")
def make(example: AuditReturns) -> Make:
    framework = load_framework("south-gloucestershire")
    framework = framework.model_copy(update={"moderation": Moderation(share=0.1, first_audits=3)})
    return lambda audits, **tables: made_of(example, framework, audits, **tables)


def of(*grades: str | None) -> Audit:
    """An audit without an overall judgement."""
    return {"overall": None, "grades": list(grades)}


def reasons_of(returns: AuditReturns, audit: str = "audit-0", **given: object) -> list[str]:
    return reasons_to_look(returns, returns.audits["audit_id"], **given).get(audit, [])  # type: ignore[arg-type]


INADEQUATE, OUTSTANDING = {"overall": "Inadequate"}, {"overall": "Outstanding"}
PLAIN: Audit = {}


# What speaks for a second look


@pytest.mark.parametrize(
    ("audit", "reasons"),
    [
        (INADEQUATE, ["the overall judgement is Inadequate"]),
        (OUTSTANDING, ["the overall judgement is Outstanding"]),
        ({"overall": "Good"}, []),
        ({"overall": "Requires improvement", "grades": ["Inadequate"] * 3}, []),
        (of("Inadequate", "Inadequate", "Good"), ["more than half of its judgements are Inadequate"]),
        (of("Inadequate", "Good"), []),
        (of("Inadequate", None, None), ["more than half of its judgements are Inadequate"]),
        (of("Outstanding", "Outstanding", "Good"), ["more than half of its judgements are Outstanding"]),
        (of("Outstanding", "Good", "Good"), []),
        ({"challenge": "challenged"}, ["the grades were challenged"]),
    ],
)
def test_the_ends_of_the_scale_and_challenges_are_reasons(make: Make, audit: Audit, reasons: list[str]) -> None:
    assert reasons_of(make([audit, PLAIN])) == reasons


def test_the_best_grade_is_a_reason_only_where_it_lies_above_plain_good(example: AuditReturns) -> None:
    hull = load_framework("hull")  # its domains are graded Yes, Partially, No and Met, Partially met, Not met
    domain = {hull.scale(each.id).grades[0]: each.id for each in hull.domains}["Yes"]
    rows = [("yes", "Yes"), ("yes", "Yes"), ("no", "No"), ("no", "Partially"), ("no", "No")]
    judged = pd.DataFrame(rows, columns=["audit_id", "grade"]).assign(domain=domain)
    audits = AUDITS.build(pd.DataFrame({"audit_id": ["yes", "no"], "quarter": QUARTER}))
    returns = replace(example, framework=hull, audits=audits, judgements=JUDGEMENTS.build(judged))
    assert reasons_to_look(returns, audits["audit_id"]) == {
        "no": ["more than half of its judgements are No, Not met or Inadequate"]
    }


def test_flags_are_reasons_once_each_by_their_title(make: Make) -> None:
    rows = [("audit-0", code, None, None, "seen") for code in ("two_grades", "own_team", "two_grades")]
    returns = make([INADEQUATE], flags=CONSISTENCY_FLAGS.build(rows))
    said = ["the auditor's team is the team or service of the case"]
    said.append("two grades stand in one box, so that neither was counted")
    assert reasons_of(returns)[1:] == said
    drawn = draw_spot_checks(returns, quarter=QUARTER).drawn
    assert drawn["flags"].tolist() == ["own_team; two_grades"]
    assert drawn["selection_reason"].tolist() == [f"The overall judgement is Inadequate; {'; '.join(said)}"]


def test_those_drawn_at_random_and_moderated_count_towards_the_share(make: Make) -> None:
    audits = [{} for _ in range(30)]
    moderated = MODERATIONS.build(
        pd.DataFrame(
            {"audit_id": ["audit-3", "audit-4"], "moderated_grade": "Good", "stratum": ["random", "certainty"]}
        )
    )
    before, after = make(audits), make(audits, moderations=moderated)
    numbers = [
        len(draw_spot_checks(returns, quarter=QUARTER, share=0.1).drawn.query("stratum == 'random'"))
        for returns in (before, after)
    ]
    assert numbers == [3, 2]


def test_the_first_audits_of_an_auditor_who_came_after_the_returns_began_are_looked_at(make: Make) -> None:
    begun = {"quarter": "2025-Q1", "auditor": "auditor-old"}
    late = {"auditor": "auditor-new", "period_date": "2025-09-01"}
    ungraded = {"auditor": "auditor-new", "period_date": "2025-07-01"} | of(None)
    returns = make(
        [
            begun,
            {"auditor": "auditor-old"},
            *({"auditor": "auditor-new", "audit_id": name} for name in ("first", "second")),
            late | {"audit_id": "fourth", "period_date": "2025-09-02"},
            late | {"audit_id": "third"},
            ungraded | {"audit_id": "not-done"},
            {"auditor": None, "audit_id": "nobody's"},
        ]
    )
    found = reasons_to_look(returns, returns.audits["audit_id"])
    assert found == {name: ["one of the first 3 audits of a new auditor"] for name in ("first", "second", "third")}


def test_first_audits_that_fall_into_the_next_quarter_still_count_as_first(make: Make) -> None:
    quarters = ["2025-Q1", "2025-Q2", QUARTER, QUARTER, QUARTER]
    auditors = ["auditor-old", *["auditor-new"] * 4]
    audits = [{"quarter": when, "auditor": who} for when, who in zip(quarters, auditors, strict=True)]
    checks = draw_spot_checks(make(audits), quarter=QUARTER, share=0)
    assert checks.drawn["audit"].tolist() == ["audit-2", "audit-3"]


def test_nobody_is_new_in_the_quarter_with_which_the_returns_begin_and_that_is_said(make: Make) -> None:
    audits = [{"quarter": "2025-Q2"} for _ in range(8)] + [PLAIN]
    first, later = (draw_spot_checks(make(audits), quarter=quarter, share=0) for quarter in ("2025-Q2", QUARTER))
    assert first.drawn.empty
    said = "The returns begin with this quarter, so that nobody can be told to be a new auditor."
    assert said in first.sentences
    assert said not in later.sentences


# Who is drawn


def test_certainty_and_random_are_drawn_apart_with_their_probabilities(make: Make) -> None:
    returns = make([INADEQUATE, OUTSTANDING, *[PLAIN] * 19])
    checks = draw_spot_checks(returns, quarter=QUARTER, seed=3)
    assert list(checks.drawn.columns) == SPOT_CHECK.names
    assert checks.drawn["stratum"].tolist() == ["certainty", "certainty", "random", "random", "random"]
    assert checks.drawn["probability"].tolist() == [1, 1, 3 / 19, 3 / 19, 3 / 19]
    assert set(checks.drawn["selection_reason"][2:]) == {"Drawn at random (10% of the audits)"}
    assert len(checks.frame) == 21
    assert checks.frame["probability"].tolist() == [1, 1, *[3 / 19] * 19]
    assert checks.frame.loc[checks.frame["drawn"] == "yes", "audit"].tolist() == checks.drawn["audit"].tolist()
    assert checks.sentences[0] == (
        "21 audits have their chance: 2 drawn for a reason, and 3 of the other 19 at random (10% of 21, rounded up)."
    )


def test_the_share_is_the_framework_s_and_a_tenth_where_it_says_none(make: Make, example: AuditReturns) -> None:
    framework = load_framework("hull").model_copy(update={"moderation": Moderation(share=0.3)})
    assert draw_spot_checks(replace(make([PLAIN] * 9), framework=framework), quarter=QUARTER).share == 0.3
    assert draw_spot_checks(example, quarter="2019-Q4").share == 0.1
    assert draw_spot_checks(make([PLAIN] * 9), quarter=QUARTER, share=0.5).share == 0.5


@pytest.mark.parametrize(
    ("audits", "share", "random"),
    [
        ([], 0.1, 0),
        ([PLAIN], 0.1, 1),
        ([INADEQUATE], 0.1, 0),
        ([INADEQUATE] * 5, 1, 0),
        ([PLAIN] * 30, 0, 0),
        ([PLAIN] * 30, 0.1, 3),
        ([PLAIN] * 100, 0.07, 7),
        ([PLAIN] * 100, 0.29, 29),
        ([PLAIN] * 31, 0.1, 4),
        ([PLAIN] * 30, 1, 30),
        ([INADEQUATE, PLAIN], 1, 1),
    ],
)
def test_how_many_are_drawn_at_random(make: Make, audits: list[Audit], share: float, random: int) -> None:
    elsewhere = [{"quarter": "2025-Q2", "auditor": f"auditor-{at}"} for at in range(4)]
    published = PUBLISHED_SHARES.build(pd.DataFrame({"quarter": [QUARTER]}))
    returns = make([*audits, *elsewhere], published=published)
    checks = draw_spot_checks(returns, quarter=QUARTER, share=share)
    assert (checks.drawn["stratum"] == "random").sum() == random
    assert (checks.drawn["stratum"] == "certainty").sum() == audits.count(INADEQUATE)
    assert len(checks.frame) == len(audits)
    assert list(checks.drawn.columns) == SPOT_CHECK.names


@pytest.mark.parametrize("share", [-0.1, 1.01, 10, float("nan")])
def test_a_share_that_is_none_is_refused(make: Make, share: float) -> None:
    with pytest.raises(ArgumentError, match="the share to draw must be from 0 to 1; not"):
        draw_spot_checks(make([PLAIN]), quarter=QUARTER, share=share)


def test_a_quarter_without_returns_is_refused(make: Make) -> None:
    with pytest.raises(ChoiceError, match=r"quarter must be .*2025-Q3 or latest; not '2024-Q1'"):
        draw_spot_checks(make([PLAIN]), quarter="2024-Q1")


def test_what_was_moderated_or_not_graded_has_no_chance_and_is_counted(make: Make) -> None:
    by_date = {"moderated_on": "2025-08-09", "overall": "Inadequate"}
    rows = pd.DataFrame({"audit_id": ["audit-1"], "domain": "overall"})
    returns = make([by_date, INADEQUATE, INADEQUATE, PLAIN, of(None)], moderations=MODERATIONS.build(rows))
    grades = returns.judgements["moderated_grade"].astype(object)
    grades = grades.where(returns.judgements["audit_id"] != "audit-2", "Good")
    returns = replace(returns, judgements=JUDGEMENTS.build(returns.judgements.assign(moderated_grade=grades)))
    checks = draw_spot_checks(returns, quarter=QUARTER, share=1)
    assert checks.frame["audit"].tolist() == checks.drawn["audit"].tolist() == ["audit-3"]
    assert checks.sentences[1] == "Not to be drawn: 3 moderated already, 1 without a grade."


# The same list, and the next


def test_the_same_seed_draws_the_same_and_other_seeds_draw_others(make: Make) -> None:
    returns = make([PLAIN] * 40)
    draws = [tuple(draw_spot_checks(returns, quarter=QUARTER, seed=seed).drawn["audit"]) for seed in (1, 1, *range(9))]
    assert draws[0] == draws[1] == draws[3]
    assert len(set(draws)) == 9


def test_a_lot_stays_what_it_was_in_this_release_and_every_other() -> None:
    units = [(f"auditor-{at % 5}", "CIN" if at % 3 else "CP", f"audit-{at}") for at in range(30)]
    drawn = draw_systematically(units, 4, seed=2025, quarter=QUARTER)
    assert sorted(drawn) == [2, 18, 25, 26]


def test_what_is_kept_for_the_notebooks_draws_the_same_audits_as_the_returns_themselves(
    example: AuditReturns, tmp_path: Path
) -> None:
    example.save(tmp_path / "kept")
    kept = read_returns(tmp_path / "kept")
    assert kept.audits["case_type"].str.startswith("case type").all()
    for seed in range(3):
        drawn, again = (
            draw_spot_checks(each, quarter="2019-Q2", share=0.3, seed=seed).drawn for each in (example, kept)
        )
        pd.testing.assert_frame_equal(drawn, again)


def test_audits_that_had_their_chance_are_not_drawn_at_random_again(make: Make) -> None:
    july = [PLAIN] * 20
    first = draw_spot_checks(make(july), quarter=QUARTER, seed=1)
    assert len(first.drawn) == 2
    passed_over, drawn_before = (first.frame.loc[first.frame["drawn"] == word, "audit"] for word in ("no", "yes"))
    both = [*july, *[PLAIN] * 10]
    for at in (passed_over.iloc[0], drawn_before.iloc[0]):  # what comes to light later
        both[int(at.removeprefix("audit-"))] = {"challenge": "challenged"}
    second = draw_spot_checks(make(both), quarter=QUARTER, seed=1, earlier=first.frame)
    new = {f"audit-{at}" for at in range(20, 30)}
    assert second.drawn["stratum"].tolist() == ["certainty", "random"]
    assert second.drawn["audit"].iloc[0] == passed_over.iloc[0]
    assert second.drawn["audit"].iloc[1] in new
    assert set(second.frame["audit"]) == new | {passed_over.iloc[0]}
    assert second.frame["probability"].tolist() == [1, *[0.1] * 10]
    assert second.sentences[:3] == (
        "10 audits have their chance: 0 drawn for a reason, and 1 of the other 10 at random (10% of 10, rounded up).",
        "1 audit that an earlier draw passed over, drawn now for a reason that arose since.",
        "Not to be drawn: 2 drawn before, 17 with a chance in an earlier draw.",
    )
    third = draw_spot_checks(
        make(both), quarter=QUARTER, seed=1, earlier=pd.concat([first.frame, second.frame], ignore_index=True)
    )
    assert third.drawn.empty and third.frame.empty


@pytest.mark.parametrize(
    "earlier", [{"audit": ["a"]}, {"audit": ["a"], "drawn": [None]}, {"audit": ["a"], "drawn": [True]}]
)
def test_what_is_no_frame_of_a_draw_is_refused(make: Make, earlier: dict[str, list[object]]) -> None:
    with pytest.raises(ArgumentError, match="must have the columns audit and drawn, and say yes or no"):
        draw_spot_checks(make([PLAIN]), quarter=QUARTER, earlier=pd.DataFrame(earlier))


# What must hold of every draw

any_audit = st.fixed_dictionaries(
    {
        "auditor": st.sampled_from(["auditor-1", "auditor-2", "auditor-3", None]),
        "case_type": st.sampled_from(["CIN", "cin ", "CP", "Elvira Quennell-Ashby", None]),
        "quarter": st.sampled_from(["2025-Q2", QUARTER, QUARTER]),
        "overall": st.sampled_from(["Outstanding", "Good", "Inadequate", None]),
        "grades": st.lists(st.sampled_from(["Outstanding", "Requires improvement", "Inadequate", None]), max_size=3),
        "challenge": st.sampled_from(["challenged", None, None]),
        "team": st.just("Harborough Lockett"),
    }
)


@settings(max_examples=40)
@given(
    audits=st.lists(any_audit, max_size=25),
    hundredths=st.integers(0, 100),
    seed=st.integers(0, 2**40),
    random=st.randoms(use_true_random=False),
)
def test_every_draw_is_sound_and_the_same_in_whatever_order_the_files_came(
    make: Make, audits: list[Audit], hundredths: int, seed: int, random: object
) -> None:
    returns = make([*audits, {"quarter": "2025-Q2"}, PLAIN])
    checks = draw_spot_checks(returns, quarter=QUARTER, share=hundredths / 100, seed=seed)
    drawn, frame = checks.drawn, checks.frame
    assert drawn["audit"].is_unique and frame["audit"].is_unique
    certain, lot = (frame[frame["stratum"] == stratum] for stratum in ("certainty", "random"))
    assert len(certain) + len(lot) == len(frame)
    number = min(math.ceil(Fraction(hundredths, 100) * len(frame)), len(lot))
    assert (certain["drawn"] == "yes").all() and (lot["drawn"] == "yes").sum() == number
    assert (certain["probability"] == 1).all()
    assert len(lot) in (0, number) or ((lot["probability"] < 1) & (lot["probability"] == number / len(lot))).all()
    assert set(drawn["audit"]) == set(frame.loc[frame["drawn"] == "yes", "audit"])
    reasons = reasons_to_look(returns, frame["audit"])
    assert set(certain["audit"]) == set(reasons)
    words = " ".join(drawn["selection_reason"])
    assert "Elvira" not in words and "Harborough" not in words and "auditor-" not in words
    assert all(reason[0].isupper() for reason in drawn["selection_reason"])

    def shuffled(table: pd.DataFrame) -> pd.DataFrame:
        order = list(range(len(table)))
        random.shuffle(order)  # type: ignore[attr-defined]
        return table.iloc[order].reset_index(drop=True)

    again = replace(returns, audits=shuffled(returns.audits), judgements=shuffled(returns.judgements))
    repeated = draw_spot_checks(again, quarter=QUARTER, share=hundredths / 100, seed=seed)
    pd.testing.assert_frame_equal(repeated.drawn, drawn)
    pd.testing.assert_frame_equal(repeated.frame, frame)
    assert repeated.sentences == checks.sentences


Units = list[tuple[str, str, str]]
any_units = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["CIN", "CP", ""])), min_size=1, max_size=60)


@given(groups=any_units, part=st.floats(0, 1), seed=st.integers(0, 10**6))
def test_a_lot_is_spread_over_auditors_and_their_case_types(
    groups: list[tuple[str, str]], part: float, seed: int
) -> None:
    units: Units = [(*group, f"audit-{at}") for at, group in enumerate(groups)]
    number = round(part * len(units))
    drawn = draw_systematically(units, number, seed=seed, quarter=QUARTER)
    assert len(set(drawn)) == len(drawn) == number
    for key in (lambda unit: unit[0], lambda unit: unit[:2]):
        held, taken = Counter(map(key, units)), Counter(key(units[at]) for at in drawn)
        for group, size in held.items():
            due = Fraction(size * number, len(units))
            assert math.floor(due) <= taken[group] <= math.ceil(due)


# Probabilities, over ten thousand seeds

UNEVEN: Units = [
    (f"auditor-{auditor}", case_type, f"audit-{auditor}-{at}")
    for auditor, size in enumerate([13, 9, 6, 4, 2, 2, 1])
    for at, case_type in zip(range(size), itertools.cycle(["CIN", "CP", "CIN", "CLA"]), strict=False)
]
DRAWN = 4
Draw = Callable[[int], list[int]]


def farthest_from_equal(draw: Draw) -> float:
    """By how many standard errors the share of seeds that draw an audit differs from n/N, for the worst audit."""
    times = Counter(itertools.chain.from_iterable(draw(seed) for seed in range(SEEDS)))
    probability = DRAWN / len(UNEVEN)
    shares = np.array([times[at] for at in range(len(UNEVEN))]) / SEEDS
    return float(np.abs(shares - probability).max() / np.sqrt(probability * (1 - probability) / SEEDS))


def test_over_ten_thousand_seeds_every_audit_is_drawn_as_often_as_its_probability_says() -> None:
    assert farthest_from_equal(lambda seed: draw_systematically(UNEVEN, DRAWN, seed=seed, quarter=QUARTER)) < FARTHEST


def interval_rounded_down(seed: int) -> list[int]:
    """The usual slip: every ninth of 37 from one of the first nine, which never draws the last one."""
    start = np.random.default_rng(seed).integers(len(UNEVEN) // DRAWN)
    return [int(start) + at * (len(UNEVEN) // DRAWN) for at in range(DRAWN)]


def an_auditor_first(seed: int) -> list[int]:
    """Another: so many auditors, and an audit of each, which favours those who audit little."""
    random = np.random.default_rng(seed)
    auditors = random.choice(7, DRAWN, replace=False)
    return [
        int(random.choice([at for at, unit in enumerate(UNEVEN) if unit[0] == f"auditor-{who}"])) for who in auditors
    ]


def now_and_then_not_the_first(seed: int) -> list[int]:
    """A small one: one draw in five does without the first audit, whose probability is then a fifth too low."""
    drawn = draw_systematically(UNEVEN, DRAWN, seed=seed, quarter=QUARTER)
    return [at for at in drawn if at or seed % 5]


@pytest.mark.parametrize("draw", [interval_rounded_down, an_auditor_first, now_and_then_not_the_first])
def test_ten_thousand_seeds_are_enough_to_see_a_wrong_draw(draw: Draw) -> None:
    assert farthest_from_equal(draw) > FARTHEST


# What may be estimated

CERTAIN, LOT = 12, len(UNEVEN)
CHANCE = np.random.default_rng(20)
AGREED_CERTAIN = CHANCE.binomial(5, 0.45, CERTAIN) / 5
AGREED_LOT = CHANCE.binomial(5, np.repeat([0.95, 0.85, 0.8, 0.9, 0.6, 0.7, 0.8], [13, 9, 6, 4, 2, 2, 1])) / 5
OF_QUARTER = np.concatenate([AGREED_CERTAIN, AGREED_LOT]).mean()


def estimates() -> dict[str, np.ndarray]:
    """Agreement as each seed estimates it: in the lot, pooled over both strata, and weighted."""
    lots = [draw_systematically(UNEVEN, DRAWN, seed=seed, quarter=QUARTER) for seed in range(SEEDS)]
    in_lot = AGREED_LOT[np.array(lots)]
    pooled = (AGREED_CERTAIN.sum() + in_lot.sum(axis=1)) / (CERTAIN + DRAWN)
    weighted = (AGREED_CERTAIN.sum() + in_lot.sum(axis=1) * LOT / DRAWN) / (CERTAIN + LOT)
    probability = [1.0] * CERTAIN + [DRAWN / LOT] * DRAWN
    for seed in range(0, SEEDS, 100):
        moderated = pd.DataFrame({"exact": [*AGREED_CERTAIN, *in_lot[seed]], "probability": probability})
        assert weighted_agreement(moderated).value == pytest.approx(weighted[seed])
    return {"lot": in_lot.mean(axis=1), "pooled": pooled, "weighted": weighted}


def test_agreement_in_the_lot_is_unbiased_there_and_weights_are_for_the_quarter_while_pooling_is_not() -> None:
    def missed(values: np.ndarray, truth: float) -> float:
        return float(abs(values.mean() - truth) / (values.std() / math.sqrt(SEEDS)))

    found = estimates()
    assert missed(found["lot"], AGREED_LOT.mean()) < FARTHEST
    assert missed(found["weighted"], OF_QUARTER) < FARTHEST
    for truth in (AGREED_LOT.mean(), OF_QUARTER):  # biased whatever it is taken to be an estimate of
        assert abs(found["pooled"].mean() - truth) > 0.1
        assert missed(found["pooled"], truth) > 10 * FARTHEST
    assert missed(found["lot"], OF_QUARTER) > 10 * FARTHEST


def test_the_weighted_estimate_is_exactly_right_on_average_over_every_sample() -> None:
    lot, certain = [1, 1, 0.5, 0, 0.25, 1], [0, 0.5]
    probability = [1, 1, 0.5, 0.5, 0.5]
    values = [
        weighted_agreement(pd.DataFrame({"exact": [*certain, *drawn], "probability": probability})).value
        for drawn in itertools.combinations(lot, 3)
    ]
    assert np.mean(values) == pytest.approx((sum(lot) + sum(certain)) / 8)


def test_the_interval_is_wilson_s_where_few_of_many_are_drawn_and_agree_wholly_or_not() -> None:
    moderated = pd.DataFrame({"exact": [1] * 81 + [0] * 182, "probability": 1e-9})
    found = weighted_agreement(moderated)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)  # Newcombe 1998, table I


def test_the_interval_is_as_wide_as_audits_differ_with_the_correction_for_few_and_for_a_finite_population() -> None:
    drawn = [0.8, 0.9, 1, 0.7, 0.85, 0.8, 0.9, 0.75]
    mean, variance = np.mean(drawn), (1 - 8 / 40) * np.var(drawn, ddof=1) / 8
    effective = mean * (1 - mean) / variance * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 7)) ** 2
    found = weighted_agreement(pd.DataFrame({"exact": drawn, "probability": 8 / 40}))
    assert effective > 8
    assert found[:3] == pytest.approx((mean, *map(float, wilson_interval(mean * effective, effective))))


def test_where_all_agree_alike_each_audit_counts_as_one() -> None:
    found = weighted_agreement(pd.DataFrame({"exact": [0.8] * 6, "probability": 6 / 30}))
    effective = 6 * 29 / 24  # the variance of a share of 6 drawn out of 30 without replacement
    assert found[1:3] == pytest.approx(tuple(map(float, wilson_interval(0.8 * effective, effective))))


def test_the_interval_holds_the_agreement_of_the_quarter_as_often_as_it_should() -> None:
    number, held = 8, 0
    for seed in range(400):
        lot = AGREED_LOT[draw_systematically(UNEVEN, number, seed=seed, quarter=QUARTER)]
        probability = [1.0] * CERTAIN + [number / LOT] * number
        found = weighted_agreement(pd.DataFrame({"exact": [*AGREED_CERTAIN, *lot], "probability": probability}))
        held += found.low <= OF_QUARTER <= found.high
    assert held / 400 >= 0.93  # of 400 intervals that hold it 95 times in 100, fewer would by a chance of 3 in 100


def test_what_is_certain_to_be_drawn_has_no_uncertainty_and_moves_the_interval() -> None:
    lot = pd.DataFrame({"exact": [1, 1, 0, 1, 0.5, 1], "probability": 0.2})
    alone = weighted_agreement(lot)
    both = weighted_agreement(pd.concat([lot, pd.DataFrame({"exact": [0.0] * 10, "probability": 1.0})]))
    assert [both.value, both.low, both.high] == pytest.approx([each * 30 / 40 for each in alone[:3]])
    assert both[3:] == (16, 6, 0)


def test_the_more_of_all_audits_are_drawn_the_narrower_the_interval() -> None:
    drawn = [1, 1, 0, 1, 0.5, 1]
    found = [weighted_agreement(pd.DataFrame({"exact": drawn, "probability": p})) for p in (0.01, 0.3, 0.9, 0.999)]
    widths = [each.high - each.low for each in found]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.05


def test_no_interval_from_fewer_than_five_and_no_value_from_none() -> None:
    few = weighted_agreement(pd.DataFrame({"exact": [1, 0, 1, 1], "probability": 0.1}))
    assert few.value == 0.75
    assert np.isnan([few.low, few.high]).all()
    certain = weighted_agreement(pd.DataFrame({"exact": [1.0] * 9, "probability": 1.0}))
    assert certain.value == 1 and np.isnan(certain.low)
    none = weighted_agreement(pd.DataFrame({"exact": [], "probability": []}))
    assert np.isnan(none[:3]).all() and none[3:] == (0, 0, 0)


def test_audits_without_a_recorded_probability_or_agreement_are_left_out_and_counted() -> None:
    moderated = pd.DataFrame({"exact": [1, 0, None, 0.5], "probability": [1, None, 0.5, 0.5]})
    found = weighted_agreement(moderated)
    assert found.value == pytest.approx(2 / 3)
    assert (found.audits, found.drawn_by_lot, found.left_out) == (2, 1, 2)


@pytest.mark.parametrize(("exact", "probability"), [(1.1, 0.5), (-0.1, 0.5), (1, 0), (1, 1.5), (1, -1)])
def test_what_is_no_share_or_probability_is_refused(exact: float, probability: float) -> None:
    with pytest.raises(ArgumentError, match="agreement must be from 0 to 1"):
        weighted_agreement(pd.DataFrame({"exact": [exact], "probability": [probability]}))


@given(
    exact=st.lists(st.integers(0, 5), min_size=1, max_size=30),
    probabilities=st.lists(st.sampled_from([1.0, 0.5, 0.1, 0.25]), min_size=30, max_size=30),
)
def test_the_estimate_lies_within_its_interval_and_both_within_the_scale(
    exact: list[int], probabilities: list[float]
) -> None:
    moderated = pd.DataFrame({"exact": np.array(exact) / 5, "probability": probabilities[: len(exact)]})
    found = weighted_agreement(moderated)
    assert 0 <= found.value <= 1
    if found.drawn_by_lot >= 5:
        assert -1e-9 <= found.low <= found.value + 1e-9 and found.value - 1e-9 <= found.high <= 1 + 1e-9
    else:
        assert math.isnan(found.low)
