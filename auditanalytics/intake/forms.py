"""Filled Word forms as returns: forms that ask the same become one table with a row for each.

The table is read as any return is; it only knows besides in which document, table and cell each answer stands, so that
whatever is found wrong is told where a person can mend it. One form is one row, and one row is one audit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from auditanalytics.frameworks import Framework, fold_header
from auditanalytics.grades import fold_label
from auditanalytics.intake.form_answers import Answer, FilledForm, Place, read_form
from auditanalytics.intake.form_labels import Labels
from auditanalytics.intake.raw import RawDocument, RawSheet
from auditanalytics.problems import Problem, problem

_ROW_OF_A_FORM = 1


@dataclass(frozen=True)
class FormTable(RawSheet):
    """Forms that ask the same: a header, and under it a row for each form.

    Attributes
    ----------
    forms
        The forms, in the order of the rows.
    """

    forms: tuple[FilledForm, ...] = field(default=())

    @property
    def header_row(self) -> int | None:
        """The row of the header."""
        return 1

    def places(self, rows: pd.Index) -> pd.DataFrame:
        """Say in which documents rows stand: each is all of one."""
        files = [self._form(row).file for row in rows]
        return pd.DataFrame({"file": files, "sheet": "", "row": _ROW_OF_A_FORM}, index=rows)

    def describe_place(self, row: int) -> str:
        """Say in which document a row stands."""
        return self._form(row).file

    def row_of(self, found: Problem) -> int | None:
        """Find the row of the form in which a problem is; one of its labels is in no row."""
        return self._rows.get(found.file) if found.row else None

    def header_places(self, header_row: int, position: int) -> list[tuple[str, str, str]]:
        """Say in which cell of each document the answer to a label stands."""
        header = self.cells.at[header_row, position]
        places = [(form.file, form.answers[header].place) for form in self.forms if header in form.answers]
        return [(file, *_words(place)) for file, place in places]

    def header_problems(self, code: str, header_row: int, position: int | None = None, **details: Any) -> list[Problem]:
        """Make the problems of a rule that every one of the forms breaks."""
        return [problem(code, form.file, **details) for form in self.forms]

    def problem(self, code: str, row: int, position: int | None = None, **details: Any) -> Problem:
        """Make the problem of a rule met in a form, at the cell of the answer that is meant."""
        form = self._form(row)
        answer = None if position is None else form.answers.get(self.cells.at[1, position])
        if answer is None or position is None:
            return self.as_mended(problem(code, form.file, **details), row)
        details = {"value": str(self.cells.at[row, position])} | details
        return self.as_mended(problem_in_form(code, form.file, answer, **details), row)

    def position_of(self, found: Problem) -> int | None:
        """Find the column of the answer that a problem is about; None where it is about no one answer."""
        answers = self._form(self._rows[found.file]).answers
        at = {_words(answer.place): header for header, answer in answers.items()}
        header = at.get((found.sheet, found.cell))
        if not found.cell or header is None:
            return None
        return int(self.cells.columns[self.cells.loc[1] == header][0])

    def _form(self, row: int) -> FilledForm:
        return self.forms[row - 2]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {form.file: row for row, form in enumerate(self.forms, 2)}


def problem_in_form(code: str, file: str, answer: Answer, **details: Any) -> Problem:
    """Make the problem of a rule met in an answer.

    Parameters
    ----------
    code
        The code of the rule.
    file
        The document.
    answer
        The answer and where it stands.
    **details
        As for `problems.problem`.

    Returns
    -------
    Problem
        The problem.
    """
    sheet, cell = _words(answer.place)
    return problem(code, file, sheet, **({"value": answer.text, "row": str(answer.place.row), "cell": cell} | details))


def _words(place: Place) -> tuple[str, str]:
    """A place as people find it: "table 3" and the cell in it, counted as in a spreadsheet."""
    if place.table:
        return f"table {place.table}", xl_rowcol_to_cell(place.row - 1, place.cell)
    return "paragraphs", ""


@dataclass
class ReadForms:
    """What reading documents as forms gave.

    Attributes
    ----------
    tables
        The forms, those together that ask the same.
    foreign, refused, blank
        Documents that are no forms, forms that are not read because of their layout, and forms with no answer yet.
    problems
        What is to be said of any of them.
    """

    tables: list[FormTable] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_forms(documents: Iterable[RawDocument], framework: Framework) -> ReadForms:
    """Read documents as forms of a framework.

    Parameters
    ----------
    documents
        Word documents.
    framework
        The framework that knows the labels.

    Returns
    -------
    ReadForms
        Tables of forms, and which documents are in none.
    """
    labels, read = Labels(framework), ReadForms()
    alike: dict[tuple[object, ...], list[FilledForm]] = {}
    for document in documents:
        form = read_form(document, labels)
        if form is None:
            read.foreign.append(document.file)
            read.problems.append(problem("form_not_recognised", document.file))
        elif form.fault:
            why, place = form.fault
            read.refused.append(form.file)
            read.problems.append(problem_in_form("form_layout", form.file, Answer("", place), what=why))
        elif _is_blank(form, framework):
            read.blank.append(form.file)
            read.problems += [problem("skipped_blank", form.file), *_unread(form)]
        else:
            read.problems += _unread(form)
            alike.setdefault(_asked(form, framework), []).append(form)
    read.tables = [_as_table(forms) for forms in alike.values()]
    return read


def _is_blank(form: FilledForm, framework: Framework) -> bool:
    """Whether nobody has filled a form in yet: nothing is written but what is printed in it."""
    of_form = framework.form(_text(form, framework, "audit_type"))
    prefilled = {category: fold_label(text) for category, text in of_form.prefilled.items()} if of_form else {}
    for header, answer in form.answers.items():
        meaning = framework.meaning(header)
        if meaning is None or not answer.text or meaning.name == "audit_type":
            continue
        if meaning.kind != "grade" or prefilled.get(meaning.category) != fold_label(answer.text):
            return False
    return True


def _text(form: FilledForm, framework: Framework, name: str) -> str:
    texts = (answer.text for header, answer in form.answers.items() if _names(framework, header) == name)
    return next(texts, "")


def _names(framework: Framework, header: str) -> str:
    meaning = framework.meaning(header)
    return meaning.name if meaning else ""


def _unread(form: FilledForm) -> list[Problem]:
    """That words stand beside labels that nobody knows; never which, since they may be anything."""
    if not form.unknown:
        return []
    first = Answer("", form.unknown[0])
    return [problem_in_form("column_without_meaning", form.file, first, count=len(form.unknown))]


def _asked(form: FilledForm, framework: Framework) -> tuple[object, ...]:
    """What a form asks, by which it is told from others: its labels, but for how many next steps, and its name."""
    meanings = {header: framework.meaning(header) for header in form.answers}
    labels = frozenset(header for header, meaning in meanings.items() if not (meaning and meaning.number))
    return fold_header(_text(form, framework, "audit_type")), labels


def _as_table(forms: list[FilledForm]) -> FormTable:
    headers = list(dict.fromkeys(header for form in forms for header in form.answers))
    blank = Answer("", Place(0, 0, 0))
    rows = [headers, *([form.answers.get(header, blank).text for header in headers] for form in forms)]
    cells = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1), columns=range(len(headers)), dtype=object)
    return FormTable("", "", cells, forms=tuple(forms))
