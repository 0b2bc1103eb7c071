"""The shape of a framework file, and how a header in a return finds its meaning.

The models are the documentation of the file: an unknown key, a wrong type or a header with two meanings is refused
with the name of the key. Headers are compared folded (case, spacing and punctuation do not count), and a field's own
name and a category's id and title are always accepted, so that a file needs to list only the words people really use.
"""

import re
import unicodedata
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from auditanalytics.grades import GradeScale

OVERALL = "overall"
"""The domain under which the judgement on the whole audit is counted."""

AUDIT_FIELDS = (
    "audit_id",
    "child",
    "worker",
    "auditor",
    "moderator",
    "team",
    "service",
    "case_type",
    "audit_type",
    "topic",
    "allocated_on",
    "due_on",
    "audited_on",
    "returned_on",
    "finalised_on",
    "moderated_on",
    "oversight_on",
    "supervision_on",
    "review_meeting_on",
    "re_audit_of",
    "exempt",
    "overall",
    "moderated_overall",
    "worked_well",
    "worried_about",
    "next_step",
    "action",
    "action_role",
    "action_person",
    "action_due_on",
    "action_completed_on",
    "feedback_from",
    "feedback_score",
    "feedback_scale",
    "feedback_text",
    "professionals_seen",
)
"""The fields of an audit that ``[columns]`` may name."""

LONG_FIELDS = ("category", "grade", "moderated_grade", "comment")
"""The fields of one judgement, in a return that has a row for each."""

_NUMBERED_FIELDS = ("next_step", "action", "action_role", "action_person", "action_due_on", "action_completed_on")
_MODERATED = "moderated"
_NUMBER = re.compile(r"\d+")

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$")]
Share = Annotated[float, Field(ge=0, le=1)]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


PeriodDate = Literal[tuple(name for name in AUDIT_FIELDS if name.endswith("_on") and not name.startswith("action"))]


def fold_header(text: str) -> str:
    """Fold a header to what is compared: letters and digits only, with "&" read as "and".

    Parameters
    ----------
    text
        A header as it was written.

    Returns
    -------
    str
        The header as it is compared.

    Examples
    --------
    >>> fold_header("Identification & response to RISK:") == fold_header("identification and response to risk")
    True
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return "".join(character for character in text if character.isalnum())


class Meaning(NamedTuple):
    """What a header means.

    A field of the audit (``name``), with the number of a numbered one; a category's grade or moderated grade; or a
    comment box (``name`` is its kind) of a domain or, where ``category`` is given, of a category.
    """

    kind: Literal["field", "grade", "moderated grade", "comment"]
    name: str = ""
    domain: str = ""
    category: str = ""
    number: int = 0


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Comments(_Table):
    """The headers of the comment boxes of a category or a whole domain."""

    worked_well: tuple[str, ...] = ()
    worried_about: tuple[str, ...] = ()


class Category(_Table):
    """A line of the audit tool that receives a grade."""

    id: Identifier
    title: str = ""
    headers: tuple[str, ...] = ()
    moderated_headers: tuple[str, ...] = ()
    comments: Comments = Comments()


class Target(_Table):
    """What the authority aims for."""

    good_at_least: Share | None = None
    inadequate_at_most: Share | None = None


class Domain(_Table):
    """An area of practice: one or more categories on one scale."""

    id: Identifier
    title: str
    scale: str = ""
    categories: tuple[Category, ...] = Field(min_length=1)
    comments: Comments = Comments()


class Overall(_Table):
    """The judgement on the whole audit; its headers are ``columns.overall``."""

    scale: str = ""


class Expected(_Table):
    """The audits that were to be returned, by month."""

    by_month: dict[Month, Annotated[int, Field(ge=0)]] = {}


class Deadlines(_Table):
    """When things must be done."""

    complete_by: Literal["month-end"] | None = None
    oversight_working_days: int | None = None
    re_audit_months: int | None = None


class Moderation(_Table):
    """How moderation is drawn."""

    share: Share | None = None


class Disclosure(_Table):
    """What may leave the analyst's desk."""

    threshold: int | None = None
    round_to: int | None = None
    quotes: Literal["none", "redacted"] = "none"


class Checks(_Table):
    """How much may be wrong before nothing is published."""

    reject_limit: Share = 0.05


