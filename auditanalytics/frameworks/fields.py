"""The fields of an audit that a framework's ``[columns]`` may name, each with what it means.

The names are fixed, because everything later asks for them by name; which headers people write for them is the
framework's matter. Dates end in ``_on``. A field that may stand several times on a row is numbered there: "Action 1",
"Action 2".
"""

from typing import Literal

OVERALL = "overall"
"""The domain under which the judgement on the whole audit is counted."""

AUDIT_FIELD_MEANINGS = {
    "audit_id": "what identifies the audit",
    "child": "the child, or the carer or adopter, whose record is audited",
    "worker": "the worker who holds the case",
    "auditor": "the auditor",
    "auditor_team": "the team that the auditor works in or is responsible for",
    "moderator": "who moderated the audit",
    "team": "the team that holds the case",
    "service": "the service that holds the case",
    "case_type": "the kind of case, such as child in need or child protection",
    "audit_type": "the kind of audit; it says which form was used",
    "topic": "the topic of a themed audit",
    "allocated_on": "date: the audit was given to the auditor",
    "due_on": "date: the audit was to be returned by",
    "audited_on": "date: the audit was done",
    "returned_on": "date: the return came in",
    "finalised_on": "date: the audit was finalised",
    "moderated_on": "date: the audit was moderated",
    "oversight_on": "date: a manager confirmed that the findings were discussed and actions set",
    "supervision_on": "date: the findings were discussed in supervision",
    "review_meeting_on": "date: the review meeting after an Inadequate",
    "challenge": "that the worker or manager challenged the grades before they were final",
    "challenge_outcome": "what came of the challenge: the grade was changed, or stands",
    "re_audit_of": "the audit that this one repeats",
    "exempt": "that the audit was agreed not to be done",
    "overall": "the judgement on the whole audit",
    "moderated_overall": "the judgement on the whole audit after moderation",
    "worked_well": "comment: what is working well",
    "worried_about": "comment: what the auditor is worried about",
    "next_step": "comment: a recommendation",
    "themes": "the themes of the comments on the row, where somebody coded them by hand",
    "action": "what is to be done",
    "action_role": "the role that is to do it",
    "action_person": "the person who is to do it",
    "action_due_on": "date: it is to be done by",
    "action_completed_on": "date: it was done",
    "feedback_from": "who gave feedback, such as child or parent",
    "feedback_score": "the score that they gave, such as 9 or 9 of 10",
    "feedback_scale": "the highest score that they could give, such as 10 or 1 to 5",
    "feedback_text": "what they said",
    "professionals_seen": "the professionals whom the auditor saw",
}
LONG_FIELD_MEANINGS = {
    "category": "in a return with a row for each judgement: the category that is judged",
    "grade": "in such a return: its grade",
    "moderated_grade": "in such a return: its grade after moderation",
    "comment": "in such a return: the comment on it",
}

AUDIT_FIELDS = tuple(AUDIT_FIELD_MEANINGS)
"""The fields of an audit that ``[columns]`` may name."""

LONG_FIELDS = tuple(LONG_FIELD_MEANINGS)
"""The fields of one judgement, in a return that has a row for each."""

FEEDBACK_FIELDS = ("feedback_from", "feedback_score", "feedback_scale", "feedback_text")
"""The fields of one person's feedback."""

NUMBERED_FIELDS = (
    *("next_step", "action", "action_role", "action_person", "action_due_on", "action_completed_on"),
    *FEEDBACK_FIELDS,
)
"""The fields of an audit that may stand several times on a row, with a number."""

PeriodDate = Literal[tuple(name for name in AUDIT_FIELDS if name.endswith("_on") and not name.startswith("action"))]
"""The fields that may decide the quarter."""

ActionField = Literal["action", "action_role", "action_person", "action_due_on"]
"""The parts of an action that is specific enough to be followed up."""
