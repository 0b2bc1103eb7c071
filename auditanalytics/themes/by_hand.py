"""Themes that a person coded: they win over what the words of a statement say.

A cell names themes by their ids or titles, with semicolons or lines between them; a comma separates them too, unless it
is part of a title. A statement that somebody looked at and found without a theme is coded ``none``.
"""

import re

from auditanalytics.grades import fold_label
from auditanalytics.themes.codebook import NO_THEME, Codebook

BY_HAND = "by hand"
"""Stands for the words that made a theme, where no words did."""

_BETWEEN = re.compile(r"[;|\r\n]")


def read_codes(text: str, codebook: Codebook) -> tuple[list[str], bool]:
    """Read the themes that somebody coded.

    Parameters
    ----------
    text
        A cell.
    codebook
        The codebook.

    Returns
    -------
    tuple
        The ids of the themes, each once, and whether all that the cell says was understood.

    Examples
    --------
    >>> from auditanalytics.themes import load_codebook
    >>> read_codes("Meetings, reviews and minutes; VOICE, history", load_codebook())
    (['meetings', 'voice', 'history'], True)
    >>> read_codes("weather; none", load_codebook())
    (['none'], False)
    >>> read_codes("none; history", load_codebook())
    (['history'], False)
    """
    known = codebook.ids
    named: list[str | None] = []
    for piece in _BETWEEN.split(text):
        whole = known.get(fold_label(piece))
        named += [whole] if whole else [known.get(fold_label(part)) for part in piece.split(",") if part.strip()]
    found = list(dict.fromkeys(theme for theme in named if theme))
    if len(found) > 1 and NO_THEME in found:
        found.remove(NO_THEME)
        return found, False
    return found, None not in named
