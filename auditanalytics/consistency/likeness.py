"""Which of many texts are nearly the same: the share of their runs of five words that they have in common.

Every pair that is alike enough is found, without looking at every pair: two such texts share a run among the rarest few
of each, so that each text is only held against those that share one of its rarest (the prefix filter of Chaudhuri,
Ganti and Kaushik 2006). A text most of whose runs are its own has no double and is left out at once.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

WORDS_OF_A_RUN = 5
"""Words of a run; the usual length for finding copied prose."""

NEARLY_SAME = 0.8
"""The share of runs in common, of those of both together, from which texts are nearly the same: in a comment of thirty
words one word may be changed in the middle, or several at an end."""

_MOST_SHARING = 200
"""Texts that share a run above which it is an opening that everybody writes, by which no text is looked up."""

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""A word of a comment: letters and digits, with what joins them inside."""


def fold_text(text: str) -> str:
    """Fold case, space and punctuation out of a text.

    Parameters
    ----------
    text
        A text as written.

    Returns
    -------
    str
        Its words in small letters, with a space between them.

    Examples
    --------
    >>> fold_text("The plan -  it's SMART!")
    'the plan it’s smart'
    """
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("'", "’")))


def nearly_same(texts: Sequence[str]) -> list[int]:
    """Put texts that are nearly the same together.

    Parameters
    ----------
    texts
        Different texts, folded.

    Returns
    -------
    list of int
        For each text the number of its group: that of the first text of it. What is nearly the same as one of a group
        is of the group.

    Examples
    --------
    >>> said = "minutes of the last core group went out to everybody who had attended it within five working days"
    >>> nearly_same([said, "a plan with names and dates that the family knows", f"the {said}"])
    [0, 1, 0]
    """
    numbers: dict[tuple[str, ...], int] = {}
    runs = [frozenset(numbers.setdefault(run, len(numbers)) for run in _runs(text)) for text in texts]
    times = Counter(chain.from_iterable(runs))
    group = list(range(len(texts)))
    for one, other in _pairs(runs, times):
        first, second = sorted((_root(group, one), _root(group, other)))
        group[second] = first
    return [_root(group, number) for number in range(len(texts))]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = text.split()
    for start in range(max(len(words) - WORDS_OF_A_RUN + 1, 1)):
        yield tuple(words[start : start + WORDS_OF_A_RUN])


def _pairs(runs: Sequence[frozenset[int]], times: Counter[int]) -> Iterator[tuple[int, int]]:
    """Every pair that is nearly the same; shorter texts first, so that each is held against those as long or longer."""
    holding: defaultdict[int, list[int]] = defaultdict(list)
    for number in sorted(range(len(runs)), key=lambda each: len(runs[each])):
        own, size = runs[number], len(runs[number])
        rare_first = sorted(own, key=lambda run: (times[run], run))
        if sum(times[run] > 1 for run in rare_first) < NEARLY_SAME * size:
            continue
        looked_up = rare_first[: size - math.ceil(NEARLY_SAME * size) + 1]
        candidates = {other for run in looked_up for other in holding.get(run, ())}
        for other in candidates:
            if len(runs[other]) >= NEARLY_SAME * size:
                common = len(own & runs[other])
                if common >= NEARLY_SAME * (size + len(runs[other]) - common):
                    yield other, number
        # With one as long or longer, two texts have more in common: 2s / (1 + s) of the shorter.
        for run in rare_first[: size - math.ceil(2 * NEARLY_SAME / (1 + NEARLY_SAME) * size) + 1]:
            if times[run] > 1 and len(holding[run]) < _MOST_SHARING:
                holding[run].append(number)


def _root(group: list[int], number: int) -> int:
    while group[number] != number:
        group[number] = group[group[number]]
        number = group[number]
    return number
