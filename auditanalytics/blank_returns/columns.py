"""What a blank return asks, section by section, whichever file it is written into.

A header is the first of its words that the framework reads back as what is meant. Left out are grades after moderation
and who gave them, themes coded by hand, and exemptions, because none of them is the auditor's to fill in; and the scale
of a score, which stands with the score.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from auditanalytics.challenges import CHANGED, STANDS
from auditanalytics.english import as_sentence
from auditanalytics.errors import FrameworkError
from auditanalytics.frameworks import OVERALL, Category, Domain, Form, Framework, Meaning
from auditanalytics.frameworks.fields import AUDIT_FIELD_MEANINGS
from auditanalytics.frameworks.tables import Comments

NEEDED, EXPECTED, OF_AN_ACTION = "Yes, or the audit is not counted", "Yes", "With every action"
OPTIONAL, WORTH_SAYING = "If known", "If there is something to say"
"""Whether a column must be filled in."""

THE_AUDIT, AS_A_WHOLE, NEXT_STEPS, FEEDBACK, AFTERWARDS = "audit", "whole", "next-steps", "feedback", "afterwards"
"""The sections that are not those of a domain, nor that of the overall judgement."""

_TITLES = {
    THE_AUDIT: "The audit",
    AS_A_WHOLE: "The audit as a whole",
    NEXT_STEPS: "Next steps",
    FEEDBACK: "Feedback",
    AFTERWARDS: "After the audit",
}
_ABOUT = (
    *("worker", "auditor", "auditor_team", "team", "service", "case_type", "audit_type", "topic", "re_audit_of"),
    *("allocated_on", "due_on", "professionals_seen"),
)
_COMMENTS = ("worked_well", "worried_about")
_FEEDBACK = ("feedback_from", "feedback_score", "feedback_text")
_ACTION = ("action", "action_role", "action_person", "action_due_on", "action_completed_on")
_AFTERWARDS = (
    *("returned_on", "finalised_on", "challenge", "challenge_outcome", "oversight_on", "supervision_on"),
    "review_meeting_on",
)
ACTIONS, PEOPLE = 3, 2
"""How many actions, and the feedback of how many people, there is room for."""

_CHOICES = {"challenge": ("Yes", "No"), "challenge_outcome": (as_sentence(CHANGED), as_sentence(STANDS))}
_ALSO = {"audit_id": "; no two audits have the same", "feedback_score": "; write 9 of 10, not 9/10"}
_LONG = ("worked_well", "worried_about", "next_step", "action", "feedback_text", "professionals_seen")


@dataclass(frozen=True)
class ReturnColumn:
    """One thing that a blank return asks.

    Attributes
    ----------
    label
        What it is called, without a number.
    what
        What goes here, in words.
    meaning
        What the framework takes the header for; None for a part of an identity that is nothing else.
    need
        Whether it must be filled in.
    choices
        The answers to choose from; none where it is written freely.
    """

    label: str
    what: str
    meaning: Meaning | None
    need: str = OPTIONAL
    choices: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The header of its column, with the number of a numbered one."""
        number = self.meaning.number if self.meaning else 0
        return f"{self.label} {number}" if number else self.label

    @property
    def field(self) -> str:
        """The field of the audit that it is; "" for the grade or a comment box of a domain or category."""
        return self.meaning.name if self.meaning and self.meaning.kind == "field" else ""

    @property
    def is_date(self) -> bool:
        """Whether it is a day."""
        return self.field.endswith("_on")

    @property
    def is_grade(self) -> bool:
        """Whether it is the grade of a category."""
        return self.meaning is not None and self.meaning.kind == "grade"

    @property
    def is_long(self) -> bool:
        """Whether there is much to write."""
        return self.field in _LONG or (self.meaning is not None and self.meaning.kind == "comment")


class Section(NamedTuple):
    """What belongs together; ``id`` is that of a domain, ``overall`` or one of the constants here."""

    id: str
    title: str
    columns: tuple[ReturnColumn, ...]


