"""A statement read for its themes: which, by which words, and whether it speaks of something that is well.

Nothing is learned and nothing is guessed: the same statement under the same codebook is always coded the same, and each
theme can be opened to the words that made it. The box in which a statement was written says whether it is a strength or
a worry, and is nearly always right; only plain words overrule it: "no chronology on file" is a worry and "no drift" a
strength, in whichever box they stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from auditanalytics.themes.codebook import Codebook, Place, Purpose
from auditanalytics.themes.terms import Hit
from auditanalytics.themes.words import Words, split_words

WORKED_WELL, WORRIED_ABOUT, NEXT_STEP, COMMENT = "worked_well", "worried_about", "next_step", "comment"
KINDS = (WORKED_WELL, WORRIED_ABOUT, NEXT_STEP, COMMENT)
"""What a statement is: what works well, a worry, a next step, or none of these."""

REACH = 3
"""How many words before and behind the words of a theme a "not", or a word of praise or worry, bears on them."""


class Sign(NamedTuple):
    """What words say of a theme.

    Attributes
    ----------
    value
        1 where they say that it is well, -1 where that it is not, 0 where they do not say.
    is_denial
        Whether they deny a worry, as "no drift" does.
    words
        Numbers of the words by which a matter was turned into its opposite.
    """

    value: int
    is_denial: bool = False
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Match:
    """A theme of a statement.

    Attributes
    ----------
    theme
        The id of the theme.
    words
        The words of the statement that made it, with those that turned it into its opposite.
    terms
        The terms of the codebook that they met.
    kind
        What the statement is as to this theme, one of `KINDS`.
    """

    theme: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    kind: str


def code_statement(text: str, codebook: Codebook, *, domain: str = "", box: str = COMMENT) -> list[Match]:
    """Read a statement for its themes.

    Parameters
    ----------
    text
        A statement.
    codebook
        The codebook.
    domain
        The id of the domain in whose box it was written; "" for one on the whole audit.
    box
        The kind of box, one of `KINDS`.

    Returns
    -------
    list of Match
        The themes, in the order of the codebook.

    Examples
    --------
    >>> from auditanalytics.themes import load_codebook
    >>> code_statement("There is no chronology on file.", load_codebook(), box="worked_well")
    [Match(theme='history', words=('no chronology',), terms=('chronolog*',), kind='worried_about')]
    """
    words = split_words(text)
    hits: defaultdict[Purpose, list[Hit[Place]]] = defaultdict(list)
    for hit in codebook.index.find(words):
        hits[hit.owner.purpose].append(hit)
    barred = _barred(hits[Purpose.UNLESS])
    everywhere = barred.get("", _NOTHING)
    of_theme: defaultdict[str, list[Hit[Place]]] = defaultdict(list)
    for hit in hits[Purpose.TERMS] + hits[Purpose.STRENGTHS] + hits[Purpose.WORRIES]:
        owner = hit.owner
        if owner.within and not owner.within.holds(domain, box):
            continue
        if barred.get(owner.theme, _NOTHING).isdisjoint(hit.words) and everywhere.isdisjoint(hit.words):
            of_theme[owner.theme].append(hit)
    if not of_theme:
        return []
    around = _Around(words, hits)
    return [
        _match_of(theme, _widest(of_theme[theme]), words, around, box) for theme in codebook.titles if theme in of_theme
    ]


_NOTHING: frozenset[int] = frozenset()


def _barred(hits: Iterable[Hit[Place]]) -> Mapping[str, set[int]]:
    """By theme, and under "" for all themes, the numbers of the words that are no words of it here."""
    barred: defaultdict[str, set[int]] = defaultdict(set)
    for hit in hits:
        barred[hit.owner.theme].update(hit.words)
    return barred


def _widest(hits: list[Hit[Place]]) -> list[Hit[Place]]:
    """Hits without those whose words are all part of another's."""
    if len(hits) == 1:
        return hits
    kept: list[Hit[Place]] = []
    for hit in sorted(hits, key=lambda each: (-len(each.words), each.owner.purpose is Purpose.TERMS)):
        if not any(set(hit.words) <= set(other.words) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda each: each.words)


