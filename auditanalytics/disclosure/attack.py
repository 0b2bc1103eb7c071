"""The attack: how near a reader can come to every hidden count by reckoning with what is shown.

Whoever knows all that was published, that the sums hold and that counts are whole numbers from 0 can bound every hidden
count by linear programming, and no more narrowly from the publication alone. Protection is judged against a reader who
knows more: that no hidden count is none (zeroes are shown, as notes say) and which parts are small, as one may guess
from the threshold and the way of hiding. What is left is to try that way on every table that agrees with what is shown
("minimality attack": Wong, Fu, Wang and Pei 2007, VLDB); it seldom tells more, but nothing here rules it out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy
from scipy.sparse import block_diag, csr_array

from auditanalytics.disclosure.linked import LinkedCounts, connected
from auditanalytics.disclosure.policy import Policy
from auditanalytics.errors import ArgumentError

_COLUMNS_AT_ONCE = 20_000
"""How many variables one programme may have: a solver is called less often, and none grows without end."""

_OPTIMAL = 0


def ceiling(counts: np.ndarray) -> float:
    """Give a number that no count can be near, for what has no upper bound; a programme without one has no answer.

    Parameters
    ----------
    counts
        Whole numbers of any shape.

    Returns
    -------
    float
        The number. Bounds from half of it on are none.
    """
    return float(1000 + 10 * counts.sum())


@dataclass(frozen=True)
class System:
    """What a reader knows: equations that come to zero, and bounds on whole numbers.

    Attributes
    ----------
    matrix
        Equations by variables.
    low, high
        Bounds of shape (variables,).
    """

    matrix: csr_array
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class _Piece:
    """A connected part of what is not known, and what is asked of it: rows of weights, and which question each is."""

    matrix: np.ndarray
    come_to: np.ndarray
    low: np.ndarray
    high: np.ndarray
    asked: np.ndarray
    questions: np.ndarray


def extremes(system: System, asked: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Find the least and the most that sums of unknown whole numbers can be.

    Parameters
    ----------
    system
        What is known.
    asked
        Weights of the variables in each sum: shape (questions, variables).

    Returns
    -------
    tuple of two arrays of shape (questions,)
        The least and the most, exact for whole numbers; missing where no numbers agree with what is known.

    Notes
    -----
    Known variables are put in, which parts the rest into pieces; a programme for each piece, question and direction,
    many of them side by side in one call. The corners of two-way tables and of nested sums are whole (Hoffman and
    Kruskal 1956, their equations being totally unimodular); where corners are not, the piece is solved as an integer
    programme.

    Examples
    --------
    >>> system = System(csr_array(np.array([[1.0, -1.0, -1.0]])), np.array([9.0, 0, 0]), np.array([9.0, 99, 4]))
    >>> extremes(system, csr_array(np.eye(3)))
    (array([9., 5., 0.]), array([9., 9., 4.]))
    """
    known = system.low == system.high
    fixed = np.where(known, system.low, 0.0)
    settled = abs(system.matrix) @ ~known == 0
    contradicted = abs(system.matrix).T @ (settled & (system.matrix @ fixed != 0))
    low = np.where(abs(asked) @ contradicted > 0, np.nan, asked @ fixed)
    high = low.copy()
    batch: list[_Piece] = []
    for piece in _pieces(system, asked, known, fixed):
        batch.append(piece)
        if sum(2 * each.asked.size for each in batch) > _COLUMNS_AT_ONCE:
            _solve(batch, low, high)
            batch = []
    _solve(batch, low, high)
    return low, high


def _pieces(system: System, asked: csr_array, known: np.ndarray, fixed: np.ndarray) -> Iterator[_Piece]:
    free = np.flatnonzero(~known)
    matrix, asked = csr_array(system.matrix[:, free]), csr_array(asked[:, free])
    come_to = -(system.matrix @ fixed)
    label = connected(matrix)
    order = np.argsort(label, kind="stable")
    for cells in np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(free) else []:
        own = asked[:, cells].tocsc()
        questions = np.unique(own.indices[own.data != 0])
        if len(questions):
            equations = np.unique(matrix[:, cells].tocsc().indices)
            yield _Piece(
                matrix[equations][:, cells].toarray(),
                come_to[equations],
                system.low[free[cells]],
                system.high[free[cells]],
                own.tocsr()[questions].toarray(),
                questions,
            )


