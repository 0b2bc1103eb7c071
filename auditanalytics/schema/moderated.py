"""The tables of moderation: what moderators gave, which audits call for a second look, how alike everybody grades."""

from auditanalytics.schema.table import Column, Table

_AUDIT = Column("audit", "text", "pseudonym of the audit")
_QUARTER = Column("quarter", "text", "quarter of the audit")
_DOMAIN = Column("domain", "text", "id of the domain; overall for the judgement on the whole audit")
_CATEGORY = Column("category", "text", "id of the category; overall for the judgement on the whole audit")
_STRATUM = Column(
    "stratum",
    "text",
    "why the audit was moderated: certainty (there was a reason to look) or random; missing where nobody recorded it",
)
_PROBABILITY = Column("probability", "number", "with which the audit came to be drawn, from 0 to 1; 1 in certainty")
_LIMITS = (
    Column("low", "number", "lower limit of the 95% interval"),
    Column("high", "number", "upper limit of the 95% interval"),
)

MODERATIONS = Table(
    "moderations",
    "one grade that a moderator gave, from a table of moderated grades beside the returns",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        _DOMAIN,
        _CATEGORY,
        Column("moderator", "text", "pseudonym of the moderator; auditors and moderators share theirs"),
        Column("moderated_grade", "text", "the grade after moderation"),
        Column("moderated_on", "date", "the audit was moderated"),
        _STRATUM,
        _PROBABILITY,
        Column("blind", "text", "yes where the moderator did not see the auditor's grade, no where they did"),
        Column("reason", "text", "why, as written: stays inside the analyst's session"),
    ),
)

CONSISTENCY_FLAGS = Table(
    "consistency-flags",
    "one sign within an audit that a second look is due; never a reason to change a grade",
    (
        _AUDIT,
        Column("flag", "text", "code of the rule"),
        Column("subject", "text", "id of the domain or category that it is about; overall, or missing for the whole"),
        Column("other", "text", "pseudonym of the other audit, where the sign is in two; missing otherwise"),
        Column("reason", "text", "what was seen, in words"),
    ),
)

MODERATED_JUDGEMENTS = Table(
    "moderated-judgements",
    "one judgement that was moderated, with the three grades beside each other",
    (
        _AUDIT,
        _QUARTER,
        _DOMAIN,
        _CATEGORY,
        Column("auditor", "text", "pseudonym of the auditor"),
        Column("moderator", "text", "pseudonym of the moderator; missing where not said"),
        Column("grade", "text", "the auditor's grade; missing where not graded"),
        Column("moderated_grade", "text", "the grade after moderation"),
        Column("grade_of_record", "text", "the grade that counts"),
        Column("steps", "whole number", "steps from the auditor's to the moderated grade; above 0 where it went up"),
        _STRATUM,
        _PROBABILITY,
        Column("blind", "text", "yes where the moderator did not see the auditor's grade; missing where not said"),
    ),
)

MODERATION_GRADES = Table(
    "moderation-grades",
    "one pair of grades, whether or not it occurred: the square table of the auditors' against the moderated",
    (
        _DOMAIN,
        Column("quarter", "text", "quarter; all for all of them together"),
        Column("grade", "text", "the auditor's grade"),
        Column("moderated_grade", "text", "the grade after moderation"),
        Column("n", "whole number", "moderated judgements"),
    ),
)

MODERATION = Table(
    "moderation",
    "one measure of how far moderators agree with auditors",
    (
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit; any for all domains"),
        Column("quarter", "text", "quarter; all for all of them together"),
        Column(
            "measure",
            "text",
            "exact (same grade), adjacent (within one step), moved_up, moved_down (shares), kappa_linear, "
            "kappa_quadratic or ac2_quadratic (coefficients, from -1 to 1)",
        ),
        Column("value", "number", "the share or coefficient; missing where it cannot be said"),
        *_LIMITS,
        Column("n", "whole number", "moderated judgements that the auditor graded too"),
    ),
)

MODERATION_DIRECTION = Table(
    "moderation-direction",
    "one domain, and which way moderation moved its grades over all quarters",
    (
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit; any for all domains"),
        Column("moved_up", "whole number", "judgements whose moderated grade is better than the auditor's"),
        Column("same", "whole number", "judgements whose moderated grade is the auditor's"),
        Column("moved_down", "whole number", "judgements whose moderated grade is worse than the auditor's"),
        Column("audits_up", "whole number", "audits with more judgements moved up than down"),
        Column("audits_down", "whole number", "audits with more judgements moved down than up"),
        Column("sign_test", "number", "chance of so uneven a split of those audits; missing where there is none"),
        Column("bowker", "number", "Bowker's chi-squared of symmetry; missing where nothing moved"),
        Column("bowker_p", "number", "its p, as if judgements were independent"),
        Column("stuart_maxwell", "number", "Stuart and Maxwell's chi-squared of equal margins; missing likewise"),
        Column("stuart_maxwell_p", "number", "its p, as if judgements were independent"),
    ),
)

MODERATORS_AGREEMENT = Table(
    "moderators-agreement",
    "one measure of how far moderators agree among themselves, where several graded the same",
    (
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit; any for all domains"),
        Column("measure", "text", "exact (same grade), adjacent (within one step) or alpha_ordinal (Krippendorff's)"),
        Column("value", "number", "the share of pairs of moderators, or the coefficient; missing where not to be said"),
        *_LIMITS,
        Column("n", "whole number", "judgements that two moderators or more graded"),
        Column("audits", "whole number", "audits that they come from"),
    ),
)

