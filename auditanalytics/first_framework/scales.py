"""Which scale each thing that is judged is graded on, told by the grade words in its column.

Cells that hold anything else are counted and asked about. A grade word of another scale, such as "Adequate" beside
"Requires improvement", is named, because it is no secret, and put nowhere until somebody says what it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from auditanalytics.english import counted, listed
from auditanalytics.first_framework.judged import Judged
from auditanalytics.first_framework.questions import Question, name_headers
from auditanalytics.first_framework.vocabularies import Vocabulary, choose_vocabularies, vocabularies
from auditanalytics.settings_file import toml_list, toml_text


@dataclass(frozen=True)
class ProposedScale:
    """A scale.

    Attributes
    ----------
    vocabulary
        Its grades and the words for them.
    judged
        What is graded on it.
    """

    vocabulary: Vocabulary
    judged: tuple[Judged, ...]

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """The other words for each grade; letters only where the sheet has them."""
        words = [word for each in self.judged for word in each.words]
        initials, labels = self.vocabulary.initials_among(words), self.vocabulary.scale.labels
        both = {grade: (*labels.get(grade, ()), *initials.get(grade, ())) for grade in self.vocabulary.scale.grades}
        return {grade: words for grade, words in both.items() if words}

    @property
    def is_plainly_of_grades(self) -> bool:
        """Whether its words can only be grades: Yes and No, without Partially, may answer anything; so may letters."""
        words, needed = [word for each in self.judged for word in each.words], self.vocabulary.needs
        if needed:
            return any(self.vocabulary.grade(word) == needed for word in words)
        return any(len(word) > 1 for word in words)

    @property
    def is_certain(self) -> bool:
        """Whether anything is graded on it beyond doubt."""
        return any(each.is_certain for each in self.judged)

    def doubted(self) -> "ProposedScale":
        """Give the same scale, with what is neither the overall judgement nor known in doubt."""
        judged = (replace(each, is_certain=each.is_overall or each.is_known) for each in self.judged)
        return replace(self, judged=tuple(judged))

    def questions(self) -> list[Question]:
        """What has to be asked of its words."""
        foreign = [self._of_another_scale(word, n) for word, n in self.of_other_scales.items()]
        return [*self._of_answers(), *foreign, *self._unknown()]

    def _of_answers(self) -> list[Question]:
        """Whether answers are judgements, where nothing else in the sheet is."""
        if self.is_plainly_of_grades or not any(each.is_certain and not each.is_known for each in self.judged):
            return []
        best = name_headers(self.vocabulary.scale.good)
        text = "What stands in the columns on this scale may answer anything. Is each of them a judgement of practice"
        return [Question(f"{text}, and {best} always the good answer? Take out the categories that are not.")]

    @cached_property
    def of_other_scales(self) -> dict[str, int]:
        """The grade words of other scales, with in how many cells they stand."""
        found: dict[str, int] = {}
        for each in self.judged:
            for word, n in each.column.grade_words.items():
                if self.vocabulary.grade(word) is None:
                    found[_as_known(word)] = found.get(_as_known(word), 0) + n
        return found

    @property
    def between(self) -> tuple[str, ...]:
        """The grades that are neither good nor inadequate, for which such a word may be another."""
        scale = self.vocabulary.scale
        return tuple(grade for grade in scale.grades if grade not in (*scale.good, *scale.inadequate))

    def _of_another_scale(self, word: str, n: int) -> Question:
        grades = list(self.vocabulary.scale.grades)
        grades.insert(grades.index(self.between[0]), word)
        return Question(
            f"{toml_text(word)}, in {counted(n, 'cell')}, is no grade of this scale and not taken for one. Is it a "
            'grade of its own? Then put this line in place of "grades" above. Is it another word for one? Then take '
            'the "#" away before it among the labels of that grade.',
            (f"grades = {toml_list(grades)}",),
        )

    def _unknown(self) -> list[Question]:
        """The cells that hold no known word at all."""
        with_others = [each for each in self.judged if each.column.other_words]
        if not with_others:
            return []
        places = [
            f"{counted(each.column.other_words, 'cell')} of {name_headers([each.header])}" for each in with_others
        ]
        text = (
            f"Words that are no known grade stand in {listed(places)}; they are not written here. Look at them in the "
            "sheet: correct them there, or add those that mean a grade to the labels, and those that mean none to "
            "not_graded"
        )
        return [Question(f"{text}.")]


def _as_known(word: str) -> str:
    """A grade word as its vocabulary writes it, because a cell is never copied."""
    return next(grade for each in vocabularies() if (grade := each.grade(word)))


def propose_scales(judged: Iterable[Judged]) -> list[ProposedScale]:
    """Propose the scales of what is judged.

    Parameters
    ----------
    judged
        What is judged, the overall judgement among it.

    Returns
    -------
    list of ProposedScale
        A scale for each way of grading; the usual one where nothing is judged. What is graded on one whose words may
        answer anything is no longer certain where something else is.
    """
    by_name = {str(number): each for number, each in enumerate(judged)}
    chosen = choose_vocabularies({name: each.words for name, each in by_name.items()})
    scales = [
        ProposedScale(vocabulary, tuple(each for name, each in by_name.items() if chosen[name] == vocabulary))
        for vocabulary in vocabularies()
        if vocabulary in chosen.values()
    ]
    if any(scale.is_plainly_of_grades for scale in scales):
        scales = [scale if scale.is_plainly_of_grades else scale.doubted() for scale in scales]
    return scales or [ProposedScale(vocabularies()[0], ())]
