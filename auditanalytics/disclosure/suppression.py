"""Suppression: the small counts are hidden, and as few others as keep them from being reckoned back.

For whatever the reader comes too near to, two publications are sought that look the same and in which it differs by
two: where cells have to be hidden for that, the cheapest are. Both become witnesses, and what they already protect
needs no more. Then every cell that was hidden for another's sake is shown again if the witnesses can do without it.
Last, the attack is run on the whole; what it beats, and what would be left without a count that is not zero, is
withheld as a whole, because a table that has to be guessed at is worse than none.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import scipy
from scipy.sparse import csr_array

from auditanalytics.disclosure.attack import ceiling, exposures, known_bounds, targets
from auditanalytics.disclosure.linked import LinkedCounts
from auditanalytics.disclosure.policy import Policy

WORTH_OF_A_TOTAL = 10.0
"""How many times as dear it is to hide a total of several parts as one of its parts."""

_WORTH_OF_A_ZERO = 1000.0
"""A zero is hidden only if nothing else will do: it protects badly, and "nobody" is worth reading."""

_ORDER_OF_MAGNITUDE = 4.0
"""Counts are told apart, from the threshold upwards, as 1 to 4 times, 4 to 16 times and so on."""

_FOR_TIES = 0.05
"""How much dearer the first cell is than the last, so that the choice between equals is the same every time."""


@dataclass(frozen=True, eq=False)
class Suppression:
    """What is hidden, and why; every Series has the index of the counts.

    Attributes
    ----------
    hidden
        Whether a cell is hidden.
    primary
        Whether it is hidden on its own account; the other hidden ones are secondary.
    withheld
        Whether it is hidden because nothing of the cells that sums connect it with is published.
    """

    hidden: pd.Series
    primary: pd.Series
    withheld: pd.Series

    @property
    def secondary(self) -> pd.Series:
        """Whether a cell is hidden for the sake of others."""
        return self.hidden & ~self.primary


def suppress(linked: LinkedCounts, policy: Policy) -> Suppression:
    """Hide the small counts, and what else has to be hidden for them to stay so.

    Parameters
    ----------
    linked
        The counts, and the sums that hold between them.
    policy
        What may be shown.

    Returns
    -------
    Suppression
        What is hidden. Unless withheld, nothing hidden can be bounded more narrowly than `Policy.narrowest` by
        `attack`, even by an informed reader; nor can small complements and small blocks of hidden parts of one sum.

    Notes
    -----
    Primary and complementary cell suppression as in Cox (1980, Journal of the American Statistical Association 75, 377;
    1995, ibid. 90, 1453), by the linear-programming heuristic of Fischetti and Salazar-González (2001, Management
    Science 47, 1008), with a clean-up; see Hundepool et al. (2012, Statistical Disclosure Control, Wiley), chapter 4.
    It does not promise the fewest cells that will do.

    Examples
    --------
    >>> counts = pd.Series({"of": 40, "good": 24, "requires improvement": 13, "inadequate": 3})
    >>> linked = LinkedCounts(counts, [("of", ["good", "requires improvement", "inadequate"])])
    >>> suppress(linked, Policy()).hidden.to_dict()
    {'of': False, 'good': False, 'requires improvement': True, 'inadequate': True}
    """
    hidden = np.zeros(len(linked.counts), dtype=bool)
    primary = linked.is_small(policy)
    at_risk = np.unique(linked.component[primary])
    if len(at_risk):
        for places, component in linked.components():
            if np.isin(linked.component[places[0]], at_risk):
                hidden[places] = _Protection(component, policy).run()
    withheld = _withheld(linked, hidden, policy) if hidden.any() else hidden
    series = (hidden | withheld, primary[: len(hidden)], withheld)
    return Suppression(*(pd.Series(each.copy(), index=linked.counts.index) for each in series))


def _withheld(linked: LinkedCounts, hidden: np.ndarray, policy: Policy) -> np.ndarray:
    """Which cells are not published, as the attack beats some of those that sums connect, or none would be left."""
    component = linked.component[: len(hidden)]
    place = {cell: number for number, cell in enumerate([*linked.counts.index, *linked.complements])}
    beaten = exposures(linked, pd.Series(hidden, index=linked.counts.index), policy)["cells"]
    kept = component[~hidden & (linked.values[: len(hidden)] > 0)]
    empty = np.setdiff1d(component[hidden], kept)
    return np.isin(component, [*empty, *(linked.component[place[cells[0]]] for cells in beaten)])


class _Protection:
    """The search of cells to hide, in cells that sums connect.

    Attributes
    ----------
    witnesses
        Whole numbers for all cells that agree with all that is shown, of which the counts themselves are the first.
    """

    def __init__(self, linked: LinkedCounts, policy: Policy) -> None:
        self.linked, self.policy = linked, policy
        self.small = linked.is_small(policy)
        self.hidden = self.small | ~linked.published
        self.witnesses = linked.values[np.newaxis, :]

    def run(self) -> np.ndarray:
        """Give which of the counts are to be hidden."""
        while (target := self._unprotected(self.hidden)) is not None:
            found = self._two_publications(target, self.hidden, widen=True)
            if found is None:
                self.hidden[:] = True
                break
            self._hide_what_differs(found)
        else:
            self._show_again()
        return self.hidden[self.linked.published]

    def _unprotected(self, hidden: np.ndarray) -> np.ndarray | None:
        """The places of the smallest sum that the witnesses do not protect."""
        agree = self._agreeing(hidden)
        open_to_attack = [
            cells
            for cells in targets(self.linked, hidden, self.policy)
            if np.ptp(agree[:, cells].sum(axis=1)) < self.policy.narrowest
        ]
        return min(open_to_attack, key=lambda cells: self.linked.values[cells].sum(), default=None)

    def _agreeing(self, hidden: np.ndarray) -> np.ndarray:
        """The witnesses that agree with all that is shown."""
        low, high = known_bounds(self.linked, hidden, self.policy, informed=True)
        return self.witnesses[((self.witnesses >= low) & (self.witnesses <= high)).all(axis=1)]

    def _hide_what_differs(self, found: np.ndarray) -> None:
        low, high = known_bounds(self.linked, self.hidden, self.policy, informed=True)
        self.hidden |= ((found < low) | (found > high)).any(axis=0)
        self.witnesses = np.vstack([self.witnesses, found])

    def _show_again(self) -> None:
        """Show the cells that were hidden for others and need not be, the dearest first."""
        secondary = np.flatnonzero(self.hidden & ~self.small & self.linked.published)
        for cell in secondary[np.argsort(-self._costs[secondary], kind="stable")]:
            if self.hidden[cell]:
                self._show_if_protected(cell)

    def _show_if_protected(self, cell: int) -> None:
        hidden, witnesses = self.hidden.copy(), self.witnesses
        hidden[cell] = False
        while (target := self._unprotected(hidden)) is not None:
            found = self._two_publications(target, hidden, widen=False)
            if found is not None:
                self.witnesses = np.vstack([self.witnesses, found])
            elif len(target) == 1 and not self.small[target[0]]:
                hidden[target] = False  # a cell that can be reckoned back protects nothing by being hidden
            else:
                self.witnesses = witnesses
                return
        self.hidden = hidden

    @cached_property
    def _costs(self) -> np.ndarray:
        """What it costs to hide each cell: its worth, more for the larger orders of magnitude, and its place for ties.

        If the very smallest count went, a reader would know that it is no larger than any that is shown.
        """
        linked = self.linked
        worth = np.ones(len(linked.values))
        if linked.worth is not None:
            worth[linked.published] = linked.worth.to_numpy(dtype=float)
        else:
            worth[linked.totals] = WORTH_OF_A_TOTAL
        times = np.maximum(linked.values, 1) / max(self.policy.threshold, 1)
        order = 1 + np.maximum(np.floor(np.log(times) / np.log(_ORDER_OF_MAGNITUDE)), 0)
        places = 1 + _FOR_TIES * np.arange(len(worth))[::-1] / len(worth)
        return np.where(linked.values == 0, _WORTH_OF_A_ZERO, order) * worth * places

    @cached_property
    def _equations(self) -> np.ndarray:
        return self.linked.matrix.toarray()

    def _two_publications(self, target: np.ndarray, hidden: np.ndarray, *, widen: bool) -> np.ndarray | None:
        """Find two sets of counts, agreeing with what is shown, whose sums over the target differ by enough.

        Each is the counts and three changes: one within what a reader cannot tell apart, for nothing, and, if other
        cells may be hidden (``widen``), one up and one down beyond it, at the cost of hiding the cell.
        """
        low, high = known_bounds(self.linked, hidden, self.policy, informed=True)
        values, cells = self.linked.values, len(self.linked.values)
        beyond = widen * ~hidden
        least = np.minimum(values, 1)
        sides = [(low - values, high - values), (0 * low, beyond * ceiling(values)), (0 * low, beyond * (low - least))]
        one = np.hstack([np.eye(cells), np.eye(cells), -np.eye(cells)])
        equations = self._equations @ one
        apart = np.zeros(cells)
        apart[target] = 1
        rows = [
            np.hstack([equations, 0 * equations]),
            np.hstack([0 * equations, equations]),
            np.hstack([apart @ one, -apart @ one])[np.newaxis, :],
        ]
        come_to = np.zeros(2 * len(equations) + 1)
        come_to[-1] = self.policy.narrowest
        constraints = scipy.optimize.LinearConstraint(csr_array(np.vstack(rows)), come_to, come_to)
        bounds = scipy.optimize.Bounds(*(np.tile(np.concatenate(side), 2) for side in zip(*sides, strict=True)))
        cost = np.tile(np.concatenate([0 * low, self._costs, self._costs]), 2)
        for whole in (0, 1):
            result = scipy.optimize.milp(
                cost, constraints=constraints, bounds=bounds, integrality=np.full(6 * cells, whole)
            )
            if result.status != 0:
                return None
            changes = np.vstack([one @ half for half in np.split(result.x, 2)])
            found = values + np.round(changes).astype(np.int64)
            if np.abs(changes - np.round(changes)).max() < 1e-6 and not (self._equations @ found.T).any():
                return found
        return None
