import itertools
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from auditanalytics.disclosure import (
    Complement,
    LinkedCounts,
    Policy,
    attack,
    difference_attack,
    exposures,
    pooled_attack,
    suppress,
)
from auditanalytics.disclosure.attack import System, extremes
from auditanalytics.disclosure.differencing import NOTHING_ASSUMED, RECORDS_ADDED
from auditanalytics.errors import ArgumentError

FIVE = Policy(threshold=5)


def one_sum(total: str = "of", **parts: int) -> LinkedCounts:
    return LinkedCounts(pd.Series(parts | {total: sum(parts.values())}), [(total, list(parts))])


def scale(*grades: int, **more: object) -> LinkedCounts:
    """A five-grade scale as it is published: with what it is of, and both tails."""
    names = [f"grade {number}" for number in range(1, 6)]
    counts = dict(zip(names, grades, strict=True))
    counts |= {"of": sum(grades), "good": grades[0] + grades[1], "inadequate": grades[4]}
    sums = [("good", names[:2]), ("inadequate", names[4:]), ("of", names)]
    return LinkedCounts(pd.Series(counts), [*sums, ("of", ["good", *names[2:4], "inadequate"])], **more)


def hidden(linked: LinkedCounts, policy: Policy = FIVE) -> list[str]:
    done = suppress(linked, policy)
    assert done.withheld.any() or not len(exposures(linked, done.hidden, policy))
    return sorted(done.hidden.index[done.hidden])


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": -1},
        {"threshold": 2.5},
        {"threshold": True},
        {"threshold": None},
        {"round_to": 0},
        {"fewest_for_a_percentage": -1},
        {"narrowest": 0},
    ],
)
def test_a_policy_is_of_whole_numbers_in_their_range(wrong: dict) -> None:
    with pytest.raises(ArgumentError, match=f"{next(iter(wrong))} must be a whole number"):
        Policy(**wrong)


def test_none_is_not_small_and_the_threshold_itself_is_not() -> None:
    assert FIVE.is_small(pd.Series([0, 1, 4, 5])).tolist() == [False, True, True, False]
    for threshold in (0, 1):
        assert not Policy(threshold=threshold).is_small(np.arange(20)).any()


