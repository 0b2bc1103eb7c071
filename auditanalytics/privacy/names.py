"""The people named in a row, and where its text names them: whole, in part, by initials, in any spelling.

A text is read word by word and each word is looked up, so that the time it takes grows with the text alone, whatever
is in it. A part of a name that is no word of English is hidden wherever it stands; one that is also a word is weighed.
What a names column says beside names (kin, roles, "unknown") names nobody; a number in it is hidden as a number.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache

from auditanalytics.privacy.shadow import Shadow, Token, fold_letters
from auditanalytics.privacy.weighing import Weighing, is_of_the_field, is_ordinary
from auditanalytics.privacy.words import CALLED, CODES, FIELD, KIN, NO_NAMES, PARTICLES, PEOPLE, PREFIXES, ROLES, TITLES

LONGEST_NAMES = 2_000
"""Characters of a cell of names; nobody is called more."""

_BETWEEN_PEOPLE = re.compile(r"[;/|&+\n\t\r]|\band\b", re.IGNORECASE)
_ALIAS = re.compile(r"\(([^()]{1,80})\)|\"([^\"]{1,80})\"")
_PART = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_CODE = re.compile(r"[A-Za-z]{0,5}[-/]?\d(?:[ \-/.]?[A-Za-z\d]){0,30}")
_WITHIN_A_PART = re.compile(r"\s?['\-]\s?|-\s{0,2}|")
_AFTER_A_PREFIX = re.compile(r"['\-.]?\s{0,2}")
_BETWEEN_LETTERS = re.compile(r"[ .\-*]{1,2}|/")
_NOBODY = frozenset(["mf", "fm", "yn", "na", "tc", "wc", "co", "ac", "ie", "eg", "bc", "hv"])
"""What two letters with a stroke between say when they are nobody: m/f, y/n, n/a, t/c."""

_BESIDE = re.compile(r"\.?\s{1,3}|\.|-|,\s?")
_BETWEEN_WORDS_OF_A_NAME = re.compile(r"\s{1,3}|['.\-]| ?-\s?")
_AFTER_AN_INITIAL = re.compile(r"\.?\s{1,3}|['.\-]\s?")
_SURNAME_FIRST = re.compile(r",\s{0,2}")
_SHOUTED_SURNAME_FIRST = re.compile(r"\A((?:[A-Z][A-Z'\-]{1,30} ){1,3})(?=[A-Z][a-z])(.+)")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_FEWEST_LETTERS_TO_FORGIVE = 5
"""Letters of a part of a name that may be written with one letter wrong."""

_MORE_LETTERS_WITHOUT_A_CAPITAL = 2
"""By so many it has to be longer where a line is all in capitals, or has none."""

_NO_SPACES_BETWEEN_WORDS = "\u0e00"
"""From here on are scripts, such as Thai, Chinese and Japanese, in which words are not told apart by spaces."""

_NO_FAMILY = frozenset(["is", "as", "has", "was", "its", "this", "us", "goods", "cares", "homes", "cases"])
"""Words that are no family."""


class KnownNames:
    """The people whom the cells of a row name.

    Parameters
    ----------
    cells
        The cells of the names columns; one may hold several people, and a number.

    Examples
    --------
    >>> known = KnownNames(["Doe, Jane (Janey)", "C123456"])
    >>> shadow = Shadow("JANE’s mum, Mrs Doe, asked. JD and Janey agreed.")
    >>> [shadow.cased[start:end] for start, end in known.find(shadow)]
    ['JANE', 'Doe', 'JD', 'Janey']
    """

    def __init__(self, cells: Iterable[str]) -> None:
        self.people: dict[str, set[int]] = {}
        self.order: dict[tuple[str, int], int] = {}
        self.joined: set[str] = set()
        self.initials: set[str] = set()
        self.first_letters: set[str] = set()
        self.codes: set[str] = set()
        self.unspaced: set[str] = set()
        self.leading: set[str] = set()
        self._count = 0
        alone: list[str] = []
        for cell in cells:
            folded = fold_letters(cell[:LONGEST_NAMES])
            self._take_codes(folded)
            for parts, aliases in _people(folded):
                if len(parts) == 1 and not aliases:
                    alone += parts
                self._add(parts, aliases)
        if len(alone) > 1:  # a column for first names and one for surnames
            self._add(alone[:4], [])
        self._fuzzy = [
            word for word in self.people if len(word) >= _FEWEST_LETTERS_TO_FORGIVE and not is_ordinary(word)
        ]

    def _take_codes(self, folded: str) -> None:
        for found in _CODE.finditer(folded):
            code = re.sub(r"[^A-Za-z0-9]", "", found[0]).lower()
            digits = sum(letter.isdigit() for letter in code)
            if digits >= 4 or (digits >= 2 and code[0].isalpha()):
                self.codes.add(code)

    def _add(self, parts: list[str], aliases: list[str]) -> None:
        """Take in a person, with every form in which a part of their name may stand as one word."""
        self._count += 1
        for place, part in enumerate(parts + aliases):
            for word in _forms(part, (place < len(parts) - 1 and parts[place + 1]) or ""):
                self.people.setdefault(word, set()).add(self._count)
                self.order.setdefault((word, self._count), -1 if part in aliases else place)
                if max(word) >= _NO_SPACES_BETWEEN_WORDS and len(word) > 1:
                    self.unspaced.add(word)
        if len(parts) > 1 and parts[0] in PARTICLES and parts[1] not in PARTICLES:
            self.leading.add(parts[0])
            self.people.setdefault(parts[0], set()).add(self._count)
            self.order.setdefault((parts[0], self._count), 0)
        plain = [re.sub("['-]", "", part) for part in parts]
        self.first_letters |= {part[0] for part in plain}
        if len(plain) < 2:
            return
        last = plain[-1]
        for first in [*plain[:-1], *(re.sub("['-]", "", alias) for alias in aliases)]:
            self.joined |= {first + last, last + first, first[0] + last, first + last[0], last + first[0]}
        self.joined |= {"".join(plain)}
        pieces = [piece for part in parts for piece in re.split("['-]", part)]
        # A surname may stand first unmarked, or have several words: R.D. is Rose De Souza as well.
        for words in (plain, [plain[0], last], [last, plain[0]], plain[:2], pieces):
            self.initials.add("".join(word[0] for word in words))

    def find(self, shadow: Shadow) -> list[tuple[int, int]]:
        """Find where a text names these people.

        Parameters
        ----------
        shadow
            The text.

        Returns
        -------
        list of tuple of int
            The places in the shadow, in order; the words of one name are one place.
        """
        if not self.people:
            return []
        tokens = shadow.tokens
        hidden = set(self._certain(tokens))
        weighing = Weighing(tokens, hidden, self.people, self.order, self.first_letters)
        weighed = [(at, word) for at, token in enumerate(tokens) if (word := self._weighed_form(token.word))]
        hidden |= {
            at
            for at, token in enumerate(tokens)
            if token.word in self.initials and self._are_initials(token) and weighing.are_initials(at)
        }
        for _ in range(2):  # who is found stands beside others
            hidden |= {at for at, word in weighed if at not in hidden and weighing.is_a_person(at, word)}
        hidden |= set(self._beside(tokens, hidden))
        return sorted([*join_words(tokens, hidden, self._is_surname_first), *self._in_unspaced(shadow)])

    def _is_surname_first(self, surname: Token, first: Token) -> bool:
        """Whether two words with a comma between are one name, as in Doe, Jane."""
        both = self.people.get(surname.word, set()) & self.people.get(first.word, set())
        return bool(_SURNAME_FIRST.fullmatch(first.before)) and any(
            self.order[surname.word, person] > self.order[first.word, person] for person in both
        )

    def _certain(self, tokens: list[Token]) -> Iterator[int]:
        """The words that can only be a name."""
        for at, token in enumerate(tokens):
            if self._is_certain(token):
                yield at
            if token.word in PREFIXES or _WITHIN_A_PART.fullmatch(token.after):
                yield from self._split_part(tokens, at)
            if len(token.word) == 1:
                yield from self._spaced_out(tokens, at)

    def _is_certain(self, token: Token) -> bool:
        word = token.word
        if self._is_strong(word) or self._is_strong_plural(word) or (word in self.joined and not is_ordinary(word)):
            return True
        if word in self.initials and not is_ordinary(word) and self._are_initials(token):
            return True
        humps = _HUMP.split(token.written) if token.written[1:] != word[1:] and not token.is_shouted else []
        if len(humps) > 1 and any(self._is_strong(hump.lower()) for hump in humps):
            return True
        if len(humps) == 2 and humps[0].lower() in TITLES and humps[1].lower() in self.people:  # MrFrost
            return True
        longer = 0 if token.is_capital and token.case_tells else _MORE_LETTERS_WITHOUT_A_CAPITAL
        return (not token.case_tells or not longer) and self._is_nearly(word, longer)

    def _is_strong(self, word: str) -> bool:
        return word in self.people and word not in PARTICLES and not is_ordinary(word)

    def _is_strong_plural(self, word: str) -> bool:
        """Whether it is a family, or a possessive without its apostrophe."""
        if not word.endswith("s") or is_ordinary(word):
            return False
        return (len(word) > 3 and self._is_strong(word[:-1])) or (word.endswith("es") and self._is_strong(word[:-2]))

    def _are_initials(self, token: Token) -> bool:
        return token.is_shouted and len(token.word) < (5 if token.case_tells else 3)

    def _is_nearly(self, word: str, longer: int) -> bool:
        """Whether one letter is wrong, missing, too many, or has changed places."""
        if len(word) < _FEWEST_LETTERS_TO_FORGIVE + longer or is_ordinary(word):
            return False
        return any(abs(len(word) - len(known)) < 2 and _one_slip(word, known) for known in self._fuzzy)

    def _split_part(self, tokens: list[Token], first: int) -> Iterator[int]:
        """A part that its apostrophe, its hyphen or a line's end makes several words: O'Brien, Mary-Jane, Mc Donald."""
        word = tokens[first].word
        for at in range(first + 1, min(first + 4, len(tokens))):
            gap = _AFTER_A_PREFIX if tokens[at - 1].word in PREFIXES and at == first + 1 else _WITHIN_A_PART
            if not gap.fullmatch(tokens[at].before):
                return
            word += tokens[at].word
            if is_ordinary(word) and not (word in self.people and tokens[first].is_capital):
                continue
            if word in self.joined or (word in self.people and word not in PARTICLES):
                yield from range(first, at + 1)

    def _spaced_out(self, tokens: list[Token], first: int) -> Iterator[int]:
        """Single letters that spell a part, or initials: J a n e, J.D."""
        word = tokens[first].word
        for at in range(first + 1, min(first + 16, len(tokens))):
            if len(tokens[at].word) > 1 or not _BETWEEN_LETTERS.fullmatch(tokens[at].before):
                return
            word += tokens[at].word
            spells = len(word) > 2 and (self._is_strong(word) or (word in self.people and tokens[first].is_capital))
            dotted = word in self.initials and "." in tokens[at].before and tokens[first].is_capital
            capitals = word in self.initials and not is_ordinary(word) and tokens[first].is_capital
            if "/" in tokens[at].before and (word in _NOBODY or not tokens[at].case_tells):
                return
            ends = at + 1 == len(tokens) or tokens[at + 1].before[:1] != "." or len(tokens[at + 1].word) > 1
            if spells or ((dotted or (capitals and tokens[at].is_capital)) and ends):
                yield from range(first, at + 1)

    def _weighed_form(self, word: str) -> str:
        """The name that a word may be, as it is or as the plural of a family."""
        if word in self.people and (word not in PARTICLES or word in self.leading):
            return word
        plural = word.endswith("s") and word not in _NO_FAMILY and not is_of_the_field(word[:-1])
        return word[:-1] if plural and word[:-1] in self.people and not is_ordinary(word) else ""

    def _beside(self, tokens: list[Token], hidden: set[int]) -> Iterator[int]:
        """Initials and particles beside what is hidden: J. Doe, Jane D., van der Berg."""
        for at in sorted(hidden):
            for step in (-1, 1):
                for other in (at + step, at + 2 * step):
                    if not 0 <= other < len(tokens) or other in hidden:
                        break
                    between = tokens[max(other, other - step)].before
                    if not _BESIDE.fullmatch(between) or not self._belongs(tokens[other], between, step):
                        break
                    yield other

    def _belongs(self, token: Token, between: str, step: int) -> bool:
        if token.word in PARTICLES:
            return token.word in self.people and step < 0
        is_initial = len(token.word) == 1 and token.word in self.first_letters and "," not in between
        is_written_so = token.written.isupper() or (not token.case_tells and "." in between)
        is_mark = "/" in (token.before[-1:], token.after[:1]) or token.before[-1:].isdigit()  # T/C, question 14b
        if not is_initial or not is_written_so or is_mark:
            return False
        after_full_stop = step > 0 and "." in between
        is_word = token.word == "i" or (token.word == "a" and (token.begins or not token.case_tells))
        return not after_full_stop and (not is_word or "." in (token.after[:1], token.before[:1]))

    def _in_unspaced(self, shadow: Shadow) -> Iterator[tuple[int, int]]:
        for word in self.unspaced:
            at = shadow.folded.find(word)
            while at >= 0:
                yield at, at + len(word)
                at = shadow.folded.find(word, at + len(word))

    def find_codes(self, shadow: Shadow) -> list[tuple[int, int]]:
        """Find where a text has a number that a names column holds.

        Parameters
        ----------
        shadow
            The text.

        Returns
        -------
        list of tuple of int
            The places in the shadow.
        """
        return [found.span() for pattern in self._code_patterns for found in pattern.finditer(shadow.folded)]

    @cached_property
    def _code_patterns(self) -> list[re.Pattern[str]]:
        """Compiled once: of more than a few hundred, Python's own cache would compile each anew for every text."""
        spread = (r"[ \-/.]?".join(code) for code in self.codes)
        return [re.compile(rf"(?<![a-z0-9]){each}(?![a-z0-9])") for each in spread]


