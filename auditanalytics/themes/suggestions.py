"""Phrases that statements without a theme have in common, which somebody may want to add to the codebook.

A phrase is two or three words, none of them a mere connecting word at its ends, each common, written without a capital
and in no list of names that is given. Whoever asks hides names in the statements first; this is the second hurdle, not
the only one.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable

from auditanalytics.themes.spelling import is_common
from auditanalytics.themes.words import split_words

FEWEST_STATEMENTS, MOST_SUGGESTED = 5, 20
"""Statements that must have a phrase in common, and phrases that are suggested."""

MOST_READ = 1_000
"""Texts that are worth reading for phrases: hiding their names first takes its time."""

_HIDDEN = re.compile(r"\[[^\]]*\]")
_WORDS = """
a an the of to in on at for with by from and or but is are was were be been being has have had do does did it its this
that these those there their his her him he she they them we our us you your i my me as so if not no nor very all any
some more most than then too also can could will would should may might must about into over under
"""
_CONNECTING = frozenset(_WORDS.split())
"""Words that begin or end no phrase."""


def suggest_terms(statements: Iterable[str], *, names: Container[str] = ()) -> list[tuple[str, int]]:
    """Give the phrases that most statements have in common.

    Parameters
    ----------
    statements
        Statements without a theme, in which names are hidden.
    names
        Words that may be names, in lower case.

    Returns
    -------
    list of tuple
        Phrases, each with the number of statements that hold it; a phrase within another as frequent is left out.

    Examples
    --------
    >>> texts = [f"{start} in the kitchen garden" for start in ("Good work", "all", "He was", "sat", "a talk")]
    >>> suggest_terms(texts)
    [('kitchen garden', 5)]
    """
    found: Counter[str] = Counter()
    for statement in statements:
        found.update(_phrases(statement, names))
    frequent = [(phrase, times) for phrase, times in found.items() if times >= FEWEST_STATEMENTS]
    frequent.sort(key=lambda each: (-each[1], -len(each[0]), each[0]))
    kept: list[tuple[str, int]] = []
    for phrase, times in frequent:
        if not any(f" {phrase} " in f" {longer} " and times == as_often for longer, as_often in kept):
            kept.append((phrase, times))
    return kept[:MOST_SUGGESTED]


def _phrases(statement: str, names: Container[str]) -> set[str]:
    statement = _HIDDEN.sub(".", statement)  # no phrase reaches over what is hidden
    text = split_words(statement)
    plain = [
        word not in names and is_common(word) and not statement[start].isupper()
        for word, (start, _) in zip(text.words, text.spans, strict=True)
    ]
    found = set()
    for first, (_, end) in enumerate(text.sentences):
        for last in range(first + 2, min(first + 3, end) + 1):
            words = text.words[first:last]
            if all(plain[first:last]) and not {words[0], words[-1]} & _CONNECTING:
                found.add(" ".join(words))
    return found
