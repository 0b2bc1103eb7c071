"""The consistency flags: what each says of an audit, and what it asks the moderator to look at.

A flag is a reason to read an audit again and nothing more. It changes no grade, counts in no figure and is never a
finding about an auditor: each sign has innocent causes, which a person who reads the audit sees and a program does not.
"""

from typing import NamedTuple


class Flag(NamedTuple):
    """What a flag says, and what it asks for.

    Attributes
    ----------
    title
        What it says of the audit, as a sentence without its full stop.
    look_at
        What the moderator is to look at.
    """

    title: str
    look_at: str


FLAGS = {
    "overall_outside_range": Flag(
        "The overall grade is better than the best, or worse than the worst, of the grades that make it up",
        "Whether the overall grade was entered as it was meant. An overall grade is a judgement of its own, so that it "
        "may stand; then the reasons for it should be in the comments.",
    ),
    "overall_far_from_median": Flag(
        "The overall grade is more than one step from the middle of the grades that make it up",
        "What weighed so much more than the rest, and whether the comments say it.",
    ),
    "limiting_judgement": Flag(
        "The overall grade is good although risk, safeguarding or oversight is inadequate",
        "Whether the child is safe, and why the weakest part does not limit the whole.",
    ),
    "one_grade": Flag(
        "All or nearly all categories have one grade, as is rare in these returns",
        "Whether each category was judged by itself: read the evidence of the two categories that are least alike.",
    ),
    "no_comment": Flag(
        "A graded domain, or the whole audit, has no words in its comment boxes",
        "What the grade rests on: ask the auditor for the evidence.",
    ),
    "thin_comment": Flag(
        "A graded domain, or the whole audit, has hardly any words in its comment boxes",
        "Whether the few words bear the grade; ask the auditor for the evidence if not.",
    ),
    "comment_contradicts_grade": Flag(
        "A comment says another thing than the grade beside it",
        "Whether grade and comment belong to the same case, and which of the two is right.",
    ),
    "same_evidence": Flag(
        "A comment is the same, or nearly, as one elsewhere",
        "Whether it was written for this child and this part of the audit, or copied: read both places.",
    ),
    "prefilled": Flag(
        "A grade is the one that the blank form comes with",
        "Whether somebody chose it, or it was left as it stood.",
    ),
    "two_grades": Flag(
        "Two grades stand in one box, so that neither was counted",
        "Which of the two is meant: the best fit is one grade.",
    ),
    "own_team": Flag(
        "The auditor's team is the team or service of the case",
        "Whether the auditor is responsible for this work; if so, have the grades confirmed by somebody who is not.",
    ),
    "unlike_the_rest": Flag(
        "The grades lie far from the middle grade of the other audits",
        "Whether the case is as unlike the others as its grades, or the auditor read the scale otherwise.",
    ),
}
"""Every flag by its code, in the order in which they are told; codes never change their meaning."""


class Sign(NamedTuple):
    """A flag raised: the audit, what of it, the other audit if the sign is in two, and what was seen."""

    audit: str
    flag: str
    subject: str | None
    other: str | None
    reason: str