@lru_cache(maxsize=256)
def known_names(cells: tuple[str, ...]) -> KnownNames:
    """Give the people whom the cells of a row name; rows of one child often follow each other.

    Parameters
    ----------
    cells
        The cells of the names columns.

    Returns
    -------
    KnownNames
        The people.
    """
    return KnownNames(cells)


def join_words(
    tokens: list[Token], hidden: set[int], is_one_name: Callable[[Token, Token], bool] = lambda *_: False
) -> Iterator[tuple[int, int]]:
    """Make one place of hidden words that are one name.

    Parameters
    ----------
    tokens
        The words of a text.
    hidden
        The numbers of those that are hidden.
    is_one_name
        Whether two neighbours that more than a space keeps apart are one name all the same.

    Yields
    ------
    tuple of int
        The place of each name in the shadow.
    """
    start = end = -1
    for at in sorted(hidden):
        token = tokens[at]
        gap = _AFTER_AN_INITIAL if at and len(tokens[at - 1].word) == 1 else _BETWEEN_WORDS_OF_A_NAME
        is_next = start >= 0 and at - 1 in hidden
        if is_next and (gap.fullmatch(token.before) or is_one_name(tokens[at - 1], token)):
            end = token.end
            continue
        if start >= 0:
            yield start, end
        start, end = token.start, token.end
    if start >= 0:
        yield start, end


