"""Words of a statement, each knowing where it stands, so that every match can be shown in the words that made it.

A word is compared in lower case, without accents, curly quotation marks or a possessive; "wasn't" is "was" and "not". A
sentence ends at a full stop, a semicolon, a colon or a line; a clause ends there, at a comma and at words such as
"but", which matters to what a "not" belongs to. Names are no concern here, so invisible characters and look-alike
letters, which the gate and the redactor undo, are left as they are.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*|[.;:!?\n\r,]")
_APOSTROPHE = re.compile("['’ʼ`´]")
_DOT_INSIDE = re.compile(r"(?<=\b[A-Za-z])\.(?=[A-Za-z]\b|\d)|(?<=\b[A-Za-z]\.[A-Za-z])\.|(?<=\d)\.(?=\d)")
_NOT = {"cant": "can", "cannot": "can", "wont": "will", "shant": "shall", "aint": "is"}
_VERBS = "is are was were has have had does do did could would should must need might"
_NOT |= {f"{verb}nt": verb for verb in _VERBS.split()}
_LONGEST_WORD = 40


@dataclass(frozen=True)
class Words:
    """The words of a text.

    Attributes
    ----------
    text
        The text as written.
    words
        The words as they are compared.
    spans
        Where each stands in the text.
    sentences
        For each word, the number of the first of its sentence, and of the one behind the last.
    commas
        Numbers of the words that stand behind a comma.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]
    commas: frozenset[int]

    def shown(self, numbers: tuple[int, ...]) -> str:
        """Give words as they are written, with … for those left out between them.

        Parameters
        ----------
        numbers
            Numbers of words, in order.

        Returns
        -------
        str
            The words.

        Examples
        --------
        >>> split_words("Visits were hardly ever timely.").shown((0, 2, 4))
        'Visits … hardly … timely'
        """
        shown, behind = "", 0
        for start, end in dict.fromkeys(self.spans[number] for number in numbers):
            left_out = any(map(str.isalnum, self.text[behind:start]))
            shown += ("" if not shown else " … " if left_out else " ") + self.text[start:end]
            behind = end
        return shown


def fold_word(word: str) -> str:
    """Write a word as it is compared.

    Parameters
    ----------
    word
        A word.

    Returns
    -------
    str
        The word in lower case, without accents.

    Examples
    --------
    >>> fold_word("Café")
    'cafe'
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def split_words(text: str) -> Words:
    """Split a text into words.

    Parameters
    ----------
    text
        Free text.

    Returns
    -------
    Words
        Its words.

    Examples
    --------
    >>> split_words("The child’s S.47 wasn't late; good.").words
    ('the', 'child', 's47', 'was', 'not', 'late', 'good')
    """
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    sentences: list[tuple[int, int]] = []
    commas: list[int] = []
    for match in _PIECE.finditer(_without_dots(text)):
        piece = match[0]
        if piece == ",":
            commas.append(len(words))
        elif len(piece) == 1 and piece in ".;:!?\n\r":
            sentences += _sentence(len(sentences), len(words))
        else:
            for word in _parts(piece):
                words.append(word)
                spans.append(match.span())
    sentences += _sentence(len(sentences), len(words))
    return Words(text, tuple(words), tuple(spans), tuple(sentences), frozenset(commas))


def _sentence(start: int, end: int) -> list[tuple[int, int]]:
    return [(start, end)] * (end - start)


def _without_dots(text: str) -> str:
    """The text, as long as it is, with the dots inside abbreviations and numbers made letters that join."""
    return _DOT_INSIDE.sub(lambda match: "'" * len(match[0]), text) if "." in text else text


@lru_cache(maxsize=100_000)
def _parts(piece: str) -> tuple[str, ...]:
    plain = fold_word(piece)
    if plain.isalnum():
        verb = _NOT.get(plain)
        return (verb, "not") if verb else (plain,)
    parts = _APOSTROPHE.split(plain)
    if parts[-1] == "t" and len(parts) == 2:
        return _NOT.get("".join(parts), parts[0].removesuffix("n")), "not"
    if parts[-1] == "s" and len(parts) == 2 and len(parts[0]) > 1:
        return (parts[0],)
    return ("".join(parts),)


_VOWELS = "aeiou"


def inflections(word: str) -> set[str]:
    """Give a word with its regular endings, some of which nobody uses.

    Parameters
    ----------
    word
        A noun or verb in its plain form.

    Returns
    -------
    set of str
        The word, its plural or third person, its past and its -ing.

    Examples
    --------
    >>> sorted(inflections("plan"))
    ['plan', 'planed', 'planing', 'planned', 'planning', 'plans']
    >>> sorted(inflections("carry"))
    ['carried', 'carries', 'carry', 'carrying']
    """
    if len(word) < 3 or not word.isalpha():
        return {word, f"{word}s"}
    forms = {word}
    if word[-1] == "y" and word[-2] not in _VOWELS:
        return forms | {f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"}
    if word[-1] == "e":
        return forms | {f"{word}s", f"{word}d", f"{word[:-1]}ing"}
    forms.add(f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s")
    forms |= {f"{word}ed", f"{word}ing"}
    if word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:
        forms |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return forms
