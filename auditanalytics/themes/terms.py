"""The language in which a codebook writes what to look for, and the index that finds all of it in one pass.

A term is written as people write it, ``changes of social worker``; each word also stands for its usual endings. In it,
``=plans`` is that word only, ``chronolog*`` whatever begins so, ``seen|spoken`` either word, ``<child>`` any of a list,
``(school nurse|gp)`` either of several words; ``..`` leaves room for up to three words, ``...`` for up to eight. What
belongs together stands in one sentence.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Generic, NamedTuple, TypeVar

from auditanalytics.errors import ArgumentError
from auditanalytics.themes.spelling import is_word, meant_by
from auditanalytics.themes.words import Words, fold_word, inflections

MOST_WORDS_BETWEEN = {"..": 3, "...": 8}
"""How many words the dots of a term may stand for."""

Owner = TypeVar("Owner")
"""What a term belongs to; it says of itself where it stands."""

MOST_WORDS = 12
"""Words of a term: more are a sentence that nobody writes twice."""

_MOST_MEANINGS = 400
_SHORTEST_BEGINNING, _LONGEST_ENDING = 3, 4
_MOST_REMEMBERED = 200_000
"""Different words of texts whose meaning is kept, so that an endless stream of texts does not fill the memory."""

_LIST = re.compile(r"<([\w-]+)>|\(([^()<>]+)\)")
_WORD = re.compile(r"=?[^\W_]+\*?(?:\|=?[^\W_]+\*?)*")


class Step(NamedTuple):
    """One word of a term: what it may be, and how many words may stand before it."""

    slot: int
    between: int


class Hit(NamedTuple, Generic[Owner]):
    """A term found in a text: whose it is, which, and the numbers of the words that it is made of."""

    owner: Owner
    term: str
    words: tuple[int, ...]


@dataclass(frozen=True)
class _Compiled(Generic[Owner]):
    owner: Owner
    term: str
    steps: tuple[Step, ...]


class _Meaning(NamedTuple):
    """What a word of a text may be, the terms that it is alone, and those that it begins, by their second step."""

    slots: frozenset[int]
    alone: tuple[_Compiled, ...]
    begins: Mapping[int, Mapping[Step, list[_Compiled]]]


class TermIndex(Generic[Owner]):
    """Terms of many owners, found together.

    Parameters
    ----------
    terms
        An owner, such as a theme, and a term, as often as there are terms.
    lists
        The lists of words that terms name in angle brackets; an entry may itself be several words.
    irregular
        Forms of words that have other endings than the regular ones.

    Raises
    ------
    ArgumentError
        If a term cannot be read; the sentence says which and why.

    Examples
    --------
    >>> from auditanalytics.themes.words import split_words
    >>> index = TermIndex([("voice", "<child> .. seen|see alone")], {"child": ["child", "young person"]}, {})
    >>> text = split_words("Each young person was always seen alone.")
    >>> [(hit.owner, text.shown(hit.words)) for hit in index.find(text)]
    [('voice', 'young person … seen alone')]
    """

    def __init__(
        self,
        terms: Iterable[tuple[Owner, str]],
        lists: Mapping[str, Iterable[str]],
        irregular: Mapping[str, Iterable[str]],
    ) -> None:
        self._lists, self._irregular = lists, irregular
        self._slots: dict[str, int] = {}
        self._forms: defaultdict[str, set[int]] = defaultdict(set)
        self._beginnings: defaultdict[str, set[int]] = defaultdict(set)
        self._of_one_word: defaultdict[int, list[_Compiled[Owner]]] = defaultdict(list)
        self._by_second: defaultdict[int, defaultdict[Step, list[_Compiled[Owner]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for owner, term in terms:
            for steps in self._read_of(owner, term):
                first = steps[0].slot
                known = self._by_second[first][steps[1]] if len(steps) > 1 else self._of_one_word[first]
                known.append(_Compiled(owner, term, steps))
        self._known: dict[tuple[str, bool], _Meaning] = {}

    def _read_of(self, owner: Owner, term: str) -> list[tuple[Step, ...]]:
        try:
            return self._read(term)
        except ArgumentError as error:
            raise ArgumentError(f"{owner}: {error}") from None

    def _read(self, term: str) -> list[tuple[Step, ...]]:
        """Every way to read a term: one for each choice from its lists."""
        if not term.strip():
            raise ArgumentError("a term is empty; write a word, or take it out")
        if term.count("(") != term.count(")") or term.count("<") != term.count(">"):
            raise ArgumentError(f"'{term[:40]}' has a bracket without its other half; write each pair whole")
        named = _LIST.findall(term)
        if missing := [name for name, _ in named if name and name not in self._lists]:
            raise ArgumentError(f"'{term}' names the list <{missing[0]}>, which is not under [words]; add it there")
        choices = [list(self._lists[name]) if name else written.split("|") for name, written in named]
        pieces = _LIST.split(term)[::3]
        together = list(self._together(choices))
        if prod(map(len, together)) > _MOST_MEANINGS:
            raise ArgumentError(f"'{term[:40]}' can be read in over {_MOST_MEANINGS} ways; write it with fewer lists")
        ways = product(*together)
        return [self._steps("".join(_interleaved(pieces, way)), term) for way in ways]

    @staticmethod
    def _together(choices: list[list[str]]) -> Iterable[list[str]]:
        """The entries of lists, those of a single word as one choice between words."""
        for entries in choices:
            single = [entry for entry in entries if " " not in entry.strip()]
            yield [*(["|".join(single)] if single else []), *(entry for entry in entries if " " in entry.strip())]

    def _steps(self, words: str, term: str) -> tuple[Step, ...]:
        steps: list[Step] = []
        between = 0
        for piece in words.replace("-", " ").split():
            if piece in MOST_WORDS_BETWEEN:
                between = MOST_WORDS_BETWEEN[piece]
                continue
            if not _WORD.fullmatch(piece):
                raise ArgumentError(
                    f"'{term}' has '{piece}', which is no word; write words, and the signs = * | ( ) < > .. ..."
                )
            steps.append(Step(self._slot(piece), between))
            between = 0
        if len(steps) > MOST_WORDS:
            raise ArgumentError(f"'{term[:40]} …' has more than {MOST_WORDS} words; write what stands out in it")
        if not steps or between or words.split()[0] in MOST_WORDS_BETWEEN:
            raise ArgumentError(f"'{term}' begins or ends without a word; write a word on each side of ..")
        return tuple(steps)

    def _slot(self, piece: str) -> int:
        """The number of one word of a term, with every form that it may have in a text."""
        if piece in self._slots:
            return self._slots[piece]
        slot = self._slots.setdefault(piece, len(self._slots))
        for choice in piece.split("|"):
            word = fold_word(choice.strip("=*"))
            if choice.endswith("*"):
                if len(word) < _SHORTEST_BEGINNING:
                    raise ArgumentError(
                        f"'{choice}' is too short; write {_SHORTEST_BEGINNING} letters or more before *"
                    )
                self._beginnings[word].add(slot)
                continue
            forms = {word} if choice.startswith("=") else inflections(word) | set(self._irregular.get(word, ()))
            for form in forms:
                self._forms[form].add(slot)
        return slot

    def find(self, text: Words) -> list[Hit[Owner]]:
        """Find every term.

        Parameters
        ----------
        text
            A text.

        Returns
        -------
        list of Hit
            What was found, in the order of the text.
        """
        meanings = [self._meaning_of(text, number) for number in range(len(text.words))]
        slots = [meaning.slots for meaning in meanings]
        present = set().union(*slots)
        found: list[Hit[Owner]] = []
        for number, meaning in enumerate(meanings):
            for known in meaning.alone:
                found.append(Hit(known.owner, known.term, (number,)))
            end = text.sentences[number][1]
            # Most terms begin with a word that is there and go on with one that is not.
            for second in meaning.begins.keys() & present:
                for step, begun in meaning.begins[second].items():
                    wanted = begun
                    for at in range(number + 1, min(number + 2 + step.between, end)):
                        if second in slots[at]:
                            hits, wanted = _finish(wanted, slots, (number, at), end)
                            found += hits
                            if not wanted:
                                break
        return found

    def _meaning_of(self, text: Words, number: int) -> _Meaning:
        """What a word of a text may be; a misspelt one means what was meant, unless it is written like a name."""
        word = text.words[number]
        is_name = number > text.sentences[number][0] and text.text[text.spans[number][0]].isupper()
        key = word, is_name
        if (meaning := self._known.get(key)) is None:
            slots = frozenset(self._exactly(word))
            if not slots and not is_name:
                meant = {frozenset(self._exactly(each)) for each in meant_by(word, self._forms)}
                slots = meant.pop() if len(meant) == 1 else slots
            meaning = self._open(slots)
            if len(self._known) < _MOST_REMEMBERED:
                self._known[key] = meaning
        return meaning

    def _open(self, slots: frozenset[int]) -> _Meaning:
        begins: defaultdict[int, defaultdict[Step, list[_Compiled[Owner]]]] = defaultdict(lambda: defaultdict(list))
        for slot in sorted(slots):
            for step, known in self._by_second.get(slot, {}).items():
                begins[step.slot][step] += known
        alone = tuple(known for slot in sorted(slots) for known in self._of_one_word.get(slot, ()))
        return _Meaning(slots, alone, begins)

    def _exactly(self, word: str) -> set[int]:
        slots = set(self._forms.get(word, ()))
        for length in range(_SHORTEST_BEGINNING, len(word) + 1):
            # A longer rest is an ending only where the whole is a word: what is glued to a beginning may be a name.
            if word[:length] in self._beginnings and (len(word) - length <= _LONGEST_ENDING or is_word(word)):
                slots |= self._beginnings[word[:length]]
        return slots

    def knows(self, word: str) -> bool:
        """Whether a word is one of any term.

        Parameters
        ----------
        word
            A word as `words.split_words` gives it.

        Returns
        -------
        bool
            True if so.
        """
        return bool(self._exactly(word))


def _interleaved(pieces: list[str], way: tuple[str, ...]) -> Iterable[str]:
    for piece, choice in zip(pieces, (*way, ""), strict=True):
        yield piece
        yield choice


def _finish(
    begun: list[_Compiled[Owner]], slots: list[frozenset[int]], numbers: tuple[int, ...], end: int
) -> tuple[list[Hit[Owner]], list[_Compiled[Owner]]]:
    """The terms, of those whose first two words were found, that are there to their last word, and the others."""
    hits, others = [], []
    for known in begun:
        matched = numbers if len(known.steps) == 2 else _follow(known.steps[2:], slots, numbers, end)
        if matched:
            hits.append(Hit(known.owner, known.term, matched))
        else:
            others.append(known)
    return hits, others


def _follow(
    steps: tuple[Step, ...], slots: list[frozenset[int]], numbers: tuple[int, ...], end: int
) -> tuple[int, ...] | None:
    """The numbers of words with those of the steps that follow them; None where they do not."""
    (slot, between), rest = steps[0], steps[1:]
    for at in range(numbers[-1] + 1, min(numbers[-1] + 2 + between, end)):
        if slot in slots[at]:
            matched = _follow(rest, slots, (*numbers, at), end) if rest else (*numbers, at)
            if matched:
                return matched
    return None
