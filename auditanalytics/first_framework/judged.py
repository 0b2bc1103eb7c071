"""What is judged: the columns of grades, or, where a row is one judgement, the words of the category column.

A header may be written into a file; a cell may not, since it may name a child. The words of a category column are cells
and words of the form at once: those are written that a shipped framework knows as categories, or that stand in at
least five different audits and are no more than a form can ask. The others are counted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from auditanalytics.english import counted
from auditanalytics.first_framework.columns import REPEATS, Column, identities, share_of_different
from auditanalytics.first_framework.fields import Fields, PutColumn
from auditanalytics.first_framework.known_headers import KnownHeaders
from auditanalytics.first_framework.questions import Question, headers_line, name_headers
from auditanalytics.frameworks import OVERALL, fold_header

FEWEST_AUDITS = 5
"""In so many different audits a word of the category column stands that is one of the form."""

MOST_WORDS = 60
"""Words; a form asks no more, so that a column with more holds something else."""

_MODERATED = "moderated"
_OF_MODERATION = re.compile(r"\b(?:moderat(?:ed|ion|or|ors)|after|post|grad(?:e|ing)|judgement|score)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Judged:
    """Something that receives a grade.

    Attributes
    ----------
    header
        Its header, or its word in the category column.
    column
        Its grades.
    moderated
        Its grades after moderation, in a column whose header says so as expected.
    perhaps_moderated
        The header of a column that may be the same.
    is_certain
        Whether its cells are grades beyond doubt.
    is_overall
        Whether it is the judgement on the whole audit.
    is_known
        Whether a shipped framework has a category of this header.
    """

    header: str
    column: Column
    moderated: Column | None = None
    perhaps_moderated: str = ""
    is_certain: bool = True
    is_overall: bool = False
    is_known: bool = False

    @property
    def words(self) -> list[str]:
        """The grade words in its columns."""
        return [*self.column.grade_words, *(self.moderated.grade_words if self.moderated else ())]


def judged_columns(fields: Fields, columns: Iterable[Column], known: KnownHeaders) -> list[Judged]:
    """Find the columns that hold grades.

    Parameters
    ----------
    fields
        The fields that were found; what has to be asked about columns that may hold grades is added.
    columns
        The columns that are no fields.
    known
        What the shipped frameworks know.

    Returns
    -------
    list of Judged
        What is judged.
    """
    columns = list(columns)
    judged = {
        fold_header(column.header): Judged(
            column.header,
            column,
            is_certain=not column.may_be_graded,
            is_known=known.category(column.header) is not None,
        )
        for column in columns
        if _is_judged(column, known) and not _says_moderated(column)
    }
    for column in filter(_says_moderated, columns):
        _put_moderated(column, judged, fields)
    _ask_about_other_grades(fields, [each for each in columns if fold_header(each.header) not in judged], known)
    return list(judged.values())


def _put_moderated(column: Column, judged: dict[str, Judged], fields: Fields) -> None:
    """Put a column of moderated grades to what it is of, or ask."""
    base = fold_header(column.header).removesuffix(_MODERATED)
    likely = [key for key, each in judged.items() if _kernel(each.header) == _kernel(column.header)]
    if base in judged:
        judged[base] = replace(judged[base], moderated=column)
    elif len(likely) == 1:
        judged[likely[0]] = replace(judged[likely[0]], perhaps_moderated=column.header)
    elif column.holds_plain_grades:
        text = f"Of which category is {name_headers([column.header])} the grade after moderation? Write the header"
        fields.ask(f"{text} into its moderated_headers, as docs/frameworks.md shows.", [column.header])


def _ask_about_other_grades(fields: Fields, columns: list[Column], known: KnownHeaders) -> None:
    """Ask about columns that may hold grades in words, or numbers, that nobody knows."""
    headers = [
        column.header
        for column in columns
        if column.header not in fields.asked
        and (column.holds_few_numbers or (known.category(column.header) and not _says_moderated(column)))
    ]
    if headers:
        text = (
            f"Not graded in known words: {name_headers(headers)}. If they are grades all the same, write their words "
            "as the grades of a scale, best first, and give each column a line among the categories"
        )
        fields.ask(f"{text}.", headers)


def _is_judged(column: Column, known: KnownHeaders) -> bool:
    """Whether a column is one of grades; one without any is where a shipped framework has a category of its header."""
    is_known = known.category(column.header) is not None
    return column.is_graded or column.may_be_graded or (is_known and not column.other_words)


def _says_moderated(column: Column) -> bool:
    return "moderat" in fold_header(column.header) and (column.is_graded or not column.other_words)


def _kernel(header: str) -> str:
    """What is left of a header without the words that say it is a grade, or one after moderation."""
    return fold_header(_OF_MODERATION.sub(" ", header))


def overall_judgement(fields: Fields) -> list[Judged]:
    """Give the judgement on the whole audit as what is judged.

    Parameters
    ----------
    fields
        The fields of a return.

    Returns
    -------
    list of Judged
        Its columns; none where it is no field of the return.
    """
    moderated = fields.column(f"moderated_{OVERALL}")
    return [Judged(each.listed, each.column, moderated, is_overall=True) for each in fields.put.get(OVERALL, [])]


def ask_about_overall(judged: list[Judged], fields: Fields, known: KnownHeaders) -> list[Judged]:
    """Ask which column is the judgement on the whole audit, where its header only resembles one.

    Parameters
    ----------
    judged
        The columns of grades.
    fields
        The fields that were found; the question is added.
    known
        What the shipped frameworks know.

    Returns
    -------
    list of Judged
        The columns that are not asked about.
    """
    if OVERALL in fields.put:
        return judged
    asked = [each for each in judged if OVERALL in known.resembles(each.header)]
    for each in asked:
        text = (
            f"Is {name_headers([each.header])} the judgement on the whole audit? Then use this line, and those of "
            "[overall] below. If it is a category, give it a line among the categories"
        )
        fields.ask(f"{text}.", [each.header], [headers_line(OVERALL, [each.header])])
    return [each for each in judged if each not in asked]


def grade_of_each_row(fields: Fields, judged: list[Judged]) -> Column | None:
    """Find the column of grades of a return with a row for each judgement.

    Parameters
    ----------
    fields
        The fields that were found; where the column's header is not known, the question is added.
    judged
        The columns of grades that are no fields.

    Returns
    -------
    Column or None
        The column; None where a row is an audit.
    """
    if "category" not in fields.put or len(judged) > 1:
        return None
    if "grade" in fields.put:
        return fields.column("grade")
    identity = fields.column("audit_id")
    if not judged or judged[0].is_known or (identity and share_of_different(identity) > REPEATS):
        return None
    text = f"Needed: the grade on each row. Is it {name_headers([judged[0].header])}?"
    fields.ask(text, [judged[0].header], [headers_line("grade", [judged[0].header])], needed=True)
    return judged[0].column


def judged_words(
    fields: Fields, grade: Column, identity: tuple[Column, ...], known: KnownHeaders
) -> tuple[list[Judged], list[Question]]:
    """Find the words of the category column that are categories.

    Parameters
    ----------
    fields
        The fields of a return with a row for each judgement; a word for the overall judgement is put to its field.
    grade
        The column of its grades.
    identity
        The columns by which one audit can be told from another; none where nothing can.
    known
        What the shipped frameworks know.

    Returns
    -------
    tuple
        What is judged, and the question about other words.
    """
    category = fields.put["category"][0].column
    words = _words_of_the_form(category, identity, known)
    taken = {fold_header(each.listed) for columns in fields.put.values() for each in columns}
    judged: dict[str, Judged] = {}
    for word in words:
        column = Column(word, grade.cells[category.cells == word], grade.day_zero)
        folded = fold_header(word)
        if _is_overall(word, known):
            fields.put.setdefault(OVERALL, []).append(PutColumn(column, word))
        elif folded not in taken and not known.fields(word):
            before = judged.get(folded)
            cells = column.cells if before is None else pd.concat([before.column.cells, column.cells])
            judged[folded] = Judged(before.header if before else word, replace(column, cells=cells))
    return list(judged.values()), _other_words(
        category, {*judged, *(fold_header(each.listed) for each in fields.put.get(OVERALL, []))}
    )


def _words_of_the_form(category: Column, identity: tuple[Column, ...], known: KnownHeaders) -> list[str]:
    """The words that may be written, in the order in which they first stand in the column."""
    words = list(category.counts)
    is_known = {word: known.category(word) is not None or _is_overall(word, known) for word in words}
    often: set[str] = set()
    if identity:
        audits = pd.Series(identities(pd.concat([column.cells for column in identity], axis=1)))
        audits.index = category.cells.index
        in_audits = audits.groupby(category.cells).nunique()
        often = set(in_audits.index[in_audits >= FEWEST_AUDITS])
    usable = [word for word in words if replace(category, header=word).has_header]
    if len({fold_header(word) for word in usable if word in often}) > MOST_WORDS:
        often = set()
    return [word for word in usable if word in often or is_known[word]]


def _is_overall(word: str, known: KnownHeaders) -> bool:
    return any(field.name == OVERALL for field in known.fields(word))


def _other_words(category: Column, written: set[str]) -> list[Question]:
    """The question about the words of the category column that are not written."""
    others = {word: n for word, n in category.counts.items() if fold_header(word) not in written}
    if not others:
        return []
    text = (
        f"{name_headers([category.header])} holds {counted(len(others), 'other word')} in "
        f"{counted(sum(others.values()), 'row')}, not written here because one may name somebody: a word is written "
        f"that stands in {FEWEST_AUDITS} audits or more, where there are no more than {MOST_WORDS}. Look at the sheet, "
        "and add those that are categories"
    )
    return [Question(f"{text}.", ('{ id = "short-name", headers = ["Word in the sheet"] },',))]
