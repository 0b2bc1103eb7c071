"""Grades that several raters gave the same subjects, by their places on the scale, and the audits they come from.

An auditor and a moderator, or all who graded the same case in an exercise, are raters; what they grade is a subject,
such as one domain of one audit. Agreement is worked out from a grade's place on the scale and never from its name,
whose alphabet would put Good beside Inadequate. The whole scale is kept, the grades that nobody gave too.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from auditanalytics.errors import ArgumentError

NO_PAIR = "nothing was graded by two raters"


def rank_ratings(ratings: ArrayLike, *, order: Sequence[object]) -> NDArray[np.float64]:
    """Give each grade's place on the scale.

    Parameters
    ----------
    ratings
        Grades: a row for each subject, a column for each rater, missing where a rater gave none.
    order
        Every grade of the scale, best first.

    Returns
    -------
    numpy.ndarray
        Places from 0, the best; NaN where there is no grade.

    Raises
    ------
    ArgumentError
        If the scale has fewer than two grades or one of them twice, or does not have a grade that was given.

    Examples
    --------
    >>> rank_ratings([["Good", "Poor"], [None, "Good"]], order=("Good", "Poor")).tolist()
    [[0.0, 1.0], [nan, 0.0]]
    """
    scale = pd.Index(order)
    if len(scale) < 2 or not scale.is_unique:
        raise ArgumentError("order must list at least two grades, best first, and each once")
    given = pd.DataFrame(ratings).to_numpy(dtype=object)
    places = scale.get_indexer(pd.Index(given.ravel(), dtype=object)).reshape(given.shape)
    if (pd.notna(given) & (places < 0)).any():
        raise ArgumentError("ratings hold a grade that is not in order; list every grade of the scale, best first")
    return np.where(places < 0, np.nan, places)


def number_cases(clusters: ArrayLike | None, *, rows: int) -> NDArray[np.intp]:
    """Number the audits that rows come from.

    Parameters
    ----------
    clusters
        The audit of each row; rows without one count as one audit together. None if each row is an audit.
    rows
        How many rows there are.

    Returns
    -------
    numpy.ndarray
        Numbers from 0.

    Raises
    ------
    ArgumentError
        If there is not one audit for each row.

    Examples
    --------
    >>> number_cases(["CA-2", "CA-1", "CA-2"], rows=3).tolist()
    [0, 1, 0]
    """
    if clusters is None:
        return np.arange(rows)
    numbers, _ = pd.factorize(np.asarray(clusters, dtype=object), use_na_sentinel=False)
    if len(numbers) != rows:
        raise ArgumentError(f"clusters must name the audit of each row: {rows}; not {len(numbers)}")
    return numbers


def square_table(ratings: ArrayLike, *, order: Sequence[object]) -> pd.DataFrame:
    """Count how often each grade of one rater stands beside each grade of another.

    Parameters
    ----------
    ratings
        Grades: a row for each subject, a column for each of the two raters. A subject that either left is not counted.
    order
        Every grade of the scale, best first.

    Returns
    -------
    pandas.DataFrame
        A row for each grade of the first rater and a column for each of the second, best first; every grade is there.

    Raises
    ------
    ArgumentError
        As for `rank_ratings`, or if there are not two raters.

    Examples
    --------
    >>> ratings = [["Good", "Poor"], ["Good", "Good"], [None, "Poor"]]
    >>> square_table(ratings, order=("Good", "Fair", "Poor"))
          Good  Fair  Poor
    Good     1     0     1
    Fair     0     0     0
    Poor     0     0     0
    """
    places = rank_two_raters(ratings, order=order)
    both = places[~np.isnan(places).any(axis=1)].astype(int)
    counts = np.zeros((len(order), len(order)), dtype=int)
    np.add.at(counts, (both[:, 0], both[:, 1]), 1)
    return pd.DataFrame(counts, index=pd.Index(order), columns=pd.Index(order))


def rank_two_raters(ratings: ArrayLike, *, order: Sequence[object]) -> NDArray[np.float64]:
    """Give each grade's place on the scale, where there must be two raters.

    Parameters
    ----------
    ratings, order
        As for `square_table`.

    Returns
    -------
    numpy.ndarray
        As for `rank_ratings`, in two columns.

    Raises
    ------
    ArgumentError
        As for `square_table`.

    Examples
    --------
    >>> rank_two_raters([["Good", "Poor"]], order=("Good", "Poor")).tolist()
    [[0.0, 1.0]]
    """
    places = rank_ratings(ratings, order=order)
    if places.shape[1] != 2:
        raise ArgumentError(f"ratings must have two columns, one for each rater; not {places.shape[1]}")
    return places
