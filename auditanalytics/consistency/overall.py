"""Flags about the overall grade: that it does not fit the grades which make it up.

An overall grade is a judgement and no average, so that none of these is a mistake by itself. Of 478 inspections of
local authorities, in which it is one too, none was graded outside the range of its parts and one more than a step from
their middle: what professionals so rarely do is worth a look.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.consistency.asked import Answer, Asked, Rule
from auditanalytics.consistency.flags import Sign
from auditanalytics.frameworks import OVERALL

FEWEST_PARTS = 2
"""Graded categories below which there is no range and no middle to hold the overall grade against."""

STEPS_FROM_MEDIAN = 1
"""Steps that an overall grade may lie from the middle of its parts: one of 311 inspections of one kind lay further, and
none of 167 of another."""

LIMITING_SHARE = 0.5
"""More than this share of the graded categories of a domain must be Inadequate for the domain to count as it."""

_LIMITING_WORDS = re.compile(
    r"\b(?:risks?|safe|safety|safeguard(?:ing|ed)|protect(?:ion|ed|ing)|oversight|leaders?|leadership)\b", re.IGNORECASE
)
_NO_OVERALL = "no audit has an overall grade"
_NONE_LIMITS = (
    "no graded domain or category is about risk, safeguarding or oversight by its title; moderation.limiting in the "
    "framework can name those that are"
)


class _Against(NamedTuple):
    """The overall grades that can be held against something, and what they are held against."""

    overall: pd.Series
    parts: pd.DataFrame
    grades: tuple[str, ...]


def _held_against(asked: Asked) -> _Against:
    parts = asked.beside_overall
    enough = asked.overall.notna() & (parts.notna().sum(axis=1) >= FEWEST_PARTS)
    return _Against(asked.overall[enough], parts[enough], asked.grades_of(OVERALL))


def _find_outside_range(asked: Asked) -> Iterator[Sign]:
    overall, parts, grades = _held_against(asked)
    best, worst, number = parts.min(axis=1), parts.max(axis=1), parts.notna().sum(axis=1)
    for audit in overall.index[(overall < best) | (overall > worst)]:
        given = grades[int(overall[audit])]
        end, limit = ("best", best) if overall[audit] < best[audit] else ("worst", worst)
        reason = f"overall {given}, while the {end} of its {number[audit]} other grades is {grades[int(limit[audit])]}"
        yield Sign(audit, "overall_outside_range", OVERALL, None, reason)


def _find_far_from_median(asked: Asked) -> Iterator[Sign]:
    overall, parts, grades = _held_against(asked)
    # Of an even number there are two middle grades, and what lies between them is far from neither.
    low, high = (
        pd.Series(np.nanquantile(parts.to_numpy(), 0.5, axis=1, method=method), index=parts.index)
        for method in ("lower", "higher")
    )
    number = parts.notna().sum(axis=1)
    for audit in overall.index[(overall < low - STEPS_FROM_MEDIAN) | (overall > high + STEPS_FROM_MEDIAN)]:
        middle = " to ".join(dict.fromkeys(grades[int(each[audit])] for each in (low, high)))
        reason = (
            f"overall {grades[int(overall[audit])]}, while the middle of its {number[audit]} other grades is {middle}"
        )
        yield Sign(audit, "overall_far_from_median", OVERALL, None, reason)


def _limiting(asked: Asked) -> dict[str, list[str]]:
    """The domains and categories that limit, with their categories; those of a limiting domain speak through it."""
    framework = asked.framework
    own = {domain.id: [category.id for category in domain.categories] for domain in framework.domains}
    parts = own | {category: [category] for category in asked.domain_of if category not in own}
    if framework.moderation.limiting:
        return {name: parts[name] for name in framework.moderation.limiting if name in parts}
    named = {name: each for name, each in parts.items() if _is_about_safety(asked, name)}
    return {name: each for name, each in named.items() if name in own or asked.domain_of[name] not in named}


def _is_about_safety(asked: Asked, name: str) -> bool:
    return bool(_LIMITING_WORDS.search(f"{name.replace('-', ' ')} {asked.title(name)}"))


def _find_limiting(asked: Asked) -> Iterator[Sign]:
    scale = asked.framework.scale(OVERALL)
    ranks = scale.ranks
    good = asked.overall.isin([ranks[grade] for grade in scale.good])
    for name, categories in _limiting(asked).items():
        part = asked.ranks.loc[good, categories]
        of = asked.framework.scale(name if name in asked.framework.domain_titles else asked.domain_of[name])
        graded = part.notna().sum(axis=1)
        inadequate = part.isin([of.ranks[grade] for grade in of.inadequate]).sum(axis=1)
        for audit in part.index[inadequate > graded * LIMITING_SHARE]:
            word = " or ".join(of.inadequate)
            several = f"{inadequate[audit]} of {graded[audit]} categories of " if graded[audit] > 1 else ""
            reason = (
                f"overall {scale.grades[int(asked.overall[audit])]}, while {several}{asked.title(name)} "
                f"{'are' if inadequate[audit] > 1 else 'is'} {word}"
            )
            yield Sign(audit, "limiting_judgement", name, None, reason)


def _no_parts(asked: Asked) -> str:
    if not asked.overall.notna().any():
        return _NO_OVERALL
    enough = len(_held_against(asked).overall)
    return "" if enough else f"no audit has {FEWEST_PARTS} graded categories on the scale of its overall grade"


def _nothing_limits(asked: Asked) -> str:
    if not asked.overall.notna().any():
        return _NO_OVERALL
    return "" if any(asked.ranks[names].notna().any(axis=None) for names in _limiting(asked).values()) else _NONE_LIMITS


def _ask_outside_range(asked: Asked) -> Answer:
    obstacle = _no_parts(asked)
    return Answer([] if obstacle else list(_find_outside_range(asked)), obstacle)


def _ask_far_from_median(asked: Asked) -> Answer:
    obstacle = _no_parts(asked)
    return Answer([] if obstacle else list(_find_far_from_median(asked)), obstacle)


def _ask_limiting(asked: Asked) -> Answer:
    obstacle = _nothing_limits(asked)
    return Answer([] if obstacle else list(_find_limiting(asked)), obstacle)


RULES: dict[str, Rule] = {
    "overall_outside_range": _ask_outside_range,
    "overall_far_from_median": _ask_far_from_median,
    "limiting_judgement": _ask_limiting,
}
"""The rules about the overall grade."""
