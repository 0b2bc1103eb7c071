"""What has to be looked for, so that a name, a number or a comment is found however it is written.

A name is looked for whole, in every turn of its words, and never by a part: parts such as May or Good stand on every
page, and so do the words for a post or a team, which name nobody. A number is looked for with and without its leading
noughts. A comment is looked for by its opening and by eight words out of every eleven. What is too short to tell a
person from a word, or reads as a date, cannot be looked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditanalytics.gate.words import split_words

COMMENT = "comment"
"""The kind of identifier that is looked for as running text."""

FEWEST_LETTERS, FEWEST_DIGITS = 3, 5
"""A name with fewer letters, or a number with fewer digits, stands in too many reports by chance."""

FEWEST_WORDS_OF_A_COMMENT, FEWEST_LETTERS_OF_A_COMMENT = 4, 20
"""A shorter comment, such as "Good", is an ordinary phrase."""

_WORDS_IN_A_ROW, _STRIDE = 8, 4
"""Any eleven words in a row hold one of the eights that begin at every fourth word."""

_WORDS_OF_AN_OPENING, _LETTERS_OF_AN_OPENING = 5, 30
"""What is left of a comment that was cut at about forty characters."""

_MOST_TURNED, _MOST_WORDS_OF_A_NAME = 6, 12
_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir"}
_ASIDE = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_BETWEEN_PEOPLE = re.compile(r"[;/|&+\r\n]|\s(?:and|or|with)\s", re.IGNORECASE)
_ADDRESS = re.compile(r"([\w.'-]+)@[\w.-]+")
_LONG_NUMBER = re.compile(r"(?<![\w.])\d{6,}(?![\w.]*\d)")
_OF_A_PERIOD = re.compile(
    r"(?:19|20)\d\d|\d{1,2}|q[1-4]|\d{1,2}(?:st|nd|rd|th)|(?:19|20)\d\dq[1-4]|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|quarter|week|month|year"
)
_AT_WORK = {"worker", "auditor", "moderator", "action person"}
_OF_AN_OFFICE = """
a adoption adult adults agency all allocated allocation and assessment board care central child children childrens
conference cover coordinator court deputy desk director disability door duty early east edge exploitation family
families for fostering front head help hub in independent intervention iro lead leaving learning locality locum
looked after manager managers mash no north of officer on permanence plan planning practice practitioner principal
protection quality responsible reviewing s safeguarding screening sen senior service services social south
specialist support supervisor sw swe tbc team teams term the through to transitions triage unallocated unit vacancy
vacant west with worker workers young youth
"""
"""Words of which the names of teams and of posts are made."""

_OFFICE = frozenset(_OF_AN_OFFICE.split())

_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Terms:
    """What to look for of one identifier.

    Attributes
    ----------
    joined
        Letters, or letters and digits, that may stand with anything between their words.
    numbers
        Digits, each with the lengths of the groups in which they were written.
    phrases
        Words in a row.
    """

    joined: set[str] = field(default_factory=set)
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    phrases: set[tuple[str, ...]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.joined or self.numbers or self.phrases)

    def without(self, printed: set[str | int]) -> "Terms":
        """Leave out what stands in every report.

        Parameters
        ----------
        printed
            What `search.Index.find` found in texts that do.

        Returns
        -------
        Terms
            The rest. A name of which one turn is left out is left out whole.
        """
        return Terms(
            set() if self.joined & printed else self.joined,
            {digits: lengths for digits, lengths in self.numbers.items() if digits not in printed},
            {phrase for phrase in self.phrases if hash(phrase) not in printed},
        )


def terms_of(text: str, kind: str) -> Terms:
    """Say what to look for of an identifier.

    Parameters
    ----------
    text
        The identifier as it was written in a return.
    kind
        What it identifies; a ``comment`` is looked for as running text, and so is a long text of another kind.

    Returns
    -------
    Terms
        What to look for; nothing where it cannot be looked for.

    Examples
    --------
    >>> sorted(terms_of("Doe, Jane", "child").joined)
    ['doejane', 'janedoe']
    >>> terms_of("943 476 5919", "child").numbers
    {'9434765919': (3, 3, 4)}
    >>> bool(terms_of("42", "audit")), bool(terms_of("Good", "comment"))
    (False, False)
    """
    words, _ = split_words(text)
    if kind == COMMENT or len(words) > _MOST_WORDS_OF_A_NAME:
        return Terms(phrases=set(_phrases(words)))
    if kind in _AT_WORK and all(word in _OFFICE or (word.isdigit() and len(word) < 3) for word in words):
        return Terms()  # "Duty Team 2" stands for whoever is on duty, and on every page that names the team
    if all(map(_OF_A_PERIOD.fullmatch, words)) and any(map(str.isdigit, "".join(words))):
        return Terms()
    groups = [group for word in words for group in _without_empty_decimals(word).split(".") if group]
    solid = "".join(groups)
    if solid.isdigit():
        lengths = tuple(map(len, groups))
        return Terms(numbers={digits: lengths for digits in _numbers(solid)})
    terms = Terms(joined=set(_names(text)))
    if any(map(str.isdigit, solid)):
        if len(solid) >= FEWEST_DIGITS:
            terms.joined.update([solid, "".join(words)])
        if sum(word.isalpha() for word in words) > 1:  # a name with a number behind it
            terms.numbers.update({found: (len(found),) for found in _LONG_NUMBER.findall(text)})
    elif _is_long_enough(solid):
        terms.joined.add(solid)
    return terms


def _without_empty_decimals(word: str) -> str:
    """A number that a spreadsheet wrote with a decimal nought is the whole number."""
    return re.sub(r"(?<=\d)\.0+$", "", word)


def _numbers(digits: str) -> Iterator[str]:
    for each in (digits, digits.lstrip("0")):
        if len(each) >= FEWEST_DIGITS:
            yield each


def _is_long_enough(letters: str) -> bool:
    return len(letters) >= FEWEST_LETTERS or (len(letters) > 1 and _IDEOGRAPH.match(letters) is not None)


def _names(text: str) -> Iterator[str]:
    """Each person that a text names by two words or more, the words turned to begin with each in its turn."""
    people = _BETWEEN_PEOPLE.split(_ASIDE.sub(" ", text))
    for person in [*people, *_ADDRESS.findall(text)]:
        words, _ = split_words(person)
        while words and words[0] in _TITLES:
            words = words[1:]
        if len(words) < 2 or not all(map(str.isalpha, words)) or len(words) > _MOST_TURNED:
            continue
        turns = ["".join(words[at:] + words[:at]) for at in range(len(words))]
        yield from filter(_is_long_enough, turns)


def _phrases(words: list[str]) -> Iterator[tuple[str, ...]]:
    letters = [sum(map(str.isalpha, word)) for word in words]
    if len(words) < FEWEST_WORDS_OF_A_COMMENT or sum(letters) < FEWEST_LETTERS_OF_A_COMMENT:
        return
    if len(words) <= _WORDS_IN_A_ROW:
        yield tuple(words)
    for length in range(_WORDS_OF_AN_OPENING, min(_WORDS_IN_A_ROW, len(words))):
        if sum(letters[:length]) >= _LETTERS_OF_AN_OPENING:
            yield tuple(words[:length])
            break
    last = len(words) - _WORDS_IN_A_ROW
    for at in {*range(0, last + 1, _STRIDE), last} if last > 0 else ():
        yield tuple(words[at : at + _WORDS_IN_A_ROW])
