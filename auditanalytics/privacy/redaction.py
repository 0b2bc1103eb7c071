"""Redaction of free text: every piece that may name or find a person leaves only its kind, in square brackets.

Three readings of one text are put together: the people whom the row names, what shows by its shape, and a best effort
at everybody else. Where two meet they are hidden as one. The text is read again until nothing more is found, so that
redacting what is redacted changes nothing. What is too long to be a comment is hidden whole rather than read in part.
It is an aid: a person reads before anything is shared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from auditanalytics.privacy.mentions import find_mentions
from auditanalytics.privacy.names import known_names
from auditanalytics.privacy.patterns import PATTERNS, Found, find_patterns
from auditanalytics.privacy.places import find_places
from auditanalytics.privacy.shadow import TOO_LONG, Shadow

LONGEST_TEXT = 100_000
"""Characters; three times what a cell of a workbook holds."""

_MOST_READINGS = 6


@dataclass(frozen=True)
class Redaction:
    """A text that was made safe.

    Attributes
    ----------
    text
        The text, each hidden piece as its kind in square brackets.
    counts
        How many pieces were hidden, by kind.
    """

    text: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class RedactedTexts:
    """A column of texts that were made safe.

    Attributes
    ----------
    texts
        The texts, in the rows in which they were.
    counts
        How many pieces were hidden, by kind.
    """

    texts: pd.Series
    counts: Mapping[str, int]


def redact(text: str, *, names: Iterable[str] = ()) -> Redaction:
    """Hide what may name or find a person in a text.

    Parameters
    ----------
    text
        Free text; a coded cell, such as a grade, has no place here.
    names
        The people it may name, as cells of a return write them: several in one, surname first, with nicknames in
        brackets, or with numbers.

    Returns
    -------
    Redaction
        The text and how much was hidden; what was not hidden is written as it was.

    Examples
    --------
    >>> redact("Jane's plan is good. NHS 943 476 5919; Mrs Doe on 07700 900123.", names=["Doe, Jane"]).text
    "[name]'s plan is good. NHS [nhs number]; Mrs [name] on [phone]."
    >>> redact("Will the plan be reviewed in May? Will agreed.", names=["Will May"]).text
    'Will the plan be reviewed in May? [name] agreed.'
    """
    if len(text) > LONGEST_TEXT:
        return Redaction(f"[{TOO_LONG}]", {TOO_LONG: 1})
    if not text.strip():
        return Redaction(text, {})
    known = known_names(tuple(names))
    counts: Counter[str] = Counter()
    for _ in range(_MOST_READINGS):
        shadow = Shadow(text)
        found = [Found(start, end, "name") for start, end in known.find(shadow)]
        found += [Found(start, end, "case number") for start, end in known.find_codes(shadow)]
        found += find_patterns(shadow, PATTERNS)
        found += find_places(shadow)
        found += [Found(start, end, "name") for start, end in find_mentions(shadow)]
        pieces = _put_together(found)
        if not pieces:
            break
        counts.update(piece.kind for piece in pieces)
        text = _cut(text, shadow, pieces)
    return Redaction(text, dict(counts))


def _put_together(found: list[Found]) -> list[Found]:
    """Make one piece of those that overlap; the longest says what kind it is."""
    pieces: list[Found] = []
    longest = 0
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        length = each.end - each.start
        if pieces and each.start < pieces[-1].end:
            last = pieces[-1]
            kind = each.kind if length > longest else last.kind
            pieces[-1] = Found(last.start, max(last.end, each.end), kind)
            longest = max(longest, length)
        else:
            pieces.append(each)
            longest = length
    return pieces


def _cut(text: str, shadow: Shadow, pieces: list[Found]) -> str:
    kept, at = [], 0
    for piece in pieces:
        start, end = shadow.original_span(piece.start, piece.end)
        kept += [text[at : max(start, at)], f"[{piece.kind}]"]
        at = max(end, at)
    return "".join([*kept, text[at:]])


def redact_texts(texts: pd.Series, names: pd.DataFrame | None = None) -> RedactedTexts:
    """Hide what may name or find a person in a column of texts, by the names in the same row.

    Parameters
    ----------
    texts
        Free texts; missing stays missing.
    names
        Columns that name people, with the rows of the texts; none if None.

    Returns
    -------
    RedactedTexts
        The texts and how much was hidden.

    Examples
    --------
    >>> made = redact_texts(pd.Series(["Jane is 7", None]), pd.DataFrame({"Child": ["Jane Doe", "Tom Roe"]}))
    >>> made.texts[0], made.texts.isna().tolist(), made.counts
    ('[name] is 7', [False, True], {'name': 1})
    """
    cells = [()] * len(texts) if names is None else list(names.itertuples(index=False, name=None))
    counts: Counter[str] = Counter()
    made: list[object] = []
    for text, row in zip(texts, cells, strict=True):
        if not isinstance(text, str):
            made.append(text)
            continue
        redaction = redact(text, names=[cell for cell in row if isinstance(cell, str)])
        counts.update(redaction.counts)
        made.append(redaction.text)
    return RedactedTexts(pd.Series(made, index=texts.index, dtype=object, name=texts.name), dict(counts))
