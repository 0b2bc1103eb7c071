"""A framework: everything that one file says an authority audits, checked as a whole.

What each key means stands with the tables; here they are held against each other. Every scale, category and answer
that is named somewhere must be there, and no word may have two meanings, because a return that could be read in two
ways would be read in the wrong one.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from auditanalytics.frameworks.fields import AUDIT_FIELDS, LONG_FIELDS, OVERALL, PeriodDate
from auditanalytics.frameworks.headers import Meaning, find_meaning, fold_header, header_meanings
from auditanalytics.frameworks.tables import (
    Allocation,
    Checks,
    Deadlines,
    Disclosure,
    Domain,
    Expected,
    Form,
    Headers,
    Moderation,
    Overall,
    Samples,
    Target,
)
from auditanalytics.grades import GradeScale
from auditanalytics.settings_file import Table


class Framework(Table):
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
    scales, columns, overall, domains, forms, targets, expected, allocation, deadlines, moderation, samples, disclosure
        The tables of the file; ``docs/frameworks.md`` describes each.
    checks
        What a return must have.
    codebook
        The path of the codebook; "" for that of the library.
    """

    id: str = Field(description="the name of the file without its ending; not a key of the file")
    sha256: str = Field(description="the SHA-256 of the file; not a key of the file")
    name: str = Field(description="what the audits are called; it heads every page")
    quarters: Literal["calendar", "financial-year"] = Field(
        "calendar", description="how quarters are counted: 2019-Q4, or 2019-20-Q3 from April"
    )
    period_date: PeriodDate = Field("audited_on", description="the field whose date decides the quarter")
    audit_id_from: Headers = Field(
        (), description="two or more headers that together identify an audit, where no single column does"
    )
    scales: dict[str, GradeScale] = Field(min_length=1, description="the scales of grades, by a name each")
    columns: dict[str, Headers] = Field({}, description="the headers of every field: `field = [headers]`")
    overall: Overall | None = Field(None, description="the judgement on the whole audit, where there is one")
    domains: tuple[Domain, ...] = Field(min_length=1, description="the areas of practice that are judged")
    forms: tuple[Form, ...] = Field((), description="the forms, where not every audit asks every category")
    targets: Target = Field(Target(), description="what the authority aims for")
    expected: Expected = Field(Expected(), description="the audits that were to be returned")
    allocation: Allocation = Field(Allocation(), description="how audits are given out")
    deadlines: Deadlines = Field(Deadlines(), description="when things must be done")
    moderation: Moderation = Field(Moderation(), description="how moderation is drawn")
    samples: Samples = Field(Samples(), description="how many audits and checks are made")
    disclosure: Disclosure = Field(Disclosure(), description="what may leave the analyst's desk")
    checks: Checks = Field(Checks(), description="what a return must have")
    codebook: str = Field(
        "", description="the file of a codebook of one's own, beside this file; the library's own if not given"
    )

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
    def _check_audit_id_from(cls, headers: Headers) -> Headers:
        if len(headers) == 1:
            raise ValueError("must list two or more headers; write a single one under columns.audit_id")
        return headers

    @field_validator("columns")
    @classmethod
    def _check_fields(cls, columns: dict[str, Headers]) -> dict[str, Headers]:
        for field in columns:
            if field not in AUDIT_FIELDS + LONG_FIELDS:
                fields = ", ".join(AUDIT_FIELDS + LONG_FIELDS)
                raise ValueError(f"[columns] names '{field}', which is no field; write one of: {fields}")
        return columns

    @model_validator(mode="after")
    def _check_references(self) -> "Framework":
        _refuse_twice("domain", [domain.id for domain in self.domains] + [OVERALL] * (self.overall is not None))
        _refuse_twice("domain", [domain.title for domain in self.domains], what="title")
        _refuse_twice("category", [category.id for domain in self.domains for category in domain.categories])
        _refuse_twice("form", [form.id for form in self.forms])
        for place, scale in [(f"domain '{d.id}'", d.scale) for d in self.domains] + (
            [("[overall]", self.overall.scale)] if self.overall else []
        ):
            if scale not in self.scales and not (scale == "" and len(self.scales) == 1):
                raise ValueError(f"{place} has scale '{scale}', which is not there; write one of: {_list(self.scales)}")
        self._meanings  # noqa: B018  (finds headers with two meanings)
        self._form_of_word  # noqa: B018  (finds words that name two forms)
        for form in self.forms:
            self._check_form(form)
        return self

    def _check_form(self, form: Form) -> None:
        """Refuse a form that asks what is not there, asks a thing twice, or comes with an answer that is no grade."""
        for category in form.categories:
            if category not in self._domain_of_category:
                raise ValueError(
                    f"form '{form.id}': categories names '{category}', which is no category; write the id of one that "
                    "stands under [[domains]], or take it out"
                )
        if repeated := _first_repeated(form.categories):
            raise ValueError(f"form '{form.id}': categories names '{repeated}' twice; take one out")
        for category, answer in form.prefilled.items():
            if category not in form.categories:
                raise ValueError(
                    f"form '{form.id}': prefilled names '{category}', which the form does not ask; add it to the "
                    "categories of the form, or take it out"
                )
            scale = self.scale(self._domain_of_category[category])
            if scale.match(answer).grade is None:
                raise ValueError(
                    f"form '{form.id}': prefilled.{category} is '{answer}', which is no grade of its scale; write one "
                    f"of: {_list(scale.grades)}"
                )

    @cached_property
    def _domain_of_category(self) -> dict[str, str]:
        return {category.id: domain.id for domain in self.domains for category in domain.categories}

    @cached_property
    def _meanings(self) -> dict[str, Meaning]:
        """Every folded header with its meaning."""
        return header_meanings(self.domains, self.columns)

    @cached_property
    def _form_of_word(self) -> dict[str, Form]:
        """The form that each folded word of the audit-type column names."""
        forms: dict[str, Form] = {}
        for form in self.forms:
            for word in (form.id, form.title, *form.audit_types):
                earlier = forms.setdefault(fold_header(word), form)
                if earlier.id != form.id:
                    raise ValueError(
                        f"the audit type '{word}' names both form '{earlier.id}' and form '{form.id}'; leave it "
                        "with one"
                    )
        return forms

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
        return find_meaning(self._meanings, header)

    def form(self, audit_type: str) -> Form | None:
        """Find the form that was used for an audit.

        Parameters
        ----------
        audit_type
            What the audit-type column says; compared as headers are.

        Returns
        -------
        Form or None
            The form whose id, title or ``audit_types`` it is; None where it names none, and the audit may then be
            asked every category.

        Examples
        --------
        >>> from auditanalytics.frameworks import load_framework
        >>> load_framework("hull").form("SUPPORTED LODGINGS").prefilled
        {'kss-1': 'Partially'}
        """
        return self._form_of_word.get(fold_header(audit_type))

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


def _first_repeated(names: Iterable[str]) -> str | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)


def _refuse_twice(kind: str, names: Iterable[str], *, what: str = "id") -> None:
    if repeated := _first_repeated(names):
        raise ValueError(
            f"the {what} '{repeated}' is used twice; give each {kind} {'an' if what == 'id' else 'a'} {what} of its own"
        )


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
