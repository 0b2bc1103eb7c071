"""Who moderates which audit: nobody their own, nobody one of their own service, and everybody as many as the others.

Moderators are to be unconnected with what they moderate; that is a condition, and even loads are a wish. Where it is
not recorded to which service a case or a moderator belongs, nothing can be held against a pair, and the sentences say
how many went unchecked. Whether differences between auditors can be told from differences between moderators depends on
who meets whom, which is counted too.
"""

from collections import Counter, defaultdict
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from auditanalytics.english import counted
from auditanalytics.errors import ArgumentError
from auditanalytics.grades import fold_label
from auditanalytics.schema import TEXT
from auditanalytics.spot_checks import keyed_number

NO_MODERATORS = "There are no moderators"
ALL_CONNECTED = "Every moderator belongs to the service of the case, or audited it"
ALL_FULL = "Every moderator who might take it has as many as they can take"

AUDITOR, MODERATOR = "auditor", "moderator"


class _Pairs(NamedTuple):
    """Every case with every moderator: what speaks against a pair, and where nothing is recorded to say so."""

    cases: pd.DataFrame
    moderators: pd.DataFrame
    own_audit: NDArray[np.bool_]
    own_service: NDArray[np.bool_]
    not_known: NDArray[np.bool_]

    @property
    def allowed(self) -> NDArray[np.bool_]:
        return ~(self.own_audit | self.own_service)


def assign_moderators(
    drawn: pd.DataFrame, audits: pd.DataFrame, moderators: pd.DataFrame, *, seed: int = 0
) -> pd.DataFrame:
    """Give every drawn audit to a moderator who is not connected with it.

    Nobody is given an audit of their own, nor one of a case of their own service. A service that is not recorded is
    that of the team, where other rows say which; where neither side's is known, teams are compared. As many audits as
    possible have a moderator; then loads are as even as can be; then as few pairs as possible have nothing recorded to
    check them by; then a moderator sees as many auditors as exchanges of audits bring about. The rest is left to a lot.

    Parameters
    ----------
    drawn
        `schema.SPOT_CHECK`.
    audits
        `schema.AUDITS`.
    moderators
        A row for each: ``moderator`` (pseudonym), ``service``, ``team`` and ``most``, how many they can take; the last
        three may be missing.
    seed
        What the lot is drawn with.

    Returns
    -------
    pandas.DataFrame
        ``audit``, ``moderator`` and ``reason``, in the order of the drawn audits. The moderator is missing where nobody
        may take it, and the reason says why.

    Raises
    ------
    ArgumentError
        If a moderator is listed twice.

    Notes
    -----
    An assignment problem in which a moderator has a place for each audit they may take, the first for nothing and each
    further one dearer by one, so that all together cost least where loads are most even.
    `scipy.optimize.linear_sum_assignment` solves it (Crouse 2016, IEEE Transactions on Aerospace and Electronic Systems
    52, 1679 to 1696).

    Examples
    --------
    >>> drawn = pd.DataFrame({"audit": ["audit-1", "audit-2"]})
    >>> audits = pd.DataFrame({
    ...     "audit_id": ["audit-1", "audit-2"], "auditor": ["auditor-a", "auditor-b"],
    ...     "service": ["Children in care", "Safeguarding"], "team": None,
    ... })
    >>> moderators = pd.DataFrame({
    ...     "moderator": ["auditor-c", "auditor-d"], "service": ["Safeguarding", "Children in care"], "team": None,
    ...     "most": None,
    ... })
    >>> assign_moderators(drawn, audits, moderators)["moderator"].tolist()
    ['auditor-c', 'auditor-d']
    """
    if moderators["moderator"].duplicated().any():
        raise ArgumentError("the list of moderators names somebody twice; give everybody one row")
    shuffled = drawn["audit"].loc[drawn["audit"].map(lambda audit: keyed_number(audit, seed=seed)).sort_values().index]
    people = moderators.assign(chance=[keyed_number(each, seed=seed) for each in moderators["moderator"]])
    pairs = _pair(shuffled, audits, people.sort_values("chance", ignore_index=True))
    chosen = _spread_auditors(_assign_evenly(pairs), pairs)
    names = pairs.moderators["moderator"].tolist()
    assigned = pd.DataFrame({"audit": shuffled})
    assigned[MODERATOR] = [names[at] if at >= 0 else None for at in chosen]
    assigned["reason"] = [None if at >= 0 else _why_nobody(row) for at, row in zip(chosen, pairs.allowed, strict=True)]
    return assigned.loc[drawn.index].astype(TEXT).reset_index(drop=True)


_Place = tuple[str, frozenset[str]]
"""The team of a case or a moderator, "" where not known, and the services that it may be of."""

_OWN, _OTHER, _NOT_KNOWN = "own service", "other service", "not known"