def _solve(pieces: list[_Piece], low: np.ndarray, high: np.ndarray) -> None:
    """Add what each piece gives to the bounds of its questions."""
    if not pieces:
        return
    found = _programme(pieces, whole=False)
    if found is None and len(pieces) > 1:
        for piece in pieces:
            _solve([piece], low, high)
        return
    for number, piece in enumerate(pieces):
        corners = None if found is None else found[number]
        if corners is not None and np.abs(corners - np.round(corners)).max() > 1e-6:
            alone = _programme([piece], whole=True)
            corners = None if alone is None else alone[0]
        if corners is None:
            low[piece.questions] = high[piece.questions] = np.nan
            continue
        reached = np.einsum("dqc,qc->dq", np.round(corners), piece.asked)
        low[piece.questions] += reached[0]
        high[piece.questions] += reached[1]


def _programme(pieces: list[_Piece], *, whole: bool) -> list[np.ndarray] | None:
    """Solve every question of every piece, both ways: corners of shape (2, questions, variables), or None for none."""
    copies = [2 * len(piece.asked) for piece in pieces]
    blocks = [block for piece, number in zip(pieces, copies, strict=True) for block in [piece.matrix] * number]
    come_to = np.concatenate([np.tile(piece.come_to, number) for piece, number in zip(pieces, copies, strict=True)])
    low, high = (
        np.concatenate([np.tile(getattr(piece, side), number) for piece, number in zip(pieces, copies, strict=True)])
        for side in ("low", "high")
    )
    result = scipy.optimize.milp(
        np.concatenate([np.concatenate([piece.asked.ravel(), -piece.asked.ravel()]) for piece in pieces]),
        constraints=scipy.optimize.LinearConstraint(block_diag(blocks, format="csr"), come_to, come_to),
        bounds=scipy.optimize.Bounds(low, high),
        integrality=np.full(len(low), int(whole)),
    )
    if result.status != _OPTIMAL:
        return None
    ends = np.cumsum([2 * piece.asked.size for piece in pieces])
    return [
        part.reshape(2, *piece.asked.shape) for part, piece in zip(np.split(result.x, ends[:-1]), pieces, strict=True)
    ]


def attack(linked: LinkedCounts, hidden: pd.Series, policy: Policy, *, informed: bool = False) -> pd.DataFrame:
    """Bound every hidden count, as a reader can who knows all that is published.

    Parameters
    ----------
    linked
        The counts, and the sums that hold between them.
    hidden
        Whether each is hidden, with the index of the counts.
    policy
        What may be shown; where it rounds, the reader knows the interval behind every shown count.
    informed
        Whether the reader also knows which hidden counts are none, and which parts of totals are small.

    Returns
    -------
    pandas.DataFrame
        A row for every hidden cell: ``low`` and ``high``, whole numbers, ``high`` infinite where there is no bound. The
        count is protected if they are `Policy.narrowest` or more apart.

    Raises
    ------
    ArgumentError
        If ``hidden`` has another index.

    Notes
    -----
    The attacker's problem of Cox (1980, Journal of the American Statistical Association 75, 377) and of Fischetti and
    Salazar-González (2001, Management Science 47, 1008), whole numbers included.

    Examples
    --------
    >>> linked = LinkedCounts(pd.Series({"of": 40, "good": 33, "inadequate": 7}), [("of", ["good", "inadequate"])])
    >>> attack(linked, pd.Series({"of": False, "good": True, "inadequate": True}), Policy())
                low  high
    good        0.0  40.0
    inadequate  0.0  40.0
    """
    out = _places(linked, hidden)
    cells = np.flatnonzero(out & linked.published)
    low, high = _bounded(linked, out, [cells[[place]] for place in range(len(cells))], policy, informed)
    return pd.DataFrame({"low": low, "high": high}, index=linked.counts.index[cells])