@pytest.mark.parametrize("base", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("threshold", [0, 5, 7])
def test_the_bounds_of_a_rounded_count_are_all_that_it_may_be(base: int, threshold: int) -> None:
    policy, counts = Policy(threshold=threshold, round_to=base), np.arange(80)
    counts = counts[~policy.is_small(counts)]
    shown = policy.rounded(counts)
    low, high = policy.bounds(shown)
    for number, least, most in zip(shown, low, high, strict=True):
        alike = counts[shown == number]
        if number < counts.max() - base:
            assert (least, most) == (alike.min(), alike.max())


def test_rounding_keeps_what_is_missing() -> None:
    rounded = Policy(round_to=5).rounded(pd.Series([7, pd.NA, 8], dtype="Int64"))
    assert rounded.tolist() == [5, pd.NA, 10]


def test_a_share_needs_both_counts_and_enough_to_be_of() -> None:
    of = pd.Series([10, 9, 40, 40, 0])
    n_hidden, of_hidden = pd.Series([0, 0, 1, 0, 0]) > 0, pd.Series([0, 0, 0, 1, 0]) > 0
    assert list(FIVE.share_may_be_shown(n_hidden, of_hidden, of)) == [True, False, False, False, False]
    assert not Policy(fewest_for_a_percentage=0).share_may_be_shown(False, False, 0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: LinkedCounts(pd.Series([1, 2], index=["a", "a"])), "an id of its own"),
        (lambda: LinkedCounts(pd.Series({"a": -1})), "whole number from 0"),
        (lambda: LinkedCounts(pd.Series({"a": 1.5})), "whole number from 0"),
        (lambda: LinkedCounts(pd.Series({"a": None})), "whole number from 0"),
        (lambda: LinkedCounts(pd.Series({"a": 1}), [("a", ["b"])]), "must be of cells with a count"),
        (lambda: LinkedCounts(pd.Series({"a": 1}), also_small=["b"]), "must be of cells with a count"),
        (lambda: LinkedCounts(pd.Series({"a": 1}), complements=[Complement("a", "b")]), "must be of cells"),
        (lambda: LinkedCounts(pd.Series({"a": 1}), [("a", [])]), "sum 1 must have"),
        (lambda: LinkedCounts(pd.Series({"a": 2, "b": 1}), [("a", ["b", "b"])]), "sum 1 must have"),
        (lambda: LinkedCounts(pd.Series({"a": 2, "b": 1}), [("a", ["b"])]), "come to its total"),
        (lambda: LinkedCounts(pd.Series({"a": 1, "b": 2}), complements=[Complement("a", "b")]), "come to its total"),
        (lambda: LinkedCounts(pd.Series({"a": 2}), people=pd.Series({"b": 1})), "people must have the index"),
        (lambda: LinkedCounts(pd.Series({"a": 2}), people=pd.Series({"a": 3})), "behind every count"),
        (lambda: LinkedCounts(pd.Series({"a": 2}), people=pd.Series({"a": 0})), "behind every count"),
        (lambda: LinkedCounts(pd.Series({"a": 2}), people=pd.Series({"a": None})), "behind every count"),
        (lambda: LinkedCounts(pd.Series({"a": 2}), worth=pd.Series({"a": 0})), "every worth"),
        (lambda: attack(one_sum(a=1, b=2), pd.Series({"a": True}), FIVE), "hidden must have the index"),
    ],
)
def test_what_cannot_be_is_refused(wrong: Callable[[], object], says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        wrong()


def test_nothing_at_all_is_no_error() -> None:
    nobody = LinkedCounts(pd.Series([], dtype=int))
    assert suppress(nobody, FIVE).hidden.empty
    assert attack(nobody, pd.Series([], dtype=bool), FIVE).empty
    assert difference_attack(nobody.counts, nobody.counts, FIVE).empty


def test_a_count_in_no_sum_is_hidden_by_itself_and_nothing_is_known_of_it() -> None:
    linked = LinkedCounts(pd.Series({"a": 3, "b": 9, "none": 0}))
    assert hidden(linked) == ["a"]
    assert suppress(linked, FIVE).withheld.tolist() == [True, False, False]
    assert attack(linked, suppress(linked, FIVE).hidden, FIVE).to_numpy().tolist() == [[0, np.inf]]


def test_one_small_cell_takes_the_cheapest_other_with_it() -> None:
    assert hidden(one_sum(a=24, b=13, c=3, d=30)) == ["b", "c"]


def test_a_zero_is_shown_and_is_the_last_to_be_hidden() -> None:
    assert hidden(one_sum(a=24, b=13, c=3, none=0)) == ["b", "c"]
    assert hidden(one_sum(a=24, none=0)) == []


@pytest.mark.parametrize(
    ("c", "d", "gone"),
    [
        (3, 3, ["c", "d"]),
        (4, 1, ["c", "d"]),
        (3, 1, ["b", "c", "d"]),  # 4 together, which is small
        (3, 4, ["b", "c", "d"]),  # 7 together, which is 3 and 4 if both are small
        (4, 4, ["b", "c", "d"]),
    ],
)
def test_two_small_cells_hide_each_other_only_if_together_they_are_neither_few_nor_as_many_as_small_ones_can_be(
    c: int, d: int, gone: list[str]
) -> None:
    assert hidden(one_sum(a=24, b=13, c=c, d=d)) == gone


def test_of_counts_of_one_order_of_magnitude_the_last_is_hidden_whichever_is_the_smallest() -> None:
    """Or else what is shown would say that what is hidden is no larger."""
    assert hidden(one_sum(a=3, b=12, c=11, d=13)) == hidden(one_sum(a=3, b=12, c=14, d=13)) == ["a", "d"]


def test_many_ones_are_not_hidden_by_each_other_from_a_reader_who_knows_that_zeroes_are_shown() -> None:
    """Six hidden counts come to six: a reader who knows that none is zero knows them all."""
    ones = one_sum(**{f"part {number}": 1 for number in range(6)}, large=30)
    small = ones.counts == 1
    assert (attack(ones, small, FIVE)["high"] == 6).all()
    assert (attack(ones, small, FIVE, informed=True)["high"] == 1).all()
    assert "large" in hidden(ones) or "of" in hidden(ones)


def test_a_table_that_is_small_as_a_whole_is_withheld_with_its_zeroes() -> None:
    done = suppress(one_sum(a=2, b=1, none=0), FIVE)
    assert done.withheld.all() and done.hidden.all()
    assert done.primary.tolist() == [True, True, False, True]


def test_what_cannot_be_protected_is_withheld() -> None:
    """Two sums together say that the rest is none, whatever else is hidden."""
    counts = pd.Series({"of": 20, "good": 20, "rest": 0, "other": 30, "all": 50})
    sums = [("of", ["good"]), ("of", ["good", "rest"]), ("all", ["of", "other"])]
    assert suppress(LinkedCounts(counts, sums, also_small=["rest"]), FIVE).withheld.all()


def test_withholding_one_table_leaves_others_alone() -> None:
    counts = pd.Series({"a": 2, "b": 1, "of": 3, "A": 20, "B": 10, "OF": 30})
    done = suppress(LinkedCounts(counts, [("of", ["a", "b"]), ("OF", ["A", "B"])]), FIVE)
    assert done.withheld.tolist() == [True, True, True, False, False, False]


@pytest.mark.parametrize(("good", "of"), [(38, 40), (26, 27), (36, 40)])
def test_what_a_part_leaves_of_a_total_is_not_told_either(good: int, of: int) -> None:
    """38 of 40 are good says that 2 are not, whether or not these are published."""
    linked = LinkedCounts(pd.Series({"of": of, "good": good}), complements=[Complement("of", "good")])
    assert len(exposures(linked, pd.Series({"of": False, "good": False}), FIVE)) == 1
    done = suppress(linked, FIVE)
    assert not done.primary.any() and done.secondary.sum() == 1


def test_a_complement_of_none_or_of_enough_may_be_told() -> None:
    for good in (35, 40):
        linked = LinkedCounts(pd.Series({"of": 40, "good": good}), complements=[Complement("of", "good")])
        assert hidden(linked) == []


def test_a_complement_within_a_sum_is_guarded_without_being_named() -> None:
    assert hidden(one_sum(good=38, requires=2, inadequate=0)) == ["good", "requires"]
    assert hidden(one_sum(outstanding=20, good=17, requires=2, inadequate=1)) == ["good", "inadequate", "requires"]


def test_people_and_not_judgements_are_what_is_few() -> None:
    counts = pd.Series({"good": 40, "inadequate": 5, "requires": 12, "of": 57})
    sums = [("of", ["good", "inadequate", "requires"])]
    assert hidden(LinkedCounts(counts, sums)) == []
    people = pd.Series({"good": 20, "inadequate": 1, "requires": 9, "of": 24})
    assert hidden(LinkedCounts(counts, sums, people=people)) == ["inadequate", "requires"]
    with pytest.raises(ArgumentError):
        LinkedCounts(counts, sums, people=people[:3])


def test_which_people_stand_behind_hidden_parts_says_whether_they_are_few_together() -> None:
    """Three judgements on each of two grades: of three children in all, or of six."""
    counts = pd.Series({"good": 20, "fair": 12, "requires": 3, "inadequate": 3, "of": 38})
    sums = [("of", ["good", "fair", "requires", "inadequate"])]
    everybody = frozenset(range(30))
    others = {"good": frozenset(range(20)), "fair": frozenset(range(12)), "of": everybody}
    same = pd.Series(others | {"requires": frozenset({1, 2, 3}), "inadequate": frozenset({1, 2, 3})})[counts.index]
    other = pd.Series(others | {"requires": frozenset({1, 2, 3}), "inadequate": frozenset({4, 5, 6})})[counts.index]
    assert hidden(LinkedCounts(counts, sums, people=same)) == ["fair", "inadequate", "requires"]
    assert hidden(LinkedCounts(counts, sums, people=other)) == ["inadequate", "requires"]


def test_if_only_their_numbers_are_known_people_together_are_the_fewest_they_can_be() -> None:
    counts = pd.Series({"good": 20, "fair": 12, "requires": 3, "inadequate": 3, "of": 38})
    sums = [("of", ["good", "fair", "requires", "inadequate"])]
    assert hidden(LinkedCounts(counts, sums, people=counts)) == ["inadequate", "requires"]
    assert hidden(LinkedCounts(counts, sums, people=counts.clip(upper=25))) == ["fair", "inadequate", "requires"]


def test_the_people_behind_a_complement_are_known_from_its_sum_or_are_the_fewest_they_can_be() -> None:
    counts = pd.Series({"of": 20, "good": 12, "poor": 8})
    pair = [Complement("of", "good")]
    numbers = pd.Series({"of": 10, "good": 9, "poor": 6})
    by_sum = LinkedCounts(counts, [("of", ["good", "poor"])], people=numbers, complements=pair)
    assert by_sum.numbers[-1] == 6
    assert LinkedCounts(counts, people=numbers, complements=pair).numbers[-1] == 1
    sets = pd.Series({"of": frozenset(range(10)), "good": frozenset(range(7)), "poor": frozenset(range(5, 10))})
    assert LinkedCounts(counts, people=sets, complements=pair).numbers[-1] == 3
    assert LinkedCounts(counts, people=sets, complements=[Complement("of", "good", 5)]).numbers[-1] == 5
    none_left = LinkedCounts(pd.Series({"of": 4, "good": 4}), people=pd.Series({"of": 4, "good": 4}), complements=pair)
    assert none_left.numbers[-1] == 0


def test_what_is_small_for_another_reason_is_hidden_and_protected() -> None:
    linked = LinkedCounts(pd.Series({"a": 30, "b": 20, "of": 50}), [("of", ["a", "b"])], also_small=["a"])
    done = suppress(linked, Policy(threshold=0))
    assert done.primary.to_dict() == {"a": True, "b": False, "of": False} and done.hidden["b"]


@pytest.mark.parametrize(
    ("grades", "gone"),
    [
        ((4, 14, 12, 6, 9), ["grade 1", "grade 2"]),
        ((6, 14, 12, 6, 3), ["grade 4", "grade 5", "inadequate"]),
        ((6, 14, 12, 6, 0), []),
        ((6, 14, 12, 0, 0), []),
        ((20, 18, 2, 0, 0), ["grade 3", "of"]),
        ((20, 17, 0, 2, 1), ["grade 4", "grade 5", "inadequate", "of"]),
    ],
)
def test_the_shape_of_a_grade_scale(grades: tuple[int, ...], gone: list[str]) -> None:
    """A tail of one grade goes with it; what it is all of goes where it would say how few are not good."""
    assert hidden(scale(*grades)) == gone


@pytest.mark.parametrize(
    ("grades", "gone"),
    [
        ((6, 14, 12, 6, 3), ["grade 4", "grade 5", "inadequate"]),
        ((20, 18, 2, 0, 0), ["good", "grade 2", "grade 3"]),
        ((20, 17, 0, 2, 1), ["good", "grade 2", "grade 4", "grade 5", "inadequate"]),
    ],
)
def test_if_what_it_is_all_of_is_dear_good_goes_where_it_would_say_how_few_are_not(
    grades: tuple[int, ...], gone: list[str]
) -> None:
    worth = pd.Series({"of": 100.0, "good": 10.0, "inadequate": 10.0})
    worth = worth.reindex(scale(*grades).counts.index, fill_value=1.0)
    assert hidden(scale(*grades, worth=worth)) == gone


def test_a_quarter_of_few_judgements_is_withheld() -> None:
    assert suppress(scale(1, 1, 1, 0, 0), FIVE).withheld.all()


def test_worth_says_what_is_kept() -> None:
    linked = one_sum(a=24, b=13, c=3)
    dear = pd.Series({"a": 1.0, "b": 50.0, "c": 1.0, "of": 50.0})
    assert hidden(LinkedCounts(linked.counts, linked.sums, worth=dear)) == ["a", "c"]
    dear["a"], dear["of"] = 50.0, 0.1
    assert hidden(LinkedCounts(linked.counts, linked.sums, worth=dear)) == ["c", "of"]


@pytest.mark.parametrize("small", list(itertools.product(range(2), range(3))))
def test_in_a_two_way_table_one_small_cell_takes_three_others_with_it(small: tuple[int, int]) -> None:
    inner = np.array([[20, 30, 25], [40, 15, 35]])
    inner[small] = 2
    counts = {(row, column): inner[row, column] for row, column in itertools.product(range(2), range(3))}
    rows = [((row, "all"), [(row, column) for column in range(3)]) for row in range(2)]
    columns = [(("all", column), [(row, column) for row in range(2)]) for column in range(3)]
    counts |= {total: sum(counts[part] for part in parts) for total, parts in rows + columns} | {
        ("all", "all"): inner.sum()
    }
    linked = LinkedCounts(pd.Series(counts), [*rows, *columns, (("all", "all"), [(row, "all") for row in range(2)])])
    done = suppress(linked, FIVE)
    assert done.hidden.sum() == 4 and isinstance(done.hidden.index, pd.MultiIndex)
    assert not any("all" in cell for cell in done.hidden.index[done.hidden])


def test_a_rounded_table_is_attacked_through_the_intervals_behind_it() -> None:
    linked, policy = one_sum(a=24, b=13, c=3), Policy(round_to=5)
    assert hidden(linked, policy) == ["c"]
    assert attack(linked, linked.counts < 5, policy).to_numpy().tolist() == [[0, 6]]
    assert exposures(linked, linked.counts < 5, policy).empty


def test_a_base_too_small_to_blur_is_no_protection() -> None:
    assert len(hidden(one_sum(a=24, c=3), Policy(round_to=1))) == 2


def test_extremes_are_those_of_whole_numbers() -> None:
    """Twice x and y come to 3, y being 0 or 1: x is 1, although 1.5 would do for fractions."""
    system = System(csr_array(np.array([[2.0, 1.0, -1.0]])), np.array([0.0, 0, 3]), np.array([9.0, 1, 3]))
    low, high = extremes(system, csr_array(np.eye(3)))
    assert low.tolist() == high.tolist() == [1, 1, 3]


@pytest.mark.parametrize("at_once", [1, 20_000])
def test_what_cannot_be_is_missing_and_spoils_nothing_else(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(sys.modules["auditanalytics.disclosure.attack"], "_COLUMNS_AT_ONCE", at_once)
    matrix = np.array([[1.0, 1, -1, 0, 0, 0, 0], [0, 0, 0, 1, 1, -1, 0], [0, 0, 0, 0, 0, 0, 1]])
    low = np.array([0.0, 0, 5, 0, 0, 5, 2])
    high = np.array([1.0, 1, 5, 9, 9, 5, 2])
    least, most = extremes(System(csr_array(matrix), low, high), csr_array(np.eye(7)))
    assert np.isnan(least).tolist() == np.isnan(most).tolist() == [True, True, False, False, False, False, True]
    assert least[2:6].tolist() == [5, 0, 0, 5] and most[2:6].tolist() == [5, 5, 5, 5]


def versions(*pairs: tuple[float | None, float | None]) -> tuple[pd.Series, pd.Series]:
    index = ["of", "good", "fair", "poor"][: len(pairs)]
    return tuple(pd.Series([pair[side] for pair in pairs], index=index, dtype=float) for side in (0, 1))


ALL = [("of", ["good", "fair", "poor"])]


def test_the_same_version_twice_gives_nothing_away() -> None:
    same = versions((40, 40), (20, 20), (None, None), (None, None))
    assert difference_attack(*same, FIVE, sums=ALL).empty


def test_one_child_more_is_found_at_its_grade() -> None:
    exposed = difference_attack(*versions((40, 41), (20, 21), (10, 10), (10, 10)), FIVE, sums=ALL)
    assert [cells for cells, *_ in exposed.to_numpy().tolist()] == [("of",), ("good",)]
    assert (exposed[["low", "high"]] == 1).all(axis=None) and (exposed["assumed"] == NOTHING_ASSUMED).all()


def test_one_child_fewer_is_found_too() -> None:
    exposed = difference_attack(*versions((41, 40), (21, 20), (10, 10), (10, 10)), FIVE, sums=ALL)
    assert exposed["low"].tolist() == exposed["high"].tolist() == [-1, -1]


def test_many_more_are_no_exposure_but_what_few_of_them_are_elsewhere_is() -> None:
    assert difference_attack(*versions((40, 60), (20, 30), (10, 15), (10, 15)), FIVE, sums=ALL).empty
    exposed = difference_attack(*versions((40, 51), (20, 30), (10, 11), (10, 10)), FIVE, sums=ALL)
    assert exposed["cells"].tolist() == [("fair",)]


def test_what_is_hidden_in_one_version_is_reckoned_from_the_other() -> None:
    """In the later version only fair is hidden, so that it is no secret; in the earlier one it was shown."""
    exposed = difference_attack(*versions((40, 46), (20, 25), (10, None), (10, 10)), FIVE, sums=ALL)
    assert ("fair",) in exposed["cells"].tolist()


def test_hidden_parts_are_taken_together() -> None:
    """Neither hidden grade has bounds, but together they grew by two."""
    exposed = difference_attack(*versions((40, 52), (20, 30), (None, None), (None, None)), FIVE, sums=ALL)
    assert exposed["cells"].tolist() == [("fair", "poor")]
    assert exposed[["low", "high"]].to_numpy().tolist() == [[2, 2]]


def test_a_reader_who_takes_it_that_records_are_only_added_finds_more() -> None:
    """Good and poor were shown, and are hidden since three came: only if none changed grade is either of them 0 to 3."""
    earlier = pd.Series({"of": 30, "good": 20, "poor": 10, "north": 12, "south": 18})
    later = pd.Series({"of": 33, "good": np.nan, "poor": np.nan, "north": 12, "south": 21})
    sums = [("of", ["good", "poor"]), ("of", ["north", "south"])]
    exposed = difference_attack(earlier, later, Policy(threshold=4), sums=sums)
    assert exposed["cells"].tolist() == [("of",), ("south",), ("good", "poor")]
    inner = {("north", "good"): 5, ("south", "good"): 15, ("north", "poor"): 7, ("south", "poor"): 3}
    sums += [(total, [cell for cell in inner if total in cell]) for total in ("north", "south", "good", "poor")]
    earlier = pd.concat([earlier, pd.Series(inner)])
    later = pd.concat([later, pd.Series(dict.fromkeys(inner, np.nan))]).astype(float)
    later["good"], later["poor"] = 22, 11
    exposed = difference_attack(earlier, later, Policy(threshold=4), sums=sums)
    assumed = dict(zip(exposed["cells"], exposed["assumed"], strict=True))
    assert assumed[("good",)] == NOTHING_ASSUMED
    assert assumed[("south", "good"),] == assumed[("south", "poor"),] == RECORDS_ADDED


def test_if_records_left_the_reader_does_not_take_it_that_they_are_only_added() -> None:
    exposed = difference_attack(*versions((40, 30), (20, 10), (10, 10), (10, 10)), FIVE, sums=ALL)
    assert exposed.empty


def test_rounding_blurs_a_difference() -> None:
    pair = versions((40, 45), (20, 25), (10, 10), (10, 10))
    assert difference_attack(*pair, Policy(round_to=5), sums=ALL).empty
    exposed = difference_attack(*versions((40, 42)), Policy(round_to=2))
    assert exposed[["low", "high"]].to_numpy().tolist() == [[1, 3]]


def test_a_cell_of_one_version_has_not_changed() -> None:
    earlier, later = pd.Series({"of": 40}), pd.Series({"of": 40, "new": 6})
    assert difference_attack(earlier, later, FIVE, sums=[("of", ["new", "none"])]).empty


def test_a_complement_that_grew_by_one_is_found() -> None:
    pair = [Complement("of", "good")]
    exposed = difference_attack(*versions((40, 47), (31, 37)), FIVE, complements=pair)
    assert exposed["cells"].tolist() == [(Complement("of", "good"),)]


def test_versions_that_contradict_themselves_are_refused() -> None:
    pair = versions((40, 40), (20, 20), (10, 10), (11, 11))
    with pytest.raises(ArgumentError, match="agree with the sums"):
        difference_attack(*pair, FIVE, sums=ALL)
    twice = pd.Series([1, 2], index=["a", "a"])
    with pytest.raises(ArgumentError, match="an id of its own"):
        difference_attack(twice, twice, FIVE)
    with pytest.raises(ArgumentError, match="complement"):
        difference_attack(pair[0], pair[1][:1], FIVE, complements=[Complement("of", "good")])


def test_without_a_threshold_no_difference_is_small() -> None:
    assert difference_attack(*versions((40, 41)), Policy(threshold=0)).empty


def test_rounding_that_would_write_a_count_that_is_shown_as_none_is_refused() -> None:
    with pytest.raises(ArgumentError, match="round_to must be at most 10, twice the threshold; not 20"):
        Policy(threshold=5, round_to=20)
    assert Policy(threshold=5, round_to=10).rounded(5) == 10
    assert Policy(threshold=0, round_to=20).rounded(7) == 0


def test_unless_something_else_is_said_the_threshold_is_five_and_percentages_are_of_ten() -> None:
    assert Policy() == Policy(threshold=5, round_to=None, fewest_for_a_percentage=10, narrowest=2)


def test_where_no_count_is_small_any_rounding_will_do_and_none_may_be_one() -> None:
    policy = Policy(threshold=1, round_to=3)
    low, high = policy.bounds(np.array([0, 3, 6]))
    assert (low.tolist(), high.tolist()) == ([0, 2, 5], [1, 4, 7])


def test_a_change_of_as_many_as_the_threshold_is_not_few_either_way() -> None:
    for change, few in ((4, True), (5, False), (-4, True), (-5, False)):
        exposed = difference_attack(*versions((40, 40 + change)), FIVE)
        assert exposed[["low", "high"]].to_numpy().tolist() == [[change, change]] * few


def test_versions_without_a_cell_in_common_have_no_changes() -> None:
    exposed = difference_attack(pd.Series({"a": 3.0}), pd.Series({"b": 4.0}), FIVE)
    assert (list(exposed), len(exposed)) == (["cells", "low", "high", "assumed"], 0)


def test_a_hidden_count_that_certainly_fell_is_found_although_records_cannot_only_have_been_added() -> None:
    exposed = difference_attack(*versions((40, 36), (20, 20), (None, None), (10, 10)), FIVE, sums=ALL)
    assert exposed["cells"].tolist() == [("of",), ("fair",)]
    assert exposed[["low", "high"]].to_numpy().tolist() == [[-4, -4], [-4, -4]]
    assert set(exposed["assumed"]) == {NOTHING_ASSUMED}


def test_behind_a_count_of_none_stands_nobody_and_behind_any_other_somebody() -> None:
    counts = pd.Series({"of": 6, "good": 6, "poor": 0})
    sums = [("of", ["good", "poor"])]
    assert LinkedCounts(counts, sums, people=pd.Series({"of": 6, "good": 6, "poor": 0})).numbers.tolist() == [6, 6, 0]
    for people in ({"of": 6, "good": 0, "poor": 0}, {"of": 6, "good": 7, "poor": 0}, {"of": 6, "good": 6, "poor": 1}):
        with pytest.raises(ArgumentError, match="behind every count"):
            LinkedCounts(counts, sums, people=pd.Series(people))


def test_one_person_behind_the_other_part_of_a_sum_is_one_behind_the_complement() -> None:
    counts = pd.Series({"of": 12, "good": 9, "poor": 3})
    people = pd.Series({"of": 10, "good": 9, "poor": 1})
    linked = LinkedCounts(counts, [("of", ["good", "poor"])], people=people, complements=[Complement("of", "good")])
    assert (linked.values.tolist(), linked.numbers.tolist()) == ([12, 9, 3, 3], [10, 9, 1, 1])


def test_without_an_earlier_publication_or_anything_hidden_nothing_is_pooled() -> None:
    linked = one_sum(a=24, b=13, c=3)
    shown = linked.counts.astype(float)
    nothing = pd.Series(False, index=linked.counts.index)
    for gone, earlier in ((linked.counts == 3, []), (nothing, [(shown, FIVE)]), (nothing, [])):
        told = pooled_attack(linked, gone, FIVE, earlier)
        assert (list(told), len(told)) == (["cells", "low", "high"], 0)


def test_two_publications_that_hide_different_companions_give_the_small_count_away_together() -> None:
    """Now a goes with b, and earlier it went with c; whoever holds both subtracts the three that are shown."""
    linked = LinkedCounts(pd.Series({"of": 63, "a": 3, "b": 8, "c": 12, "d": 40}), [("of", ["a", "b", "c", "d"])])
    now = linked.counts.isin([3, 8])
    earlier = linked.counts.astype(float).where(~linked.counts.isin([3, 12]))
    told = pooled_attack(linked, now, FIVE, [(earlier, FIVE)])
    assert told.to_numpy().tolist() == [[("a",), 3, 3]]
    assert pooled_attack(linked, now, FIVE, [(linked.counts.astype(float).where(~now), FIVE)]).empty
    # One that shows another number is of other counts, and tells nothing of these.
    assert pooled_attack(linked, now, FIVE, [(earlier + 1, FIVE)]).empty
    # Nor is what an earlier one showed outright given away only now.
    assert pooled_attack(linked, now, FIVE, [(linked.counts.astype(float), FIVE)]).empty


def test_a_rounded_earlier_publication_tells_only_the_interval_behind_it() -> None:
    linked = LinkedCounts(pd.Series({"of": 63, "a": 3, "b": 8, "c": 12, "d": 40}), [("of", ["a", "b", "c", "d"])])
    now, rough = linked.counts.isin([3, 8]), Policy(threshold=5, round_to=10)
    rounded = rough.rounded(linked.counts).astype(float).where(~linked.counts.isin([3, 12]))
    assert pooled_attack(linked, now, FIVE, [(rounded, rough)]).empty
    # b was 5 to 14, and a and b are 11: a is 1 to 6.
    wary = Policy(threshold=5, narrowest=6)
    assert pooled_attack(linked, now, wary, [(rounded, rough)]).to_numpy().tolist() == [[("a",), 1, 6]]
