"""Looking for many identifiers in a text at once, in time that grows with the text and hardly with their number.

A text is split into words once. From each word on, the letters are followed as long as some identifier begins with them
(a look into a sorted list), so nothing is compared with every identifier. Numbers and phrases are looked up whole. A
number that is written in groups counts only where people group numbers so, or where it was written so in the return.
"""

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator

from auditanalytics.gate.identifiers import Terms
from auditanalytics.gate.words import split_words

_STEM = 3
_PIECE, _OVERLAP = 1_000_000, 4_000
"""A long text is searched piece by piece, so that its words do not all have to be held at once."""

_MOST_GROUPS = 5
_SEPARATES_DIGITS = {" ", "-", "/", ",", "_"}
_TAILED = re.compile(r"[^\W\d_]{2,}(\d{5,})")
_YEAR = re.compile(r"(?:19|20)\d\d")

Term = str | int
"""A string of letters or digits, or the hash of a phrase: a hash takes a tenth of the room."""


class Index:
    """What is looked for.

    Parameters
    ----------
    wanted
        What to look for, and an owner of each, which a hit is reported as.

    Examples
    --------
    >>> index = Index([(Terms(joined={"janedoe"}), "child"), (Terms(numbers={"313658": (6,)}), "audit")])
    >>> sorted(index.owners(index.find("Seen with Jane O. and JANE-DOE; 0.313658")))
    ['child']
    """

    def __init__(self, wanted: Iterable[tuple[Terms, Hashable]]) -> None:
        self._owners: dict[Term, tuple[Hashable, ...]] = {}
        self._written: dict[str, set[tuple[int, ...]]] = {}
        self._phrases: dict[int, set[int]] = {}
        joined: set[str] = set()
        for terms, owner in wanted:
            joined |= terms.joined
            for digits, lengths in terms.numbers.items():
                self._written.setdefault(digits, set()).add(lengths)
            for phrase in terms.phrases:
                self._phrases.setdefault(len(phrase), set()).add(hash(phrase))
            for term in (*terms.joined, *terms.numbers, *map(hash, terms.phrases)):
                known = self._owners.get(term, ())
                if owner not in known:
                    self._owners[term] = (*known, owner)
        self._joined = sorted(joined)
        self._stems = {term[:length] for term in joined | self._written.keys() for length in range(1, _STEM + 1)}

    def owners(self, terms: Iterable[Term]) -> set[Hashable]:
        """Say whose the terms are that were found.

        Parameters
        ----------
        terms
            What `find` gave.

        Returns
        -------
        set
            Their owners.
        """
        return {owner for term in terms for owner in self._owners[term]}

    def find(self, text: str) -> set[Term]:
        """Look for everything in a text.

        Parameters
        ----------
        text
            Any text.

        Returns
        -------
        set
            What was found.
        """
        found: set[Term] = set()
        for piece in _pieces(text):
            words, gaps = split_words(piece)
            found |= self._phrases_of(words)
            for word in set(words):
                if (tailed := _TAILED.fullmatch(word)) and tailed[1] in self._written:
                    found.add(tailed[1])
            for at, word in enumerate(words):
                if word[:_STEM] in self._stems:
                    found.update(self._joined_from(words, gaps, at))
                    if word[0].isdigit():
                        found.update(self._numbers_from(words, gaps, at))
        return found

    def _phrases_of(self, words: list[str]) -> set[int]:
        found: set[int] = set()
        for length, phrases in self._phrases.items():
            rows = zip(*(words[at:] for at in range(length)), strict=False)
            found |= phrases.intersection(map(hash, rows))
        return found

    def _joined_from(self, words: list[str], gaps: list[str], at: int) -> Iterator[str]:
        reach, joined = words[at], self._joined
        while True:
            place = bisect_left(joined, reach)
            if place == len(joined) or not joined[place].startswith(reach):
                return
            if joined[place] == reach:
                yield reach
            if at + 1 == len(words) or not _may_join(words[at], gaps[at], words[at + 1]):
                return
            at += 1
            reach += words[at]

    def _numbers_from(self, words: list[str], gaps: list[str], at: int) -> Iterator[str]:
        if at and gaps[at - 1] == "," and words[at - 1] == "0":
            return  # a decimal with a comma
        whole = _whole_number(words[at])
        if whole in self._written:
            yield whole
        groups, first = [words[at]], at
        while len(groups) < _MOST_GROUPS and at + 1 < len(words) and gaps[at] in _SEPARATES_DIGITS:
            at += 1
            if not words[at].isdigit():
                return
            groups.append(words[at])
            number = "".join(groups)
            if number in self._written and (
                tuple(map(len, groups)) in self._written[number] or _are_groups(groups, words, gaps, first)
            ):
                yield number


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces that overlap, each beginning and ending at a space where there is one."""
    start = 0
    while start + _PIECE < len(text):
        end = max(text.rfind(" ", start + _OVERLAP, start + _PIECE), text.rfind("\n", start + _OVERLAP, start + _PIECE))
        end = end if end > 0 else start + _PIECE
        yield text[start:end]
        again = max(start + 1, end - _OVERLAP)
        spaces = [at for at in (text.find(" ", again, end), text.find("\n", again, end)) if at > 0]
        start = min(spaces, default=again)
    yield text[start:]


def _may_join(before: str, gap: str, after: str) -> bool:
    """Letters are one name whatever stands between them; digits must stand close to what they belong to."""
    digits = before[-1].isdigit() + after[0].isdigit()
    if not digits:
        return True
    return len(gap) <= (1 if digits == 2 else 3) and "\n" not in gap and "," not in gap


def _whole_number(word: str) -> str:
    """The digits of a number that a spreadsheet wrote with a decimal nought, or somebody grouped by dots."""
    if "." not in word:
        return word
    groups = word.split(".")
    if len(groups) == 2 and not groups[1].strip("0"):
        return groups[0]
    return "".join(groups) if len(groups) > 2 and all(len(group) > 2 for group in groups) else word


def _are_groups(groups: list[str], words: list[str], gaps: list[str], first: int) -> bool:
    """Whether digits are written as one number is: 943 476 5919, 943-476-5919, 313 658, or 313,658."""
    after = first + len(groups)
    separator = gaps[first]
    if any(gap != separator for gap in gaps[first : after - 1]):
        return False
    if separator == ",":
        is_inside = (first and gaps[first - 1] == "," and words[first - 1].isdigit()) or (
            after < len(words) and gaps[after - 1] == "," and words[after].isdigit()
        )
        return not is_inside and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if any(len(group) < 3 for group in groups):
        return False
    if len(groups) == 2:  # two numbers side by side are a range, or years, more often than one number
        return separator == " " and not any(map(_YEAR.fullmatch, groups))
    return separator in " -"
