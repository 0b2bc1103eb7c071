"""Who moderates which audit: the conditions, the loads, what could not be checked, and who is linked with whom."""

import itertools
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditanalytics.assignments import (
    ALL_CONNECTED,
    ALL_FULL,
    NO_MODERATORS,
    assign_moderators,
    describe_assignments,
    describe_linkage,
    find_linked_groups,
)
from auditanalytics.errors import ArgumentError

Rows = list[tuple[object, ...]]


def audits_of(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Audits by auditor, service and team."""
    table = pd.DataFrame(list(rows), columns=["auditor", "service", "team"], dtype=object)
    return table.assign(audit_id=[f"audit-{at}" for at in range(len(rows))])


def moderators_of(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Moderators by name, service, team and the most that they can take."""
    return pd.DataFrame(
        [(*row, *[None] * (4 - len(row))) for row in rows],
        columns=["moderator", "service", "team", "most"],
        dtype=object,
    )


def drawn_of(audits: pd.DataFrame) -> pd.DataFrame:
    return audits[["audit_id"]].rename(columns={"audit_id": "audit"})


def assigned_to(audits: pd.DataFrame, moderators: pd.DataFrame, seed: int = 0) -> list[object]:
    assigned = assign_moderators(drawn_of(audits), audits, moderators, seed=seed)
    return [None if pd.isna(who) else who for who in assigned["moderator"]]


# Conditions


def test_nobody_moderates_their_own_audit() -> None:
    audits = audits_of(("a", None, None), ("b", None, None))
    for seed in range(20):
        assert assigned_to(audits, moderators_of(("a",), ("b",)), seed) == ["b", "a"]


@pytest.mark.parametrize(
    ("case", "moderator"),
    [
        (("x", "Care", None), ("m", " CARE. ", None)),  # the same service, however it is written
        (("x", None, "North"), ("m", None, "north")),  # the same team, where services are not known
        (("x", "Care", "North"), ("m", "Other", "North")),  # a team is in one service, whatever else is written
        (("x", None, "East"), ("m", "Care", "Somewhere")),  # East is a team of Care, as another audit says
        (("x", "Care", None), ("m", None, "East")),
        (("x", None, "West"), ("m", None, "East")),  # both are teams of Care
    ],
)
def test_nobody_moderates_a_case_of_their_own_service(case: tuple[object, ...], moderator: tuple[object, ...]) -> None:
    audits = audits_of(case, ("y", "Care", "East"), ("z", "Care", "West"))
    for seed in range(10):
        assigned = assign_moderators(
            drawn_of(audits)[:1], audits, moderators_of(moderator, ("n", "Third", None)), seed=seed
        )
        assert assigned["moderator"].tolist() == ["n"]
    alone = assign_moderators(drawn_of(audits)[:1], audits, moderators_of(moderator))
    assert alone["moderator"].isna().all()
    assert alone["reason"].tolist() == [ALL_CONNECTED]


def test_a_service_that_only_a_moderator_s_row_gives_to_a_team_counts_too() -> None:
    audits = audits_of(("x", None, "East"))
    moderators = moderators_of(("m", "Care", "East"), ("n", "Care", "West"), ("o", "Other", "South"))
    assert assigned_to(audits, moderators) == ["o"]


def test_why_nobody_may_take_an_audit_is_said() -> None:
    audits = audits_of(("x", "Care", None), ("x", "Other", None), ("x", "Other", None))
    assert assign_moderators(drawn_of(audits), audits, moderators_of())["reason"].tolist() == [NO_MODERATORS] * 3
    assigned = assign_moderators(drawn_of(audits), audits, moderators_of(("m", "Care", None, 1)))
    assert assigned["reason"].iloc[0] == ALL_CONNECTED
    assert Counter(assigned["reason"].fillna("taken")) == {ALL_CONNECTED: 1, ALL_FULL: 1, "taken": 1}
    assert assign_moderators(drawn_of(audits)[:0], audits, moderators_of(("m",))).empty


def test_somebody_listed_twice_is_refused() -> None:
    with pytest.raises(ArgumentError, match="names somebody twice"):
        assigned_to(audits_of(("x", None, None)), moderators_of(("m",), ("m",)))


# Loads


def test_loads_are_even_and_left_over_audits_go_by_lot() -> None:
    audits = audits_of(*[(f"x{at}", None, None) for at in range(10)])
    moderators = moderators_of(*[(name,) for name in "mnop"])
    loads = [Counter(assigned_to(audits, moderators, seed)) for seed in range(30)]
    assert all(sorted(load.values()) == [2, 2, 3, 3] for load in loads)
    assert len({frozenset(name for name, n in load.items() if n == 3) for load in loads}) == 6


def test_what_one_moderator_alone_may_take_is_made_up_for_by_the_others() -> None:
    audits = audits_of(*[("x", "Care", None)] * 3, *[("x", "Other", None)] * 3)
    moderators = moderators_of(("m", "Third", None), ("n", "Care", None))
    assert assigned_to(audits, moderators) == ["m"] * 3 + ["n"] * 3


def test_nobody_takes_more_than_they_can() -> None:
    audits = audits_of(*[(f"x{at}", None, None) for at in range(9)])
    moderators = moderators_of(("m", None, None, 1), ("n", None, None, 0), ("o", None, None, 2), ("p",))
    assert Counter(assigned_to(audits, moderators)) == {"m": 1, "o": 2, "p": 6}


def test_an_audit_is_passed_on_where_otherwise_another_would_have_nobody() -> None:
    audits = audits_of(("x", "Care", None), ("x", "Other", None))
    moderators = moderators_of(("m", "Third", None, 1), ("n", "Other", None, 1))
    assert assigned_to(audits, moderators) == ["n", "m"]


def test_a_moderator_sees_many_auditors() -> None:
    audits = audits_of(*[(name, None, None) for name in "xxxyyyzzz"])
    moderators = moderators_of(("m",), ("n",), ("o",))
    for seed in range(20):
        seen = Counter(zip(audits["auditor"], assigned_to(audits, moderators, seed), strict=True))
        assert set(seen.values()) == {1}


def test_where_loads_allow_it_a_pair_is_one_that_can_be_checked() -> None:
    audits = audits_of(("x", "Care", None), ("y", None, None))
    moderators = moderators_of(("m", "Other", None), ("n", None, None))
    for seed in range(20):
        assert assigned_to(audits, moderators, seed) == ["m", "n"]


def test_seeing_more_auditors_is_no_reason_to_leave_more_unchecked() -> None:
    audits = audits_of(("x", "Care", None), ("x", "Care", None), ("y", None, None), ("y", None, None))
    moderators = moderators_of(("m", "Other", None), ("n", None, None))
    for seed in range(20):
        assert assigned_to(audits, moderators, seed) == ["m", "m", "n", "n"]


services = st.sampled_from(["Care", "care", "Other", None])
teams = st.sampled_from(["North", "South", "East", None])
any_audits = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "x", None]), services, teams), max_size=7)
any_moderators = st.lists(
    st.tuples(st.sampled_from("abcmn"), services, teams, st.sampled_from([None, 0, 1, 2])),
    max_size=4,
    unique_by=lambda row: row[0],
)


