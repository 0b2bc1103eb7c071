"""Numbers with their nouns, lists, and sentences that become parts of others, as English writes them.

They stand on the ground floor because sentences are made on many: by what draws audits and gives them to moderators as
by the pages.
"""


def counted(number: float, noun: str) -> str:
    """Write a number with its noun.

    Parameters
    ----------
    number
        How many.
    noun
        The noun for one, with a regular plural.

    Returns
    -------
    str
        Such as ``1 audit`` or ``1,200 audits``.

    Examples
    --------
    >>> counted(1, "audit"), counted(1200, "audit")
    ('1 audit', '1,200 audits')
    """
    return f"{int(number):,} {noun}{'' if number == 1 else 's'}"


def were(number: float) -> str:
    """Give the verb for how many there were.

    Parameters
    ----------
    number
        How many; nothing is "none was".

    Returns
    -------
    str
        ``was`` for none and one, otherwise ``were``.

    Examples
    --------
    >>> were(0), were(1), were(2)
    ('was', 'was', 'were')
    """
    return "was" if number < 2 else "were"


def listed(words: list[str]) -> str:
    """Write words as a list in a sentence.

    Parameters
    ----------
    words
        At least one.

    Returns
    -------
    str
        The words with commas and a last "and".

    Examples
    --------
    >>> listed(["risk", "plans", "reviews"])
    'risk, plans and reviews'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def as_sentence(part: str) -> str:
    """Write a part of a sentence as its beginning.

    Parameters
    ----------
    part
        Words.

    Returns
    -------
    str
        The same with a capital.

    Examples
    --------
    >>> as_sentence("the grades were challenged")
    'The grades were challenged'
    """
    return part[:1].upper() + part[1:]


def as_part(sentence: str) -> str:
    """Write a sentence as a part of another.

    Parameters
    ----------
    sentence
        A sentence, without its full stop.

    Returns
    -------
    str
        The same without its capital; a word in capitals keeps them.

    Examples
    --------
    >>> as_part("The grades were challenged"), as_part("SMART is not met")
    ('the grades were challenged', 'SMART is not met')
    """
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
