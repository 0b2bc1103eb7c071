"""What suppression leaves to a reader who reckons, on hundreds of tables nobody chose.

The reader here is another than the library's: it knows tables by their innermost counts, not by their sums, and solves
an integer programme for every hidden count. `python tests/test_disclosure_attack.py` prints the figures.
"""

import functools
import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from auditanalytics.disclosure import LinkedCounts, Policy, Suppression, attack, exposures, suppress

SEED = 20191
TABLES, LINKED_SETS = 400, 100
NO_BOUND = 10_000
SMALL_TABLE = 12
"""Up to so many innermost counts the programme is one of whole numbers; of larger tables the corners are whole anyway."""

THRESHOLDS = (5, 7, 10)


@dataclass
class Known:
    """Tables by their innermost counts: what every published cell is the sum of, and what else must agree."""

    innermost: np.ndarray
    made_of: dict[str, np.ndarray] = field(default_factory=dict)
    sums: list[tuple[str, list[str]]] = field(default_factory=list)
    agreeing: list[np.ndarray] = field(default_factory=list)

    def add(self, name: str, places: np.ndarray, parts: list[str] | None = None) -> str:
        weights = np.zeros(self.innermost.size)
        weights[np.ravel(places)] = 1
        self.made_of.setdefault(name, weights)
        if parts is not None:
            self.sums.append((name, parts))
        return name

    @property
    def linked(self) -> LinkedCounts:
        counts = {name: int(weights @ self.innermost) for name, weights in self.made_of.items()}
        return LinkedCounts(pd.Series(counts), self.sums)

    def bounds(self, hidden: pd.Series, *, informed_of: int | None = None) -> pd.DataFrame:
        """The least and most of every hidden count, by an integer programme over the innermost counts.

        With ``informed_of``, a threshold, the reader knows which hidden counts are none and which parts are small.
        """
        weights = np.array(list(self.made_of.values()))
        values = weights @ self.innermost
        out = hidden.to_numpy()
        least = np.where(out, 0 if informed_of is None else np.minimum(values, 1), values)
        most = np.where(out, NO_BOUND * self.innermost.size, values)
        if informed_of is not None and informed_of >= 4:
            totals = {total for total, parts in self.sums if len(parts) > 1}
            part = np.array([name not in totals for name in self.made_of])
            most[out & part & (values > 0) & (values < informed_of)] = informed_of - 1
        rows = np.vstack([weights, *self.agreeing])
        none = np.zeros(len(rows) - len(weights))
        low = np.append(least, none)
        high = np.append(most, none)
        known = LinearConstraint(rows, low, high)
        extremes = []
        for name in hidden.index[out]:
            found = [
                milp(
                    sign * self.made_of[name],
                    constraints=known,
                    bounds=Bounds(0, NO_BOUND),
                    integrality=np.full(self.innermost.size, int(self.innermost.size <= SMALL_TABLE)),
                )
                for sign in (1, -1)
            ]
            assert all(each.status == 0 for each in found)
            low_of, high_of = found[0].fun, -found[1].fun
            extremes.append([math.ceil(low_of - 1e-6), math.floor(high_of + 1e-6)])
        return pd.DataFrame(extremes, index=hidden.index[out], columns=["low", "high"])


def add_table(known: Known, name: str, places: np.ndarray, columns: list[str]) -> list[str]:
    """Publish a table with its row totals; give the names of these. ``columns`` names the totals of columns."""
    rows, width = places.shape
    inner = [
        [known.add(f"{name}{row}-{column}", places[row, column]) for column in range(width)] for row in range(rows)
    ]
    for column in range(width):
        known.add(columns[column], places[:, column], [inner[row][column] for row in range(rows)])
    return [known.add(f"{name}{row}", places[row], inner[row]) for row in range(rows)]