def connected(case: tuple[object, ...], moderator: tuple[object, ...], rows: Rows) -> bool:
    """By the words of the rule: the same person, the same team, or services in common."""

    def of(service: object, team: object) -> set[str]:
        if service:
            return {str(service).casefold()}
        return {str(other).casefold() for other, its_team in rows if its_team == team and other} if team else set()

    (auditor, *place), (name, *own) = case, moderator[:3]
    return auditor == name or (place[1] is not None and place[1] == own[1]) or bool(of(*place) & of(*own))


@settings(max_examples=150)
@given(cases=any_audits, people=any_moderators, seed=st.integers(0, 99), random=st.randoms(use_true_random=False))
def test_every_assignment_keeps_the_rules_takes_as_many_as_can_be_and_is_even(
    cases: Rows, people: Rows, seed: int, random: object
) -> None:
    audits, moderators = audits_of(*cases), moderators_of(*people)
    assigned = assigned_to(audits, moderators, seed)
    rows = [row[1:3] for row in (*cases, *people)]
    may = [[person[0] for person in people if not connected(case, person, rows)] for case in cases]
    assert all(who is None or who in names for who, names in zip(assigned, may, strict=True))
    most = {person[0]: len(cases) if person[3] is None else person[3] for person in people}

    def cost(chosen: tuple[object, ...]) -> tuple[int, int]:
        """Audits without anybody, then how uneven the loads are; least is best, and beyond reach where not allowed."""
        loads = Counter(who for who in chosen if who is not None)
        if any(load > most[who] for who, load in loads.items()):
            return (len(cases) + 1, 0)
        return (list(chosen).count(None), sum(load**2 for load in loads.values()))

    every = itertools.islice(itertools.product(*([*names, None] for names in may)), 3000)
    assert cost(tuple(assigned)) <= min(map(cost, every))

    order = list(range(len(cases)))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = assign_moderators(drawn_of(audits).iloc[order], audits.iloc[::-1], moderators[::-1], seed=seed)
    assert [None if pd.isna(who) else who for who in again["moderator"]] == [assigned[at] for at in order]


