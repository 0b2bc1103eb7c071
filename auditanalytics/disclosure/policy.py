"""The policy of a publication: which counts are too small to be read, and how the others are written.

Everything that has to be decided about small numbers is one frozen object, so that tables, charts, sentences and files
cannot follow different rules. A count from 1 to one less than the threshold is small; none at all is not, because it
singles nobody out and hiding it would take "nobody was found inadequate" from the reader.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from auditanalytics.errors import ArgumentError


@dataclass(frozen=True)
class Policy:
    """What may be shown of counts.

    Attributes
    ----------
    threshold
        Counts from 1 to one less than this are small; with 0 or 1 none is. Usual thresholds are 5, 7 and 10.
    round_to
        The number to whose nearest multiple shown counts are rounded, halves away from zero; None for no rounding.
        Small counts are hidden all the same.
    fewest_for_a_percentage
        The fewest of which a percentage may be given.
    narrowest
        How far apart the bounds that a reader can put on a hidden count must be at least.

    Raises
    ------
    ArgumentError
        If a number is not whole, or out of its range.

    Notes
    -----
    The minimum frequency rule, conventional rounding and the protection of intervals are those of Hundepool et al.
    (2012, Statistical Disclosure Control, Wiley), chapters 4 and 5. Halves go up rather than to even, so that the
    interval behind a rounded count is the same everywhere.

    Examples
    --------
    >>> policy = Policy(threshold=5, round_to=5)
    >>> policy.is_small(np.array([0, 1, 4, 5])).tolist(), policy.rounded(np.array([0, 7, 8])).tolist()
    ([False, True, True, False], [0, 5, 10])
    """

    threshold: int = 5
    round_to: int | None = None
    fewest_for_a_percentage: int = 10
    narrowest: int = 2

    def __post_init__(self) -> None:
        for name, least in (("threshold", 0), ("round_to", 1), ("fewest_for_a_percentage", 0), ("narrowest", 1)):
            value = getattr(self, name)
            if value is None and name == "round_to":
                continue
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
                raise ArgumentError(f"{name} must be a whole number of at least {least}; not {value!r}")
        if self.round_to and self.threshold > 1 and self.round_to > 2 * self.threshold:
            # A count that is large enough to be shown would be rounded to none.
            raise ArgumentError(
                f"round_to must be at most {2 * self.threshold}, twice the threshold; not {self.round_to}"
            )

    def is_small(self, numbers: Any) -> Any:
        """Say which numbers are small.

        Parameters
        ----------
        numbers
            Numbers of judgements or of people: one, an array or a pandas.Series.

        Returns
        -------
        bool or array of bool, in the shape of ``numbers``
            Whether each is from 1 to one less than the threshold.
        """
        return (numbers >= 1) & (numbers < self.threshold)

    def rounded(self, counts: Any) -> Any:
        """Round counts as they are shown.

        Parameters
        ----------
        counts
            Whole numbers from 0: one, an array or a pandas.Series, where missing stays missing.

        Returns
        -------
        like ``counts``
            The nearest multiples of ``round_to``, halves away from zero; unchanged if that is None.

        Examples
        --------
        >>> Policy(round_to=10).rounded(15), Policy().rounded(15)
        (20, 15)
        """
        if self.round_to is None:
            return counts
        return (2 * counts + self.round_to) // (2 * self.round_to) * self.round_to

    def bounds(self, shown: Any) -> tuple[np.ndarray, np.ndarray]:
        """Give what a reader knows of the counts behind numbers that are shown.

        Parameters
        ----------
        shown
            Counts as they are shown: an array of shape (n,), rounded where the policy rounds.

        Returns
        -------
        tuple of two arrays of shape (n,)
            The least and the most that each count may be. A reader also knows that a small count would be hidden.

        Examples
        --------
        >>> low, high = Policy(threshold=5, round_to=10).bounds(np.array([0, 10, 20]))
        >>> low.tolist(), high.tolist()
        ([0, 5, 15], [0, 14, 24])
        """
        shown = np.asarray(shown)
        step = self.round_to or 1
        low, high = shown - step // 2, shown + (step - 1) // 2
        low = np.where(shown > 0, np.minimum(np.maximum(low, self.threshold), high), 0)
        return low, np.where((shown == 0) & (high < self.threshold), 0, high)

    def share_may_be_shown(self, n_hidden: Any, of_hidden: Any, of: Any) -> Any:
        """Say where a share, or a percentage, may be given: it is worth as much as the count that it is made of.

        Parameters
        ----------
        n_hidden, of_hidden
            Whether the count, and what it is a share of, is hidden: booleans, arrays of shape (n,) or pandas.Series.
        of
            What the shares are of, in the same shape.

        Returns
        -------
        bool or array of bool
            True where both are shown and there are enough for a percentage. Where counts are rounded, a share has to
            be reckoned from the rounded ones.

        Examples
        --------
        >>> hidden, none = np.array([True, False, False]), np.array([False, False, False])
        >>> Policy().share_may_be_shown(hidden, none, np.array([40, 40, 9])).tolist()
        [False, True, False]
        """
        enough = np.asarray(of) >= max(self.fewest_for_a_percentage, 1)
        return ~np.asarray(n_hidden, dtype=bool) & ~np.asarray(of_hidden, dtype=bool) & enough
