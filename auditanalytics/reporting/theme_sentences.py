"""What is said of themes: which are spoken of most, what goes with a grade, what rose or fell, and what that bears.

Every number is one of audits, out of those that say anything about the domain. Nothing is called the most where a
number is hidden, because a number may be hidden for being nearly all.
"""

import pandas as pd

from auditanalytics.english import counted, listed
from auditanalytics.evidence import NO_EVIDENCE
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.reporting.narrative import ONE_IN
from auditanalytics.reporting.wording import HIDDEN, percent
from auditanalytics.themes.coding import COMMENT, NEXT_STEP, WORKED_WELL, WORRIED_ABOUT

KIND_TITLES = {
    WORRIED_ABOUT: "Worried about",
    WORKED_WELL: "Working well",
    NEXT_STEP: "Next steps",
    COMMENT: "Other comments",
}
"""What people call each kind of statement, in the order of a page."""

MOST_NAMED = 3
"""Themes that a sentence or a cell names, those that most audits speak of."""

FEWEST_AUDITS_COMPARED = 3
"""Audits that must name a theme before a page compares it; all are in the published tables."""

TAILS_IN_WORDS = {
    WORRIED_ABOUT: ("worry", "with an Inadequate"),
    WORKED_WELL: ("strength", "Good or better throughout"),
}
"""What a kind of statement is called, and the audits that it is held against."""


def describe_share(audits: float, of: float) -> str:
    """Write how many audits of how many, with a percentage where there are enough for one.

    Parameters
    ----------
    audits, of
        The numbers.

    Returns
    -------
    str
        Words.

    Examples
    --------
    >>> describe_share(7, 21), describe_share(2, 8)
    ('7 of 21 audits (33%)', '2 of 8 audits')
    """
    words = f"{int(audits):,} of {counted(of, 'audit')}"
    return words if of < FEWEST_AUDITS_FOR_A_PERCENTAGE else f"{words} ({percent(audits / of)})"


def describe_coverage(row: pd.Series, title: str, when: str) -> str:
    """Say how much was said of a domain, and how much of it carries no theme.

    Parameters
    ----------
    row
        A row of `schema.THEME_COVERAGE`.
    title
        The title of the domain.
    when
        The quarter in words.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> row = pd.Series({"audits": 24, "of_audits": 21, "statements": 60, "without_theme": 3})
    >>> describe_coverage(row, "Plans", "October to December 2019")
    'Plans: 21 of 24 audits in October to December 2019 have comments, 60 statements, 3 of them (5%) without a theme.'
    """
    commented = f"{int(row['of_audits']):,} of {counted(row['audits'], 'audit')} in {when} have comments"
    without, statements = int(row["without_theme"]), int(row["statements"])
    share = f" ({percent(without / statements)})" if statements >= FEWEST_AUDITS_FOR_A_PERCENTAGE else ""
    carry = f"{without:,} of them{share} without a theme" if without else "each with a theme"
    return f"{title}: {commented}, {counted(statements, 'statement')}, {carry}."


def most_named(counts: pd.DataFrame, titles: dict[str, str]) -> list[str]:
    """Write the themes that most audits speak of, each with how many do.

    Parameters
    ----------
    counts
        Rows of `schema.THEMES` of one domain, kind and quarter, of themes alone.
    titles
        The titles of the themes.

    Returns
    -------
    list of str
        At most three, the most named first; of hidden ones, only that they are.
    """
    shown = counts.dropna(subset="audits")
    shown = shown[shown["audits"] > 0].sort_values("audits", ascending=False, kind="stable").head(MOST_NAMED)
    words = [f"{titles[row.theme]} {describe_share(row.audits, row.of_audits)}" for row in shown.itertuples()]
    hidden = int(counts["audits"].isna().sum())
    return [*words, f"{counted(hidden, 'theme')} hidden ({HIDDEN})"] if hidden else words


