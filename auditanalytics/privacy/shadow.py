"""A text as matching sees it, and the way back to the text as it was written.

People are looked for in a shadow of the text: compatibility forms, accents, curly quotes, odd spaces and characters
that cannot be seen are folded away, so that one spelling finds them all. The shadow knows where each of its characters
came from, so that exactly what was found is cut from the original and every other character stays as it was written.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

_SPELLED_OUT = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ł": "l", "Ł": "L", "ı": "i", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ħ": "h", "Ħ": "H",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u2028": "\n", "\u2029": "\n", "\x85": "\n",
    **dict.fromkeys("’‘‛ʼʻʹ`´′＇", "'"), **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
}  # fmt: skip
"""What compatibility folding leaves apart although a typist means the same."""

_UNSEEN_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters by name that show nothing."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
_ENDS_A_SENTENCE = re.compile(r'[.!?:;\n•·▪‣●*>|"]|\s-\s')
_HARD_END = re.compile(r"[!?:;\n•·▪‣●*>|]")
_ONLY_A_FULL_STOP = re.compile(r"\.[ \t]{0,3}")
TOO_LONG = "text too long to redact"
REDACTED_KINDS = (
    "name",
    "date of birth",
    "nhs number",
    "upn",
    "national insurance number",
    "case number",
    "court case number",
    "phone",
    "email",
    "handle",
    "link",
    "address",
    "postcode",
    "school",
    "registration",
    "number",
    TOO_LONG,
)
"""What may be hidden, as it is written in the brackets."""

_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(REDACTED_KINDS)})\]")
"""What redaction itself wrote; other words in brackets, such as "[jane doe]", are read."""

HIDDEN = "\x00"
"""Stands in a shadow for each character of what was hidden before, so that nothing is found in it or across it."""

_ABBREVIATED = frozenset(
    ["mr", "mrs", "ms", "dr", "st", "prof", "rev", "cllr", "sgt", "insp", "miss", "mx", "eg", "ie"]
)
_FEWEST_SMALL_WORDS = 0.2
"""With a smaller share of words in small letters, a line is a heading or shouted, and a capital says nothing."""


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters in the shadow.

    Attributes
    ----------
    start, end
        Where it stands in the shadow.
    word
        It in small letters.
    written
        It with its capitals.
    before, after
        What stands between it and its neighbours.
    begins
        Whether it begins a sentence, a line or a bullet.
    case_tells
        Whether its line has both capitals and small letters, so that a capital says something.
    """

    start: int
    end: int
    word: str
    written: str
    before: str
    after: str
    begins: bool
    case_tells: bool

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter, or is of a script that has none."""
        return self.written[0] != self.word[0] or (self.word[0] == self.word[0].upper())

    @property
    def is_shouted(self) -> bool:
        """Whether it is more than one letter, all of them capitals."""
        return len(self.written) > 1 and self.written.isupper()


def neighbour(tokens: Sequence[Token], at: int, step: int, gap: re.Pattern[str]) -> Token | None:
    """Give the word before or after another, where nothing but a certain gap is between.

    Parameters
    ----------
    tokens
        The words of a text.
    at
        The number of the word.
    step
        1 for the word after it, -1 for the one before.
    gap
        What may stand between the two.

    Returns
    -------
    Token or None
        The word, if there is one.

    Examples
    --------
    >>> tokens = Shadow("Mrs Ahmed, her").tokens
    >>> neighbour(tokens, 1, -1, re.compile(" ")).word, neighbour(tokens, 1, 1, re.compile(" "))
    ('mrs', None)
    """
    if not 0 <= at + step < len(tokens):
        return None
    between = tokens[at].after if step > 0 else tokens[at].before
    return tokens[at + step] if gap.fullmatch(between) else None


def fold_letters(text: str) -> str:
    """Fold spelling, but not capitals, out of a text.

    Parameters
    ----------
    text
        A text.

    Returns
    -------
    str
        It with plain letters, digits, quotes, hyphens and spaces, and without what cannot be seen.

    Examples
    --------
    >>> fold_letters("Zoë O’Br\u200bien\u00a0Łuk")
    "Zoe O'Brien Luk"
    """
    return text.replace("`", "'") if _is_plain(text) else "".join(map(_folded_character, text))


def _is_plain(text: str) -> bool:
    return text.isascii() and not _CONTROL.search(text)


def _is_spare(piece: str, before: str) -> bool:
    """Whether a space follows another: "12  Elm  Road" is typed as often as meant."""
    return piece == " " and before == " "


def _folded_character(character: str) -> str:
    if character.isascii() and character != "`":
        return "" if _CONTROL.match(character) else character
    if character in _SPELLED_OUT:
        return _SPELLED_OUT[character]
    if character in _UNSEEN_LETTERS:
        return ""
    if character.isspace():
        return " "
    folded = []
    for piece in unicodedata.normalize("NFKD", character):
        category = unicodedata.category(piece)
        if category == "Nd":
            folded.append(str(unicodedata.digit(piece)))
        elif category[0] == "M" or category in ("Cf", "Cc", "Cs", "Co"):
            continue
        else:
            folded.append(_SPELLED_OUT.get(piece, piece))
    return "".join(folded)


class Shadow:
    r"""A text folded for matching.

    Parameters
    ----------
    text
        The text as it was written.

    Attributes
    ----------
    cased, folded
        The shadow with its capitals and in small letters; both are of one length.

    Examples
    --------
    >>> shadow = Shadow("met Zoe\u0308\u200b today")
    >>> shadow.folded, shadow.original_span(4, 7)
    ('met zoe today', (4, 9))
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._origins: list[int] | range
        if _is_plain(text) and "  " not in text:
            self.cased, self._origins = text.replace("`", "'"), range(len(text))
        else:
            pieces = [_folded_character(character) for character in text]
            last = ""
            for at, piece in enumerate(pieces):
                pieces[at] = "" if _is_spare(piece, last) else piece
                last = piece or last
            self.cased = "".join(pieces)
            self._origins = [at for at, piece in enumerate(pieces) for _ in piece]
        if "[" in self.cased:
            self.cased = _PLACEHOLDER.sub(lambda found: HIDDEN * len(found[0]), self.cased)
        small = self.cased.lower()
        if len(small) != len(self.cased):  # a few letters of other scripts are two when they are small
            small = "".join(low if len(low := letter.lower()) == 1 else letter for letter in self.cased)
        self.folded = small

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the original text of a place in the shadow.

        Parameters
        ----------
        start, end
            The place in the shadow, not empty.

        Returns
        -------
        tuple of int
            The place in the original; accents and unseen characters that follow the last letter are within.
        """
        stop = self._origins[end] if end < len(self._origins) else self._length
        # Where one character became several, the rest of it goes too.
        return self._origins[start], max(stop, self._origins[end - 1] + 1)

    @cached_property
    def tokens(self) -> list[Token]:
        """The runs of letters, in order."""
        spans = [found.span() for found in _WORD.finditer(self.folded)]
        tells = self._case_tells(spans)
        tokens: list[Token] = []
        for number, (start, end) in enumerate(spans):
            before = self.cased[spans[number - 1][1] if number else 0 : start]
            after = self.cased[end : spans[number + 1][0] if number + 1 < len(spans) else len(self.cased)]
            begins = not number or _begins(before, tokens[-1])
            word, written = self.folded[start:end], self.cased[start:end]
            tokens.append(Token(start, end, word, written, before, after, begins, tells[number]))
        return tokens

    def _case_tells(self, spans: list[tuple[int, int]]) -> list[bool]:
        """Whether each word stands in a line where capitals say something."""
        small = [self.cased[start].islower() for start, _ in spans]
        if all(small):
            return [False] * len(spans)
        ends = [found.start() for found in re.finditer("\n", self.cased)] + [len(self.cased)]
        tells: list[bool] = []
        at = 0
        for line_end in ends:
            first = at
            while at < len(spans) and spans[at][0] < line_end:
                at += 1
            letters = [number for number in range(first, at) if spans[number][1] - spans[number][0] > 1]
            share = sum(small[number] for number in letters) / len(letters) if letters else 1
            tells += [share >= _FEWEST_SMALL_WORDS or len(letters) == 1] * (at - first)
        return tells


def _begins(before: str, previous: Token) -> bool:
    """Whether what stands between two words ends a sentence."""
    if not _ENDS_A_SENTENCE.search(before):
        return False
    # Nor "Mr. Good" nor "J. Good" ends one.
    is_abbreviation = previous.word in _ABBREVIATED or len(previous.word) == 1
    return _HARD_END.search(before) is not None or not (is_abbreviation and _ONLY_A_FULL_STOP.fullmatch(before))