# What is said


def test_what_was_checked_is_said() -> None:
    audits = audits_of(*[(f"x{at}", "Care" if at < 10 else None, None) for at in range(12)])
    moderators = moderators_of(*[(name, "Other", None) for name in "mnop"])
    assigned = assign_moderators(drawn_of(audits), audits, moderators)
    assert describe_assignments(assigned, audits, moderators) == (
        "Checked: 12 audits, 4 moderators; none from the moderator's own service, none audited by its moderator; "
        "2 could not be checked because no service or team is recorded."
    )


def test_what_was_changed_by_hand_against_the_rules_is_found() -> None:
    audits = audits_of(
        ("m", "Other", None), ("x", "Care", None), (None, "Other", None), ("y", "Other", None), ("z", "Care", "A")
    )
    moderators = moderators_of(("m", "Care", None), ("n", "Other", "B"))
    assigned = drawn_of(audits).assign(moderator=["m", "m", "m", None, "somebody else"])
    assert describe_assignments(assigned, audits, moderators) == (
        "Checked: 4 audits, 2 moderators; 1 from the moderator's own service, 1 audited by its moderator; "
        "1 could not be checked because no service or team is recorded; "
        "1 could not be checked because no auditor is recorded; 1 without a moderator."
    )


def test_nothing_assigned_is_said_too() -> None:
    audits = audits_of(("x", None, None))
    assigned = assign_moderators(drawn_of(audits), audits, moderators_of())
    assert describe_assignments(assigned, audits, moderators_of()) == (
        "Checked: 0 audits, 0 moderators; none from the moderator's own service, none audited by its moderator; "
        "1 without a moderator."
    )
    assert (
        describe_linkage(assigned, audits)
        == "No audit links an auditor to a moderator, so that nobody can be compared."
    )


def test_groups_are_those_that_audits_link_the_largest_first() -> None:
    audits = audits_of(*[(name, None, None) for name in ("x", "y", "y", "z", "m", None)])
    assigned = drawn_of(audits).assign(moderator=["m", "n", "o", "n", "p", "m"])
    groups = find_linked_groups(assigned, audits)
    of = {(row.role, row.person): row.group for row in groups.itertuples()}
    assert of == {
        **{("auditor", "y"): 1, ("auditor", "z"): 1, ("moderator", "n"): 1, ("moderator", "o"): 1},
        **{("auditor", "x"): 3, ("moderator", "m"): 3, ("auditor", "m"): 2, ("moderator", "p"): 2},
    }
    assert describe_linkage(assigned, audits) == (
        "3 groups that no case links: moderators of one cannot be compared with those of another."
    )


def test_one_linked_group_lets_differences_be_told_apart() -> None:
    audits = audits_of(("x", None, None), ("y", None, None), ("y", None, None))
    assigned = drawn_of(audits).assign(moderator=["m", "m", "n"])
    assert find_linked_groups(assigned, audits)["group"].tolist() == [1, 1, 1, 1]
    assert describe_linkage(assigned, audits) == (
        "Auditors and moderators form one linked group, so that differences between them can be told apart."
    )


links = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12)


@given(pairs=links)
def test_groups_are_the_connected_components(pairs: list[tuple[int, int]]) -> None:
    audits = audits_of(*[(f"x{auditor}", None, None) for auditor, _ in pairs])
    assigned = drawn_of(audits).assign(moderator=[f"m{moderator}" for _, moderator in pairs])
    group_of = {person: {person} for auditor, moderator in pairs for person in (f"x{auditor}", f"m{moderator}")}
    for auditor, moderator in pairs:
        together = group_of[f"x{auditor}"] | group_of[f"m{moderator}"]
        group_of |= dict.fromkeys(together, together)
    groups = find_linked_groups(assigned, audits)
    found = {frozenset(group["person"]) for _, group in groups.groupby("group")}
    assert found == {frozenset(group) for group in group_of.values()}
    sizes = groups["group"].value_counts().sort_index()
    assert sizes.index.tolist() == list(range(1, len(sizes) + 1)) and sizes.is_monotonic_decreasing
