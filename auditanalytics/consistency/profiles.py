"""Flags about the grades of an audit as a whole: that they are all alike, or unlike those of the other audits.

Both are weighed against the returns themselves. Where nearly everything requires improvement, an audit in which all
does says nothing; where it is rare, it may be that the auditor went down the page with one answer.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.consistency.asked import FEWEST_GRADED, Answer, Asked, Rule
from auditanalytics.consistency.chance import chance_of_as_many, chance_of_grades, clustering_of
from auditanalytics.consistency.flags import Sign

IMPROBABLE = 0.03
"""The share of audits that may look so uniform by chance, given the shares of the grades, for one to be a sign: then at
most about three in a hundred sound audits are looked at again."""

OTHER_GRADES = 1
"""Grades that may differ where an audit is said to have one throughout: one in a column of fifteen changes nothing."""

NEARLY_ALL = 0.8
"""The share of Inadequate grades from which an audit is nearly all Inadequate: twelve of fifteen."""

FEWEST_AUDITS = 20
"""Audits that must have graded a category for its middle grade, and that must be there for a fence."""

FENCE = 1.5
"""Interquartile ranges beyond the upper quartile at which Tukey (1977) sets the inner fence of a box plot. It is set on
the square root of the distance, a count of steps, whose spread then no longer grows with it (Bartlett 1936); on the
distance itself the outer fence, at 3, missed audits of fifteen categories that are plainly unlike the rest, while the
inner flagged one sound audit in twelve where grades cluster."""

FEWEST_STEPS = 0.5
"""Steps in the mean of the categories below which no audit is far from the rest, however alike the rest are."""


class _Pattern(NamedTuple):
    """So many of the graded categories with one grade."""

    grade: int
    number: int
    of: int


class _Uniformity:
    """How improbable it is, on one scale of these returns, that an audit is so uniform."""

    def __init__(self, ranks: pd.DataFrame, grades: tuple[str, ...]) -> None:
        given = ranks.to_numpy()
        counts = np.bincount(given[~np.isnan(given)].astype(int), minlength=len(grades))
        shares = counts / max(counts.sum(), 1)
        self._chances = chance_of_grades(shares, clustering_of(ranks))
        self.chance_of_one_grade = cache(self._chance_of_one_grade)
        self.chance_of_worst = cache(self._chance_of_worst)

    def _chance_of_one_grade(self, pattern: _Pattern) -> float:
        """The chance of a pattern as rare as this: of this grade, or of another that is rarer still."""
        each = chance_of_as_many(self._chances, pattern.number, pattern.of)
        return float(each[each <= each[pattern.grade]].sum())

    def _chance_of_worst(self, grades: tuple[int, ...], number: int, of: int) -> float:
        together = self._chances[:, list(grades)].sum(axis=1, keepdims=True)
        return float(chance_of_as_many(together, number, of)[0])


def _find_one_grade(asked: Asked) -> Iterator[Sign]:
    for grades, categories in asked.by_scale.items():
        ranks = asked.ranks[categories]
        enough = ranks[ranks.notna().sum(axis=1) >= FEWEST_GRADED]
        if enough.empty:
            continue
        uniformity = _Uniformity(ranks, grades)
        scale = asked.framework.scale(asked.domain_of[categories[0]])
        inadequate = tuple(rank for rank, grade in enumerate(grades) if grade in scale.inadequate)
        for audit, row in zip(enough.index, enough.to_numpy(), strict=True):
            given = Counter(row[~np.isnan(row)].astype(int).tolist())
            if reason := _uniform(given, grades, inadequate, uniformity):
                yield Sign(audit, "one_grade", None, None, reason)


def _uniform(given: Counter[int], grades: tuple[str, ...], inadequate: tuple[int, ...], uniformity: _Uniformity) -> str:
    """In which way grades are so uniform as is rare, in words; "" where they are not."""
    of = given.total()
    grade, number = given.most_common(1)[0]
    if number >= of - OTHER_GRADES and uniformity.chance_of_one_grade(_Pattern(grade, number, of)) <= IMPROBABLE:
        return f"{number} of {of} categories are {grades[grade]}"
    worst = sum(given[rank] for rank in inadequate)
    if worst >= NEARLY_ALL * of and uniformity.chance_of_worst(inadequate, worst, of) <= IMPROBABLE:
        return f"{worst} of {of} categories are {' or '.join(grades[rank] for rank in inadequate)}"
    return ""


def _compared(asked: Asked) -> pd.DataFrame:
    """The ranks of the audits and categories that can be held against the rest."""
    ranks = asked.ranks.loc[:, asked.ranks.notna().sum() >= FEWEST_AUDITS]
    return ranks[ranks.notna().sum(axis=1) >= FEWEST_GRADED]


def _find_unlike(ranks: pd.DataFrame) -> Iterator[Sign]:
    away = (ranks - ranks.median()).abs().mean(axis=1)
    lower, upper = np.quantile(np.sqrt(away), [0.25, 0.75])
    fence = max((upper + FENCE * (upper - lower)) ** 2, FEWEST_STEPS)
    for audit in away.index[away > fence]:
        reason = (
            f"{ranks.loc[audit].notna().sum()} grades lie {away[audit]:.1f} steps in the mean from the middle grade of "
            f"their categories; of {len(ranks)} audits half lie at most {away.median():.1f} from it"
        )
        yield Sign(audit, "unlike_the_rest", None, None, reason)


def _ask_one_grade(asked: Asked) -> Answer:
    most = max((asked.ranks[names].notna().sum(axis=1).max() for names in asked.by_scale.values()), default=0)
    if most >= FEWEST_GRADED:
        return Answer(list(_find_one_grade(asked)))
    return Answer([], f"no audit has {FEWEST_GRADED} graded categories on one scale")


def _ask_unlike(asked: Asked) -> Answer:
    ranks = _compared(asked)
    if len(ranks) >= FEWEST_AUDITS:
        return Answer(list(_find_unlike(ranks)))
    return Answer([], f"fewer than {FEWEST_AUDITS} audits have {FEWEST_GRADED} graded categories")


RULES: dict[str, Rule] = {"one_grade": _ask_one_grade, "unlike_the_rest": _ask_unlike}
"""The rules about the grades of an audit as a whole."""
