"""A flag about comments that stand elsewhere too: evidence is written for one child and one part of an audit.

Houses have stock phrases, and some a bank of sentences. What three auditors wrote is nobody's copy and makes no flag;
and where much is written from a bank, to have one sentence in common is chance, so that only a long comment counts
between audits. The sentences themselves are in no reason: a comment may name a child.
"""

from collections.abc import Iterator

import pandas as pd

from auditanalytics.consistency.asked import Answer, Asked, Rule
from auditanalytics.consistency.flags import Sign
from auditanalytics.consistency.habits import describe_habit, is_habit
from auditanalytics.consistency.likeness import fold_text, nearly_same

FEWEST_WORDS = 8
"""Words below which two auditors may well hit on the same."""

FEWEST_AUDITORS_OF_A_PHRASE = 3
"""Auditors who write the same, from whom on it is a phrase of the house."""

BANKED = 0.2
"""The share of comments that are phrases of the house from which on they are written from a bank of sentences."""

FEWEST_WORDS_BANKED = 25
"""Words of a comment that two audits do not have in common by chance, where there is a bank of single sentences."""

_FLAG = "same_evidence"
_FROM_A_BANK = (
    f"more than one comment in five is a phrase of {FEWEST_AUDITORS_OF_A_PHRASE} or more auditors, as from a bank of "
    f"sentences: between audits only comments of {FEWEST_WORDS_BANKED} words or more were asked about"
)


def _comparable(asked: Asked) -> pd.DataFrame:
    """The comments of enough words, with the group of those that are nearly the same, and who wrote each."""
    comments = asked.boxes.comments
    folded = {text: fold_text(text) for text in comments["text"].unique()}
    comments = comments.assign(folded=comments["text"].map(folded).astype(object))
    comments = comments.assign(words=comments["folded"].map(lambda text: text.count(" ") + 1).astype(int))
    comments = comments[comments["words"] >= FEWEST_WORDS]
    codes, texts = pd.factorize(comments["folded"])
    groups = nearly_same(list(texts))
    # Where no auditor is known, each audit stands for one; where some are not, these together.
    auditors = asked.audits.set_index("audit_id")["auditor"].astype(object)
    unknown = auditors.index.to_series() if auditors.isna().all() else ""
    auditors = auditors.where(auditors.notna(), unknown)
    return comments.assign(
        copy=codes, group=[groups[code] for code in codes], auditor=comments["audit_id"].map(auditors)
    )[["audit_id", "domain", "words", "copy", "group", "auditor"]]


def _find_within(comments: pd.DataFrame, asked: Asked) -> Iterator[Sign]:
    """Two sections of one audit."""
    places = comments.drop_duplicates(["audit_id", "group", "domain"])
    again = places[places.duplicated(["audit_id", "group"], keep=False)]
    for (audit, _), rows in again.groupby(["audit_id", "group"], sort=False):
        first, later = rows.iloc[0], rows.iloc[1]
        same = "the same" if first["copy"] == later["copy"] else "nearly the same"
        reason = f"{asked.title(later['domain'])} has {same} {later['words']} words as {asked.title(first['domain'])}"
        yield Sign(audit, _FLAG, later["domain"], None, reason)


def _copied(comments: pd.DataFrame) -> pd.DataFrame:
    """A row for every audit and group of texts that another audit has too: the first other one, and which words."""
    comments = comments.drop_duplicates(["audit_id", "group"])
    comments = comments[comments.duplicated("group", keep=False)]
    by_group = comments.groupby("group")
    first = by_group["audit_id"].transform("first")
    second = comments["group"].map(comments[by_group.cumcount() == 1].set_index("group")["audit_id"])
    other = first.where(comments["audit_id"] != first, second)
    copy_of = comments.set_index(["audit_id", "group"])["copy"]
    theirs = copy_of.reindex(pd.MultiIndex.from_arrays([other, comments["group"]])).to_numpy()
    return comments.assign(other=other, exact=comments["copy"].to_numpy() == theirs)


def _find_between(pairs: pd.DataFrame) -> Iterator[Sign]:
    for (audit, other), rows in pairs.groupby(["audit_id", "other"], sort=False):
        longest = rows.loc[rows["words"].idxmax()]
        same = "the same" if longest["exact"] else "nearly the same"
        several = f"{len(rows)} comments, the longest of them" if len(rows) > 1 else "a comment of"
        reason = f"{several} {longest['words']} words, {same} as in another audit"
        yield Sign(audit, _FLAG, longest["domain"], other, reason)


def _ask_repeats(asked: Asked) -> Answer:
    if asked.boxes.comments.empty:
        return Answer([], "no return has a comment")
    comments = _comparable(asked)
    if comments.empty:
        return Answer([], f"no comment has {FEWEST_WORDS} words")
    is_phrase = comments.groupby("group")["auditor"].transform("nunique") >= FEWEST_AUDITORS_OF_A_PHRASE
    comments, banked = comments[~is_phrase], is_phrase.mean() > BANKED
    within = list(_find_within(comments, asked))
    between = list(_find_between(_copied(comments[comments["words"] >= FEWEST_WORDS_BANKED] if banked else comments)))
    if is_habit(between, asked):
        return Answer(within, describe_habit("a comment in common with another"))
    return Answer(within + between, _FROM_A_BANK if banked else "")


RULES: dict[str, Rule] = {_FLAG: _ask_repeats}
"""The rule about comments that stand elsewhere too."""