def exposures(linked: LinkedCounts, hidden: pd.Series, policy: Policy) -> pd.DataFrame:
    """Find what a reader comes too near to: hidden counts, small complements, and small blocks of hidden parts.

    Parameters
    ----------
    linked
        The counts, and the sums that hold between them.
    hidden
        Whether each is hidden, with the index of the counts.
    policy
        What may be shown.

    Returns
    -------
    pandas.DataFrame
        A row for whatever an informed reader can bound more narrowly than `Policy.narrowest`: ``cells``, a tuple of
        ids, whose sum lies between ``low`` and ``high``. None if all is protected.

    Raises
    ------
    ArgumentError
        If ``hidden`` has another index.

    Examples
    --------
    >>> linked = LinkedCounts(pd.Series({"of": 40, "good": 38, "inadequate": 2}), [("of", ["good", "inadequate"])])
    >>> exposures(linked, linked.counts < 5, Policy())
               cells  low  high
    0  (inadequate,)  2.0   2.0
    """
    out = _places(linked, hidden)
    asked = targets(linked, out, policy)
    low, high = _bounded(linked, out, asked, policy, informed=True)
    ids = [*linked.counts.index, *linked.complements]
    table = pd.DataFrame({"cells": [tuple(ids[cell] for cell in each) for each in asked], "low": low, "high": high})
    return table[~(high - low >= policy.narrowest)].reset_index(drop=True)


def targets(linked: LinkedCounts, hidden: np.ndarray, policy: Policy) -> list[np.ndarray]:
    """List what has to be protected while certain cells are hidden.

    Parameters
    ----------
    linked
        The counts, and the sums that hold between them.
    hidden
        Which cells are hidden: shape (cells + complements,).
    policy
        What may be shown.

    Returns
    -------
    list of array
        Places of cells whose sum has to be protected: each hidden cell, small complement and small block of hidden
        parts.
    """
    guarded = np.flatnonzero(hidden & (linked.published | linked.is_small(policy)))
    return [guarded[[place]] for place in range(len(guarded))] + linked.small_blocks(hidden & linked.published, policy)


def known_bounds(
    linked: LinkedCounts, hidden: np.ndarray, policy: Policy, *, informed: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Give the bounds on every count that a reader has before reckoning.

    Parameters
    ----------
    linked
        The counts.
    hidden
        Which cells are hidden: shape (cells + complements,).
    policy
        What may be shown.
    informed
        Whether the reader also knows which hidden counts are none, and which parts of totals are small. A total that is
        hidden may as well be so for the sake of its parts.

    Returns
    -------
    tuple of two arrays of shape (cells + complements,)
        The least and the most.
    """
    low, high = policy.bounds(policy.rounded(linked.values))
    least, most = np.zeros(len(linked.values)), np.full(len(linked.values), ceiling(linked.values))
    if informed:
        least[linked.published & (linked.values > 0)] = 1
        if policy.threshold - 2 >= policy.narrowest:  # or else being small would be too narrow by itself
            small = linked.published & policy.is_small(linked.values)
            small[linked.totals] = False
            most[small] = policy.threshold - 1
    return np.where(hidden, least, low).astype(float), np.where(hidden, most, high).astype(float)


def extremes_of_cells(
    linked: LinkedCounts, asked: list[np.ndarray], low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the least and the most that cells can come to together.

    Parameters
    ----------
    linked
        The counts, and the sums that hold between them.
    asked
        The places of the cells of each question.
    low, high
        What is known of each cell: shape (cells + complements,).

    Returns
    -------
    tuple of two arrays of shape (questions,)
        As of `extremes`.
    """
    pairs = np.array([(question, cell) for question, cells in enumerate(asked) for cell in cells], dtype=int)
    weights = csr_array((np.ones(len(pairs)), pairs.reshape(-1, 2).T), shape=(len(asked), len(linked.values)))
    return extremes(System(linked.matrix, low, high), weights)


def _places(linked: LinkedCounts, hidden: pd.Series) -> np.ndarray:
    if not hidden.index.equals(linked.counts.index):
        raise ArgumentError("hidden must have the index of the counts")
    return np.concatenate([hidden.to_numpy(dtype=bool), np.ones(len(linked.complements), dtype=bool)])


def _bounded(
    linked: LinkedCounts, hidden: np.ndarray, asked: list[np.ndarray], policy: Policy, informed: bool
) -> tuple[np.ndarray, np.ndarray]:
    low, high = known_bounds(linked, hidden, policy, informed=informed)
    least, most = extremes_of_cells(linked, asked, low, high)
    return least, np.where(most >= ceiling(linked.values) / 2, np.inf, most)
