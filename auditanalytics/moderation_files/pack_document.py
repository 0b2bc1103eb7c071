"""The discussion pack as a Word file and as a web page: the parts of a brief, which both know how to write.

A case is a section: where it stands, why it was looked at, where the grades differ, what was written on both sides, and
a table with room to write down what was agreed.
"""

from collections.abc import Iterator
from importlib import metadata

from auditanalytics.briefs.model import BriefTable, LearningBrief, Paragraph, Part, Point, Points, Section
from auditanalytics.briefs.web import web_document
from auditanalytics.briefs.word import word_document
from auditanalytics.english import counted, were
from auditanalytics.moderation_files.pack import Case, DiscussionPack

_NOTICE = (
    "The comments are the auditors' and moderators' own words. Names, numbers and places in them were hidden by a "
    "program, which is an aid and no more: read them before you hand this on."
)
_PURPOSE = (
    "This pack is for a conversation between auditors and moderators about cases that they graded differently. It is "
    "about how each grade is to be understood, so that the next case is graded alike, and not about who was right."
)
_ROOM = "\n" + " " * 60
"""An empty cell to be written in: two lines, and as wide as a cell of words may be."""


def word_pack(pack: DiscussionPack) -> bytes:
    """Write a discussion pack as a Word file.

    Parameters
    ----------
    pack
        The pack.

    Returns
    -------
    bytes
        A .docx file; the same bytes for the same pack.
    """
    return word_document(_document(pack))


def web_pack(pack: DiscussionPack) -> str:
    """Write a discussion pack as a web page.

    Parameters
    ----------
    pack
        The pack.

    Returns
    -------
    str
        HTML that needs nothing else and holds no script.
    """
    return web_document(_document(pack))


def _document(pack: DiscussionPack) -> LearningBrief:
    numbered = {case.audit: number for number, case in enumerate(pack.cases, 1)}
    groups = (
        ("far-apart", "Two or more steps apart", pack.far),
        ("one-step", "One step apart", pack.near),
    )
    sections = [
        Section(name, title, sections=tuple(_case(case, numbered[case.audit]) for case in cases))
        for name, title, cases in groups
        if cases
    ]
    return LearningBrief(
        "discussion",
        f"Discussion pack: {pack.when}",
        pack.framework,
        pack.quarter,
        pack.when,
        (_PURPOSE, _counts(pack)),
        (*sections, *_waiting(pack)),
        notice=_NOTICE if pack.quoted else "",
        provenance=f"auditanalytics {metadata.version('auditanalytics')}; an audit is its pseudonym.",
    )


def _counts(pack: DiscussionPack) -> str:
    number = pack.moderated or "none"
    moderated = f"Of {counted(pack.audits, 'audit')} of {pack.when}, {number} {were(pack.moderated)} moderated"
    if not pack.cases:
        return f"{moderated}{'; every grade was seen alike' if pack.moderated else ''}."
    return (
        f"{moderated}. In {len(pack.cases)} of them at least one grade was seen differently, in {len(pack.far)} by two "
        "steps or more."
    )


def _case(case: Case, number: int) -> Section:
    return Section(f"case-{number}", f"Case {number}: {case.audit}", tuple(_parts(case)))


def _parts(case: Case) -> Iterator[Part]:
    yield Paragraph(f"{case.place}; audited on {case.audited_on}.")
    if case.reasons:
        yield Points(tuple(map(Point, case.reasons)))
    same = f"{counted(case.same, 'more judgement')} {'was' if case.same == 1 else 'were'} seen alike."
    rows = tuple((each.title, each.grade, each.moderated, each.steps) for each in case.differences)
    head = ("Judgement", "Auditor's grade", "Moderated grade", "Steps")
    yield BriefTable("Where the grades differ", head, rows, note=same if case.same else "", of_words=True)
    if case.words:
        said = tuple((each.domain, each.auditor or "–", each.moderator or "–") for each in case.words)
        yield BriefTable("What was written", ("Domain", "The auditor", "The moderator"), said, of_words=True)
    else:
        yield Paragraph("No comment and no reason was written on these judgements.", quiet=True)
    questions = [f"What {grade} looks like here" for grade in case.grades]
    questions += ["Grade agreed", "Why", "Who agreed it, and when"]
    rows_to_fill = tuple((question, _ROOM) for question in questions)
    yield BriefTable("To settle", ("In this case", "Agreed in the discussion"), rows_to_fill, of_words=True)


def _waiting(pack: DiscussionPack) -> Iterator[Section]:
    if pack.waiting:
        rows = tuple((each.audit, each.place, each.reason) for each in pack.waiting)
        note = "They are to be moderated first, so neither their comments nor their other grades are shown."
        head = ("Audit", "Where it stands", "Why")
        yield Section(
            "waiting",
            "Not moderated yet",
            (BriefTable("Audits with a reason to look", head, rows, note=note, of_words=True),),
        )
