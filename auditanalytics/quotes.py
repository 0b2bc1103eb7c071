"""Statements that may be quoted: short, typical, spread over teams, and with nothing left that may name anybody.

Only a framework that says ``quotes = "redacted"`` allows them. Every name of the returns is hidden in every candidate,
not only those of its own row. A candidate in which much was hidden, or in which something still looks like a name, a
date or a number of a case, is doubtful: it is withheld, and counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pandas as pd

from auditanalytics.privacy import redact
from auditanalytics.schema import QUOTES
from auditanalytics.themes import NO_THEME
from auditanalytics.themes.coding import WORKED_WELL, WORRIED_ABOUT
from auditanalytics.themes.spelling import is_word
from auditanalytics.themes.words import fold_word, split_words

THEMES_QUOTED = 3
"""Themes of a domain, kind and quarter, those that most audits speak of, that are quoted."""

FEWEST_WORDS, MOST_WORDS = 5, 30
"""Words of a quote: fewer say little, more are not read."""

CANDIDATES = 5
"""Candidates that are tried for each quote."""

MOST_HIDDEN = 1
"""Pieces that may be hidden in a quote."""

_NUMBER = re.compile(r"\d{2,}|\d+\s*(?:years?|yrs?|months?|y/?o)\b", re.IGNORECASE)
_MARK = re.compile(r"\[[a-z ]+\]")


def choose_quotes(
    statements: pd.DataFrame, coded: pd.DataFrame, audits: pd.DataFrame, identifiers: pd.DataFrame
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

    Returns
    -------
    pandas.DataFrame
        `schema.QUOTES`: a row for every quote, and one for every statement that was withheld.
    """
    names = identifiers.loc[identifiers["kind"] != "comment", "text"].tolist()
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
                text, doubt = _redacted(candidate.text, names)
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


def _redacted(text: str, names: list[str]) -> tuple[str | None, str]:
    """The text with names hidden, or None and why it was withheld."""
    made = redact(text, names=names)
    if sum(made.counts.values()) > MOST_HIDDEN:
        return None, "withheld: much of it would have been hidden"
    rest = _MARK.sub(" ", made.text)
    if _NUMBER.search(rest):
        return None, "withheld: it holds a number that may find somebody"
    words = split_words(rest)
    for number, (start, end) in enumerate(words.spans):
        written = rest[start:end]
        is_first = number == words.sentences[number][0]
        looks_like_a_name = written[:1].isupper() and not written.isupper() and not is_first
        if looks_like_a_name or not (written.isupper() or is_word(fold_word(words.words[number]))):
            return None, "withheld: a word in it may be a name"
    return made.text, ""
