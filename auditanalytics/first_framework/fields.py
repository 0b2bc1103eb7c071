"""Which field each header is: by exact match, or not at all.

A header is put to a field when the shipped frameworks know it as that field and no other, it is alone in being so, and
its cells are of that kind: dates for a date, grades for the overall judgement. Everything else is a question.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from auditanalytics.first_framework.columns import Column
from auditanalytics.first_framework.known_headers import KnownHeaders
from auditanalytics.first_framework.questions import Question, headers_line, name_headers
from auditanalytics.frameworks import OVERALL, Meaning, fold_header

GRADES = (OVERALL, "moderated_overall", "grade", "moderated_grade")
"""The fields whose cells are grades."""

_OF_ONE_JUDGEMENT = ("category", "grade", "moderated_grade")
_MOST_LIKE = 2
_NUMBERS = re.compile(r"\d+")


class PutColumn(NamedTuple):
    """A column that is put to a field, with the header to list: that of "Action 2" is "Action"."""

    column: Column
    listed: str


@dataclass
class Fields:
    """What became of the headers that may be fields.

    Attributes
    ----------
    put
        The columns of every field that was found.
    questions
        What is uncertain.
    asked
        The headers that a question speaks of.
    """

    put: dict[str, list[PutColumn]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def column(self, name: str) -> Column | None:
        """The column of a field, None where there is none."""
        return self.put[name][0].column if name in self.put else None

    def headers(self) -> set[str]:
        """Every header that was put to a field."""
        return {each.column.header for columns in self.put.values() for each in columns}

    def ask(self, text: str, headers: Iterable[str], lines: Iterable[str] = (), *, needed: bool = False) -> None:
        """Ask about headers; what is needed is asked first."""
        question, place = Question(text, tuple(lines), needed), len(self.questions)
        if needed:
            place = sum(each.is_needed for each in self.questions)
        self.questions.insert(place, question)
        self.asked |= set(headers)

    def take_out(self, name: str) -> list[PutColumn]:
        """Take the columns of a field out again."""
        return self.put.pop(name, [])


def is_date(name: str) -> bool:
    """Say whether a field is a date.

    Parameters
    ----------
    name
        A field.

    Returns
    -------
    bool
        Whether it is.

    Examples
    --------
    >>> is_date("audited_on"), is_date("team")
    (True, False)
    """
    return name.endswith("_on")


def put_fields(columns: Iterable[Column], known: KnownHeaders) -> Fields:
    """Put headers to fields.

    Parameters
    ----------
    columns
        Columns with headers that differ.
    known
        What the shipped frameworks know.

    Returns
    -------
    Fields
        Where every header that is known as a field went.
    """
    found = Fields()
    by_meaning: dict[Meaning, list[PutColumn]] = {}
    for column in columns:
        meanings = known.fields(column.header)
        if len(meanings) > 1:
            lines = dict.fromkeys(headers_line(each.name, [_listed(column.header, each)]) for each in meanings)
            text = f"{name_headers([column.header])} may be one of these fields; which?"
            found.ask(text, [column.header], lines)
        elif meanings and (doubt := _doubt(column, meanings[0].name)):
            line = headers_line(meanings[0].name, [_listed(column.header, meanings[0])])
            found.ask(
                f"{name_headers([column.header])} is the header of a field, but {doubt}.", [column.header], [line]
            )
        elif meanings:
            put = PutColumn(column, _listed(column.header, meanings[0]))
            by_meaning.setdefault(meanings[0], []).append(put)
    _put_single(found, by_meaning)
    return found


def _put_single(found: Fields, by_meaning: dict[Meaning, list[PutColumn]]) -> None:
    """Put the columns that are alone in what they mean; comments on one row may stand in several."""
    for meaning, columns in by_meaning.items():
        if len(columns) == 1 or meaning.name == "comment":
            found.put.setdefault(meaning.name, []).extend(columns)
            continue
        headers = [each.column.header for each in columns]
        lines = [headers_line(meaning.name, [each.listed]) for each in columns]
        found.ask(f"{name_headers(headers)} are headers of one field; which of them is it?", headers, lines)


def _listed(header: str, meaning: Meaning) -> str:
    """The header to list: a number is found by itself, so that one line serves every action on a row."""
    return " ".join(_NUMBERS.sub(" ", header).split()) if meaning.number else header


def _doubt(column: Column, name: str) -> str:
    """Why the cells of a column are not those of a field; "" where they may be."""
    if column.written.empty:
        return ""
    if is_date(name) and not column.holds_dates:
        return "few of its cells can be read as dates"
    if name in GRADES and not column.is_graded:
        return "few of its cells are grade words that are known"
    return "" if is_date(name) or name in GRADES or not column.holds_plain_grades else "its cells are grades"


def drop_fields_of_long_returns(fields: Fields) -> None:
    """Take out what only a return with a row for each judgement has; its grade may be that of the whole audit.

    Parameters
    ----------
    fields
        The fields of a return with a row for each audit; changed.
    """
    for name in _OF_ONE_JUDGEMENT:
        for column, _ in fields.take_out(name):
            if column.is_graded and OVERALL not in fields.put and name == "grade":
                text = f"Is {name_headers([column.header])} the judgement on the whole audit?"
                fields.ask(text, [column.header], [headers_line(OVERALL, [column.header])])


def ask_about_likeness(fields: Fields, columns: Iterable[Column], known: KnownHeaders) -> None:
    """Ask about headers that only resemble those of fields.

    Parameters
    ----------
    fields
        The fields that were found; the questions are added to them.
    columns
        The columns that nothing is known of.
    known
        What the shipped frameworks know.
    """
    for column in columns:
        likely = [
            name
            for name in known.resembles(column.header)
            if name not in (*fields.put, *_OF_ONE_JUDGEMENT)
            and is_date(name) == column.looks_like_dates
            and (name in GRADES) == column.is_graded
        ]
        if likely:
            lines = [headers_line(name, [column.header]) for name in likely[:_MOST_LIKE]]
            what = "is it this field" if len(lines) == 1 else "is it one of these fields"
            fields.ask(
                f"{name_headers([column.header])} resembles a header that is known: {what}?", [column.header], lines
            )


def repeated_headers(columns: Iterable[Column]) -> set[str]:
    """Find the headers that several columns have.

    Parameters
    ----------
    columns
        Columns.

    Returns
    -------
    set of str
        The headers, folded.
    """
    times = Counter(fold_header(column.header) for column in columns)
    return {folded for folded, n in times.items() if n > 1}