def _people(folded: str) -> Iterator[tuple[list[str], list[str]]]:
    """The parts of each name in a cell, first names before surnames, and what the person is also called."""
    aliases = [part for found in _ALIAS.finditer(folded) for part in _parts(found[1] or found[2])]
    aliases = [alias for alias in aliases if alias not in PARTICLES]
    for text in _BETWEEN_PEOPLE.split(_ALIAS.sub(" ", folded)):
        text = _SHOUTED_SURNAME_FIRST.sub(r"\2 \1", text.strip())
        halves = [half for half in text.split(",") if _PART.search(half)]
        if len(halves) == 2 and min(len(_PART.findall(half)) for half in halves) == 1:
            halves = [f"{halves[1]} {halves[0]}"]  # Doe, Jane
        for parts in filter(None, map(_parts, halves)):
            is_no_name = len(parts) > 1 and all(part in FIELD or part in CODES for part in parts)
            if is_no_name or all(part in PARTICLES for part in parts):
                continue
            yield parts, aliases
    if aliases and not _parts(_ALIAS.sub(" ", folded)):
        yield aliases, []


def _parts(text: str) -> list[str]:
    """The parts of a name, without what says who the person is."""
    words = [found[0].lower() for found in _PART.finditer(text)]
    words = [word for word in words if word not in KIN | TITLES | CALLED]
    named = [word for word in words if word not in ROLES | PEOPLE | NO_NAMES]
    behind = len(named) == 1 and words[-2:-1] == named  # Guy Foster, Lee Child: behind one name such a word is another
    if behind or (len(words) == 2 and words[1:] == named and words[0] in NO_NAMES):
        return words[-2:]
    no_codes = [word for word in named if word not in CODES or word in PARTICLES]  # Jane Doe LCS 123456
    return no_codes if len(no_codes) > 1 else named


