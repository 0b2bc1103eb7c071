"""Feedback on an audit: whose it is, the score they gave and of how many, and what they said.

Who gave it is written in many words and may be a name, so it becomes child, parent, professional or other, and the
written word goes no further. A score is read only where it is plain: it is never guessed, never turned to another
scale, and never taken from a date, because a spreadsheet makes the ninth of October of "9/10".
"""

import re
import unicodedata
from typing import Any, NamedTuple

import pandas as pd

from auditanalytics.grades import fold_label
from auditanalytics.intake import RawAudits, is_error_cell, is_uncalculated, plain
from auditanalytics.parsing.dates import looks_like_a_date
from auditanalytics.problems import Problem
from auditanalytics.schema import FEEDBACK

CHILD, PARENT, PROFESSIONAL, OTHER = "child", "parent", "professional", "other"

_WORDS = {
    CHILD: """
        adolescent adolescents boy boys child children cyp daughter daughters girl girls leaver leavers pupil son sons
        teen teenager teenagers teens young youngster youngsters yp yps
    """,
    PARENT: """
        adopter adopters adoptive aunt aunts carer carers caregiver caregivers dad dads daddy families family father
        fathers fosterer fosterers grandad grandfather granddad grandma grandmother grandparent grandparents
        guardian guardians mam mom mother mothers mum mums mummy parent parents parental stepdad stepfather stepmother
        stepmum stepparent uncle uncles
    """,
    PROFESSIONAL: """
        advocate advocates advisor adviser agencies agency cafcass camhs childminder clinician college colleague
        colleagues consultant coordinator counsellor cpn doctor doctors educator gp gps headteacher health hospital hv
        iro iros keyworker lado manager managers midwife midwives nursery nurse nurses officer officers paediatrician
        partner partners police practitioner practitioners probation professional professionals psychiatrist
        psychologist school schools senco solicitor staff sw teacher teachers therapist therapists tutor visitor
        visitors worker workers
    """,
}
_GROUP_OF = {word: who for who, words in _WORDS.items() for word in words.split()}
_A_WORD = re.compile(r"[^\W\d_]+")

_NOT_GIVEN = frozenset(
    fold_label(text)
    for text in (
        *("", "-", "--", "\u2013", "\u2014", "n/a", "na", "n.a", "n/k", "nil", "none", "not applicable", "not known"),
        *("not asked", "not given", "not obtained", "not provided", "not recorded", "not scored", "not sought"),
        *("no score", "no feedback", "no feedback given", "no response", "no reply", "not available", "not answered"),
        *("declined", "declined to score", "refused", "unknown", "blank"),
    )
)
"""What people write where no score was given, folded."""

# A day that a spreadsheet counts has five digits, so three are all that a score or a scale may have.
_NUMBER, _WHOLE = r"(\d{1,3}(?:\.\d{1,2})?)", r"(\d{1,3})"
_UNIT = r"(?: (?:smiley|smileys|smiley faces|faces|stars?|points?|marks?))?"
_SCORE = re.compile(rf"{_NUMBER}(?: ?(?:/|out of|of) ?{_WHOLE})?{_UNIT}", re.ASCII)
_SCALE = re.compile(rf"(?:(?:/|out of|of) ?|(?:from )?([01]) ?(?:-|\u2013|to) ?)?{_WHOLE}{_UNIT}", re.ASCII)

_LEFT_OUT = {"severity": "warning", "outcome": "feedback score left out"}
"""What a problem that usually costs an audit costs here."""

_A_DATE, _NO_SCORE, _NO_SCALE = "a date", "what is no such number", "a scale that is no such number"


class Score(NamedTuple):
    """A score as it was read.

    Attributes
    ----------
    score
        The score; None where none was given, or none can be read.
    scale
        The highest score that could be given; None where there is no score or nobody said.
    fault
        What was found in place of a score that can be read, in words; "" where nothing is wrong.
    at_scale
        Whether it was found where the scale is written.
    """

    score: float | None = None
    scale: float | None = None
    fault: str = ""
    at_scale: bool = False