def _pair(drawn: pd.Series, audits: pd.DataFrame, moderators: pd.DataFrame) -> _Pairs:
    by_audit = audits.set_index("audit_id")[[AUDITOR, "service", "team"]]
    cases = by_audit.reindex(drawn.to_numpy()).rename_axis("audit").reset_index().astype(object)
    moderators = moderators.reindex(columns=[MODERATOR, "service", "team", "most"])
    services: defaultdict[str, set[str]] = defaultdict(set)
    for table in (audits, moderators):
        for team, service in zip(_folded(table["team"]), _folded(table["service"]), strict=True):
            if team and service:
                services[team].add(service)
    people = _places(moderators, services)
    against = [[_compare(case, person) for person in people] for case in _places(cases, services)]
    found = np.array(against, dtype=object).reshape(len(cases), len(moderators))
    own_audit = cases[AUDITOR].to_numpy()[:, None] == moderators[MODERATOR].astype(object).to_numpy()[None, :]
    return _Pairs(cases, moderators, own_audit, found == _OWN, found == _NOT_KNOWN)


def _folded(words: pd.Series) -> list[str]:
    return ["" if pd.isna(word) else fold_label(str(word)) for word in words]


def _places(table: pd.DataFrame, services: dict[str, set[str]]) -> list[_Place]:
    return [
        (team, frozenset({service} if service else services.get(team, ())))
        for team, service in zip(_folded(table["team"]), _folded(table["service"]), strict=True)
    ]


def _compare(case: _Place, person: _Place) -> str:
    (team, services), (own_team, own_services) = case, person
    if (team and team == own_team) or services & own_services:
        return _OWN
    return _OTHER if (services and own_services) or (team and own_team) else _NOT_KNOWN


def _assign_evenly(pairs: _Pairs) -> list[int]:
    """The position of the moderator of each case; -1 where nobody may take it."""
    # Loaded here because a check that draws nothing need not wait for it.
    from scipy.optimize import linear_sum_assignment

    allowed, cases = pairs.allowed, len(pairs.cases)
    may_take = np.minimum(pairs.moderators["most"].astype(float).fillna(np.inf), allowed.sum(axis=0)).clip(0)
    owner = np.repeat(np.arange(len(may_take)), may_take.astype(int))
    nth = np.concatenate([np.arange(int(most)) for most in may_take] or [[]])
    # Less than one place dearer, all such pairs together: evenness goes first.
    cost = np.where(allowed[:, owner], nth + pairs.not_known[:, owner] / (cases + 1), np.inf)
    nobody = np.full((cases, cases), float(cases**2 + 1))  # dearer than any way to fill places
    _, taken = linear_sum_assignment(np.hstack([cost, nobody]))
    return [int(owner[at]) if at < len(owner) else -1 for at in taken]


def _spread_auditors(chosen: list[int], pairs: _Pairs) -> list[int]:
    """Exchange audits between moderators as long as each then sees more auditors; loads stay as they are.

    An exchange lowers the sum, over auditors and moderators, of the squared number of audits that both have in common.
    """
    of_case = list(chosen)
    auditors = pairs.cases[AUDITOR].fillna(pairs.cases["audit"]).tolist()
    common = Counter(zip(auditors, of_case, strict=True))
    taken = [case for case, at in enumerate(chosen) if at >= 0]
    exchanged = True
    while exchanged:
        exchanged = False
        for one, other in combinations(taken, 2):
            moves = [(one, of_case[one], of_case[other]), (other, of_case[other], of_case[one])]
            ends = [((auditors[case], since), (auditors[case], to)) for case, since, to in moves]
            gained = sum(common[since] - common[to] - 1 for since, to in ends)
            if auditors[one] != auditors[other] and gained > 0 and _may_exchange(moves, pairs):
                for (case, _, at), (since, to) in zip(moves, ends, strict=True):
                    common[since], common[to], of_case[case] = common[since] - 1, common[to] + 1, at
                exchanged = True
    return of_case


def _may_exchange(moves: list[tuple[int, int, int]], pairs: _Pairs) -> bool:
    """Whether both moderators may take the other's case, and no pair less can be checked then."""
    unchecked = sum(int(pairs.not_known[case, to]) - int(pairs.not_known[case, since]) for case, since, to in moves)
    return unchecked <= 0 and all(pairs.allowed[case, to] for case, _, to in moves)


def _why_nobody(allowed: NDArray[np.bool_]) -> str:
    if not len(allowed):
        return NO_MODERATORS
    return ALL_FULL if allowed.any() else ALL_CONNECTED