def _forms(part: str, following: str) -> set[str]:
    """Every single word that a part may be written as, or that it may be left as when it is cut."""
    pieces = [piece for piece in re.split("['-]", part) if piece]
    whole = "".join(pieces)
    forms = {whole, *(piece for piece in pieces if len(piece) > 1)}
    if part in PREFIXES and following:  # O Brien, Mc Donald
        forms = {whole + re.sub("['-]", "", following)}
    for form in list(forms):
        if form.startswith("mac") and len(form) > 6:
            forms.add("mc" + form[3:])
        elif form.startswith("mc") and len(form) > 4:
            forms.add("mac" + form[2:])
    return {form for form in forms if len(form) > 1 or max(form) >= _NO_SPACES_BETWEEN_WORDS}


def _one_slip(written: str, known: str) -> bool:
    """Whether two words differ by one letter, or by two neighbours that changed places."""
    if written[0] != known[0] and written[1:] != known[1:]:
        return False
    shorter, longer = sorted((written, known), key=len)
    same = 0
    while same < len(shorter) and shorter[same] == longer[same]:
        same += 1
    if len(shorter) < len(longer):
        return shorter[same:] == longer[same + 1 :]
    rest = shorter[same + 1 :], longer[same + 1 :]
    swapped = shorter[same : same + 2] == longer[same : same + 2][::-1] and shorter[same + 2 :] == longer[same + 2 :]
    return rest[0] == rest[1] or swapped
