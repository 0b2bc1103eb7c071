"""Words and numbers as the gate compares them: every way of writing one thing becomes one thing.

Case, accents, invisible characters and full-width letters make no difference. What stands between two words makes none
either, because a name is looked for by its letters in a row: O'Brien, O’Brien, O Brien and OBRIEN, jane-doe and JaneDoe
are one each. A decimal number is one word, so the digits of a share never hold a case number.
"""

import re
import unicodedata

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # written without spaces, so each is a word
_WORD = re.compile(
    rf"([{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+(?:(?<=[0-9])\.[0-9]+(?:e[+-]?[0-9]+)?)*|(?<![^\W_])\.[0-9][^\W_]*)"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WITHOUT_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
)
_UNSEEN = {"Mn", "Me", "Cf", "Cc"}
_SPACES = "\t\n\r "


def fold(text: str) -> str:
    """Write a text so that spellings which look alike, or sound alike to a search, are the same.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text in lower case, without accents and invisible characters.

    Examples
    --------
    >>> fold("ZOË\u200b  Müller-Łuksza")
    'zoe  muller-luksza'
    """
    if text.isascii():
        return _CONTROLS.sub("", text).lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    unseen = {ord(each): None for each in set(plain) if unicodedata.category(each) in _UNSEEN and each not in _SPACES}
    return plain.translate(unseen | _WITHOUT_STROKES)


def split_words(text: str) -> tuple[list[str], list[str]]:
    """Split a text into words and what stands after each.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    tuple of list
        The folded words, and as many gaps.

    Examples
    --------
    >>> split_words("Case A-313658: 0.313658!")
    (['case', 'a', '313658', '0.313658'], [' ', '-', ': ', '!'])
    """
    parts = _WORD.split(fold(text))
    return parts[1::2], parts[2::2]
