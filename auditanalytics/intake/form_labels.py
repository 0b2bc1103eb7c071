"""The labels of Word forms: which words in a cell ask for what.

A label is known as a header is, by the whole of its words, its first line or the question that it opens with; a number
before it does not count. It asks for a field, a grade or a comment of the framework.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from auditanalytics.frameworks import OVERALL, Framework, Meaning, fold_header
from auditanalytics.grades import UNKNOWN

_LONGEST = 400
_NUMBER_BEFORE = re.compile(r"^\(?[0-9]{1,2}[.)]\s+")
_END_OF_QUESTION = re.compile(r"\?(?=\s)")
_FREE_TEXT = ("worked_well", "worried_about", "next_step", "comment", "feedback_text", "professionals_seen")
_KINDS_OF_COMMENT = ("comment", "worked_well", "worried_about")


class Label(NamedTuple):
    """A label: what it means, and the header by which the framework knows it."""

    meaning: Meaning
    header: str

    @property
    def is_judged(self) -> bool:
        """Whether the answer is a grade."""
        return self.meaning.kind == "grade" or self.meaning == Meaning("field", OVERALL)

    @property
    def is_free_text(self) -> bool:
        """Whether the answer is whatever somebody has to say."""
        return self.meaning.kind == "comment" or self.meaning.name in _FREE_TEXT

    def is_whole(self, text: str) -> bool:
        """Whether a text is the label and no more."""
        return fold_header(self.header) == fold_header(_NUMBER_BEFORE.sub("", text))

    def asks_for(self, name: str) -> bool:
        """Whether it asks for a field of one judgement: its grade, say."""
        return self.meaning == Meaning("field", name)

    def moderated(self) -> "Label":
        """The label of the grade after moderation."""
        if self.meaning.kind == "field":
            return Label(Meaning("field", "moderated_overall"), "moderated_overall")
        return Label(self.meaning._replace(kind="moderated grade"), f"{self.meaning.category} moderated")

    def comment(self, kind: str = "comment") -> "Label":
        """The label of a comment on what this one judges."""
        if self.meaning.kind == "field" or kind not in _KINDS_OF_COMMENT:
            return Label(Meaning("field", kind), kind)
        return Label(self.meaning._replace(kind="comment", name=kind), f"{self.meaning.category} {kind}")


class Labels:
    """The labels that a framework knows.

    Parameters
    ----------
    framework
        The framework.
    """

    def __init__(self, framework: Framework) -> None:
        self._framework = framework
        self._known: dict[str, Label | None] = {}
        self._identity = {fold_header(header) for header in framework.audit_id_from}

    def find(self, text: str) -> Label | None:
        """Find the label that a text is or opens with."""
        if text not in self._known:
            self._known[text] = next(filter(None, map(self._label, _as_written(text))), None)
        return self._known[text]

    def _label(self, text: str) -> Label | None:
        if not 0 < len(text) <= _LONGEST:
            return None
        meaning = self._framework.meaning(text)
        if meaning is None and fold_header(text) in self._identity:
            meaning = Meaning("field", fold_header(text))  # no field of its own: it only helps to identify an audit
        return Label(meaning, text) if meaning else None

    def split(self, text: str) -> tuple[Label, str] | None:
        """Find a label with its answer in one piece of text: "Team: North"."""
        for end in (found.start() for found in re.finditer(":|\n", text[:_LONGEST])):
            if label := self.find(text[:end].strip()):
                return label, text[end + 1 :].strip()
        return None

    def numbered(self, label: Label, number: int) -> Label:
        """Give the label of the answer of some number: "Action 2"."""
        meaning = label.meaning._replace(number=number)
        headers = (f"{label.header} {number}", f"{label.meaning.name} {number}")
        return Label(meaning, next(header for header in headers if self._framework.meaning(header) == meaning))

    def is_grade_word(self, text: str) -> bool:
        """Whether a text is a word of one of the scales."""
        return bool(text) and any(scale.match(text).rule != UNKNOWN for scale in self._framework.scales.values())


def _as_written(text: str) -> Iterator[str]:
    """The ways in which the label in a cell may be meant, the longest first."""
    yield text
    first = text.partition("\n")[0].strip()
    yield first
    yield _NUMBER_BEFORE.sub("", first)
    asked = [found.start() + 1 for found in _END_OF_QUESTION.finditer(text[:_LONGEST])]
    yield from (text[:end] for end in reversed(asked))
