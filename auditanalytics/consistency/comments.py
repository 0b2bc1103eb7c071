"""Flags about comments that are not there: a grade must rest on something, and the box is where it is said.

A domain that was not graded needs no comment. Comments of good auditors may be short, so that only a handful of words
counts as too few; and where boxes are often left empty in a house, a box is no sign, unless the form demands it.
"""

from collections.abc import Iterator

import pandas as pd

from auditanalytics.consistency.asked import Answer, Asked, Rule
from auditanalytics.consistency.boxes import places
from auditanalytics.consistency.flags import Sign
from auditanalytics.consistency.habits import describe_habit, is_habit
from auditanalytics.frameworks import OVERALL

FEWEST_WORDS_OF_A_DOMAIN = 5
"""Words in all boxes of a graded domain below which they are hardly any: four make "Plan SMART, dates set", which names
the evidence of one category and of no second. In the example returns no domain has fewer than seven."""

FEWEST_WORDS_OF_AN_AUDIT = 10
"""Words in all boxes of an audit below which they are hardly any: fewer than ten do not bear a grade."""

_NO_BOX = "no return has a comment box"


def _words(asked: Asked) -> pd.DataFrame:
    """A row for every graded domain that has boxes of its own, and for every audit: the words in its boxes.

    An audit ``by_domain`` is asked about its domains, if it has any words.
    """
    boxes, comments, audits = asked.boxes, asked.boxes.comments, asked.audits
    of_domain = comments.groupby(["audit_id", "domain"])["words"].sum().to_dict()
    of_audit = comments.groupby("audit_id")["words"].sum().to_dict()
    graded = dict(zip(audits["audit_id"], _graded_domains(asked), strict=True))
    as_whole = set(comments.loc[comments["domain"] == OVERALL, "audit_id"])
    rows: list[tuple[str, str | None, int, bool]] = []
    for audit, place in zip(audits["audit_id"], places(audits), strict=True):
        own = boxes.own.get(place)
        if own is None or not graded[audit]:
            continue
        by_domain = bool(own & set(graded[audit])) and not (place in boxes.long and audit in as_whole)
        rows.append((audit, None, of_audit.get(audit, 0), by_domain))
        if by_domain:
            rows += [(audit, each, of_domain.get((audit, each), 0), True) for each in graded[audit] if each in own]
    return pd.DataFrame(rows, columns=["audit", "domain", "words", "by_domain"])


def _graded_domains(asked: Asked) -> list[list[str]]:
    """For each audit the domains of which it graded a category."""
    graded = {
        domain.id: asked.ranks[[category.id for category in domain.categories]].notna().any(axis=1).to_numpy()
        for domain in asked.framework.domains
    }
    return [[domain for domain in graded if graded[domain][row]] for row in range(len(asked.audits))]


def _ask_empty(asked: Asked) -> Answer:
    words = _words(asked)
    empty = words[words["words"] == 0]
    whole = empty[empty["domain"].isna()]
    domains = empty[empty["domain"].notna() & ~empty["audit"].isin(whole["audit"])]
    return _answer(asked, words, "no_comment", {"no comment": whole, "a domain without words": domains})


def _ask_thin(asked: Asked) -> Answer:
    words = _words(asked)
    some = words[words["words"] > 0]
    whole = some[~some["by_domain"] & (some["words"] < FEWEST_WORDS_OF_AN_AUDIT)]
    domains = some[some["domain"].notna() & (some["words"] < FEWEST_WORDS_OF_A_DOMAIN)]
    kinds = {"hardly any words": whole, "a domain with hardly any words": domains}
    return _answer(asked, words, "thin_comment", kinds)


def _answer(asked: Asked, words: pd.DataFrame, flag: str, kinds: dict[str, pd.DataFrame]) -> Answer:
    """The signs of each kind, unless they are a habit and no form demands otherwise."""
    if words.empty:
        return Answer([], _NO_BOX)
    signs, obstacles = [], []
    for what, found in kinds.items():
        some = list(_signs(found, flag, asked))
        if is_habit(some, asked) and not asked.framework.checks.comments_required:
            obstacles.append(describe_habit(what))
        else:
            signs += some
    return Answer(signs, "; ".join(obstacles))


def _signs(found: pd.DataFrame, flag: str, asked: Asked) -> Iterator[Sign]:
    for audit, domain, words in found[["audit", "domain", "words"]].itertuples(index=False, name=None):
        number = "no word" if not words else "1 word" if words == 1 else f"{words} words"
        if pd.isna(domain):
            yield Sign(audit, flag, None, None, f"{number} in all comment boxes of the audit")
        else:
            yield Sign(audit, flag, domain, None, f"{number} in the comment boxes of {asked.title(domain)}")


RULES: dict[str, Rule] = {"no_comment": _ask_empty, "thin_comment": _ask_thin}
"""The rules about comments that are not there."""
