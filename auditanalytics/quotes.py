"""Statements that may be quoted: short, typical, spread over teams, and with nothing left that may name anybody.

Only a framework that says ``quotes = "redacted"`` allows them. Every name of the returns is hidden in every candidate,
not only those of its own row. A candidate is doubtful, withheld and counted if much was hidden, if any part of any name
is left in whatever case, or if it holds a number, an age, a date, a capital or a rare word that the codebook does not
know: a rare word is a detail by which somebody may be known.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pandas as pd

from auditanalytics.privacy import OFTEN_NAMES, redact
from auditanalytics.schema import QUOTES
from auditanalytics.themes import NO_THEME, Codebook
from auditanalytics.themes.coding import WORKED_WELL, WORRIED_ABOUT
from auditanalytics.themes.spelling import is_common
from auditanalytics.themes.words import split_words

THEMES_QUOTED = 3
"""Themes of a domain, kind and quarter, those that most audits speak of, that are quoted."""

FEWEST_WORDS, MOST_WORDS = 5, 30
"""Words of a quote: fewer say little, more are not read."""

CANDIDATES = 5
"""Candidates that are tried for each quote."""

MOST_HIDDEN = 1
"""Pieces that may be hidden in a quote."""

_SINGLES_OUT = re.compile(
    r"\d|\b(?:years?|months?|weeks?|days?)[- ]old\b|\bbirthday\b|\bborn\b|\b(?:twins?|triplets?)\b|"
    r"\b(?:january|february|april|june|july|august|september|october|november|december|christmas|easter)\b|"
    r"\b(?:in|of|since|on|until|by) (?:may|march)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[[a-z ]+\]")


def choose_quotes(
    statements: pd.DataFrame, coded: pd.DataFrame, audits: pd.DataFrame, identifiers: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Choose a statement to quote for the themes that most audits of a domain speak of.

    Parameters
    ----------
    statements
        Statements, from `findings.split_findings`.
    coded
        `schema.CODED` of the same statements.
    audits
        `schema.AUDITS`.
    identifiers
        `schema.IDENTIFIERS`: the names that are hidden.
    codebook
        The codebook, whose words are those of practice.

    Returns
    -------
    pandas.DataFrame
        `schema.QUOTES`: a row for every quote, and one for every statement that was withheld.
    """
    names = identifiers.loc[identifiers["kind"] != "comment", "text"].tolist()
    parts = frozenset(word for name in names for word in split_words(name).words if len(word) > 1)
    of_quotes = coded[coded["kind"].isin((WORKED_WELL, WORRIED_ABOUT)) & (coded["theme"] != NO_THEME)]
    of_quotes = of_quotes.merge(audits[["audit_id", "quarter", "team"]], on="audit_id")
    of_quotes["text"] = of_quotes["statement"].map(statements["text"])
    rows: list[tuple[object, ...]] = []
    for (domain, kind, quarter), here in of_quotes.groupby(["domain", "kind", "quarter"]):
        tried: set[str] = set()
        teams: set[object] = set()
        most_named = here.groupby("theme")["audit_id"].nunique().sort_values(ascending=False, kind="stable")
        for theme in most_named.index[:THEMES_QUOTED]:
            for candidate in islice(_best_first(here[here["theme"] == theme], teams, tried), CANDIDATES):
                tried.add(candidate.text)
                text, doubt = _redacted(candidate.text, names, parts, codebook)
                rows.append((domain, kind, theme, quarter, text, doubt or candidate.reason))
                if text:
                    teams.add(candidate.team)
                    break
    return QUOTES.build(rows)


def _best_first(rows: pd.DataFrame, teams: set[object], tried: set[str]) -> Iterator[Any]:
    """Candidates with why each is one: typical words first, then a team not quoted yet, then the shorter."""
    words_of = Counter(rows.drop_duplicates("statement")["words"])
    length = rows["text"].map(lambda text: len(split_words(text).words))
    fitting = rows[length.between(FEWEST_WORDS, MOST_WORDS) & ~rows["text"].isin(tried)]
    fitting = fitting.assign(
        typical=fitting["words"].map(words_of), new=~fitting["team"].isin(teams), length=length.reindex(fitting.index)
    )
    fitting = fitting.sort_values(["typical", "new", "length", "text"], ascending=[False, False, True, True])
    total = rows["statement"].nunique()
    reasons = [
        f"the words for its theme are in {typical} of {total} statements of it; {length} words"
        + ("; of a team not quoted before" if new and isinstance(team, str) else "")
        for typical, new, length, team in fitting[["typical", "new", "length", "team"]].itertuples(index=False)
    ]
    return fitting.assign(reason=reasons).drop_duplicates("text").itertuples(index=False)


def _redacted(text: str, names: list[str], parts: frozenset[str], codebook: Codebook) -> tuple[str | None, str]:
    """The text with names hidden, or None and why it was withheld."""
    made = redact(text, names=names)
    if sum(made.counts.values()) > MOST_HIDDEN:
        return None, "withheld: much of it would have been hidden"
    rest = _MARK.sub(" ", made.text)
    if _SINGLES_OUT.search(rest):
        return None, "withheld: it holds a number, an age or a date"
    words = split_words(rest)
    for number, (word, (start, end)) in enumerate(zip(words.words, words.spans, strict=True)):
        if word in parts or word in OFTEN_NAMES:
            return None, "withheld: a word in it is part of a name"
        if codebook.index.knows(word):
            continue
        is_first = number == words.sentences[number][0]
        if not is_common(word) or (rest[start:end][0].isupper() and not is_first):
            return None, "withheld: a word in it may be a name, or is rare"
    return made.text, ""
