"""The comment boxes of every audit: which there were, and how many words stand in them.

A domain is asked about its own boxes where the form has some. Where a form has boxes for the whole audit only, or one
comment stands on every row of an audit in a long return, the audit is asked as one. What people write into a box that
they leave empty ("see above", "tbc") is no word.
"""

from typing import NamedTuple

import pandas as pd

from auditanalytics.consistency.likeness import WORD
from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.themes import split_statements
from auditanalytics.themes.coding import COMMENT, WORKED_WELL, WORRIED_ABOUT

BOXES = (WORKED_WELL, WORRIED_ABOUT, COMMENT)
"""The kinds of box that evidence a grade; a next step says what is to be done."""

_PLACEHOLDERS = frozenset(
    (
        "seeabove",
        "seeallabove",
        "asabove",
        "sameasabove",
        "seebelow",
        "asbelow",
        "seeoverall",
        "seeother",
        "seeotherboxes",
        "seeothersections",
        "seecomments",
        "seecommentsabove",
        "seeoverallcomments",
        "seeprevious",
        "seeprevioussection",
        "asprevious",
        "asperabove",
        "ditto",
        "same",
        "tbc",
        "tba",
        "tobeconfirmed",
        "tobecompleted",
        "tocomplete",
        "tofollow",
        "pending",
        "blank",
        "empty",
        "x",
        "xx",
        "xxx",
        "nofurthercomment",
        "nofurthercomments",
        "nothingfurther",
        "nothingfurthertoadd",
        "completed",
        "done",
        "notcompleted",
    )
)
"""What people write instead of a comment, letter by letter, beside what is no statement anyway."""


class Boxes(NamedTuple):
    """The comments of audits, and which domains have boxes of their own.

    Attributes
    ----------
    comments
        One comment a row: ``audit_id``, ``domain`` (overall for the whole audit), ``kind``, ``text`` and ``words``.
    own
        By file and sheet, the domains that have boxes of their own; none where the boxes are for the whole audit.
        Sheets without any box are not there.
    long
        The files and sheets of long returns.
    """

    comments: pd.DataFrame
    own: dict[tuple[str, str], frozenset[str]]
    long: frozenset[tuple[str, str]]


def count_words(text: str) -> int:
    """Count the words that say something.

    Parameters
    ----------
    text
        A comment as written.

    Returns
    -------
    int
        The words of its statements, without placeholders.

    Examples
    --------
    >>> count_words("The child's plan is SMART."), count_words("See above."), count_words("N/A")
    (5, 0, 0)
    """
    return sum(len(WORD.findall(each)) for each in split_statements(text) if not _is_placeholder(each))


def _is_placeholder(statement: str) -> bool:
    letters = "".join(filter(str.isalnum, statement)).lower()
    return letters in _PLACEHOLDERS


def gather_boxes(tables: dict[str, pd.DataFrame], framework: Framework) -> Boxes:
    """Gather the comments, and the domains with boxes of their own.

    Parameters
    ----------
    tables
        The tables of a reading, by name: audits, findings, headers and sheets.
    framework
        The framework they were read with.

    Returns
    -------
    Boxes
        The comment boxes.
    """
    findings, sheets = tables["findings"], tables["sheets"]
    # Themes that somebody coded beside no comment stand as one.
    kept = findings[findings["kind"].isin(BOXES) & (findings["text"] != findings["themes"].fillna(""))]
    counted = {text: count_words(text) for text in kept["text"].unique()}
    comments = pd.DataFrame(
        {
            "audit_id": kept["audit_id"],
            "domain": kept["domain"].fillna(OVERALL),
            "kind": kept["kind"],
            "text": kept["text"],
            "words": kept["text"].map(counted).astype(int),
        }
    )
    long = frozenset(places(sheets[sheets["kind"] == "long"]))
    return Boxes(comments, _own_boxes(tables, framework, comments, long), long)


def _own_boxes(
    tables: dict[str, pd.DataFrame], framework: Framework, comments: pd.DataFrame, long: frozenset[tuple[str, str]]
) -> dict[tuple[str, str], frozenset[str]]:
    """In a long return, whose box stands on every row, a domain has its own if any comment is one on a domain."""
    audits, headers = tables["audits"], tables["headers"]
    place_of = dict(zip(audits["audit_id"], places(audits), strict=True))
    spoken = {place_of[audit] for audit in comments.loc[comments["domain"] != OVERALL, "audit_id"].unique()}
    domain_of = {category.id: domain.id for domain in framework.domains for category in domain.categories}
    domain_of |= {domain.id: domain.id for domain in framework.domains}
    own: dict[tuple[str, str], set[str]] = {}
    for place, means in zip(places(headers), headers["means"].fillna(""), strict=True):
        of, _, kind = means.rpartition(" ")
        if kind in BOXES and (not of or of in domain_of):
            of_sheet = own.setdefault(place, set())
            of_sheet |= {domain_of[of]} if of else set(domain_of.values()) if place in long & spoken else set()
    return {place: frozenset(domains) for place, domains in own.items()}


def places(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Give the place of every row of a table: its file and sheet.

    Parameters
    ----------
    table
        A table with columns ``file`` and ``sheet``.

    Returns
    -------
    list of tuple
        File and sheet, "" where it has none.
    """
    sheets = table["sheet"].astype(object).where(table["sheet"].notna(), "")
    return list(zip(table["file"].astype(object), sheets, strict=True))
