"""The forms in which people write dates, so that one can be told from other text.

A month is never first: 01/04/2025 is the first of April. Which day a written date is, and whether there is such a day,
is decided where dates are read.
"""

import re

_TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME)
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})" + _TIME)
IN_WORDS = re.compile(r"(?:[a-z]+day,? )?(\d{1,2})(?:st|nd|rd|th)?[ \-]([a-z]+)\.?,?[ \-](\d{4})")


def looks_like_a_date(text: str) -> bool:
    """Say whether a piece of text is a written date and nothing else.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    bool
        True for 2025-04-01, 01/04/2025 and 1 April 2025; not for a bare number.

    Examples
    --------
    >>> looks_like_a_date(" 01/04/2025"), looks_like_a_date("45748"), looks_like_a_date("seen on 01/04/2025")
    (True, False, False)
    """
    folded = " ".join(text.casefold().split())
    return any(form.fullmatch(folded) for form in (ISO, DAY_FIRST, IN_WORDS))