@dataclass(frozen=True)
class BlankReturn:
    """What the return of one form, or of all audits where there are no forms, asks.

    Attributes
    ----------
    title
        What people call it.
    form
        The form; None where the framework has none.
    sections
        What it asks; no section is empty.
    identity
        How many of the first columns say which audit it is.
    """

    title: str
    form: Form | None
    sections: tuple[Section, ...]
    identity: int

    @property
    def columns(self) -> list[ReturnColumn]:
        """Everything it asks, in its order."""
        return [column for section in self.sections for column in section.columns]


def plan_returns(framework: Framework) -> list[BlankReturn]:
    """Plan the blank returns of a framework.

    Parameters
    ----------
    framework
        A framework.

    Returns
    -------
    list of BlankReturn
        One for each form; a single one where there are no forms.

    Raises
    ------
    FrameworkError
        If a return could not be read back, because no header is left that means what it must have.

    Examples
    --------
    >>> from auditanalytics.frameworks import load_framework
    >>> [blank.title for blank in plan_returns(load_framework("telford-and-wrekin"))]
    ['Looked after children and care leavers', 'Child protection and children in need']
    >>> [column.header for column in plan_returns(load_framework("south-gloucestershire"))[0].columns[:3]]
    ['Audit reference', 'Child reference', 'Date of audit']
    """
    return [_plan(framework, form) for form in framework.forms or (None,)]


def _plan(framework: Framework, form: Form | None) -> BlankReturn:
    identity = _identity(framework)
    about: dict[str, ReturnColumn] = {}
    first = _named(framework, ("child", "audited_on", framework.period_date))
    for column in (*identity, *first, *_named(framework, _ABOUT, form)):
        about.setdefault(column.header, column)
    sections = [
        Section(THE_AUDIT, _TITLES[THE_AUDIT], tuple(about.values())),
        *_overall(framework),
        *_domains(framework, form),
        *(
            Section(name, _TITLES[name], tuple(columns))
            for name, columns in (
                (AS_A_WHOLE, _named(framework, _COMMENTS)),
                (NEXT_STEPS, [*_named(framework, ("next_step",)), *_several(framework, _ACTION, ACTIONS)]),
                (FEEDBACK, _feedback(framework)),
                (AFTERWARDS, [each for each in _named(framework, _AFTERWARDS) if each.header not in about]),
            )
        ),
    ]
    return BlankReturn(
        form.title if form else framework.name,
        form,
        tuple(section for section in sections if section.columns),
        len(identity) + ([column.field for column in sections[0].columns][len(identity) :][:1] == ["child"]),
    )


def _identity(framework: Framework) -> list[ReturnColumn]:
    """What says which audit it is: one reference, or where the framework knows none, several things together."""
    if framework.columns.get("audit_id") or not framework.audit_id_from:
        return [_field(framework, "audit_id")]
    columns = []
    for header in framework.audit_id_from:
        meaning = framework.meaning(header)
        if meaning is not None and meaning.kind == "field":
            columns.append(_field(framework, meaning.name, need=NEEDED))
        else:
            columns.append(ReturnColumn(header, "with others, what identifies the audit", meaning, NEEDED))
    return columns


def _named(framework: Framework, fields: Iterable[str], form: Form | None = None) -> list[ReturnColumn]:
    """The columns of those fields that the framework names, or that a return cannot do without."""
    always = (framework.period_date, *(["audit_type"] if form else []))
    named = [name for name in fields if framework.columns.get(name) or name in always]
    return [_field(framework, name, form=form) for name in named]


def _several(framework: Framework, fields: Iterable[str], times: int) -> list[ReturnColumn]:
    """The columns of fields that may stand several times on a row; once only where their numbers would not be read."""
    once = _named(framework, fields)
    numbered = [[_numbered(column, number) for column in once] for number in range(1, times + 1)]
    is_read = all(framework.meaning(column.header) == column.meaning for group in numbered for column in group)
    return [column for group in numbered for column in group] if is_read else once


