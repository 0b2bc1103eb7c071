"""Differencing: what two versions of one publication give away that neither does alone.

When late returns come in, a quarter is published again. Both versions may be safe, and yet a count that went from 9 to
10 says at which grade the one child who came was judged. So a change is treated as a count: one that a reader can bound
away from nothing and below the threshold is exposed. The reader knows both versions and may take it that records are
only added, if the versions allow that; hidden counts are attacked through the sums of both at once.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import block_array, block_diag, csr_array, eye_array, hstack

from auditanalytics.disclosure.attack import System, ceiling, extremes
from auditanalytics.disclosure.linked import Complement, Sum, equations
from auditanalytics.disclosure.policy import Policy
from auditanalytics.errors import ArgumentError

NOTHING_ASSUMED, RECORDS_ADDED = "nothing", "records are only added"
"""What the reader takes for granted beyond the two versions."""


def difference_attack(
    earlier: pd.Series,
    later: pd.Series,
    policy: Policy,
    *,
    policy_of_earlier: Policy | None = None,
    sums: Sequence[Sum] = (),
    complements: Sequence[Complement] = (),
) -> pd.DataFrame:
    """Find the changes between two published versions that are few people coming or going.

    Parameters
    ----------
    earlier, later
        The two versions as they were published: counts, rounded where the policy rounds, and missing where hidden. The
        index holds the ids of cells, the same for the same thing. Where numbers of people are published they are cells
        of their own: a change of five judgements may be one child, and only that cell shows it.
    policy
        The policy of the later version, by which a change is judged.
    policy_of_earlier
        The policy of the earlier version; the same if None.
    sums
        The sums that hold between cells; one that names a cell that a version has not does not hold in it.
    complements
        What parts leave of totals, which must not change by few either. Those within sums need not be named.

    Returns
    -------
    pandas.DataFrame
        A row for every exposed change: ``cells``, a tuple of ids (several for the hidden parts of a sum, taken
        together), ``low`` and ``high``, the bounds of the change, and what the reader ``assumed``. A change that may be
        none, or as many as the threshold, is not exposed; between two versions that are the same nothing is.

    Raises
    ------
    ArgumentError
        If an id is met twice in a version, a complement is of unknown cells, or no counts agree with a version.

    Notes
    -----
    Differencing as in Hundepool et al. (2012, Statistical Disclosure Control, Wiley), chapter 5; the bounds are those
    of `attack.extremes`. A cell that only one version has, such as a new quarter, has not changed.

    Examples
    --------
    >>> earlier, later = pd.Series({"of": 40, "good": 31}), pd.Series({"of": 47, "good": 37})
    >>> exposed = difference_attack(earlier, later, Policy(), complements=[Complement("of", "good")])
    >>> exposed[["low", "high", "assumed"]].to_numpy().tolist()
    [[1.0, 1.0, 'nothing']]
    """
    sums = [*sums, *((pair.total, (pair.part, pair)) for pair in complements)]
    most = ceiling(np.nansum([np.nansum(_numbers(version)) for version in (earlier, later)]))
    before = _version(earlier, sums, complements, policy_of_earlier or policy, most)
    after = _version(later, sums, complements, policy, most)
    asked = _questions(before, after, sums)
    found = []
    for assumed in (NOTHING_ASSUMED, RECORDS_ADDED):
        low, high = _changes(before, after, list(asked.values()), added=most * (assumed == RECORDS_ADDED))
        if assumed == NOTHING_ASSUMED and np.isnan(low).any():
            raise ArgumentError("the counts of each version must agree with the sums that hold in it")
        few = ((low >= 1) & (high < policy.threshold)) | ((high <= -1) & (low > -policy.threshold))
        table = pd.DataFrame({"cells": list(asked), "low": low, "high": high, "assumed": assumed})
        found.append(table[few])
    return pd.concat(found).drop_duplicates("cells").reset_index(drop=True)


@dataclass(frozen=True)
class _Version:
    """What a reader knows of one version: the place of every cell, what is hidden, and the system."""

    place: dict[Hashable, int]
    hidden: np.ndarray
    system: System


def _numbers(version: pd.Series) -> np.ndarray:
    return pd.to_numeric(version).to_numpy(dtype=float, na_value=np.nan)


def _version(
    version: pd.Series, sums: Sequence[Sum], complements: Sequence[Complement], policy: Policy, most: float
) -> _Version:
    place = {cell: number for number, cell in enumerate([*version.index, *complements])}
    if len(place) != len(version) + len(complements):
        raise ArgumentError("every cell of a version must have an id of its own")
    if not {cell for pair in complements for cell in pair[:2]} <= set(version.index):
        raise ArgumentError("every complement must be of cells that both versions have")
    shown = np.append(_numbers(version), np.full(len(complements), np.nan))
    hidden = np.isnan(shown)
    low, high = policy.bounds(np.nan_to_num(shown))
    holding = [[total, *parts] for total, parts in sums if {total, *parts} <= set(place)]
    matrix = equations([[place[cell] for cell in cells] for cells in holding], len(place))
    return _Version(place, hidden, System(matrix, np.where(hidden, 0.0, low), np.where(hidden, most, high)))


def _questions(before: _Version, after: _Version, sums: Sequence[Sum]) -> dict[tuple, list[Hashable]]:
    """Whose change is asked for: every cell of both versions, and the parts of a sum that are hidden in either."""
    asked = {(cell,): [cell] for cell in before.place if cell in after.place}
    for total, parts in sums:
        if all((cell,) in asked for cell in (total, *parts)):
            out = [part for part in parts if before.hidden[before.place[part]] or after.hidden[after.place[part]]]
            asked[tuple(out)] = out
    return {cells: out for cells, out in asked.items() if cells}


def _changes(
    before: _Version, after: _Version, asked: list[list[Hashable]], *, added: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bound the changes; ``added`` is the most by which a cell may have grown if none can shrink, 0 for either way."""
    pairs = [(question, cell) for question, cells in enumerate(asked) for cell in cells]
    old = [before.place[cell] for _, cell in pairs]
    new = [len(before.place) + after.place[cell] for _, cell in pairs]
    questions = [question for question, _ in pairs] * 2
    size = len(asked), len(before.place) + len(after.place)
    change = csr_array((np.repeat([-1.0, 1.0], len(pairs)), np.array([questions, old + new], dtype=int)), shape=size)
    low, high = (np.concatenate([getattr(each.system, side) for each in (before, after)]) for side in ("low", "high"))
    matrix = block_diag([before.system.matrix, after.system.matrix], format="csr")
    if not added:
        return extremes(System(matrix, low, high), change)
    single = change[np.array([number for number, cells in enumerate(asked) if len(cells) == 1], dtype=int)]
    grown = single.shape[0]
    matrix = block_array([[matrix, None], [single, -eye_array(grown)]], format="csr")
    system = System(matrix, np.append(low, np.zeros(grown)), np.append(high, np.full(grown, added)))
    return extremes(system, csr_array(hstack([change, csr_array((len(asked), grown))])))
