"""The discussion pack as a value: the audits of a quarter on which auditor and moderator differ, the furthest first.

Consistency is made in a conversation about single cases, not by a coefficient. So the pack brings for each case both
grades, both sets of words and room for what was agreed. The words are those of the returns, with everybody whom any
return names hidden, and with what shows by its shape; only domains in which grades differ are quoted. Of audits that
nobody has moderated neither grade nor comment is shown, so that they can still be moderated without knowing them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from auditanalytics.english import as_sentence
from auditanalytics.frameworks import OVERALL
from auditanalytics.intake import IDENTITY_SEPARATOR
from auditanalytics.moderated_grades import CERTAINTY, CONSENSUS, RANDOM
from auditanalytics.moderation import moderated_audits
from auditanalytics.moderation_files.sheets import category_label
from auditanalytics.months import month_title
from auditanalytics.privacy import redact
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reasons_to_look import reasons_to_look
from auditanalytics.reporting.wording import placed
from auditanalytics.returns import AuditReturns

FAR_APART = 2
"""Steps between two grades from which a case is discussed first: one is a matter of degree, two are another case."""

NOT_GRADED = "not graded"
_WHY_CHOSEN = {CERTAINTY: "Drawn because there was a reason to look", RANDOM: "Drawn at random"}
_BOXES = {"worked_well": "Working well", "worried_about": "Worried about", "comment": "Comment"}
_WHOLE_AUDIT = "The whole audit"


@dataclass(frozen=True)
class Difference:
    """A judgement that was seen differently.

    Attributes
    ----------
    domain, category
        The ids of both.
    title
        What was judged, in words.
    grade, moderated
        The auditor's grade, and the moderated one; several where moderators differ.
    steps
        How far the moderated grade went up or down, in words.
    size
        The most steps between any two of the grades.
    """

    domain: str
    category: str
    title: str
    grade: str
    moderated: str
    steps: str
    size: int


@dataclass(frozen=True)
class Words:
    """What was written of a domain, redacted: by the auditor and by the moderators; "" where nothing was."""

    domain: str
    auditor: str
    moderator: str


@dataclass(frozen=True)
class Case:
    """An audit to be discussed.

    Attributes
    ----------
    audit, place, audited_on
        Its pseudonym, where its return stands, and the day of the audit.
    reasons
        Why it was moderated, and what was seen in it.
    differences
        The judgements that were seen differently, the furthest apart first.
    same
        How many more were moderated and seen alike.
    words
        What was written of the domains of the differences, and of the whole audit.
    grades
        The grades of the scales concerned, best first.
    """

    audit: str
    place: str
    audited_on: str
    reasons: tuple[str, ...]
    differences: tuple[Difference, ...]
    same: int
    words: tuple[Words, ...]
    grades: tuple[str, ...]

    @property
    def size(self) -> int:
        """The most steps between any two grades of one judgement."""
        return max(each.size for each in self.differences)


@dataclass(frozen=True)
class Waiting:
    """An audit with a reason to look at it that nobody has moderated yet."""

    audit: str
    place: str
    reason: str


@dataclass(frozen=True)
class DiscussionPack:
    """The discussion pack of a quarter.

    Attributes
    ----------
    framework
        The name of the framework.
    quarter, when
        The quarter as a name that sorts, and in words.
    audits, moderated
        How many audits the quarter has, and how many of them were moderated.
    cases
        Those with grades that differ, the furthest apart first.
    waiting
        Those with a reason to look at them that nobody has moderated yet.
    """

    framework: str
    quarter: str
    when: str
    audits: int
    moderated: int
    cases: tuple[Case, ...]
    waiting: tuple[Waiting, ...]

    @property
    def far(self) -> tuple[Case, ...]:
        """The cases that are `FAR_APART`."""
        return tuple(case for case in self.cases if case.size >= FAR_APART)

    @property
    def near(self) -> tuple[Case, ...]:
        """The other cases."""
        return tuple(case for case in self.cases if case.size < FAR_APART)

    @property
    def quoted(self) -> list[str]:
        """Everything in it that somebody wrote, as it is printed."""
        said = [text for case in self.cases for words in case.words for text in (words.auditor, words.moderator)]
        return [text for text in said if text]


def discussion_pack(returns: AuditReturns, *, quarter: str) -> DiscussionPack:
    """Make the discussion pack of a quarter.

    Parameters
    ----------
    returns
        Audit returns, as they were read: those opened from a folder hold no comments.
    quarter
        The name of a quarter.

    Returns
    -------
    DiscussionPack
        The pack.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> pack = discussion_pack(read_returns("data/example"), quarter="2019-Q4")
    >>> pack.moderated, len(pack.cases), pack.cases[0].differences[0].steps
    (3, 2, '1 up')
    """
    making = _Making(returns, quarter)
    cases = [case for audit in making.moderated if (case := making.case(audit))]
    cases.sort(key=lambda case: (-case.size, -sum(each.size for each in case.differences), case.audit))
    return DiscussionPack(
        returns.framework.name,
        quarter,
        period_title(parse_quarter(quarter, calendar=returns.framework.quarters)),
        len(making.audits),
        len(making.moderated),
        tuple(cases),
        making.waiting(),
    )


class _Making:
    """The making of a pack: the tables of the quarter, by audit."""

    def __init__(self, returns: AuditReturns, quarter: str) -> None:
        self._returns, self._framework, self._quarter = returns, returns.framework, quarter
        self.audits = returns.audits[returns.audits["quarter"] == quarter].set_index("audit_id")
        self._given = returns.moderations[returns.moderations["audit_id"].isin(self.audits.index)]
        self._judgements = returns.judgements[returns.judgements["audit_id"].isin(self.audits.index)]
        self.moderated = self.audits.index[self.audits.index.isin(moderated_audits(returns))].tolist()

    @cached_property
    def _reasons_to_look(self) -> dict[str, list[str]]:
        return reasons_to_look(self._returns, self.audits.index.to_series())

    @cached_property
    def _names(self) -> tuple[str, ...]:
        identifiers = self._returns.identifiers
        names = identifiers.loc[identifiers["kind"] != "comment", "text"]
        return tuple(names.str.replace(IDENTITY_SEPARATOR, " "))

    def case(self, audit: str) -> Case | None:
        """The audit as a case; None where every grade was seen alike."""
        judgements = self._judgements[self._judgements["audit_id"] == audit]
        found = [self._compare(each) for each in judgements.itertuples(index=False)]
        differences = sorted((each for each in found if each and each.moderated), key=lambda each: -each.size)
        if not differences:
            return None
        scales = dict.fromkeys(self._framework.scale_name(each.domain) for each in differences)
        row = self.audits.loc[audit]
        return Case(
            audit,
            self._place(audit),
            _day_in_words(row["period_date"]),
            tuple(self._reasons(audit)),
            tuple(differences),
            sum(each is not None for each in found) - len(differences),
            tuple(self._words(audit, [each.domain for each in differences])),
            tuple(dict.fromkeys(grade for name in scales for grade in self._framework.scales[name].grades)),
        )

    def _compare(self, judgement: object) -> Difference | None:
        """How a judgement was seen: with nothing moderated in it where alike; None where nobody moderated it."""
        audit, domain, category = judgement.audit_id, judgement.domain, judgement.category
        ranks = self._framework.scale(domain).ranks
        given = [judgement.moderated_grade]
        if pd.isna(judgement.moderated_grade):
            rows = self._given[(self._given["audit_id"] == audit) & (self._given["category"] == category)]
            given = sorted(rows["moderated_grade"].unique(), key=ranks.get)
        if not given:
            return None
        first = None if pd.isna(judgement.grade) else judgement.grade
        places = [ranks[grade] for grade in (*given, *([first] if first else []))]
        label = category_label(self._framework, domain, category)
        title = label if category == OVERALL else f"{self._framework.domain_titles[domain]}: {label}"
        moved = "; ".join(_steps(ranks[first] - ranks[grade]) if first else "–" for grade in given)
        differs = given != [first]
        return Difference(
            *(domain, category, title, first or NOT_GRADED),
            *("; ".join(given) if differs else "", moved, max(places) - min(places)),
        )

    def _reasons(self, audit: str) -> Iterator[str]:
        strata = self._given.loc[self._given["audit_id"] == audit, "stratum"].dropna().unique()
        yield from (_WHY_CHOSEN[stratum] for stratum in strata)
        yield from self._why_to_look(audit)
        flags = self._returns.flags
        yield from map(as_sentence, flags.loc[flags["audit"] == audit, "reason"].unique())

    def _why_to_look(self, audit: str) -> Iterator[str]:
        if reasons := self._reasons_to_look.get(audit):
            yield as_sentence("; ".join(reasons))

    def _words(self, audit: str, domains: list[str]) -> Iterator[Words]:
        findings = self._returns.findings[self._returns.findings["audit_id"] == audit]
        given = self._given[(self._given["audit_id"] == audit) & self._given["reason"].notna()]
        for domain in [*dict.fromkeys(each for each in domains if each != OVERALL), OVERALL]:
            is_here = findings["domain"].isna() if domain == OVERALL else findings["domain"] == domain
            said = self._said(findings[is_here & findings["text"].notna()])
            why = self._why(given[given["domain"] == domain])
            if said or why:
                title = _WHOLE_AUDIT if domain == OVERALL else self._framework.domain_titles[domain]
                yield Words(title, said, why)

    def _said(self, findings: pd.DataFrame) -> str:
        """The auditor's words, box by box."""
        texts = []
        for each in findings[findings["kind"].isin(_BOXES)].itertuples(index=False):
            of = "" if pd.isna(each.category) else f", {category_label(self._framework, each.domain, each.category)}"
            texts.append(f"{_BOXES[each.kind]}{of}: {self._redacted(each.text)}")
        return "\n".join(texts)

    def _why(self, given: pd.DataFrame) -> str:
        """The moderators' reasons; who of several gave each is told by a number."""
        people = [each for each in given["moderator"].dropna().unique() if each != CONSENSUS]
        called = {each: f"Moderator {number}, " if len(people) > 1 else "" for number, each in enumerate(people, 1)}
        called[CONSENSUS] = "Agreed, "
        texts = []
        for each in given.itertuples(index=False):
            of = category_label(self._framework, each.domain, each.category)
            whose = "" if pd.isna(each.moderator) else called[each.moderator]
            texts.append(f"{whose}{of}: {self._redacted(each.reason)}")
        return "\n".join(texts)

    def _redacted(self, text: str) -> str:
        return redact(text, names=self._names).text

    def _place(self, audit: str) -> str:
        row = self.audits.loc[audit]
        return placed(row["file"], row["sheet"], row=row["row"])

    def waiting(self) -> tuple[Waiting, ...]:
        """The audits with a reason to look that nobody has moderated."""
        audits = [audit for audit in self.audits.index if audit not in self.moderated]
        return tuple(
            Waiting(audit, self._place(audit), reason) for audit in audits for reason in self._why_to_look(audit)
        )


def _day_in_words(day: pd.Timestamp) -> str:
    return f"{day.day} {month_title(day.to_period('M'))} {day.year}"


def _steps(number: int) -> str:
    return "same" if not number else f"{abs(number)} {'up' if number > 0 else 'down'}"