def describe_assignments(assigned: pd.DataFrame, audits: pd.DataFrame, moderators: pd.DataFrame) -> str:
    """Check who moderates what, whoever assigned it, and say what was found.

    Parameters
    ----------
    assigned
        ``audit`` and ``moderator``, from `assign_moderators` or changed by hand since.
    audits
        `schema.AUDITS`.
    moderators
        The moderators, as for `assign_moderators`.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> assigned = pd.DataFrame({"audit": ["audit-1"], "moderator": ["auditor-c"]})
    >>> audits = pd.DataFrame({
    ...     "audit_id": ["audit-1"], "auditor": ["auditor-a"], "service": ["Children in care"], "team": None,
    ... })
    >>> moderators = pd.DataFrame({"moderator": ["auditor-c"], "service": ["Safeguarding"], "team": None, "most": None})
    >>> print(describe_assignments(assigned, audits, moderators))
    Checked: 1 audit, 1 moderator; none from the moderator's own service, none audited by its moderator.
    """
    given = assigned.dropna(subset=MODERATOR)
    strangers = pd.DataFrame({MODERATOR: sorted(set(given[MODERATOR]) - set(moderators[MODERATOR]))})
    pairs = _pair(given["audit"], audits, pd.concat([moderators, strangers], ignore_index=True))
    at = pairs.moderators.set_index(MODERATOR).index.get_indexer(given[MODERATOR])
    taken = (np.arange(len(given)), at)
    parts = [
        f"{_number(pairs.own_service[taken].sum())} from the moderator's own service",
        f"{_number(pairs.own_audit[taken].sum())} audited by its moderator",
    ]
    checked = f"{counted(len(given), 'audit')}, {counted(given[MODERATOR].nunique(), 'moderator')}"
    sentence = f"Checked: {checked}; {', '.join(parts)}"
    left = {
        "could not be checked because no service or team is recorded": pairs.not_known[taken].sum(),
        "could not be checked because no auditor is recorded": pairs.cases[AUDITOR].isna().sum(),
        "without a moderator": len(assigned) - len(given),
    }
    return "; ".join([sentence, *(f"{number} {what}" for what, number in left.items() if number)]) + "."


def _number(count: int) -> str:
    return str(count) if count else "none"


def find_linked_groups(assigned: pd.DataFrame, audits: pd.DataFrame) -> pd.DataFrame:
    """Find which auditors and moderators are linked, directly or through others, by moderated audits.

    Parameters
    ----------
    assigned
        ``audit`` and ``moderator``.
    audits
        `schema.AUDITS`.

    Returns
    -------
    pandas.DataFrame
        ``person``, ``role`` (auditor or moderator) and ``group``, a whole number from 1; the largest group first.
        Somebody who audits and moderates is there twice, because they may do one more strictly than the other.

    Notes
    -----
    The connected components of the graph in which every moderated audit joins its auditor to its moderator. Effects of
    auditors and of moderators can be told apart only within one (Weeks and Williams 1964, Technometrics 6, 319 to 324).

    Examples
    --------
    >>> assigned = pd.DataFrame({"audit": ["audit-1", "audit-2"], "moderator": ["auditor-c", "auditor-c"]})
    >>> audits = pd.DataFrame({"audit_id": ["audit-1", "audit-2"], "auditor": ["auditor-a", "auditor-b"]})
    >>> find_linked_groups(assigned, audits)["group"].tolist()
    [1, 1, 1]
    """
    # Loaded here for the same reason as the assignment.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = assigned.dropna(subset=MODERATOR).merge(
        audits[["audit_id", AUDITOR]].dropna(), left_on="audit", right_on="audit_id"
    )
    people = sorted({(role, person) for role in (AUDITOR, MODERATOR) for person in links[role]})
    at = {person: number for number, person in enumerate(people)}
    ends = [[at[role, person] for person in links[role]] for role in (AUDITOR, MODERATOR)]
    graph = coo_array((np.ones(len(links)), tuple(map(np.array, ends))), shape=(len(people), len(people)))
    label = connected_components(graph, directed=False)[1]
    of_label = {each: number for number, (each, _) in enumerate(Counter(label.tolist()).most_common(), 1)}
    return pd.DataFrame(
        {
            "person": [person for _, person in people],
            "role": [role for role, _ in people],
            "group": [of_label[each] for each in label.tolist()],
        }
    )


def describe_linkage(assigned: pd.DataFrame, audits: pd.DataFrame) -> str:
    """Say whether differences between auditors can be told from differences between moderators.

    Parameters
    ----------
    assigned
        ``audit`` and ``moderator``.
    audits
        `schema.AUDITS`.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> assigned = pd.DataFrame({"audit": ["audit-1", "audit-2"], "moderator": ["auditor-c", "auditor-d"]})
    >>> audits = pd.DataFrame({"audit_id": ["audit-1", "audit-2"], "auditor": ["auditor-a", "auditor-b"]})
    >>> print(describe_linkage(assigned, audits))
    2 groups that no case links: moderators of one cannot be compared with those of another.
    """
    groups = find_linked_groups(assigned, audits)["group"].nunique()
    if not groups:
        return "No audit links an auditor to a moderator, so that nobody can be compared."
    if groups == 1:
        return "Auditors and moderators form one linked group, so that differences between them can be told apart."
    return f"{groups} groups that no case links: moderators of one cannot be compared with those of another."