def drawn(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Counts as audits have them: grades and teams of very different size, and many zeroes in some tables."""
    mean = random.choice([2, 4, 8, 15]) * random.gamma(1.0, size=(rows, 1)) * random.gamma(1.0, size=(1, columns))
    return random.poisson(mean) * (random.random((rows, columns)) < random.choice([0.6, 0.85, 1.0]))


def two_way(random: np.random.Generator) -> Known:
    inner = drawn(random, *random.integers(2, 7, size=2))
    known = Known(inner.ravel())
    places = np.arange(inner.size).reshape(inner.shape)
    columns = [f"column {number}" for number in range(inner.shape[1])]
    rows = add_table(known, "row ", places, columns)
    known.add("all", places, rows)
    known.add("all", places, columns)
    return known


def sharing_a_margin(random: np.random.Generator) -> Known:
    """Regions by grade and case types by grade, with the totals of grades in common, good ones and groups of regions."""
    grades = int(random.integers(3, 6))
    regions = drawn(random, int(random.integers(2, 5)), grades)
    types = int(random.integers(2, 4))
    by_type = np.array([random.multinomial(total, np.full(types, 1 / types)) for total in regions.sum(axis=0)]).T
    known = Known(np.concatenate([regions.ravel(), by_type.ravel()]))
    first = np.arange(regions.size).reshape(regions.shape)
    second = regions.size + np.arange(by_type.size).reshape(by_type.shape)
    columns = [f"grade {grade}" for grade in range(grades)]
    in_regions = add_table(known, "region ", first, columns)
    of_types = add_table(known, "type ", second, columns)
    known.agreeing = [
        np.isin(np.arange(known.innermost.size), first[:, grade]).astype(float)
        - np.isin(np.arange(known.innermost.size), second[:, grade])
        for grade in range(grades)
    ]
    known.add("north", first[:2], in_regions[:2])
    known.add("all", first, ["north", *in_regions[2:]])
    known.add("all", first, columns)
    known.add("all", first, of_types)
    known.add("good", first[:, :2], columns[:2])
    known.add("all", first, ["good", *columns[2:]])
    for region in range(len(regions)):
        known.add(f"good {region}", first[region, :2], [f"region {region}-{grade}" for grade in range(2)])
    known.add("good", first[:, :2], [f"good {region}" for region in range(len(regions))])
    return known


@dataclass
class Case:
    """One table, its policy, and what was hidden of it."""

    known: Known
    linked: LinkedCounts
    policy: Policy
    done: Suppression


@functools.cache
def cases(kind: str) -> list[Case]:
    random = np.random.default_rng(SEED)
    make, number = {"two-way": (two_way, TABLES), "linked": (sharing_a_margin, LINKED_SETS)}[kind]
    found = []
    for turn in range(number):
        known, policy = make(random), Policy(threshold=THRESHOLDS[turn % 3])
        found.append(Case(known, known.linked, policy, suppress(known.linked, policy)))
    return found


def recovered_without_secondary(case: Case) -> bool:
    """Whether hiding only small counts leaves one of them for everybody to work out."""
    bounds = attack(case.linked, case.done.primary, case.policy)
    return bool((bounds["low"] == bounds["high"]).any())


@functools.cache
def figures(kind: str) -> dict[str, float]:
    """How many cells were hidden beyond the small ones, and what hiding only these is worth."""
    at_risk = [case for case in cases(kind) if case.done.primary.any()]
    secondary = sum(int(case.done.secondary[~case.done.withheld].sum()) for case in at_risk)
    primary = sum(int(case.done.primary[~case.done.withheld].sum()) for case in at_risk)
    return {
        "tables": len(cases(kind)),
        "with small counts": len(at_risk),
        "cells": sum(len(case.linked.counts) for case in at_risk),
        "withheld tables": sum(bool(case.done.withheld.any()) for case in at_risk),
        "small": primary,
        "hidden beyond them": secondary,
        "beyond, for each small one": round(secondary / primary, 2),
        "recovered if only small ones were hidden": round(
            sum(recovered_without_secondary(case) for case in at_risk) / len(at_risk), 3
        ),
    }


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["two-way", "linked"])
def test_no_hidden_count_can_be_bounded_more_narrowly_than_two(kind: str) -> None:
    for case in cases(kind):
        counts, hidden = case.linked.counts, case.done.hidden
        assert hidden[(counts >= 1) & (counts < case.policy.threshold)].all()
        if hidden.any() and not case.done.withheld.any():
            bounds = case.known.bounds(hidden)
            assert (bounds["high"] - bounds["low"]).min() >= 2


@pytest.mark.parametrize("kind", ["two-way", "linked"])
def test_nor_by_a_reader_who_knows_which_counts_are_small(kind: str) -> None:
    for case in cases(kind)[::4]:
        if case.done.hidden.any() and not case.done.withheld.any():
            bounds = case.known.bounds(case.done.hidden, informed_of=case.policy.threshold)
            assert (bounds["high"] - bounds["low"]).min() >= 2


@pytest.mark.parametrize("kind", ["two-way", "linked"])
def test_the_attack_comes_as_near_as_the_integer_programme_over_innermost_counts(kind: str) -> None:
    for case in cases(kind)[1::8]:
        hidden = case.done.primary | (case.linked.counts % 3 == 1)
        theirs, ours = case.known.bounds(hidden), attack(case.linked, hidden, case.policy)
        no_bound = theirs["high"] >= NO_BOUND / 2
        assert (np.isinf(ours["high"]) == no_bound).all()
        pd.testing.assert_frame_equal(ours[~no_bound], theirs[~no_bound], check_dtype=False)
        assert (ours["low"] == theirs["low"]).all()


def test_the_attack_is_no_straw_man() -> None:
    """Of tables that hide only their small counts, most give one of them back to whoever subtracts."""
    assert figures("two-way")["recovered if only small ones were hidden"] > 0.7
    assert figures("linked")["recovered if only small ones were hidden"] > 0.7
    assert quarters_recovered(shapes(5, 12, 40, np.random.default_rng(SEED))) > 0.8


def test_few_cells_are_hidden_beyond_the_small_ones() -> None:
    assert figures("two-way")["beyond, for each small one"] < 0.5
    assert figures("linked")["beyond, for each small one"] < 0.5


@pytest.mark.parametrize("kind", ["two-way", "linked"])
def test_no_cell_is_hidden_without_need(kind: str) -> None:
    """Nothing where nothing is small; and no cell that was hidden for another's sake could be shown by itself."""
    for case in cases(kind)[::3]:
        if not case.done.primary.any():
            assert not case.done.hidden.any()
        if case.done.withheld.any():
            continue
        for cell in case.linked.counts.index[case.done.secondary]:
            shown = case.done.hidden.copy()
            shown[cell] = False
            assert len(exposures(case.linked, shown, case.policy)), cell


def test_with_threshold_none_nothing_is_hidden() -> None:
    for case in cases("two-way")[:40]:
        for threshold in (0, 1):
            assert not suppress(case.linked, Policy(threshold=threshold)).hidden.any()


@pytest.mark.parametrize("base", [5, 10])
def test_rounding_blurs_so_that_less_has_to_be_hidden_and_is_attacked_all_the_same(base: int) -> None:
    plain = rounded = 0
    for case in cases("two-way")[:60]:
        policy = Policy(threshold=case.policy.threshold, round_to=base)
        done = suppress(case.linked, policy)
        assert not len(exposures(case.linked, done.hidden, policy)) or done.withheld.any()
        plain, rounded = plain + case.done.hidden.sum(), rounded + done.hidden.sum()
    assert rounded < plain


leaves = st.lists(st.integers(0, 30), min_size=2, max_size=7)


@st.composite
def systems(draw: st.DrawFn) -> Known:
    """Any sums over any cells, themselves sums or not, whether or not they overlap."""
    inner = np.array(draw(leaves))
    known = Known(inner)
    names = [known.add(f"leaf {place}", place) for place in range(len(inner))]
    for number in range(draw(st.integers(1, 5))):
        parts = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
        known.made_of[f"sum {number}"] = sum(known.made_of[part] for part in parts)
        known.sums.append((f"sum {number}", parts))
        names.append(f"sum {number}")
    return known


@settings(max_examples=120)
@given(systems(), st.sampled_from([0, 3, *THRESHOLDS]), st.randoms(use_true_random=False))
def test_whatever_the_sums_what_is_hidden_stays_so(known: Known, threshold: int, random) -> None:
    linked, policy = known.linked, Policy(threshold=threshold)
    done = suppress(linked, policy)
    assert (done.primary == ((linked.counts >= 1) & (linked.counts < threshold))).all()
    assert done.hidden[done.primary].all() and (done.hidden | ~done.withheld).all()
    assert done.primary.any() or not done.hidden.any()
    kept = done.hidden & ~done.withheld
    for informed_of in (None, threshold):
        bounds = known.bounds(done.hidden, informed_of=informed_of).loc[kept[kept].index]
        assert (bounds["high"] - bounds["low"] >= 2).all()


def shapes(domains: int, quarters: int, judgements: float, random: np.random.Generator) -> LinkedCounts:
    """Quarters of a five-grade scale, with what they are of, and both tails; one tail is a grade under another name."""
    counts, sums = {}, []
    for domain, quarter in itertools.product(range(domains), range(quarters)):
        grades = [(domain, quarter, grade) for grade in range(1, 6)]
        own = random.poisson(judgements * np.array([0.1, 0.35, 0.3, 0.15, 0.1]))
        counts |= dict(zip(grades, own, strict=True))
        of, good, inadequate = ((domain, quarter, name) for name in ("of", "good", "inadequate"))
        counts |= {of: own.sum(), good: own[:2].sum(), inadequate: own[4]}
        sums += [(good, grades[:2]), (inadequate, grades[4:]), (of, grades), (of, [good, *grades[2:4], inadequate])]
    return LinkedCounts(pd.Series(counts), sums)


def quarters_recovered(linked: LinkedCounts) -> float:
    """The share of a domain's quarters with small counts that give one back if only these are hidden."""
    small = pd.Series(linked.is_small(Policy()), index=linked.counts.index)
    bounds = attack(linked, small, Policy())
    return float((bounds["low"] == bounds["high"]).groupby(level=[0, 1]).any().mean())


def alike(parts: list[int]) -> LinkedCounts:
    names = [f"part {number}" for number in range(len(parts))]
    return LinkedCounts(pd.Series([*parts, sum(parts)], index=[*names, "of"]), [("of", names)])


def compositions(total: int, number: int) -> Iterator[tuple[int, ...]]:
    if number == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in compositions(total - first, number - 1))


