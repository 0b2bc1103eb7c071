"""What every written grade became: a grade, none, or a problem of its own.

A word is matched once for each scale, however often it was written, and the ledger says what became of it. A grade that
is not understood costs itself, never the audit. Where the form of an audit is known, a category that the form does not
ask is not "not graded": nobody was asked.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.grades import NOT_GRADED, UNKNOWN, GradeScale, fold_label
from auditanalytics.intake import RawAudits, is_error_cell, is_uncalculated
from auditanalytics.problems import Problem
from auditanalytics.schema import GRADE_LEDGER, JUDGEMENTS, TEXT

_NAMES = ("", "moderated_")
"""The auditor's grade and the moderated one, as the columns of marks begin."""


class _Word(NamedTuple):
    """A distinct written word of a scale and what it became."""

    scale: str
    label: str
    grade: str | None
    rule: str
    n: int


class Grading:
    """The grading of several sheets: judgements and the ledger as they grow.

    Parameters
    ----------
    framework
        The framework that names the scales and the forms.
    """

    def __init__(self, framework: Framework) -> None:
        self._framework = framework
        self._frames: list[pd.DataFrame] = []
        self._words: list[_Word] = []
        domains = framework.domain_titles
        self._scales = {domain: framework.scale_name(domain) for domain in domains}

    def grade(self, raw: RawAudits, audit_ids: pd.Series) -> list[Problem]:
        """Match every written grade of the audits of a sheet.

        Parameters
        ----------
        raw
            The audits.
        audit_ids
            The pseudonym of the audit on each row.

        Returns
        -------
        list of Problem
            What is wrong with written grades.
        """
        marks, problems = _once(raw)
        marks, found = self._asked(raw, marks)
        problems += found
        codes, domains = pd.factorize(marks["domain"].to_numpy(dtype=object))
        marks["domain"] = _spread(domains, codes, marks.index)
        marks["category"] = _spread(*pd.factorize(marks["category"].to_numpy(dtype=object))[::-1], marks.index)
        marks["scale"] = _spread([self._scales[domain] for domain in domains], codes, marks.index)
        marks["audit_id"] = audit_ids.take(audit_ids.index.get_indexer(marks["audit_row"])).to_numpy()
        outcome = np.zeros(len(marks), dtype=int)
        for name in _NAMES:
            marks[f"{name}grade"], graded, unknown = self._match(marks, name)
            outcome = np.maximum(outcome, np.where(graded, 2, unknown))
            problems += self._unknown(raw, marks[unknown], name)
        problems += self._prefilled(raw, marks)
        marks["outcome"] = _spread([NOT_GRADED, "not counted", "graded"], outcome, marks.index)
        self._frames.append(JUDGEMENTS.build(marks))
        return problems

    def judgements(self) -> pd.DataFrame:
        """Give the judgements of all sheets (`schema.JUDGEMENTS`)."""
        return pd.concat(self._frames, ignore_index=True) if self._frames else JUDGEMENTS.build([])

    def ledger(self) -> pd.DataFrame:
        """Give what every distinct written word became (`schema.GRADE_LEDGER`)."""
        words = pd.DataFrame(self._words, columns=_Word._fields)
        together = words.groupby(["scale", "label", "rule"], as_index=False).agg(
            grade=("grade", "first"), n=("n", "sum")
        )
        return GRADE_LEDGER.build(together)

    def _match(self, marks: pd.DataFrame, name: str) -> tuple[pd.Series, np.ndarray, np.ndarray]:
        """The grade of every mark, whether it has one and whether it is a problem.

        A scale is asked once for each distinct word.
        """
        grades: dict[str | None, int] = {}
        found = np.full(len(marks), -1)
        unknown = np.zeros(len(marks), dtype=bool)
        labels = marks[f"{name}label"].to_numpy(dtype=object)
        for scale, places in marks.groupby("scale").indices.items():
            codes, words = pd.factorize(labels[places])
            matches = [self._framework.scales[scale].match(word) for word in words]
            numbers = [-1 if match.grade is None else grades.setdefault(match.grade, len(grades)) for match in matches]
            found[places] = np.array(numbers)[codes]
            unknown[places] = np.array([match.rule == UNKNOWN for match in matches])[codes]
            for word, match, number in zip(words, matches, np.bincount(codes), strict=True):
                # A blank where moderation might stand is no moderation; where a grade should, it is "not graded".
                if word or not name:
                    self._words.append(_Word(scale, word, match.grade, match.rule, int(number)))
        return _spread(list(grades), found, marks.index), found >= 0, unknown

    def _unknown(self, raw: RawAudits, marks: pd.DataFrame, name: str) -> list[Problem]:
        problems = []
        columns = ["row", f"{name}position", f"{name}label", "scale"]
        for row, at, label, scale in marks[columns].itertuples(index=False):
            grades = ", ".join(self._framework.scales[scale].grades)
            details = {"outcome": f"{'moderated ' if name else ''}grade not counted", "grades": grades, "scale": scale}
            code = _why_unknown(label, self._framework.scales[scale])
            problems.append(raw.table.problem(code, row, at, **details))
        return problems

    def _asked(self, raw: RawAudits, marks: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
        """The marks without blanks for what the audit's form does not ask; what is written there all the same."""
        asked = self._categories_of_forms(raw)
        if not asked:
            return marks, []
        rows = marks["audit_row"].map(asked)
        beside = np.array(
            [isinstance(ids, frozenset) and name not in ids for ids, name in zip(rows, marks["category"], strict=True)]
        )
        blank = (marks["label"] == "") & (marks["moderated_label"] == "")
        problems = [
            raw.table.problem("not_on_form", mark.row, mark.position)
            for mark in marks[beside & ~blank].itertuples(index=False)
        ]
        return marks[~(beside & blank)], problems

    def _categories_of_forms(self, raw: RawAudits) -> dict[int, frozenset[str]]:
        """For each audit of a known form, the categories that the form asks; the overall judgement is on every one."""
        if not self._framework.forms:
            return {}
        kinds = raw.audits["audit_type"]
        known = {kind: form for kind in kinds.unique() if (form := self._framework.form(kind))}
        ids = {kind: frozenset(form.categories) | {OVERALL} for kind, form in known.items()}
        return {row: ids[kind] for row, kind in kinds.items() if kind in ids}

    def _prefilled(self, raw: RawAudits, marks: pd.DataFrame) -> list[Problem]:
        """Answers that are what the blank form comes with, and so perhaps nobody's answer."""
        problems = []
        for kind, rows in raw.audits.groupby("audit_type").groups.items():
            form = self._framework.form(str(kind)) if kind else None
            for category, answer in form.prefilled.items() if form else ():
                of_form = marks[marks["audit_row"].isin(rows) & (marks["category"] == category)]
                left = of_form[of_form["label"].map(fold_label) == fold_label(answer)]
                problems += [raw.table.problem("prefilled", mark.row, mark.position) for mark in left.itertuples()]
        return problems


def _once(raw: RawAudits) -> tuple[pd.DataFrame, list[Problem]]:
    """The marks, without a second one for the same category of the same audit."""
    if not raw.table.is_long:
        return raw.marks.reset_index(drop=True), []
    # A grade counts before a blank one, so that a line left empty costs nothing.
    blank = (raw.marks["label"] == "") & (raw.marks["moderated_label"] == "")
    marks = raw.marks.reset_index(drop=True).iloc[blank.to_numpy().argsort(kind="stable")]
    repeated = marks.duplicated(["audit_row", "category"])
    written = (marks["label"] != "") | (marks["moderated_label"] != "")
    problems = [
        raw.table.problem("grade_repeated", mark.row, mark.position)
        for mark in marks.loc[repeated & written].sort_index().itertuples(index=False)
    ]
    return marks[~repeated].sort_index(), problems


def _why_unknown(label: str, scale: GradeScale) -> str:
    """The code of the problem with a word that the scale does not know."""
    if is_error_cell(label):
        return "cell_error"
    if is_uncalculated(label):
        return "formula_not_calculated"
    return "two_grades" if scale.names_several(label) else "grade_unknown"


def _spread(values: Sequence[str | None], codes: np.ndarray, index: pd.Index) -> pd.Series:
    """One of a few texts on each row, by its position; missing where that is -1."""
    texts = pd.array(np.array(values, dtype=object), dtype=TEXT)
    if len(values) == 0:
        return pd.Series(None, index=index, dtype=TEXT)
    return pd.Series(texts.take(codes, allow_fill=True), index=index, dtype=TEXT)
