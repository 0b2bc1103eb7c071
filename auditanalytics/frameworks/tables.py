"""The tables of a framework file, key by key, each with what it means.

The models are the documentation of the file: `docs/frameworks.md` is made from the descriptions that stand here. An
unknown key, a wrong type or a number out of range is refused with the name of the key. Numbers are taken as they are
written: ``true`` is no number and ``"10"`` is a text.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from auditanalytics.frameworks.fields import ActionField
from auditanalytics.settings_file import Identifier, Month, Table


def _say_something(text: str) -> str:
    """Refuse a header without a letter or digit: it would be that of every empty column."""
    if not any(character.isalnum() for character in text):
        raise ValueError(f"'{text}' has no letter or digit to be known by; write a word, or take it out")
    return text


Header = Annotated[str, AfterValidator(_say_something)]
Headers = tuple[Header, ...]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Count = Annotated[int, Field(ge=0, strict=True)]
Several = Annotated[int, Field(ge=1, strict=True)]


class Comments(Table):
    """The headers of the comment boxes of a category or a whole domain."""

    worked_well: Headers = Field((), description="headers of the box for what is working well")
    worried_about: Headers = Field((), description="headers of the box for what the auditor is worried about")


class Category(Table):
    """A line of the audit tool that receives a grade."""

    id: Identifier = Field(description="short name, in no other category; also accepted as a header")
    title: Header | Literal[""] = Field(
        "", description="what people call it; also accepted as a header; the id if not given"
    )
    headers: Headers = Field((), description="other headers of its grade")
    moderated_headers: Headers = Field(
        (), description='headers of its grade after moderation, beside its own with "(moderated)"'
    )
    comments: Comments = Field(Comments(), description="the headers of its own comment boxes")


class Domain(Table):
    """An area of practice: one or more categories on one scale."""

    id: Identifier = Field(description="short name, in file names and in no other domain")
    title: str = Field(description="what people call it; it heads the page")
    scale: str = Field("", description="the scale of its grades; may be left out where there is one scale")
    categories: tuple[Category, ...] = Field(min_length=1, description="the categories that make it up")
    comments: Comments = Field(Comments(), description="the headers of comment boxes for the whole domain")


class Form(Table):
    """One form of several: an authority may ask different categories of different kinds of case."""

    id: Identifier = Field(description="short name, in no other form; also known in the audit-type column")
    title: Header = Field(description="what people call the form; also known in the audit-type column")
    audit_types: Headers = Field((), description="other words in the audit-type column by which the form is known")
    categories: tuple[Identifier, ...] = Field(
        min_length=1, description="ids of the categories that the form asks, in its order"
    )
    prefilled: dict[Identifier, str] = Field(
        {}, description="by id of a category, the answer that stands in the form before anybody has filled it in"
    )


class Overall(Table):
    """The judgement on the whole audit; its headers are ``columns.overall``."""

    scale: str = Field("", description="its scale; may be left out where there is one scale")


class Target(Table):
    """What the authority aims for."""

    good_at_least: Share | None = Field(None, description="the share that is to be good or better")
    inadequate_at_most: Share | None = Field(None, description="the share that may be inadequate")


class Expected(Table):
    """The audits that were to be returned, by month."""

    by_month: dict[Month, Count] = Field({}, description="audits expected in a month: `2019-01 = 15`")


class Allocation(Table):
    """How audits are given out, and what an auditor then does."""

    issued_by: Literal["first-working-day", "first-day"] | None = Field(
        None, description="the day of the month by which auditors know their cases"
    )
    audits_each_a_year: Several | None = Field(None, description="the most audits that an auditor is given in a year")
    on_break_at_most: Share | None = Field(None, description="the share of auditors that may be on a break in a month")
    break_asked_by: Literal["previous-month-end"] | None = Field(
        None, description="the day by which an auditor asks for a break"
    )
    own_team_allowed: bool | None = Field(
        None, strict=True, description="whether auditors may be given cases of teams that they are responsible for"
    )
    exempted_by: Headers = Field((), description="the roles that may agree that an audit is not done")
    contact_attempts: Several | None = Field(
        None, description="attempts to reach the worker after which the auditor turns to a senior manager"
    )
    look_back_months: Several | None = Field(None, description="how far back the auditor reads the record")


class Deadlines(Table):
    """When things must be done."""

    complete_by: Literal["month-end"] | None = Field(None, description="the day by which an audit is complete")
    amendment_working_days: Count | None = Field(
        None, description="working days in which a return that was sent back is amended"
    )
    oversight_working_days: Count | None = Field(
        None, description="working days from finalisation to the manager's oversight"
    )
    discussed_by: Literal["next-supervision"] | None = Field(
        None, description="the occasion by which the findings are discussed with the worker"
    )
    review_meeting_weeks: Count | None = Field(None, description="weeks from an Inadequate to the review meeting")
    re_audit_months: Count | None = Field(None, description="months within which an Inadequate is audited again")
    thematic_review_months: Count | None = Field(
        None, description="months after which a themed audit that asked for action is reviewed"
    )
    partnership_re_audit_months: Count | None = Field(
        None, description="months after which an audit with partner agencies is repeated by the authority alone"
    )
    adoption_support_months: Count | None = Field(None, description="months after which adoption support is audited")


class Moderation(Table):
    """How moderation is drawn, and which signs ask for it."""

    share: Share | None = Field(None, description="the share of a month's audits that is moderated")
    first_audits: Count = Field(3, description="how many of the first audits of a new auditor are moderated")
    limiting: tuple[Identifier, ...] = Field(
        (),
        description="ids of the domains or categories of which an Inadequate sits ill with a Good overall; those about "
        "risk, safeguarding or oversight, by their titles, if not given",
    )
    each_a_month: Count | None = Field(None, description="audits that each senior manager moderates in a month besides")


class Samples(Table):
    """How many audits and checks are made."""

    audits_a_month: dict[Identifier, Count] = Field(
        {}, description="the least number of audits of a kind in a month: `control = 40`"
    )
    dip_samples_each_a_month: Count | None = Field(None, description="records that each manager dip-samples in a month")
    actions_checked_a_month: Count | None = Field(
        None, description="audits a month in which it is checked that the actions were done"
    )
    supervision_audits_each_a_year: Count | None = Field(
        None, description="audits a year of each supervisor's supervision"
    )
    supervision_audit_cases: Several | None = Field(None, description="cases drawn for an audit of supervision")


class Disclosure(Table):
    """What may leave the analyst's desk."""

    threshold: Count | None = Field(
        None, description="the number of children below which a count is hidden in a report for sharing"
    )
    round_to: Several | None = Field(
        None, description="the number to whose multiples counts are rounded in a report for sharing"
    )
    quotes: Literal["none", "redacted"] = Field("none", description="whether comments may be quoted")


class Checks(Table):
    """What a return must have, and how much may be wrong before nothing is published."""

    reject_limit: Share = Field(
        0.05, description="the share of audits that may be rejected before nothing is published"
    )
    comments_required: bool = Field(False, strict=True, description="whether every comment box is to be filled in")
    action_needs: tuple[ActionField, ...] = Field((), description="the fields without which an action is incomplete")