def group_of(text: str) -> str:
    """Say which group somebody belongs to who gave feedback.

    Parameters
    ----------
    text
        Who it was, as written; it may be a name.

    Returns
    -------
    str
        ``child``, ``parent``, ``professional``, or ``other`` where the words name none of these or several.

    Examples
    --------
    >>> group_of("Young person"), group_of("Mum & dad"), group_of("Health visitor"), group_of("Mother and school")
    ('child', 'parent', 'professional', 'other')
    """
    words = _A_WORD.findall(unicodedata.normalize("NFKC", plain(text)).casefold())
    groups = {_GROUP_OF[word] for word in words if word in _GROUP_OF}
    return groups.pop() if len(groups) == 1 else OTHER


def is_given(text: str) -> bool:
    """Say whether a cell holds an answer, and not that nobody was asked or answered.

    Parameters
    ----------
    text
        The text of a cell.

    Returns
    -------
    bool
        False for a blank, "N/A", "not asked", "declined" and their like.

    Examples
    --------
    >>> is_given("9"), is_given("Not asked."), is_given(" ")
    (True, False, False)
    """
    return fold_label(text) not in _NOT_GIVEN


def read_score(score: str, scale: str = "") -> Score:
    """Read a score and its scale.

    Parameters
    ----------
    score
        The cell of the score; it may hold the scale too.
    scale
        The cell of the scale, "" where there is none.

    Returns
    -------
    Score
        Both, or what keeps them from being read.

    Examples
    --------
    >>> read_score("9 out of 10")[:2], read_score("4 smileys", "1 to 5")[:2], read_score("8.5")[:2]
    ((9.0, 10.0), (4.0, 5.0), (8.5, None))
    >>> read_score("2019-10-09").fault, read_score("11", "10").fault, read_score("9/10", "5").at_scale
    ('a date', 'a score above its scale', True)
    """
    if not is_given(score):
        return Score()
    found = _SCORE.fullmatch(plain(score).casefold())
    if not found:
        return Score(fault=_A_DATE if looks_like_a_date(score) else _NO_SCORE)
    value, within = float(found[1]), int(found[2]) if found[2] else None
    lowest, beside = 0, None
    if is_given(scale):
        said = _SCALE.fullmatch(plain(scale).casefold())
        if not said:
            return Score(fault=_A_DATE if looks_like_a_date(scale) else _NO_SCALE, at_scale=True)
        lowest, beside = int(said[1] or 0), int(said[2])
        if within is not None and within != beside:
            return Score(fault="another scale than the one beside the score", at_scale=True)
    highest = beside if within is None else within
    if fault := _out_of_scale(value, lowest, highest):
        return Score(fault=fault)
    return Score(value, None if highest is None else float(highest))


def _out_of_scale(value: float, lowest: int, highest: int | None) -> str:
    if highest is not None and value > highest:
        return "a score above its scale"
    if highest is not None and highest <= lowest:
        return "a scale without room for a score"
    return "a score below its scale" if value < lowest else ""


def read_feedback(raw: RawAudits, audit_ids: pd.Series) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the feedback on the audits of a sheet.

    Parameters
    ----------
    raw
        The audits.
    audit_ids
        The pseudonym of the audit on each row.

    Returns
    -------
    tuple
        `schema.FEEDBACK`, and a problem for each score that could not be read. A scale alone, which a form may come
        with, is nobody's feedback.
    """
    rows: list[tuple[str, str, float | None, float | None, str | None]] = []
    problems: list[Problem] = []
    for said in raw.feedback.itertuples(index=False):
        read = read_score(said.score, said.scale)
        if read.fault:
            problems.append(_problem(raw, said, read))
        if any(map(_says_something, (said.who, said.score, said.text))):
            text = said.text if _says_something(said.text) else None
            rows.append((audit_ids[said.audit_row], group_of(said.who), read.score, read.scale, text))
    return FEEDBACK.build(rows), problems


def _says_something(text: str) -> bool:
    return is_given(text) and not (is_error_cell(text) or is_uncalculated(text))


def _problem(raw: RawAudits, said: Any, read: Score) -> Problem:
    """The problem of a score that could not be read, at the cell that is to blame."""
    name = "scale" if read.at_scale else "score"
    text, at = getattr(said, name), getattr(said, f"{name}_position")
    code = "feedback_unclear"
    if is_error_cell(text):
        code = "cell_error"
    elif is_uncalculated(text):
        code = "formula_not_calculated"
    return raw.table.problem(code, said.row, at, found=read.fault, **_LEFT_OUT)