def describe_most_named(counts: pd.DataFrame, titles: dict[str, str], kind: str) -> str:
    """Say which themes most audits speak of.

    Parameters
    ----------
    counts
        Rows of `schema.THEMES` of one domain and quarter, of themes alone.
    titles
        The titles of the themes.
    kind
        The kind of statement.

    Returns
    -------
    str
        A sentence; "" where a kind that not every form asks for was not written.
    """
    rows = counts[counts["kind"] == kind]
    named = most_named(rows, titles)
    if not named:
        return f"{KIND_TITLES[kind]}: no theme was named." if kind in TAILS_IN_WORDS else ""
    order = "among those shown" if rows["audits"].isna().any() else "most often"
    return f"{KIND_TITLES[kind]}, {order}: {'; '.join(named)}."


def describe_features(contrasts: pd.DataFrame, titles: dict[str, str]) -> str:
    """Say what auditors praise where every judgement was Good or better.

    Parameters
    ----------
    contrasts
        Rows of `schema.THEME_CONTRASTS` of one domain.
    titles
        The titles of the themes.

    Returns
    -------
    str
        A sentence; "" where too few audits name any theme.
    """
    rows = contrasts[(contrasts["kind"] == WORKED_WELL) & (contrasts["audits_with"] >= FEWEST_AUDITS_COMPARED)]
    rows = rows.sort_values("audits_with", ascending=False, kind="stable").head(MOST_NAMED)
    named = [f"“{titles[row.theme]}” in {describe_share(row.audits_with, row.of_with)}" for row in rows.itertuples()]
    return f"Where every judgement was Good or better, auditors praise most often {listed(named)}." if named else ""


def describe_contrasts(contrasts: pd.DataFrame, titles: dict[str, str]) -> list[str]:
    """Say which worries come with Inadequate and which strengths with Good, and how far that can be trusted.

    Parameters
    ----------
    contrasts
        Rows of `schema.THEME_CONTRASTS` of one domain.
    titles
        The titles of the themes.

    Returns
    -------
    list of str
        Sentences.
    """
    found = contrasts[contrasts["finding"] != NO_EVIDENCE]
    sentences = [
        f"“{titles[row.theme]}” as a {TAILS_IN_WORDS[row.kind][0]} is named {row.finding} in audits "
        f"{TAILS_IN_WORDS[row.kind][1]}: {describe_share(row.audits_with, row.of_with)}, against "
        f"{describe_share(row.audits_without, row.of_without)} of the others."
        for row in found.itertuples()
    ]
    if found.empty:
        sentences.append("No theme stands out with Inadequate, or with Good, among all that were compared.")
    alone = contrasts[(contrasts["finding"] == NO_EVIDENCE) & ((contrasts["low"] > 0) | (contrasts["high"] < 0))]
    if len(alone):
        names = listed([f"“{titles[row.theme]}” ({KIND_TITLES[row.kind].lower()})" for row in alone.itertuples()])
        number = int(contrasts["comparisons"].iloc[0])
        by = "itself" if len(alone) == 1 else "themselves"
        sentences.append(
            f"By {by}, {names} would stand out; but one comparison in {ONE_IN} does so by chance, and the report makes "
            f"{number} of this kind."
        )
    return sentences


def describe_theme_changes(changes: pd.DataFrame, titles: dict[str, str], since: str) -> list[str]:
    """Say which themes rose or fell.

    Parameters
    ----------
    changes
        Rows of `schema.THEME_CHANGES` of one domain.
    titles
        The titles of the themes.
    since
        The earlier quarter in words.

    Returns
    -------
    list of str
        Sentences.
    """
    found = changes[changes["finding"] != NO_EVIDENCE]
    sentences = [
        f"“{titles[row.theme]}” ({KIND_TITLES[row.kind].lower()}) {row.finding} since {since}: from "
        f"{describe_share(row.audits_since, row.of_since)} to {describe_share(row.audits_until, row.of_until)}."
        for row in found.itertuples()
    ]
    return sentences or [
        f"No theme rose or fell since {since} by more than chance allows, among all that were compared."
    ]
