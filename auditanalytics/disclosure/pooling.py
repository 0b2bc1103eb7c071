"""Pooling: what several publications of the same counts give away together, though each hides what it has to.

What is hidden beside a small count is a choice, and another threshold, or rounding, chooses otherwise. A reader who
holds both versions and sees that they agree knows all that either shows.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from auditanalytics.disclosure.attack import extremes_of_cells, known_bounds, targets
from auditanalytics.disclosure.linked import LinkedCounts
from auditanalytics.disclosure.policy import Policy


def pooled_attack(
    linked: LinkedCounts, hidden: pd.Series, policy: Policy, earlier: Sequence[tuple[pd.Series, Policy]]
) -> pd.DataFrame:
    """Find what a publication tells to whoever keeps the earlier ones, and none of them tells alone.

    Parameters
    ----------
    linked
        The counts, and the sums that hold between them.
    hidden
        Whether each is to be hidden, with the index of the counts.
    policy
        What may be shown.
    earlier
        The earlier publications, each with its policy: counts as they were published, missing where hidden. One that
        disagrees with the counts is of other counts; among cells that sums connect, it tells nothing of these.

    Returns
    -------
    pandas.DataFrame
        As of `attack.exposures`, for what is hidden in all of them and was protected before.

    Examples
    --------
    >>> counts = pd.Series({"of": 63, "a": 3, "b": 8, "c": 12, "d": 40})
    >>> linked = LinkedCounts(counts, [("of", ["a", "b", "c", "d"])])
    >>> earlier = counts.astype(float).where(~counts.index.isin(["a", "c"]))
    >>> pooled_attack(linked, counts.isin([3, 8]), Policy(threshold=10), [(earlier, Policy())])
      cells  low  high
    0  (a,)  3.0   3.0
    """
    known = [_known_from(linked, *publication) for publication in earlier]
    without = np.ones(len(linked.values) - len(hidden), dtype=bool)
    out = np.concatenate([hidden.to_numpy(dtype=bool), without])
    kept = np.logical_and.reduce([out, *(~shown for shown, _, _ in known)])
    asked = targets(linked, kept, policy)
    if not known or not asked:
        return pd.DataFrame({"cells": [], "low": [], "high": []})
    everything = np.ones_like(out)
    before = _bounded(linked, asked, [known_bounds(linked, everything, policy, informed=True), *_ends(known)])
    both = [known_bounds(linked, out, policy, informed=True), *_ends(known)]
    low, high = _bounded(linked, asked, both)
    ids = [*linked.counts.index, *linked.complements]
    table = pd.DataFrame({"cells": [tuple(ids[cell] for cell in cells) for cells in asked], "low": low, "high": high})
    told = (before[1] - before[0] >= policy.narrowest) & ~(high - low >= policy.narrowest)
    return table[told].reset_index(drop=True)


def _known_from(
    linked: LinkedCounts, publication: pd.Series, policy: Policy
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which cells a publication shows, and the least and the most that each may be."""
    counts, published = len(linked.counts), len(linked.values)
    numbers = publication.reindex(linked.counts.index).to_numpy(dtype=float)
    disagrees = ~np.isnan(numbers) & (numbers != policy.rounded(linked.values[:counts]))
    shown = np.zeros(published, dtype=bool)
    shown[:counts] = ~np.isnan(numbers)
    shown &= ~np.isin(linked.component, linked.component[:counts][disagrees])
    least, most = policy.bounds(np.nan_to_num(numbers))
    low, high = np.zeros(published), np.full(published, np.inf)
    low[:counts], high[:counts] = least, most
    return shown, np.where(shown, low, 0), np.where(shown, high, np.inf)


def _ends(known: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(low, high) for _, low, high in known]


def _bounded(
    linked: LinkedCounts, asked: list[np.ndarray], ends: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of sums of cells, by whoever knows all of these bounds on cells."""
    low = np.maximum.reduce([each for each, _ in ends])
    high = np.minimum.reduce([each for _, each in ends])
    return extremes_of_cells(linked, asked, low, high)
