"""A comment box split into statements: one for each bullet, line or sentence that somebody wrote into it.

A full stop ends a statement only where a new sentence begins behind it, so that "e.g. the plan", "5.6.2019" and "S.47"
stay whole. A line that only continues the one before it is rare in a cell, so each line is a statement.
"""

import re

_LINES = re.compile(r"[\r\n•●▪◦‣⁃]+|;\s")
_BULLET = re.compile(r"^\s*(?:[-–—*·>]+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b[A-Za-z]\.)[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|eg|ie|mr|mrs|ms|dr|st|approx|no|re|vs|dept|prof|inc|ref)\.$", re.IGNORECASE
)


_LONGEST_ABBREVIATION = 8
_NOTHING = {"", "na", "none", "nil", "nothing", "notapplicable", "nothingtoadd", "nocomment", "nocomments", "notknown"}
"""What people write into a box that they leave empty, letter by letter; it is no statement."""


def split_statements(text: str) -> list[str]:
    r"""Split a comment into statements.

    Parameters
    ----------
    text
        A comment as written.

    Returns
    -------
    list of str
        Its statements, without bullets and numbers before them; none where nothing is said, as by "N/A".

    Examples
    --------
    >>> split_statements("- Visits are timely.\n- No chronology (e.g. none since 5.6.2019). Plan is SMART.")
    ['Visits are timely.', 'No chronology (e.g. none since 5.6.2019).', 'Plan is SMART.']
    """
    statements: list[str] = []
    for line in _LINES.split(text):
        pieces: list[str] = []
        for piece in _SENTENCE_END.split(_BULLET.sub("", line)):
            pieces.append(piece)
            if not _ABBREVIATION.search(piece[-_LONGEST_ABBREVIATION:]):
                statements.append(" ".join(pieces))
                pieces = []
        statements.append(" ".join(pieces))
    return [kept for statement in statements if (kept := statement.strip()) and not _says_nothing(kept)]


def _says_nothing(statement: str) -> bool:
    letters = "".join(filter(str.isalnum, statement)).lower()
    return letters in _NOTHING