def _match_of(theme: str, hits: list[Hit[Place]], words: Words, around: "_Around", box: str) -> Match:
    signs = [around.sign(hit) for hit in hits]
    shown = [words.shown(tuple(sorted({*hit.words, *sign.words}))) for hit, sign in zip(hits, signs, strict=True)]
    terms = [hit.term for hit in hits]
    return Match(theme, tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(terms)), _kind(signs, box))


def _kind(signs: list[Sign], box: str) -> str:
    """What a statement is: what its box says, unless its words plainly say another thing and none says otherwise."""
    values = {sign.value for sign in signs}
    if box == WORKED_WELL and -1 in values and 1 not in values:
        return WORRIED_ABOUT
    if box == WORRIED_ABOUT and any(sign.is_denial for sign in signs) and -1 not in values:
        return WORKED_WELL
    if box == COMMENT and len(values - {0}) == 1:
        return WORKED_WELL if 1 in values else WORRIED_ABOUT
    return box


class _Around:
    """What the words around a hit say of it."""

    def __init__(self, words: Words, hits: Mapping[Purpose, list[Hit[Place]]]) -> None:
        self._words = words
        self._negations = sorted(_numbers(hits[Purpose.NEGATIONS]))
        self._lessens, self._links = _numbers(hits[Purpose.LESSENS]), _numbers(hits[Purpose.LINKS])
        self._breaks = _numbers(hits[Purpose.TURNS]) | words.commas
        self._cues = [
            (hit.words, purpose)
            for purpose in (Purpose.PRAISE, Purpose.DOUBTS, Purpose.FAULTS)
            for hit in hits[purpose]
        ]

    def sign(self, hit: Hit[Place]) -> Sign:
        """What the words of a hit, and those around it, say."""
        first, last = hit.words[0], hit.words[-1]
        start, end = self._clause(first, last)
        before = range(max(start, first - REACH), first)
        if hit.owner.purpose is Purpose.WORRIES:
            turned = [at for at in before if at in self._negations or at in self._lessens]
            return Sign(1, is_denial=True, words=(turned[-1],)) if turned else Sign(-1)
        cue = self._cue(hit.words, start, end)
        if cue.is_denial:
            return cue
        turned = [at for at in before if at in self._negations and at not in cue.words]
        turned += [at for at in range(first, last) if at in self._negations and at not in hit.words]
        turned += self._negation_behind(last, end)
        if turned:
            return Sign(-1, words=(turned[0],))
        if cue.value:
            return cue
        return Sign(1 if hit.owner.purpose is Purpose.STRENGTHS else 0)

    def _clause(self, first: int, last: int) -> tuple[int, int]:
        """Where the clause of some words begins, and the number behind its end."""
        start, end = self._words.sentences[first]
        return max([start, *(at for at in self._breaks if at <= first)]), min(
            [end, *(at for at in self._breaks if at > last)]
        )

    def _negation_behind(self, last: int, end: int) -> list[int]:
        """The negation behind, as in "the chronology has not been updated"; none where it denies another thing."""
        for at in range(last + 1, min(end, last + 1 + REACH)):
            if at in self._negations:
                return [at]
            if at not in self._links:
                break
        return []

    def _cue(self, own: tuple[int, ...], start: int, end: int) -> Sign:
        """What the nearest word of praise or doubt says, with a "not" before it."""
        nearest, found = REACH + 1, Sign(0)
        for at, purpose in self._cues:
            distance = max(own[0] - at[-1], at[0] - own[-1], 0)
            if not (start <= at[0] and at[-1] < end) or distance >= nearest or set(at) <= set(own):
                continue
            negated = [number for number in self._negations if max(start, at[0] - REACH) <= number < at[0]]
            if purpose is Purpose.FAULTS and not negated:
                continue
            nearest, value = distance, 1 if purpose is Purpose.PRAISE else -1
            words = tuple(sorted({*at, *negated[-1:]}))
            found = (
                Sign(-value, is_denial=value < 0, words=words)
                if negated
                else Sign(value, words=words if value < 0 else ())
            )
        return found


def _numbers(hits: Iterable[Hit[Place]]) -> set[int]:
    return {number for hit in hits for number in hit.words}
