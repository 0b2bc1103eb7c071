"""Everything that is proposed of one return, and everything that has to be asked.

Each header goes one way: to a field, to a category, to a question, or to the list of those that are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from auditanalytics.english import counted
from auditanalytics.first_framework.columns import Column
from auditanalytics.first_framework.domains import ProposedDomain, propose_domains
from auditanalytics.first_framework.fields import (
    Fields,
    ask_about_likeness,
    drop_fields_of_long_returns,
    put_fields,
    repeated_headers,
)
from auditanalytics.first_framework.identity import settle_date, settle_identity
from auditanalytics.first_framework.judged import (
    Judged,
    ask_about_overall,
    grade_of_each_row,
    judged_columns,
    judged_words,
    overall_judgement,
)
from auditanalytics.first_framework.known_headers import KnownHeaders
from auditanalytics.first_framework.questions import Question, name_headers
from auditanalytics.first_framework.scales import ProposedScale, propose_scales
from auditanalytics.first_framework.sheets import FirstReturn
from auditanalytics.frameworks import fold_header


@dataclass(frozen=True)
class Proposal:
    """What a first framework file says.

    Attributes
    ----------
    fields
        The headers of fields, and the questions about headers.
    period_date
        The field that decides the quarter, where it is not the usual one; "" where it is.
    scales
        The scales, with what is graded on each.
    domains
        The domains.
    of_judged
        The questions about what is judged.
    of_sheets
        The questions about other sheets.
    left_out
        The headers that nothing is made of.
    unnamed
        How many columns have no header that could be written.
    to_fields
        How many headers were put to fields; a word of the category column is none.
    """

    fields: Fields
    period_date: str
    scales: list[ProposedScale]
    domains: list[ProposedDomain]
    of_judged: list[Question]
    of_sheets: list[Question]
    left_out: list[str]
    unnamed: int
    to_fields: int

    @property
    def written_scales(self) -> list[ProposedScale]:
        """The scales that count: those that something is graded on beyond doubt, or the first, since one is needed."""
        return [scale for scale in self.scales if scale.is_certain] or self.scales[:1]

    @property
    def to_categories(self) -> int:
        """How many headers, or words of the category column, were put to categories."""
        certain = [each.judged for domain in self.domains if domain.is_certain for each in domain.categories]
        return len(certain) + sum(each.moderated is not None for each in certain)


def propose(given: FirstReturn, known: KnownHeaders) -> Proposal:
    """Propose a framework for a return.

    Parameters
    ----------
    given
        The return.
    known
        What the shipped frameworks know.

    Returns
    -------
    Proposal
        The proposal.
    """
    repeated = repeated_headers(column for column in given.columns if column.has_header)
    columns = [each for each in given.columns if each.has_header and fold_header(each.header) not in repeated]
    boxes = {each.header: box for each in columns if (box := known.comment(each.header))}
    fields = put_fields(columns, known)
    judged, of_judged = judged_columns(fields, _left(columns, fields, boxes), known), []
    if (grade := grade_of_each_row(fields, judged)) is not None:
        judged = []
    else:
        drop_fields_of_long_returns(fields)
        judged = ask_about_overall(judged, fields, known)
    taken = {*boxes, *_headers_of(judged)}
    identity = settle_identity(fields, _left(columns, fields, taken), known, fields.column("category"))
    period_date = settle_date(fields, _left(columns, fields, taken), known)
    if grade is not None:
        judged, of_judged = judged_words(fields, grade, identity, known)
    ask_about_likeness(fields, _left(columns, fields, taken), known)
    scales = propose_scales([*judged, *overall_judgement(fields)])
    domains = propose_domains(scales, known, boxes)
    of_repeated, harmless = _of_repeated(given, repeated, known)
    used = {header for domain in domains for header in domain.comments.values()} | _headers_of(judged)
    return Proposal(
        fields=fields,
        period_date=period_date,
        scales=scales,
        domains=domains,
        of_judged=[*of_judged, *of_repeated, *_of_headless(given)],
        of_sheets=_of_sheets(given),
        left_out=[*(column.header for column in _left(columns, fields, used)), *harmless],
        unnamed=sum(not column.has_header for column in given.columns),
        to_fields=len({column.header for column in columns} & (fields.headers() | (used - _headers_of(judged)))),
    )


def _left(columns: Iterable[Column], fields: Fields, taken: Iterable[str]) -> list[Column]:
    """The columns of which nothing was made or asked yet."""
    gone = fields.headers() | fields.asked | set(taken)
    return [column for column in columns if column.header not in gone]


def _headers_of(judged: Iterable[Judged]) -> set[str]:
    """The headers of the columns of what is judged."""
    return {
        header
        for each in judged
        for header in (each.header, each.moderated.header if each.moderated else "", each.perhaps_moderated)
    }


def _of_repeated(given: FirstReturn, repeated: set[str], known: KnownHeaders) -> tuple[list[Question], list[str]]:
    """The questions about headers that several columns have, and those of them that do no harm."""
    by_header: dict[str, list[Column]] = {}
    for column in given.columns:
        if column.has_header and fold_header(column.header) in repeated:
            by_header.setdefault(fold_header(column.header), []).append(column)
    questions, harmless = [], []
    for columns in by_header.values():
        header = columns[0].header
        is_field = any(field.name != "comment" for field in known.fields(header))
        if is_field or any(column.is_graded for column in columns):
            text = f"Several columns have the header {name_headers([header])}. Give each one of its own in the sheet"
            questions.append(Question(f"{text}, and make this file anew."))
        else:
            harmless.append(header)
    return questions, harmless


def _of_headless(given: FirstReturn) -> list[Question]:
    """Columns of grades without a header by which they could be known."""
    headless = sum(column.is_graded and not column.has_header for column in given.columns)
    if not headless:
        return []
    text = f"Columns of grades without a header, or with a whole text for one: {headless}."
    return [Question(f"{text} Write a short header in the sheet, and make this file anew.")]


def _of_sheets(given: FirstReturn) -> list[Question]:
    """The other sheets of the file, by their number, because a sheet may have the name of a child."""
    known = {fold_header(column.header) for column in given.columns}
    questions = []
    for sheet in given.others:
        headers = {fold_header(column.header) for column in sheet.columns}
        text = (
            f"Sheet {sheet.number} has other headers: {counted(len(headers & known), 'header')} of its {len(headers)} "
            "stand on the return too. Are there audits on it? Then add its other headers here"
        )
        questions.append(Question(f"{text}; if not, leave it."))
    if given.without_header:
        text = (
            f"Sheets in which no row could be told to be the header: {given.without_header}. Are there audits on one?"
        )
        questions.append(Question(f"{text} If not, leave it."))
    return questions
