"""Grade scales: which grades there are, in which order, and which written words mean which grade.

A written grade is matched whole, after folding what a typist does not mean (case, spacing, full stops, invisible
characters). It is never matched by "contains", because "Requires improvement to be good" contains "good", and never
guessed, because a wrong grade that nobody notices is worse than one that is missing. Grades are ordered, never
averaged; "not graded" is not a grade and never Inadequate.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"

_BETWEEN_GRADES = re.compile(r"[/,;&+|\\\n]|\s[-\u2013\u2014]\s|\b(?:and|or|to)\b|->|>", re.IGNORECASE)

GOOD_OR_BETTER = "good"
INADEQUATE = "inadequate"
TAILS = (GOOD_OR_BETTER, INADEQUATE)
"""The two ends of a scale that every chart shows as a pair."""

DIRECTION_OF_BETTER = {GOOD_OR_BETTER: 1, INADEQUATE: -1}
"""Whether more of a tail is better (1) or worse (-1)."""

BETTER, WORSE = "better", "worse"
"""What a change, or a point on a chart, may be for practice."""


def fold_label(text: str) -> str:
    """Fold what a typist does not mean out of a written label.

    Unicode compatibility forms, letter case, runs of white space, invisible characters, quotation marks around the
    label and full stops after it are folded; every other character counts.

    Parameters
    ----------
    text
        A label as it was written.

    Returns
    -------
    str
        The label as it is compared.

    Examples
    --------
    >>> fold_label(" \u201cRequires\u00a0 Improvement.\u201d ")
    'requires improvement'
    """
    if text.isascii() and text.isalnum():  # as most are: nothing to fold but the case
        return text.casefold()
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    folded = text.casefold()
    return " ".join(folded.split()).strip(_QUOTES + " ").rstrip(". ").strip(_QUOTES + " ")


class GradeMatch(NamedTuple):
    """What a written label became: a grade or none, and the rule that said so."""

    grade: str | None
    rule: str


EXACT, FOLDED, SYNONYM, NOT_GRADED, UNKNOWN = "exact", "folded", "synonym", "not graded", "unknown"


class GradeScale(BaseModel):
    """The grades one kind of judgement may receive, best first.

    Attributes
    ----------
    grades
        Every grade, best first.
    good
        The grades that count as good or better.
    inadequate
        The grades that count as inadequate.
    not_graded
        Written words that mean no grade was given; a blank always does.
    labels
        Other written words for a grade.

    Examples
    --------
    >>> scale = GradeScale(
    ...     grades=["Good", "Requires improvement", "Inadequate"], good=["Good"], inadequate=["Inadequate"],
    ...     not_graded=["N/A"], labels={"Requires improvement": ["Requires improvement to be good"]})
    >>> scale.match("requires improvement to be GOOD.")
    GradeMatch(grade='Requires improvement', rule='synonym')
    >>> scale.match("n/a"), scale.match("Goood").rule
    (GradeMatch(grade=None, rule='not graded'), 'unknown')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    grades: tuple[str, ...] = Field(description="every grade, best first")
    good: tuple[str, ...] = Field(description="the grades that count as good or better")
    inadequate: tuple[str, ...] = Field(description="the grades that count as inadequate")
    not_graded: tuple[str, ...] = Field((), description="words that mean no grade was given; a blank always does")
    labels: Mapping[str, tuple[str, ...]] = Field(
        {}, description='other words for a grade: `"Requires improvement" = ["RI"]`'
    )

    @model_validator(mode="after")
    def _check_words(self) -> "GradeScale":
        if len(self.grades) < 2:
            raise ValueError("grades must list at least two grades, best first")
        if repeated := next((grade for grade in self.grades if self.grades.count(grade) > 1), None):
            raise ValueError(f"grades lists '{repeated}' twice; take one out")
        if tail := next((grade for grade in self.grades if grade in TAILS), None):
            raise ValueError(f"a grade cannot be called '{tail}' in small letters, which names a tail; use a capital")
        for key in ("good", "inadequate", "labels"):
            for grade in getattr(self, key):
                if grade not in self.grades:
                    names = ", ".join(f"'{name}'" for name in self.grades)
                    raise ValueError(f"{key} names '{grade}', which is no grade of the scale; write one of: {names}")
        overlap = set(self.good) & set(self.inadequate)
        if overlap:
            raise ValueError(f"'{overlap.pop()}' cannot be both good and inadequate; take it out of one")
        meanings: dict[str, str] = {}
        for word, meaning in self._words():
            earlier = meanings.setdefault(fold_label(word), meaning)
            if earlier != meaning:
                both = " and ".join(f"'{each}'" if each else "'' (not graded)" for each in (earlier, meaning))
                raise ValueError(f"the label '{word}' means both {both}; leave it with one")
            if meaning and not fold_label(word):
                raise ValueError(f"a blank is a word for '{meaning}', but means that no grade was given; take it out")
        return self

    def _words(self) -> list[tuple[str, str]]:
        """Every written word with its meaning; an empty meaning is "not graded"."""
        words = [(grade, grade) for grade in self.grades]
        words += [(label, grade) for grade, labels in self.labels.items() for label in labels]
        return words + [(label, "") for label in self.not_graded]

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return {fold_label(word): meaning for word, meaning in self._words()} | {"": ""}

    @property
    def tails(self) -> dict[str, tuple[str, ...]]:
        """The grades that make up each of the two tails."""
        return {GOOD_OR_BETTER: self.good, INADEQUATE: self.inadequate}

    @property
    def choices(self) -> tuple[str, ...]:
        """What to choose from where a grade is asked: the grades, best first, and the first word for none given."""
        return (*self.grades, *self.not_graded_choice)

    @property
    def not_graded_choice(self) -> tuple[str, ...]:
        """The word to choose where no grade is given; nothing where the scale has none."""
        return tuple(word for word in self.not_graded if word.strip())[:1]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The rank of every grade: 0 for the best, 1 for the next."""
        return {grade: rank for rank, grade in enumerate(self.grades)}

    def names_several(self, label: str) -> bool:
        """Say whether a written label is several grades of the scale, one beside the other.

        Parameters
        ----------
        label
            A label as it was written.

        Returns
        -------
        bool
            True for "Good/RI"; whole labels that the scale knows are not asked.

        Examples
        --------
        >>> scale = GradeScale(grades=["Good", "Poor"], good=["Good"], inadequate=["Poor"], not_graded=["N/A"])
        >>> scale.names_several("good / POOR"), scale.names_several("Goood"), scale.names_several("Good N/A")
        (True, False, False)
        """
        parts = [part for part in _BETWEEN_GRADES.split(label) if part.strip()]
        return len(parts) > 1 and all(self._meanings.get(fold_label(part)) for part in parts)

    def match(self, label: str) -> GradeMatch:
        """Match a written label against the scale.

        Parameters
        ----------
        label
            A label as it was written.

        Returns
        -------
        GradeMatch
            The grade, or None where none was given or the label is unknown, and the rule: exact, folded, synonym,
            not graded or unknown.
        """
        if label in self.grades:
            return GradeMatch(label, EXACT)
        folded = fold_label(label)
        meaning = self._meanings.get(folded)
        if meaning is None:
            return GradeMatch(None, UNKNOWN)
        if not meaning:
            return GradeMatch(None, NOT_GRADED)
        return GradeMatch(meaning, FOLDED if folded == fold_label(meaning) else SYNONYM)