def _feedback(framework: Framework) -> list[ReturnColumn]:
    """The feedback of several people, who are told apart by who they are; where that is not asked, of one."""
    if framework.columns.get("feedback_from"):
        return _several(framework, _FEEDBACK, PEOPLE)
    return _named(framework, _FEEDBACK)


def _numbered(column: ReturnColumn, number: int) -> ReturnColumn:
    meaning = Meaning("field", column.field, number=number)
    return ReturnColumn(column.label, column.what, meaning, column.need, column.choices)


def _overall(framework: Framework) -> Iterator[Section]:
    if framework.overall:
        column = _field(framework, OVERALL, need=EXPECTED, choices=framework.scale(OVERALL).choices)
        yield Section(OVERALL, framework.domain_titles[OVERALL], (column,))


def _domains(framework: Framework, form: Form | None) -> Iterator[Section]:
    for domain in framework.domains:
        asked = {category.id: category for category in domain.categories}
        if form:
            asked = {name: asked[name] for name in form.categories if name in asked}
        if asked:
            columns = [column for category in asked.values() for column in _category(framework, domain, category)]
            boxes = _boxes(framework, domain.comments, Meaning("comment", domain=domain.id), domain.title)
            yield Section(domain.id, domain.title, (*columns, *boxes))


def _category(framework: Framework, domain: Domain, category: Category) -> Iterator[ReturnColumn]:
    meaning = Meaning("grade", "", domain.id, category.id)
    candidates = (category.title, *category.headers, category.id)
    label = _label(framework, meaning, candidates, f"headers of the category '{category.id}'")
    yield ReturnColumn(
        label, f"A grade, counted under '{domain.title}'", meaning, EXPECTED, framework.scale(domain.id).choices
    )
    yield from _boxes(framework, category.comments, meaning._replace(kind="comment"), label)


def _boxes(framework: Framework, comments: Comments, meaning: Meaning, of: str) -> Iterator[ReturnColumn]:
    for kind in _COMMENTS:
        if headers := getattr(comments, kind):
            what = f"{as_sentence(AUDIT_FIELD_MEANINGS[kind])}, in '{of}'"
            yield ReturnColumn(headers[0], what, meaning._replace(name=kind), _need_of_comments(framework))


def _need_of_comments(framework: Framework) -> str:
    return EXPECTED if framework.checks.comments_required else WORTH_SAYING


def _field(
    framework: Framework, name: str, *, need: str = "", choices: tuple[str, ...] = (), form: Form | None = None
) -> ReturnColumn:
    what = as_sentence(AUDIT_FIELD_MEANINGS[name]) + _ALSO.get(name, "")
    choices = choices or _CHOICES.get(name, ())
    if form and name == "audit_type":
        need, choices = EXPECTED, (form.title,)
    return ReturnColumn(
        field_label(framework, name), what, Meaning("field", name), need or _need(framework, name), choices
    )


def _need(framework: Framework, name: str) -> str:
    if name in ("audit_id", framework.period_date):
        return NEEDED
    if name in framework.checks.action_needs:
        return OF_AN_ACTION
    if name in _COMMENTS:
        return _need_of_comments(framework)
    return WORTH_SAYING if name in ("next_step", "feedback_text") else OPTIONAL


def field_label(framework: Framework, name: str) -> str:
    """Give the first header that the framework reads back as a field.

    Parameters
    ----------
    framework
        A framework.
    name
        The name of a field.

    Returns
    -------
    str
        A header.

    Raises
    ------
    FrameworkError
        If none does.

    Examples
    --------
    >>> from auditanalytics.frameworks import load_framework
    >>> field_label(load_framework("telford-and-wrekin"), "category")
    'Area of practice'
    """
    candidates = (*framework.columns.get(name, ()), as_sentence(name.replace("_", " ")))
    return _label(framework, Meaning("field", name), candidates, f"columns.{name}")


def _label(framework: Framework, meaning: Meaning, candidates: Iterable[str], place: str) -> str:
    for header in candidates:
        if header and framework.meaning(header) == meaning:
            return header
    raise FrameworkError(f"{framework.id}: no header is left for {place}, because others have taken it; list one there")