SERVICE_AGREEMENT = Table(
    "service-agreement",
    "one quarter whose moderated audits were drawn with known probabilities, and agreement in all of its audits",
    (
        Column("quarter", "text", "quarter; all for all of them together"),
        Column("value", "number", "mean over audits of the share of their judgements with the same grade, weighted"),
        *_LIMITS,
        Column("audits", "whole number", "audits that it is estimated from"),
        Column("drawn_by_lot", "whole number", "those of them that were drawn at random"),
        Column("left_out", "whole number", "moderated audits of which nobody recorded how they were drawn"),
    ),
)

MODERATION_BASIS = Table(
    "moderation-basis",
    "one quarter, a way in which moderated audits of it were chosen, and whether those are counted",
    (
        Column("quarter", "text", "quarter; all for all of them together"),
        Column("stratum", "text", "random, certainty, or not recorded"),
        Column("audits", "whole number", "audits that were moderated"),
        Column("counted", "text", "yes where agreement is estimated from them, otherwise no"),
    ),
)

GRADES_OF_RECORD = Table(
    "grades-of-record",
    "one domain, quarter and tail by the auditors' grades and by the grades of record",
    (
        _DOMAIN,
        _QUARTER,
        Column("grade", "text", "a tail of the scale: good (or better) or inadequate"),
        Column("by_auditors", "whole number", "judgements at it by the auditors' grades"),
        Column("of_auditors", "whole number", "judgements that auditors graded"),
        Column("by_record", "whole number", "judgements at it by the grades of record"),
        Column("of_record", "whole number", "judgements with a grade of record"),
    ),
)

SPOT_CHECK = Table(
    "spot-check",
    "one audit that was drawn for a second look",
    (
        _AUDIT,
        _QUARTER,
        Column("stratum", "text", "certainty (there is a reason to look) or random"),
        Column("selection_reason", "text", "why it was drawn, in words"),
        Column("probability", "number", "with which it was to be drawn, from 0 to 1; 1 in certainty"),
        Column("flags", "text", "codes of its consistency flags, with semicolons between them; missing where none"),
    ),
)

_LOWER = Column(
    "lower", "number", "chance that a grade of theirs is lower than one of the rest, ties halved; 0.5: alike"
)
_OF_ALL = (
    Column("comparisons", "whole number", "how many auditors are compared"),
    Column("low_of_all", "number", "lower limit, widened so that a fair service names nobody"),
    Column("high_of_all", "number", "upper limit, widened likewise"),
)

AUDITOR_SEVERITY = Table(
    "auditor-severity",
    "one auditor, held against the rest",
    (
        Column("auditor", "text", "pseudonym of the auditor"),
        Column("audits", "whole number", "audits graded"),
        Column("moderated", "whole number", "those of them that were moderated"),
        _LOWER,
        *_LIMITS,
        *_OF_ALL,
        Column("shrunk", "number", "lower, drawn towards 0.5 as far as few audits ask for"),
        Column("from_rest", "number", "the part of it seen against the rest's audits, which case mix can make"),
        Column("from_moderation", "number", "the part of it seen against moderators of the same cases; missing: none"),
        Column("finding", "text", "graded lower, graded higher, no evidence, or not enough to say"),
        Column("reason", "text", "why there is not enough to say, or what to bear in mind; missing where nothing"),
    ),
)

AUDITOR_DRIFT = Table(
    "auditor-drift",
    "one auditor and quarter, held against the rest of that quarter",
    (
        Column("auditor", "text", "pseudonym of the auditor"),
        Column("quarter", "text", "quarter"),
        Column("audits", "whole number", "audits graded"),
        Column("moderated", "whole number", "those of them that were moderated"),
        _LOWER,
        *_LIMITS,
        Column("step", "number", "how much lower rises from quarter to quarter; the same in each row of an auditor"),
        *_OF_ALL,
        Column(
            "finding",
            "text",
            "of the auditor over all quarters: graded lower than before, graded higher than before, no evidence, or "
            "not enough to say",
        ),
    ),
)

AUDITOR_FUNNEL = Table(
    "auditor-funnel",
    "one auditor, domain and tail, and the funnel in which the rest's share would put it",
    (
        _DOMAIN,
        Column("auditor", "text", "pseudonym of the auditor"),
        Column("grade", "text", "a tail of the scale: good (or better) or inadequate"),
        Column("n", "whole number", "judgements at it, by the auditor's own grades"),
        Column("of", "whole number", "judgements graded"),
        Column("audits", "whole number", "audits that they come from"),
        Column("share", "number", "n / of; the limits are missing below ten audits"),
        Column("effective", "number", "how many independent judgements they are worth"),
        Column("share_of_rest", "number", "the share of all other auditors together"),
        Column("low", "number", "lower 95% limit about the share of the rest"),
        Column("high", "number", "upper 95% limit"),
        Column("outer_low", "number", "lower 99.8% limit"),
        Column("outer_high", "number", "upper 99.8% limit"),
    ),
)

TABLES = (
    MODERATIONS,
    CONSISTENCY_FLAGS,
    MODERATED_JUDGEMENTS,
    MODERATION_BASIS,
    MODERATION_GRADES,
    MODERATION,
    MODERATION_DIRECTION,
    MODERATORS_AGREEMENT,
    SERVICE_AGREEMENT,
    GRADES_OF_RECORD,
    SPOT_CHECK,
    AUDITOR_SEVERITY,
    AUDITOR_DRIFT,
    AUDITOR_FUNNEL,
)
