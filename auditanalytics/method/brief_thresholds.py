"""The thresholds of learning briefs: their values as they are, and why they are that."""

from auditanalytics.briefs import grading, kinds, loop, practice, theme
from auditanalytics.method.thresholds import Threshold, table_of

THRESHOLDS = (
    Threshold("themes that a list names", practice, "MOST_THEMES", str, "what a reader keeps in mind; our choice"),
    Threshold(
        "worries that recommendations answer",
        practice,
        "MOST_RECOMMENDED",
        str,
        "a team takes up few things at once; our choice",
    ),
    Threshold(
        "judgements of a domain of which none was Inadequate",
        grading,
        "FEWEST_TO_PRAISE",
        str,
        "of fewer it says nothing; our choice",
    ),
    Threshold(
        "worries named alike that a headline names", kinds, "MOST_ALIKE", str, "of more none stands out; our choice"
    ),
    Threshold("words of a theme that a point quotes", theme, "MOST_WORDS", str, "what somebody reads"),
    Threshold("restated figures that a brief lists", loop, "MOST_RESTATED", str, "what somebody reads; all are tabled"),
)
"""Every threshold of learning briefs."""


def brief_threshold_table() -> str:
    """Write what every threshold of learning briefs is, where it is, and why.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> "| themes that a list names | 5 | `briefs.practice.MOST_THEMES` |" in brief_threshold_table()
    True
    """
    return table_of(THRESHOLDS)