class Framework(_Table):
    """What an authority audits.

    Attributes
    ----------
    id
        The name by which a shipped framework is asked for, or the name of the user's file without its ending.
    sha256
        The SHA-256 of the file.
    name
        What the audits are called.
    quarters
        ``calendar`` or ``financial-year``.
    period_date
        The date that decides the quarter.
    audit_id_from
        Headers that together identify an audit, where no single column does.
    scales, columns, overall, domains, targets, expected, deadlines, moderation, disclosure, checks
        The tables of the file; ``docs/frameworks.md`` describes each.
    """

    id: str
    sha256: str
    name: str
    quarters: Literal["calendar", "financial-year"] = "calendar"
    period_date: PeriodDate = "audited_on"
    audit_id_from: tuple[str, ...] = ()
    scales: dict[str, GradeScale] = Field(min_length=1)
    columns: dict[str, tuple[str, ...]] = {}
    overall: Overall | None = None
    domains: tuple[Domain, ...] = Field(min_length=1)
    targets: Target = Target()
    expected: Expected = Expected()
    deadlines: Deadlines = Deadlines()
    moderation: Moderation = Moderation()
    disclosure: Disclosure = Disclosure()
    checks: Checks = Checks()

    @model_validator(mode="before")
    @classmethod
    def _lift_keys_written_under_columns(cls, table: Any) -> Any:
        """Both keys are about columns, so people write them there as well as at the top."""
        if isinstance(table, dict) and isinstance(table.get("columns"), dict):
            lifted = {key: table["columns"][key] for key in ("audit_id_from", "period_date") if key in table["columns"]}
            twice = sorted(lifted.keys() & table.keys())
            if twice:
                raise ValueError(f"{twice[0]} is given twice, at the top and under [columns]; keep one")
            columns = {key: headers for key, headers in table["columns"].items() if key not in lifted}
            table = {**table, **lifted, "columns": columns}
        return table

    @field_validator("audit_id_from")
    @classmethod
    def _check_audit_id_from(cls, headers: tuple[str, ...]) -> tuple[str, ...]:
        if len(headers) == 1:
            raise ValueError("audit_id_from must list two or more headers; a single one belongs in columns.audit_id")
        return headers

    @field_validator("columns")
    @classmethod
    def _check_fields(cls, columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for field in columns:
            if field not in AUDIT_FIELDS + LONG_FIELDS:
                raise ValueError(f"[columns] names '{field}'; fields are {', '.join(AUDIT_FIELDS + LONG_FIELDS)}")
        return columns

    @model_validator(mode="after")
    def _check_references(self) -> "Framework":
        for place, scale in [(f"domain '{d.id}'", d.scale) for d in self.domains] + (
            [("[overall]", self.overall.scale)] if self.overall else []
        ):
            if scale not in self.scales and not (scale == "" and len(self.scales) == 1):
                raise ValueError(f"{place} has scale '{scale}'; the scales are {', '.join(self.scales)}")
        categories = [category.id for domain in self.domains for category in domain.categories]
        domains = [domain.id for domain in self.domains] + [OVERALL] * (self.overall is not None)
        titles = [
            fold_header(category.title) for domain in self.domains for category in domain.categories if category.title
        ]
        if len(titles) > len(set(titles)):
            raise ValueError("two categories have the same title; nothing could tell their columns apart")
        for kind, ids in (("domain", domains), ("category", categories)):
            if repeated := next((name for name in ids if ids.count(name) > 1), None):
                raise ValueError(f"the id '{repeated}' is used twice; each {kind} needs an id of its own")
        self._meanings  # noqa: B018  (finds headers with two meanings)
        return self

    @cached_property
    def _meanings(self) -> dict[str, Meaning]:
        """Every folded header with its meaning; written headers win over the names accepted by default."""
        written: dict[str, Meaning] = {}
        default: dict[str, Meaning] = {}

        def accept(meanings: dict[str, Meaning], headers: tuple[str, ...], column: Meaning) -> None:
            for header in headers:
                earlier = meanings.setdefault(fold_header(header), column)
                if earlier != column and meanings is written:
                    both = " and ".join(meaning.category or meaning.name for meaning in (earlier, column))
                    raise ValueError(f"the header '{header}' means both {both}")

        for domain in self.domains:
            for category in domain.categories:
                names = (category.id, category.title or category.id)
                moderated = tuple(f"{header} {_MODERATED}" for header in category.headers)
                grade = Meaning("grade", "", domain.id, category.id)
                moderated_grade = grade._replace(kind="moderated grade")
                accept(written, category.headers, grade)
                accept(written, category.moderated_headers, moderated_grade)
                accept(default, names, grade)
                accept(default, moderated + tuple(f"{name} {_MODERATED}" for name in names), moderated_grade)
                for kind in Comments.model_fields:
                    accept(written, getattr(category.comments, kind), Meaning("comment", kind, domain.id, category.id))
            for kind in Comments.model_fields:
                accept(written, getattr(domain.comments, kind), Meaning("comment", kind, domain.id))
        for field in AUDIT_FIELDS + LONG_FIELDS:
            accept(written, self.columns.get(field, ()), Meaning("field", field))
            accept(default, (field,), Meaning("field", field))
        accept(
            default,
            tuple(f"{header} {_MODERATED}" for header in self.columns.get("overall", ("overall",))),
            Meaning("field", "moderated_overall"),
        )
        return default | written

    def meaning(self, header: str) -> Meaning | None:
        """Find what a header of a return means.

        Parameters
        ----------
        header
            A header as it was written.

        Returns
        -------
        Meaning or None
            Its meaning, with the number of a numbered header such as "Action 2"; None where it has none.

        Examples
        --------
        >>> from auditanalytics.frameworks import load_framework
        >>> load_framework("south-gloucestershire").meaning("identification of RISK (moderated)")
        Meaning(kind='moderated grade', name='', domain='risk', category='risk-identification', number=0)
        """
        folded = fold_header(header)
        column = self._meanings.get(folded)
        if column is None and len(numbers := _NUMBER.findall(folded)) == 1:
            column = self._meanings.get(_NUMBER.sub("", folded))
            column = column._replace(number=int(numbers[0])) if column and column.name in _NUMBERED_FIELDS else None
        return column

    @cached_property
    def domain_titles(self) -> dict[str, str]:
        """The title of every domain by its id, the overall judgement last."""
        titles = {domain.id: domain.title for domain in self.domains}
        return titles | ({OVERALL: "Overall judgement"} if self.overall else {})

    def scale(self, domain: str) -> GradeScale:
        """Give the scale on which a domain, or the overall judgement, is graded.

        Parameters
        ----------
        domain
            The id of a domain, or ``overall``.

        Returns
        -------
        GradeScale
            Its scale.
        """
        return self.scales[self.scale_name(domain)]

    def scale_name(self, domain: str) -> str:
        """Give the name of the scale on which a domain, or the overall judgement, is graded.

        Parameters
        ----------
        domain
            The id of a domain, or ``overall``.

        Returns
        -------
        str
            A key of ``scales``.
        """
        names = {each.id: each.scale for each in self.domains} | ({OVERALL: self.overall.scale} if self.overall else {})
        return names[domain] or next(iter(self.scales))
