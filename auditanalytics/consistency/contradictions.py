"""Flags about comments that say another thing than the grades beside them.

Three signs, each of a whole domain: worries and no strength under grades that are all good, a worry so grave that none
of them fits it, or strengths and no worry where all is Inadequate; and a comment that names a grade which nothing in
the domain has. What is a strength and what a worry is known by the box and by the words; where the two differ, it may
be either, and nothing is said.
"""

import re
from collections.abc import Iterator

import pandas as pd

from auditanalytics.consistency.asked import Answer, Asked, Rule
from auditanalytics.consistency.flags import Sign
from auditanalytics.consistency.habits import describe_habit, is_habit
from auditanalytics.consistency.named_grades import named_grades
from auditanalytics.frameworks import OVERALL
from auditanalytics.themes import split_statements
from auditanalytics.themes.coding import COMMENT, NEXT_STEP, WORKED_WELL, WORRIED_ABOUT

FEWEST_WORRIES = 2
"""Worries, with no strength, that contradict good grades: auditors are asked to leave some learning with good work too,
so that one says nothing."""

_GRAVE = re.compile(
    r"\b(?:at (?:immediate|continued|continuing|ongoing )?risk of significant harm|left (?:\w+ ){0,3}at risk|"
    r"left (?:\w+ )?unsafe|unsafe|(?:is|are|was|were|be) not safe|not been safe|"
    r"not (?:been )?(?:safeguarded|protected)|serious (?:failings?|failures?)|"
    r"seriously failed|dangerous practice|immediate risk)\b",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:no|never|without|no longer|if|when|whether|would|could|may|might|should|until|previous(?:ly)?|before|"
    r"histor(?:y|ic|ical)|initial(?:ly)?|at the time|prevent\w*|avoid\w*|reduc\w*|says?|said|explains?|names?|"
    r"recognis\w*|identif\w*)\b",
    re.IGNORECASE,
)
"""What makes a grave word one about another time, or about what somebody recognised."""


def _kinds(asked: Asked) -> pd.DataFrame:
    """A row for every audit and domain with comments: how many statements of each kind, by box and by words."""
    coded = asked.tables["coded"]
    coded = coded[coded["kind"] != NEXT_STEP].drop_duplicates(["audit_id", "domain", "statement", "kind"])
    by_words = coded.groupby(["audit_id", "domain", "kind"]).size().unstack(fill_value=0)
    written = asked.boxes.comments[asked.boxes.comments["words"] > 0]
    by_box = written.groupby(["audit_id", "domain", "kind"]).size().unstack(fill_value=0)
    kinds = [WORKED_WELL, WORRIED_ABOUT, COMMENT]
    by_words, by_box = (table.reindex(columns=kinds, fill_value=0) for table in (by_words, by_box))
    return by_box.add_prefix("box_").join(by_words, how="left").fillna(0).astype(int)


def _domains_all(asked: Asked, tail: str) -> dict[str, pd.Index]:
    """For each domain the audits that graded it and of which every grade of it is in a tail of its scale."""
    found = {}
    for domain in asked.framework.domains:
        scale = asked.framework.scale(domain.id)
        ranks = asked.ranks[[category.id for category in domain.categories]]
        inside = ranks.isin([scale.ranks[grade] for grade in scale.tails[tail]])
        found[domain.id] = ranks.index[ranks.notna().any(axis=1) & (inside | ranks.isna()).all(axis=1)]
    return found


def _find_only_worries(asked: Asked, kinds: pd.DataFrame) -> Iterator[Sign]:
    only = kinds[
        (kinds[WORRIED_ABOUT] >= FEWEST_WORRIES)
        & (kinds[[WORKED_WELL, COMMENT, f"box_{WORKED_WELL}"]].sum(axis=1) == 0)
    ]
    all_good = _domains_all(asked, "good")
    for (audit, domain), row in only.iterrows():
        if domain in all_good and audit in all_good[domain]:
            reason = f"{row[WORRIED_ABOUT]} worries and no strength, while every grade of {asked.title(domain)} is good"
            yield Sign(audit, _FLAG, domain, None, reason)


