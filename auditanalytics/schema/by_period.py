"""The tables of the months, quarters and year of a report: what came back, what was said, given and done."""

from auditanalytics.schema.table import Column, Table

_PERIOD = (
    Column("unit", "text", "what the period is: month, quarter or year"),
    Column("period", "text", "the period, such as 2019-11, 2019-Q4 or 2019; a year up to the reported quarter"),
)
_DOMAIN = Column("domain", "text", "id of the domain; overall for the whole audit; any for all of them together")
_THEME = Column("theme", "text", "id of the theme; none for statements that carry none")

RETURN_RATES = Table(
    "return-rates",
    "one month, quarter or year, and the audits that came back for it",
    (
        *_PERIOD,
        Column("expected", "whole number", "audits expected; missing unless each month with audits has a number"),
        Column("returned", "whole number", "audits returned"),
        Column("share", "number", "returned / expected; missing where that is not known"),
    ),
)

THEMES_BY_PERIOD = Table(
    "themes-by-period",
    "one month, quarter or year, domain, kind of statement and theme, whether or not anybody spoke of it",
    (
        *_PERIOD,
        _DOMAIN,
        Column("kind", "text", "worked_well, worried_about, next_step or comment, as the statements' words have it"),
        _THEME,
        Column("n", "whole number", "statements"),
        Column("audits", "whole number", "audits with such a statement"),
        Column("of_audits", "whole number", "audits with any statement on the domain"),
        Column("share", "number", "audits / of_audits, unrounded; missing where of_audits is 0"),
    ),
)

GOOD_FEATURES = Table(
    "features-of-good",
    "one quarter or year, domain and theme: what is praised where every judgement was good or better",
    (
        *_PERIOD,
        Column("domain", "text", "id of the domain; overall for the whole audit"),
        Column("theme", "text", "id of the theme"),
        Column("audits", "whole number", "such audits that name the theme as a strength"),
        Column("of_audits", "whole number", "audits with every judgement good or better and any statement"),
        Column("share", "number", "audits / of_audits, unrounded; missing where of_audits is 0"),
    ),
)

FEEDBACK_SCORES = Table(
    "feedback-scores",
    "one month, quarter or year, and a score that was given in it",
    (
        *_PERIOD,
        Column("who", "text", "who gave it: child, parent, professional or other"),
        Column("score", "number", "the score; missing for feedback without one"),
        Column("scale", "number", "the highest score that could be given; missing where nobody wrote it"),
        Column("n", "whole number", "how often it was given"),
    ),
)

ACTIONS_TRACKED = Table(
    "actions-tracked",
    "one quarter, and what had become of its next steps by the end of the reported one",
    (
        Column("quarter", "text", "quarter of the audits"),
        Column("actions", "whole number", "next steps"),
        Column("completed", "whole number", "those completed by then"),
        Column("completed_late", "whole number", "those completed after the date by which they were to be done"),
        Column("overdue", "whole number", "not completed by then, and due by then"),
        Column("not_yet_due", "whole number", "not completed by then, and due later"),
        Column("without_date", "whole number", "not completed by then, and without a date by which"),
    ),
)

CONSTANTS = Table(
    "constants",
    "one number that sentences and notes use and that comes from no return",
    (
        Column("name", "text", "what it is called"),
        Column("value", "number", "the number"),
        Column("meaning", "text", "what it decides"),
    ),
)

TABLES = (RETURN_RATES, THEMES_BY_PERIOD, GOOD_FEATURES, FEEDBACK_SCORES, ACTIONS_TRACKED, CONSTANTS)
