"""Grades that a comment names for itself: "graded inadequate", "the judgement is requires improvement".

A comment that says "good" mostly speaks of a good relationship. So a word counts as a grade only in the phrases by
which people grade, with nothing behind it that it could describe, and a sentence that speaks of another time, another
inspection or another possibility is left alone: a grade that is missed costs less than a flag that nobody believes.
"""

import re
from functools import cache

from auditanalytics.grades import GradeScale
from auditanalytics.themes import split_statements

_SHORTEST_WORD = 4
"""Letters below which a grade such as "Met" or "No" is a word like others; "RI" counts in capitals."""

_GRADING = re.compile(r"graded|grading|grade|judged|judge?ment|rated|rating|scored|this|it is", re.IGNORECASE)
_LEFT_ALONE = re.compile(
    r"\b(?:not|never|nor|neither|cannot|would|could|should|might|may|if|unless|until|almost|nearly|borderline|yet|towards?|"
    r"reach(?:ed|ing)?|achiev(?:e|ed|ing)|becom(?:e|ing)|previous(?:ly)?|last|earlier|former(?:ly)?|prior|before|from|"
    r"next|ofsted|cqc|inspect\w*|school|nursery|college|provider|placement|childminder|self-assess\w*|between|than|"
    r"move[ds]?|moving|changed|raised|lowered)\b|n't\b|n’t\b|\?",
    re.IGNORECASE,
)
_BEHIND = (
    r"(?=\s*(?:$|[.,;:!)\"'’”\]–—-])|\s+(?:overall|because|as|due|for|in|and|but|with|since|given|on|here|by|this|"
    r"judge?ment|grade|grading)\b)"
)
"""What may stand behind a grade, so that it describes nothing: "inadequate housing" names no grade."""


def named_grades(text: str, scale: GradeScale) -> set[str]:
    """Find the grades that a comment names for itself.

    Parameters
    ----------
    text
        A comment as written.
    scale
        The scale on which it would grade.

    Returns
    -------
    set of str
        The grades; none nearly always.

    Examples
    --------
    >>> scale = GradeScale(grades=["Good", "Inadequate"], good=["Good"], inadequate=["Inadequate"])
    >>> named_grades("No plan was made. This is inadequate.", scale)
    {'Inadequate'}
    >>> named_grades("Inadequate housing. A good relationship, and good enough care; judged good enough.", scale)
    set()
    """
    if not _GRADING.search(text):
        return set()
    patterns = _patterns(scale.grades, scale.inadequate, tuple(scale.labels.items()))
    found: set[str] = set()
    for statement in split_statements(text):
        statement = " ".join(statement.split())  # a run of spaces would be tried in every way to divide it
        if not _LEFT_ALONE.search(statement):
            found |= {grade for pattern, grade in patterns if pattern.search(statement)}
    return found


@cache
def _patterns(
    grades: tuple[str, ...], inadequate: tuple[str, ...], labels: tuple[tuple[str, tuple[str, ...]], ...]
) -> list[tuple[re.Pattern[str], str]]:
    """What names each grade; a longer label is taken before a shorter that begins like it by what stands behind."""
    written = dict(labels)
    patterns = []
    for grade in grades:
        words = [word for word in (grade, *written.get(grade, ())) if len(word) >= _SHORTEST_WORD or word.isupper()]
        if words:
            label = "|".join(_written(word) for word in sorted(words, key=len, reverse=True))
            phrases = [*_GRADED, *((_THIS,) if grade in inadequate else ())]
            phrases += [_THIS_REQUIRES] if any(word.casefold().startswith("requires ") for word in words) else []
            patterns.append((re.compile("|".join(phrases).replace("LABEL", f"(?:{label})"), re.IGNORECASE), grade))
    return patterns


def _written(word: str) -> str:
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    return f"(?-i:{pattern})" if len(word) < _SHORTEST_WORD else pattern


_FILLERS = r"(?:\s+(?:overall|therefore|clearly|also|as|at|to be|an?|here))*"
_QUOTE = r"[\"'‘“]?"
_WHOSE = r"(?:the|this|overall|audit|domain|area|section|our|my)"
_GRADED = (
    rf"\b(?:graded|judged|rated|scored){_FILLERS}\s+{_QUOTE}LABEL{_BEHIND}",
    rf"\b(?:grade|grading|rating|{_WHOSE}\s+judge?ment)(?:\s+(?:of|is|was|given|awarded|remains){_FILLERS})*\s*[:=]?\s+"
    rf"{_QUOTE}LABEL{_BEHIND}",
    rf"\b(?:(?:this|it) is|overall|supports|reflects)\s+(?:an?\s+)?{_QUOTE}LABEL[\"'’”]?\s+"
    r"(?:judge?ment|grade|grading|rating)\b",
)
"""The phrases by which people grade: "graded good", "the judgement is good", "this is a good judgement"."""

_PART = r"(?:domain|area|section|category|practice|work)"
_THIS = rf"\bthis(?:\s+{_PART})?\s+(?:is|was){_FILLERS}\s+LABEL{_BEHIND}"
_THIS_REQUIRES = rf"\bthis(?:\s+{_PART})?(?:\s+is)?{_FILLERS}\s+LABEL{_BEHIND}"
"""The worst grade, and one that begins with "requires", are named by "this" alone; "this is good" is mere praise."""