def test_in_one_sum_even_a_reader_with_this_very_procedure_learns_no_more() -> None:
    """Every table that agrees with what is shown is suppressed too; those that come out the same cannot be told apart."""
    random, policy, tried = np.random.default_rng(SEED), Policy(), 0
    while tried < 12:
        parts = random.poisson(random.gamma(1, 8, size=random.integers(2, 5))).tolist()
        hidden = suppress(alike(parts), policy).hidden.to_numpy()
        places = np.flatnonzero(hidden)
        left = sum(parts[place] for place in places if place < len(parts))
        if not hidden.any() or hidden[-1] or left > 20:
            continue
        tried += 1
        same = []
        for other in compositions(left, len(places)):
            guess = list(parts)
            for place, count in zip(places, other, strict=True):
                guess[place] = count
            if (suppress(alike(guess), policy).hidden.to_numpy() == hidden).all():
                same.append(other)
        assert (np.ptp(same, axis=0) >= 2).all()


if __name__ == "__main__":
    for kind in ("two-way", "linked"):
        print(kind, *(f"  {name}: {value}" for name, value in figures(kind).items()), sep="\n")
    for judgements in (20, 40, 80):
        linked = shapes(5, 12, judgements, np.random.default_rng(SEED))
        begun = time.perf_counter()
        done = suppress(linked, Policy())
        took = time.perf_counter() - begun
        print(
            f"five grades, 5 domains x 12 quarters of about {judgements}: {len(linked.counts)} cells,",
            f"{done.primary.sum()} small, {done.secondary.sum()} more, {done.withheld.sum()} withheld, {took:.2f} s;",
            f"quarters recovered if only small ones were hidden: {quarters_recovered(linked):.2f}",
        )
