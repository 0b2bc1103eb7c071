"""Numbers and lists as English writes them.

A percentage is whole, because more digits would claim more than a few dozen judgements can bear; halves go up; and
something is never rounded to nothing or to everything.
"""

from decimal import ROUND_HALF_UP, Decimal


def percent(share: float) -> str:
    """Write a share as a whole percentage, halves up, never rounding something to nothing.

    Parameters
    ----------
    share
        From 0 to 1.

    Returns
    -------
    str
        Such as ``38%``, ``under 1%`` or ``over 99%``.

    Examples
    --------
    >>> percent(16 / 42), percent(57 / 200), percent(1 / 300), percent(299 / 300), percent(0.0)
    ('38%', '29%', 'under 1%', 'over 99%', '0%')
    """
    whole = whole_percent(share)
    if whole == 0 and share > 0:
        return "under 1%"
    return "over 99%" if whole == 100 and share < 1 else f"{whole}%"


def whole_percent(share: float) -> int:
    """Round a share to a whole percentage, halves up.

    Parameters
    ----------
    share
        From 0 to 1.

    Returns
    -------
    int
        From 0 to 100.

    Examples
    --------
    >>> whole_percent(57 / 200)
    29
    """
    # The shortest decimal that reads back as the share: 57/200 is 28.5%, though its binary form is a hair below.
    return int((Decimal(repr(float(share))) * 100).quantize(Decimal(1), ROUND_HALF_UP))


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