def _find_only_strengths(asked: Asked, kinds: pd.DataFrame) -> Iterator[Sign]:
    only = kinds[(kinds[WORKED_WELL] > 0) & (kinds[[WORRIED_ABOUT, COMMENT, f"box_{WORRIED_ABOUT}"]].sum(axis=1) == 0)]
    all_inadequate = _domains_all(asked, "inadequate")
    for audit, domain in only.index:
        if domain in all_inadequate and audit in all_inadequate[domain]:
            word = " or ".join(asked.framework.scale(domain).inadequate)
            reason = f"strengths and no worry, while every grade of {asked.title(domain)} is {word}"
            yield Sign(audit, _FLAG, domain, None, reason)


def _find_grave(asked: Asked) -> Iterator[Sign]:
    comments = asked.boxes.comments
    worries = comments[comments["kind"] == WORRIED_ABOUT]
    grave = {text for text in worries["text"].unique() if _is_grave(text)}
    all_good = _domains_all(asked, "good")
    for audit, domain in worries.loc[worries["text"].isin(grave), ["audit_id", "domain"]].itertuples(index=False):
        if domain in all_good and audit in all_good[domain]:
            reason = f"a worry about safety in grave words, while every grade of {asked.title(domain)} is good"
            yield Sign(audit, _FLAG, domain, None, reason)


def _is_grave(text: str) -> bool:
    if not _GRAVE.search(text):
        return False
    return any(_GRAVE.search(each) and not _NOT_NOW.search(each) for each in split_statements(text))


def _find_named(asked: Asked) -> Iterator[Sign]:
    framework, judgements = asked.framework, asked.tables["judgements"]
    given: dict[tuple[str, str], set[str]] = {}
    for column in ("grade", "moderated_grade"):  # a comment may have been brought in line with moderation
        known = judgements.dropna(subset=column)
        for audit, domain, grade in zip(known["audit_id"], known["domain"], known[column], strict=True):
            given.setdefault((audit, domain), set()).add(grade)
            given.setdefault((audit, _ANY), set()).add(grade)
    comments = asked.boxes.comments
    comments = comments[comments["domain"].isin(framework.domain_titles)]
    found: dict[tuple[str, str], set[str]] = {}
    for audit, domain, text in comments[["audit_id", "domain", "text"]].itertuples(index=False, name=None):
        beside = given.get((audit, _ANY if domain == OVERALL else domain))
        if beside and (key := (text, domain)) not in found:
            found[key] = named_grades(text, framework.scale(domain))
        if beside and (others := found[text, domain] - beside - _of_whole(text, given.get((audit, OVERALL)))):
            names, place = " and ".join(sorted(others, key=asked.grades_of(domain).index)), asked.title(domain)
            whose = "nothing in the audit" if domain == OVERALL else f"nothing in {place}"
            yield Sign(audit, _FLAG, domain, None, f"a comment names {names} as the grade, which {whose} has")


def _of_whole(text: str, grades: set[str] | None) -> set[str]:
    """The overall grade, which a comment on a domain may name as such."""
    return grades or set() if "overall" in text.casefold() else set()


_FLAG = "comment_contradicts_grade"
_ANY = "any"


def _ask_contradictions(asked: Asked) -> Answer:
    if asked.boxes.comments.empty:
        return Answer([], "no return has a comment")
    kinds = _kinds(asked)
    signs, obstacles = [], []
    for found, what in (
        (_find_only_worries(asked, kinds), "worries and no strength under good grades"),
        (_find_only_strengths(asked, kinds), "strengths and no worry under the worst grade"),
        (_find_grave(asked), "grave worries under good grades"),
        (_find_named(asked), "comments that name another grade"),
    ):
        some = list(found)
        if is_habit(some, asked):
            obstacles.append(describe_habit(what))
        else:
            signs += some
    return Answer(signs, "; ".join(obstacles))


RULES: dict[str, Rule] = {_FLAG: _ask_contradictions}
"""The rule about comments that say another thing than the grades."""
