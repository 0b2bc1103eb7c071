"""What is said of themes: which are spoken of most, what goes with a grade, what rose or fell, and what that bears.

Every number is one of audits, out of those that say anything about the domain. The codebook finds the plainly worded
ones and misses some, so how many statements carry no theme is part of every account.
"""

import pandas as pd

from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.reporting.wording import counted, listed, percent
from auditanalytics.theme_measures import STRENGTH, WORRY
from auditanalytics.themes import NO_THEME

KIND_TITLES = {
    "worked_well": "Working well",
    "worried_about": "Worried about",
    "next_step": "Next steps",
    "comment": "Other comments",
}
"""What people call each kind of statement, in the order of the forms."""

_MOST_NAMED = 3


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
    ('7 of 21 audits, 33%', '2 of 8 audits')
    """
    words = f"{int(audits):,} of {counted(of, 'audit')}"
    return words if of < FEWEST_AUDITS_FOR_A_PERCENTAGE else f"{words}, {percent(audits / of)}"


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
    >>> row = pd.Series({"audits": 24, "of_audits": 21, "statements": 60, "without_theme": 3, "share": 0.05})
    >>> describe_coverage(row, "Plans", "October to December 2019")
    'Plans: 21 of 24 audits in October to December 2019 have comments, 60 statements, 3 of them (5%) without a theme.'
    """
    commented = f"{int(row['of_audits']):,} of {counted(row['audits'], 'audit')} in {when} have comments"
    without = int(row["without_theme"])
    carry = f"{without:,} of them ({percent(row['share'])}) without a theme" if without else "each with a theme"
    return f"{title}: {commented}, {counted(row['statements'], 'statement')}, {carry}."


def describe_most_named(counts: pd.DataFrame, titles: dict[str, str], kind: str) -> str:
    """Say which themes most audits speak of.

    Parameters
    ----------
    counts
        Rows of `schema.THEMES` of one domain and quarter.
    titles
        The titles of the themes.
    kind
        The kind of statement.

    Returns
    -------
    str
        A sentence; "" where nothing is known.
    """
    rows = counts[(counts["kind"] == kind) & (counts["theme"] != NO_THEME)].dropna(subset="audits")
    rows = rows[rows["audits"] > 0].sort_values("audits", ascending=False, kind="stable")
    if rows.empty:
        return f"{KIND_TITLES[kind]}: no theme was named." if kind in (STRENGTH, WORRY) else ""
    named = [
        f"{titles[row.theme]} ({describe_share(row.audits, row.of_audits)})"
        for row in rows.head(_MOST_NAMED).itertuples()
    ]
    return f"{KIND_TITLES[kind]}, most often: {listed(named)}."


_TAILS_IN_WORDS = {
    WORRY: ("worry", "with an Inadequate"),
    STRENGTH: ("strength", "that are Good or better throughout"),
}


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
    sentences = []
    found = contrasts[contrasts["finding"] != "no evidence"]
    for row in found.itertuples():
        what, when = _TAILS_IN_WORDS[row.kind]
        sentences.append(
            f"{titles[row.theme]} as a {what} is named {row.finding} in audits {when}: "
            f"{describe_share(row.audits_with, row.of_with)}, against "
            f"{describe_share(row.audits_without, row.of_without)}."
        )
    if found.empty:
        sentences.append("No theme stands out with Inadequate, or with Good, among all that were compared.")
    alone = contrasts[(contrasts["finding"] == "no evidence") & ((contrasts["low"] > 0) | (contrasts["high"] < 0))]
    number = int(contrasts["comparisons"].iloc[0])
    by_chance = max(round(number / 20), 1)
    chance = f"The report makes {number} such comparisons, of which about {by_chance} would do so by chance."
    if len(alone):
        names = listed([f"{titles[row.theme]} ({KIND_TITLES[row.kind].lower()})" for row in alone.itertuples()])
        verb = "leaves" if len(alone) == 1 else "leave"
        sentences.append(f"Taken by themselves, the intervals of {names} {verb} out zero. {chance}")
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
    found = changes[changes["finding"] != "no evidence"]
    sentences = [
        f"{titles[row.theme]} ({KIND_TITLES[row.kind].lower()}) {row.finding} since {since}: from "
        f"{describe_share(row.audits_since, row.of_since)} to {describe_share(row.audits_until, row.of_until)}."
        for row in found.itertuples()
    ]
    return sentences or [
        f"No theme rose or fell since {since} by more than chance allows, among all that were compared."
    ]
