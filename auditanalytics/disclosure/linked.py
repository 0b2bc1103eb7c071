"""Counts, and the sums that link them: what a reader can reckon with.

A count that is hidden comes back as soon as a total is shown with all the other parts, in whichever table they stand.
So counts are not protected table by table: every cell that is published anywhere is here once, with every sum that
holds between cells. A cell may be part of many sums: rows and columns, "good" over two grades, one margin of several
tables. What a shown part leaves of a total, its complement, is a cell too, although nobody publishes it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from auditanalytics.disclosure.policy import Policy
from auditanalytics.errors import ArgumentError

Sum = tuple[Hashable, Sequence[Hashable]]
"""A total and its parts."""


class Complement(NamedTuple):
    """What a part leaves of a total: 2 of 40 where 38 are shown.

    Attributes
    ----------
    total, part
        Ids of cells.
    people
        How many, or which, people stand behind it, as in `LinkedCounts.people`; None to work it out from the sums.
    """

    total: Hashable
    part: Hashable
    people: int | frozenset | None = None


@dataclass(frozen=True, eq=False)
class LinkedCounts:
    """Cells with their counts, and the sums that hold between them.

    Attributes
    ----------
    counts
        A whole number for every cell; the index holds the ids of cells, each once.
    sums
        Totals, each with its parts. Sums need not be complete, but a sum that is left out is not defended.
    people
        Who stands behind each count, with the same index: a frozenset of keys, or only how many they are. Five
        judgements on one child are one child, so smallness is judged by this. With sets, several cells together are
        judged by who stands behind any of them; with numbers, by the fewest that they can be.
    also_small
        Cells that are hidden for another reason.
    complements
        Complements that must not be read either. Those between cells of one sum are guarded without being named.
    worth
        How dear it is to hide a cell that is not small, with the same index, 1 or so for an ordinary one. By default a
        total of several parts is worth `suppression.WORTH_OF_A_TOTAL`.

    Raises
    ------
    ArgumentError
        If a count is not a whole number from 0, an id is met twice or unknown, a sum does not come to its total, or
        people are missing or more than their count.

    Examples
    --------
    >>> counts = pd.Series({"of": 40, "good": 38, "inadequate": 2})
    >>> linked = LinkedCounts(counts, [("of", ["good", "inadequate"])])
    >>> linked.is_small(Policy()).tolist()
    [False, False, True]
    """

    counts: pd.Series
    sums: Sequence[Sum] = ()
    people: pd.Series | None = None
    also_small: Iterable[Hashable] = ()
    complements: Sequence[Complement] = ()
    worth: pd.Series | None = None

    def __post_init__(self) -> None:
        if len(self._place) != len(self.counts):
            raise ArgumentError("every cell must have an id of its own")
        values = pd.to_numeric(self.counts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        if not np.all((values >= 0) & (values == np.floor(values))):
            raise ArgumentError("every count must be a whole number from 0")
        self._check_links()
        for name in ("people", "worth"):
            given = getattr(self, name)
            if given is not None and not (len(given) == len(self.counts) and given.index.equals(self.counts.index)):
                raise ArgumentError(f"{name} must have the index of the counts")
        if self.people is not None:
            self._check_people()
        if self.worth is not None and not (self.worth > 0).all():
            raise ArgumentError("every worth must be a number above 0")

    def _check_links(self) -> None:
        named = {cell for total, parts in self.sums for cell in (total, *parts)} | set(self.also_small)
        if not named | {cell for pair in self.complements for cell in pair[:2]} <= set(self._place):
            raise ArgumentError("every sum and complement, and whatever is also small, must be of cells with a count")
        for number, (total, parts) in enumerate(self.sums, start=1):
            if not len(parts) or len({total, *parts}) != len(parts) + 1:
                raise ArgumentError(f"sum {number} must have a total and other cells, each once, as its parts")
        if (self.values < 0).any() or (self.matrix @ self.values).any():
            raise ArgumentError("the parts of every sum must come to its total")

    def _check_people(self) -> None:
        counted = self.numbers[: len(self.counts)]
        values = self.values[: len(self.counts)]
        if not ((counted <= values) & ((counted >= 1) | (values == 0))).all():
            raise ArgumentError("behind every count there must be at least one of the people, and not more than it")

    @cached_property
    def _place(self) -> dict[Hashable, int]:
        return {cell: place for place, cell in enumerate(self.counts.index)}

    @cached_property
    def published(self) -> np.ndarray:
        """Which cells are published if nothing is hidden: shape (cells + complements,), the complements last."""
        return np.arange(len(self.counts) + len(self.complements)) < len(self.counts)

    @cached_property
    def values(self) -> np.ndarray:
        """Whole numbers of shape (cells + complements,)."""
        counts = self.counts.to_numpy(dtype=np.int64)
        left = [counts[self._place[pair.total]] - counts[self._place[pair.part]] for pair in self.complements]
        return np.concatenate([counts, np.array(left, dtype=np.int64)])

    @cached_property
    def parts(self) -> list[tuple[int, np.ndarray]]:
        """The sums by places: the place of the total, and those of the parts."""
        return [(self._place[total], np.array([self._place[part] for part in parts])) for total, parts in self.sums]

    @cached_property
    def totals(self) -> np.ndarray:
        """The places of totals of several parts; a total of one part is the same count under another name."""
        return np.unique(np.array([total for total, parts in self.parts if len(parts) > 1], dtype=int))

    @cached_property
    def matrix(self) -> csr_array:
        """The sums as equations, a row for each sum and complement: total less parts is zero."""
        sums = [[total, *parts] for total, parts in self.parts]
        for place, pair in enumerate(self.complements, start=len(self.counts)):
            sums.append([self._place[pair.total], self._place[pair.part], place])
        return equations(sums, len(self.values))

    @cached_property
    def _people(self) -> list[int | frozenset]:
        if self.people is None:
            return self.values.tolist()
        known = self.people.to_list()
        return known + [self._left(known, pair, place) for place, pair in enumerate(self.complements, len(known))]

    def _left(self, known: list, pair: Complement, place: int) -> int | frozenset:
        """The people behind a complement: those behind the other parts of a sum, or the fewest that they can be."""
        if pair.people is not None:
            return pair.people
        if not self.values[place]:
            return 0
        total, part = self._place[pair.total], self._place[pair.part]
        for whole, parts in self.parts:
            if whole == total and part in parts:
                return max(_together([known[other] for other in parts if other != part]), 1)
        both = known[total], known[part]
        sets = all(isinstance(each, (set, frozenset)) for each in both)
        return max(len(both[0] - both[1]) if sets else _number(both[0]) - _number(both[1]), 1)

    @cached_property
    def numbers(self) -> np.ndarray:
        """How many people stand behind each cell and complement; their counts where nothing is known of people."""
        return np.array([_number(people) for people in self._people], dtype=float)

    def is_small(self, policy: Policy) -> np.ndarray:
        """Say which cells and complements are small.

        Parameters
        ----------
        policy
            What may be shown.

        Returns
        -------
        array of bool, of shape (cells + complements,)
            Whether the people behind each are few, or it is hidden for another reason.
        """
        small = policy.is_small(self.numbers)
        small[[self._place[cell] for cell in self.also_small]] = True
        return small

    def small_blocks(self, hidden: np.ndarray, policy: Policy) -> list[np.ndarray]:
        """Find the hidden parts of one sum that are few even together.

        Whoever is told a total and some parts is told what the others come to. Of 40, 20 and 17 leave 3, and it is
        small help that the 3 are hidden as 2 and 1. The complement of a single part is the same thing.

        Parameters
        ----------
        hidden
            Which cells are hidden: shape (cells + complements,).
        policy
            What may be shown.

        Returns
        -------
        list of array
            The places of two or more cells each.
        """
        blocks = []
        for total, parts in self.parts:
            out, seen = parts[hidden[parts]], parts[~hidden[parts]]
            if len(out) < 2 or not policy.is_small(max(self.numbers[out])):
                continue
            fewest = _together([self._people[cell] for cell in out])
            if self.people is None:
                fewest = self.values[out].sum()
            elif not isinstance(self._people[out[0]], (set, frozenset)):
                fewest = max(fewest, self.numbers[total] - self.numbers[seen].sum())
            if policy.is_small(fewest):
                blocks.append(out)
        return blocks

    @cached_property
    def component(self) -> np.ndarray:
        """A number for each cell and complement, the same for those that sums connect."""
        return connected(self.matrix)

    def components(self) -> list[tuple[np.ndarray, "LinkedCounts"]]:
        """Part the cells into those that sums connect, which can be protected by themselves.

        Returns
        -------
        list of (array, LinkedCounts)
            The places of the cells among the counts, and the cells with their sums.
        """
        own = self.component[: len(self.counts)]
        order = np.argsort(own, kind="stable")
        places = np.split(order, np.flatnonzero(np.diff(own[order])) + 1) if len(order) else []
        sums: dict[int, list[Sum]] = {}
        for one in self.sums:
            sums.setdefault(self.component[self._place[one[0]]], []).append(one)
        complements: dict[int, list[Complement]] = {}
        for pair in self.complements:
            complements.setdefault(self.component[self._place[pair.total]], []).append(pair)
        also = set(self.also_small)
        return [
            (
                cells,
                LinkedCounts(
                    self.counts.iloc[cells],
                    sums.get(own[cells[0]], []),
                    None if self.people is None else self.people.iloc[cells],
                    also.intersection(self.counts.index[cells]) if also else (),
                    complements.get(own[cells[0]], []),
                    None if self.worth is None else self.worth.iloc[cells],
                ),
            )
            for cells in places
        ]


def equations(sums: Sequence[Sequence[int]], cells: int) -> csr_array:
    """Write sums as equations: a total less its parts is zero.

    Parameters
    ----------
    sums
        For each sum the place of its total, then those of its parts.
    cells
        How many cells there are.

    Returns
    -------
    scipy.sparse.csr_array of shape (sums, cells)
        1 for a total, -1 for a part.

    Examples
    --------
    >>> equations([[2, 0, 1]], 3).toarray().tolist()
    [[-1.0, -1.0, 1.0]]
    """
    links = [(row, place) for row, places in enumerate(sums) for place in places]
    signs = [-1.0 if part else 1.0 for places in sums for part in range(len(places))]
    return csr_array((signs, np.array(links, dtype=int).reshape(-1, 2).T), shape=(len(sums), cells))


def connected(matrix: csr_array) -> np.ndarray:
    """Number the columns of a system of equations, the same for those that equations connect.

    Parameters
    ----------
    matrix
        Equations by variables.

    Returns
    -------
    array of int, of shape (variables,)
        Numbers from 0.

    Examples
    --------
    >>> connected(csr_array(np.array([[1, -1, 0, 0], [0, 0, 1, 0]]))).tolist()
    [0, 0, 1, 2]
    """
    links = abs(matrix).T @ abs(matrix)
    return connected_components(links, directed=False)[1]


def _number(people: int | frozenset) -> float:
    return len(people) if isinstance(people, (set, frozenset)) else people


def _together(several: list) -> float:
    """The fewest people that can stand behind several cells together."""
    if several and all(isinstance(people, (set, frozenset)) for people in several):
        return len(frozenset().union(*several))
    return max((_number(people) for people in several), default=0)
