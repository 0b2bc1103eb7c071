"""Misspelt words of the codebook, where it is safe to know them.

A word is taken for a misspelling only if it is in no dictionary, is long enough, is not written like a name, and is one
letter added, left out, changed or swapped away from words of the codebook that all mean the same to it.
"""

from collections.abc import Collection
from functools import cache

from spellchecker import SpellChecker

FEWEST_LETTERS = 5
"""Letters of a word that may be taken for a misspelling; of shorter words, too many are one letter from another."""


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


COMMON_FROM = 3_000
"""Times that the dictionary's own texts hold a word that is common: about ten thousand words are."""


def is_common(word: str) -> bool:
    """Say whether a word is one that everybody writes, so that it hardly singles anybody out.

    Parameters
    ----------
    word
        A word in lower case.

    Returns
    -------
    bool
        True if so.

    Examples
    --------
    >>> is_common("kitchen"), is_common("conjoined")
    (True, False)
    """
    return max(_dictionary()[each] for each in _spellings(word)) >= COMMON_FROM


def is_word(word: str) -> bool:
    """Say whether a word is in the dictionary, which spells as Americans do, also with British endings.

    Parameters
    ----------
    word
        A word in lower case.

    Returns
    -------
    bool
        True if so.

    Examples
    --------
    >>> is_word("recognised"), is_word("chronolgy")
    (True, False)
    """
    return any(each in _dictionary() for each in _spellings(word))


def _spellings(word: str) -> tuple[str, ...]:
    return word, word.replace("is", "iz").replace("ys", "yz"), word.replace("our", "or")


def meant_by(word: str, known: Collection[str]) -> list[str]:
    """Give the known words that a misspelt word may mean.

    Parameters
    ----------
    word
        A word in lower case.
    known
        Words that are known, spelt right.

    Returns
    -------
    list of str
        The known words one slip away; none where the word is known itself, is a word of its own, or is too short.

    Examples
    --------
    >>> meant_by("chronolgy", ["chronology"]), meant_by("planting", ["planning"])
    (['chronology'], [])
    >>> meant_by("formalised", ["normalised"])
    []
    """
    if len(word) < FEWEST_LETTERS or not word.isalpha() or word in known or is_word(word):
        return []
    return sorted(each for each in set(_dictionary().edit_distance_1(word)) if each in known)
