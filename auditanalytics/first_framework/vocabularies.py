"""The ways of grading that are known, and which of them a column of written words is.

Which words there are stands in `vocabularies.toml` and nowhere else. A column belongs to a vocabulary that knows every
grade word in it; where several do, as with "Good" alone, the one that most columns of the sheet can share is meant, so
that a sheet gets as few scales as it can. A word is never moved from one vocabulary to another.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from auditanalytics.grades import NOT_GRADED, GradeScale, fold_label

WITHOUT_A_GRADE = ""
"""What a word such as "N/A" is counted under."""


@dataclass(frozen=True)
class Vocabulary:
    """A way of grading.

    Attributes
    ----------
    id
        The name of its scale.
    scale
        Its grades, with the other words for each and the words that are none.
    initials
        Letters for its grades, to be proposed only where a sheet has them.
    needs
        The grade without which a column need not be one of grades; "" where every column is.
    """

    id: str
    scale: GradeScale
    initials: Mapping[str, tuple[str, ...]]
    needs: str

    @cached_property
    def _with_initials(self) -> GradeScale:
        labels = {
            grade: (*self.scale.labels.get(grade, ()), *self.initials.get(grade, ())) for grade in self.scale.grades
        }
        return self.scale.model_copy(update={"labels": labels})

    def grade(self, word: str) -> str | None:
        """Say which grade a written word is.

        Parameters
        ----------
        word
            A cell's text.

        Returns
        -------
        str or None
            The grade; "" for a word that says there is none; None where the word is not known.

        Examples
        --------
        >>> usual = vocabularies()[0]
        >>> usual.grade("requires improvement."), usual.grade("n/a"), usual.grade("Adequate")
        ('Requires improvement', '', None)
        """
        match = self._with_initials.match(word)
        return WITHOUT_A_GRADE if match.rule == NOT_GRADED else match.grade

    def initials_among(self, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Give the letters that are among written words, by their grade."""
        written = {fold_label(word) for word in words}
        found = {
            grade: tuple(letter for letter in letters if fold_label(letter) in written)
            for grade, letters in self.initials.items()
        }
        return {grade: letters for grade, letters in found.items() if letters}


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """List the ways of grading that are known, the usual one first.

    Returns
    -------
    tuple of Vocabulary
        As they stand in `vocabularies.toml`.

    Examples
    --------
    >>> vocabularies()[0].scale.grades
    ('Outstanding', 'Good', 'Requires improvement', 'Inadequate')
    """
    text = resources.files("auditanalytics.first_framework").joinpath("vocabularies.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(
        Vocabulary(
            id=each["id"],
            scale=GradeScale(
                grades=each["grades"],
                good=each["good"],
                inadequate=each["inadequate"],
                not_graded=table["not_graded"],
                labels=each.get("labels", {}),
            ),
            initials={grade: tuple(letters) for grade, letters in each.get("initials", {}).items()},
            needs=each.get("needs", ""),
        )
        for each in table["vocabularies"]
    )


def is_grade_word(word: str) -> bool:
    """Say whether any vocabulary has a word as one of its grades.

    Parameters
    ----------
    word
        A cell's text.

    Returns
    -------
    bool
        True for "RI"; False for "N/A", which is none, and for what nobody knows.

    Examples
    --------
    >>> is_grade_word("ri"), is_grade_word("N/A"), is_grade_word("Goood")
    (True, False, False)
    """
    return fold_label(word) in _grade_words()


@cache
def _grade_words() -> frozenset[str]:
    """Every grade word, folded."""
    words: set[str] = set()
    for each in vocabularies():
        for labels in (each.scale.labels, each.initials):
            words |= {fold_label(label) for grade in labels for label in labels[grade]}
        words |= {fold_label(grade) for grade in each.scale.grades}
    return frozenset(words)


def says_no_grade(word: str) -> bool:
    """Say whether a written word means that no grade was given.

    Parameters
    ----------
    word
        A cell's text.

    Returns
    -------
    bool
        True for "N/A" and a blank.

    Examples
    --------
    >>> says_no_grade("not judged"), says_no_grade("Good")
    (True, False)
    """
    return vocabularies()[0].grade(word) == WITHOUT_A_GRADE


def choose_vocabularies(columns: Mapping[str, Iterable[str]]) -> dict[str, Vocabulary]:
    """Choose a way of grading for each of several columns.

    Parameters
    ----------
    columns
        The grade words that each column holds, by any name.

    Returns
    -------
    dict of Vocabulary
        For each column the one that knows all its words; if several do, that which most columns can share; if none
        does, that which knows most of them.

    Examples
    --------
    >>> words = {"Planning": ["Good", "RI"], "Risk": ["Exceeds good"], "Voice": ["Red", "Green"]}
    >>> {name: chosen.id for name, chosen in choose_vocabularies(words).items()}
    {'Planning': 'exceeds-good', 'Risk': 'exceeds-good', 'Voice': 'colours'}
    """
    fitting = {name: _fitting(list(words)) for name, words in columns.items()}
    chosen: dict[str, Vocabulary] = {}
    while len(chosen) < len(fitting):
        left = {name: choices for name, choices in fitting.items() if name not in chosen}
        shared = max(vocabularies(), key=lambda each: sum(each in choices for choices in left.values()))
        chosen |= {name: shared for name, choices in left.items() if shared in choices}
    return {name: chosen[name] for name in columns}


def _fitting(words: list[str]) -> list[Vocabulary]:
    """The vocabularies that know all of these words, or most of them where none knows all."""
    known = {each.id: sum(each.grade(word) is not None for word in words) for each in vocabularies()}
    most = max(known.values())
    return [each for each in vocabularies() if known[each.id] == most]
