"""What a filled Word form says: the answer beside, beneath or after each label that the framework knows.

A form is read as a person reads it. In a row of two, four or more cells a label stands before its answer; in a table of
questions the head says which column holds the grade and which the comment; in a table of next steps each row is one;
a box on its own answers the label above it. A label is known as a header is, by the whole of its words or of its first
line. What has another layout is not guessed at: the form is refused as a whole and the place is named, and where only
a label is not known, what stands beside it is counted, never repeated, since it may be anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from auditanalytics.frameworks import LONG_FIELDS, NUMBERED_FIELDS, OVERALL, Meaning
from auditanalytics.grades import fold_label
from auditanalytics.intake.form_labels import Label, Labels
from auditanalytics.intake.raw import RawDocument
from auditanalytics.parsing.word import TICKED, UNTICKED

_BOX = re.compile(f"([{TICKED}{UNTICKED}])")
_MARKS = {TICKED, "x", "✓", "✔"}
_ALTERNATIVES = " / "


class Place(NamedTuple):
    """Where words stand in a document: the table, 0 for a paragraph, its row from 1 and the cell from 0."""

    table: int
    row: int
    cell: int


class Answer(NamedTuple):
    """What was answered to a label, and where."""

    text: str
    place: Place


@dataclass
class FilledForm:
    """One form.

    Attributes
    ----------
    file
        The document.
    answers
        The answer to every label, by a header that the framework knows; "" where none was given.
    unknown
        Where words stand beside no label that is known.
    fault
        Why the form is not read, and where; None where it is.
    """

    file: str
    answers: dict[str, Answer] = field(default_factory=dict)
    unknown: list[Place] = field(default_factory=list)
    fault: tuple[str, Place] | None = None


class _Head(NamedTuple):
    """The head of a table: what stands in which of its columns."""

    width: int
    category: int = 0
    grade: int | None = None
    moderated: int | None = None
    comments: Mapping[int, str] = MappingProxyType({})
    choices: Mapping[int, str] = MappingProxyType({})
    columns: Mapping[int, Label] = MappingProxyType({})


def read_form(document: RawDocument, labels: Labels) -> FilledForm | None:
    """Read a form.

    Parameters
    ----------
    document
        A Word document.
    labels
        The labels that are known.

    Returns
    -------
    FilledForm or None
        What it says; None where it has no label of a grade, or only one label that is known.
    """
    form = _Form(document, labels)
    return form.filled if form.filled.fault or form.is_recognised else None


class _Form:
    """One document, as it is gone through."""

    def __init__(self, document: RawDocument, labels: Labels) -> None:
        self._labels, self.filled = labels, FilledForm(document.file)
        self._header_of: dict[Meaning, str] = {}
        self._section: Label | None = None
        self._awaiting: Label | None = None
        for row, cell in document.too_long.items():
            table = document.tables[row]
            in_table = row - document.tables.index(table) + 1 if table else 1
            self._refuse("a cell holds more characters than a cell can hold", Place(table, in_table, cell))
        rows = list(zip(document.tables, document.rows, strict=True))
        paragraph = 0
        for table, group in groupby(rows, key=lambda row: row[0]):
            if table:
                self._read_table(table, [[text.replace("\t", " ").strip() for text in cells] for _, cells in group])
                self._awaiting = None
                continue
            for _, cells in group:
                paragraph += 1
                self._read_paragraph("".join(cells), Place(0, paragraph, 0))

    @property
    def is_recognised(self) -> bool:
        """Whether it is a form at all."""
        judged = any(meaning.kind == "grade" or meaning.name == OVERALL for meaning in self._header_of)
        return judged and len(self._header_of) > 1

    def _read_paragraph(self, text: str, place: Place) -> None:
        label = self._labels.find(text)
        if label and label.is_whole(text):
            self._begin(label)
            return
        pieces = [piece for piece in text.split("\t") if piece.strip()]
        pairs = [pair for piece in pieces if (pair := self._labels.split(piece))]
        if pairs and len(pairs) == len(pieces):
            self._awaiting = None
            for label, answer in pairs:
                self._answer(label, answer, place)
                if not answer and label.is_free_text:
                    self._awaiting = label
        elif self._awaiting and self._awaiting.is_free_text:
            self._answer(self._awaiting, text, place)

    def _begin(self, label: Label) -> None:
        """Take note of a label on its own: the heading of what follows, or what the next words answer."""
        self._awaiting = None
        if label.meaning.kind == "grade":
            self._section = label
        else:
            self._awaiting = label

    def _read_table(self, table: int, rows: list[list[str]]) -> None:
        head: _Head | None = None
        number = 0
        for index, cells in enumerate(rows):
            if not any(cells):
                continue
            place = Place(table, index + 1, 0)
            following = rows[index + 1] if index + 1 < len(rows) else []
            if found := self._find_head(cells, following):
                head, number = found, self._last_number(found)
            elif head and len(cells) == head.width and head.columns:
                number += 1
                self._read_columns(head, cells, place, number)
            elif not (head and len(cells) == head.width and self._read_question(head, cells, place)):
                self._read_pairs(cells, place)

    def _find_head(self, cells: list[str], following: list[str]) -> _Head | None:
        if len(cells) < 2:
            return None
        known = [self._labels.find(text) for text in cells]
        head = self._head_of_questions(cells, known)
        if len(following) == len(cells):  # else there is nothing in these columns
            head = head or self._head_of_choices(cells, known, following)
        if head is None:
            return self._head_of_columns(cells, known, following) if len(following) == len(cells) else None
        above = known[head.category]
        if above and above.meaning.kind == "grade":
            self._section = above
        return head

    def _head_of_questions(self, cells: list[str], known: list[Label | None]) -> _Head | None:
        """The head of a table with a column for the grade, which is never the first and has no grade beside it."""
        at = {name: _position(known, name) for name in LONG_FIELDS}
        first = known[0]
        if not at["grade"] or any(self._labels.is_grade_word(text) for text in cells):
            return None
        if first and first.meaning.kind != "grade" and not first.asks_for("category"):
            return None
        return _Head(len(known), at["category"] or 0, at["grade"], at["moderated_grade"], _kinds_of_comment(known))

    def _head_of_choices(self, cells: list[str], known: list[Label | None], following: list[str]) -> _Head | None:
        """The head of a table with a column for each grade, in which one is ticked."""
        choices = {at: text for at, text in enumerate(cells) if at and self._labels.is_grade_word(text)}
        beside = [at for at in range(1, len(cells)) if at not in choices]
        if len(choices) < 2 or len(beside) > 1 or len({fold_label(text) for text in choices.values()}) < len(choices):
            return None
        if any(following[at] and not _is_mark(following[at]) for at in choices):
            return None
        return _Head(len(cells), choices=choices, comments=_kinds_of_comment(known))

    def _head_of_columns(self, cells: list[str], known: list[Label | None], following: list[str]) -> _Head | None:
        """The head of a table of labels with answers under them."""
        columns = {at: label for at, label in enumerate(known) if label and label.meaning.name not in LONG_FIELDS}
        if len(columns) < 2 or not all(cells) or self._labels.find(following[0]):
            return None
        graded = sum(label.meaning.kind == "grade" for label in columns.values())
        alternates = set(columns) == set(range(0, len(cells), 2)) and len(cells) % 2 == 0
        if alternates or 2 * len(columns) < len(cells) or graded not in (0, len(columns)):
            return None
        return _Head(len(cells), columns=columns)

    def _last_number(self, head: _Head) -> int:
        """The number of the last next step, or person who gave feedback, before a table."""
        names = {label.meaning.name for label in head.columns.values()}
        return max((meaning.number for meaning in self._header_of if meaning.name in names), default=0)

    def _read_question(self, head: _Head, cells: list[str], place: Place) -> bool:
        """Read a row under the head of a table of questions; False where it is none."""
        label = self._labels.find(cells[head.category])
        if label and (label.asks_for("grade") or label.asks_for("comment")):
            label = self._section
        if label is None:
            self.filled.unknown.append(place)
            return True
        if not label.is_judged:
            return False
        grade = head.grade
        if head.choices:
            ticked = [word for at, word in head.choices.items() if _is_mark(cells[at]) and cells[at] != UNTICKED]
            grade = next(
                (at for at in head.choices if _is_mark(cells[at]) and cells[at] != UNTICKED), head.category + 1
            )
            self._answer(label, _ALTERNATIVES.join(ticked), place._replace(cell=grade))
        elif grade is not None:
            self._answer(label, cells[grade], place._replace(cell=grade))
        if head.moderated is not None:
            self._answer(label.moderated(), cells[head.moderated], place._replace(cell=head.moderated))
        for at, kind in head.comments.items():
            self._answer(label.comment(kind), cells[at], place._replace(cell=at))
        read = {head.category, grade, head.moderated, *head.comments, *head.choices}
        self.filled.unknown += [place._replace(cell=at) for at, text in enumerate(cells) if text and at not in read]
        return True

    def _read_columns(self, head: _Head, cells: list[str], place: Place, number: int) -> None:
        for at, label in head.columns.items():
            one = label
            if label.meaning.name in NUMBERED_FIELDS:
                one = self._labels.numbered(label, number)
            self._answer(one, cells[at], place._replace(cell=at))
        self.filled.unknown += [
            place._replace(cell=at) for at, text in enumerate(cells) if text and at not in head.columns
        ]

    def _read_pairs(self, cells: list[str], place: Place) -> None:
        if len(cells) == 1:
            self._read_box(cells[0], place)
            return
        filled = [at for at, text in enumerate(cells) if text]
        if (
            len(filled) == 2
            and not self._labels.find(cells[filled[1]])
            and (label := self._labels.find(cells[filled[0]]))
        ):
            self._answer_beside(label, cells[filled[1]], place._replace(cell=filled[1]))  # also over blank cells
            return
        at = 0
        while at < len(cells):
            label, here = self._labels.find(cells[at]), place._replace(cell=at)
            beside = cells[at + 1] if at + 1 < len(cells) else ""
            if label is None and (pair := self._labels.split(cells[at])):
                self._answer(*pair, here)
                at += 1
                continue
            if label and at + 1 < len(cells):
                self._answer_beside(label, beside, here._replace(cell=at + 1))
            elif cells[at] or beside:
                self.filled.unknown.append(here)
            at += 2
            if label and label.is_judged and at + 1 == len(cells) and not self._labels.find(cells[at]):
                self._answer(label.comment(), cells[at], here._replace(cell=at))  # a grade, and why
                at += 1

    def _answer_beside(self, label: Label, text: str, place: Place) -> None:
        """Take an answer beside its label, which may ask for the judgement on the section, or a word on it."""
        if label.asks_for("grade") or (label.asks_for("comment") and self._section):
            if self._section is None:
                self.filled.unknown.append(place)
                return
            label = self._section if label.asks_for("grade") else self._section.comment()
        self._answer(label, text, place)

    def _read_box(self, text: str, place: Place) -> None:
        """Read a row of one cell: a heading, a label above its answer, or both in one."""
        if not text:
            return
        label = self._labels.find(text)
        if label and label.is_whole(text):
            self._begin(label)
        elif pair := self._labels.split(text):
            self._answer(*pair, place)
        elif self._awaiting:
            self._answer(self._awaiting, text, place)
            self._awaiting = None
        else:
            self.filled.unknown.append(place)

    def _answer(self, label: Label, text: str, place: Place) -> None:
        text = text if label.is_free_text else _chosen(text)
        header = self._header_of.setdefault(label.meaning, label.header)
        earlier = self.filled.answers.get(header, Answer("", place))
        if earlier.text and text and fold_label(earlier.text) != fold_label(text):
            if label.is_free_text:
                text = f"{earlier.text}\n{text}"
            elif label.is_judged:
                text = f"{earlier.text}{_ALTERNATIVES}{text}"
            else:
                name = label.meaning.name or label.meaning.category
                self._refuse(f"the form has two answers for '{name}', and one form is one audit", place)
        self.filled.answers[header] = earlier if earlier.text and not text else Answer(text, place)

    def _refuse(self, why: str, place: Place) -> None:
        self.filled.fault = self.filled.fault or (why, place)


def _position(known: list[Label | None], name: str) -> int | None:
    return next((at for at, label in enumerate(known) if label and label.asks_for(name)), None)


def _kinds_of_comment(known: list[Label | None]) -> dict[int, str]:
    """The columns of comments, beside the first, with what is said in them."""
    return {at: label.meaning.name for at, label in enumerate(known) if at and label and label.is_free_text}


def _is_mark(text: str) -> bool:
    return text.casefold() in _MARKS or text == UNTICKED


def _chosen(text: str) -> str:
    """The words of the ticked boxes; without boxes the text itself.

    Examples
    --------
    >>> _chosen("☐ Good ☒ Inadequate"), _chosen("Good ☒ Inadequate ☐"), _chosen("☒"), _chosen("☐"), _chosen("Good")
    ('Inadequate', 'Good', 'Yes', '', 'Good')
    """
    first, *parts = _BOX.split(text)
    if not parts:
        return text
    boxes, after = parts[::2], [part.strip() for part in parts[1::2]]
    before = [first.strip(), *after[:-1]]
    words = before if not after[-1] and before[0] else after
    ticked = [word.partition("\n")[0] or "Yes" for box, word in zip(boxes, words, strict=True) if box == TICKED]
    return _ALTERNATIVES.join(ticked)
