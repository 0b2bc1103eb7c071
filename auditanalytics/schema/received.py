"""The tables of what came in: audits, judgements and comments, and what became of every row, header and label."""

from auditanalytics.schema.table import Column, Table

AUDITS = Table(
    "audits",
    "one audit that was accepted",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("quarter", "text", "quarter of the date that decides it, such as 2019-Q4 or 2019-20-Q3"),
        Column("period_date", "date", "the date that decides the quarter"),
        Column("child", "text", "pseudonym of the child"),
        Column("worker", "text", "pseudonym of the worker"),
        Column("auditor", "text", "pseudonym of the auditor"),
        Column("moderator", "text", "pseudonym of the moderator; auditors and moderators share theirs"),
        Column("auditor_team", "text", "team of the auditor, as written"),
        Column("team", "text", "team, as written"),
        Column("service", "text", "service, as written"),
        Column("case_type", "text", "case type, as written"),
        Column("audit_type", "text", "audit type, as written"),
        Column("topic", "text", "topic of a themed audit, as written"),
        Column("allocated_on", "date", "the audit was given to the auditor"),
        Column("due_on", "date", "the audit was to be returned"),
        Column("audited_on", "date", "the audit was done"),
        Column("returned_on", "date", "the return came in"),
        Column("finalised_on", "date", "the return was finalised"),
        Column("moderated_on", "date", "the audit was moderated"),
        Column("oversight_on", "date", "a manager confirmed the findings"),
        Column("supervision_on", "date", "the findings were discussed in supervision"),
        Column("review_meeting_on", "date", "the review meeting after an Inadequate"),
        Column("challenge", "text", "challenged where the grades were challenged; missing where not"),
        Column("challenge_outcome", "text", "grade changed, grade stands, or not said; missing where not challenged"),
        Column("re_audit_of", "text", "pseudonym of the audit that this one repeats"),
        Column("exempt", "text", "agreed not to be done, as written"),
        Column("file", "text", "file the audit was read from"),
        Column("sheet", "text", "sheet the audit was read from"),
        Column("row", "whole number", "row a person sees in the sheet; the first is 1"),
    ),
)

JUDGEMENTS = Table(
    "judgements",
    "one category of one audit, or its overall judgement",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit"),
        Column("category", "text", "id of the category; overall for the judgement on the whole audit"),
        Column("grade", "text", "the auditor's grade; missing where not graded"),
        Column("moderated_grade", "text", "the grade after moderation; missing where not moderated"),
        Column("outcome", "text", "graded, not graded, or not counted (the written grade is a problem)"),
    ),
)

FINDINGS = Table(
    "findings",
    "one comment",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("domain", "text", "id of the domain; missing for a comment on the whole audit"),
        Column("category", "text", "id of the category; missing for a comment on a whole domain or audit"),
        Column("kind", "text", "worked_well, worried_about, next_step or comment"),
        Column("text", "text", "the comment as written: stays inside the analyst's session"),
        Column("themes", "text", "its themes as somebody coded them by hand, as written; missing where nobody did"),
    ),
)

CODED = Table(
    "coded",
    "one statement of a comment or next step, and one theme of it, or that it has none",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("domain", "text", "id of the domain; overall for a statement on the whole audit"),
        Column("kind", "text", "worked_well, worried_about, next_step or comment, as the statement's words have it"),
        Column("statement", "whole number", "number of the statement, in the order of the returns"),
        Column("theme", "text", "id of the theme; none where it has none"),
        Column("words", "text", "the words that made the theme, in small letters; by hand where somebody coded it"),
    ),
)

QUOTES = Table(
    "quotes",
    "one statement that may be quoted, with names and numbers hidden, or that a doubtful one was withheld",
    (
        Column("domain", "text", "id of the domain; overall for a statement on the whole audit"),
        Column("kind", "text", "worked_well or worried_about"),
        Column("theme", "text", "id of the theme that it stands for"),
        Column("quarter", "text", "quarter of the audit"),
        Column("text", "text", "the statement, redacted; missing where it was withheld"),
        Column("reason", "text", "why it was chosen, or withheld"),
    ),
)

ACTIONS = Table(
    "actions",
    "one next step",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("action_number", "whole number", "1 for the first on the audit"),
        Column("action", "text", "the next step as written: stays inside the analyst's session"),
        Column("role", "text", "role that is to act, as written"),
        Column("person", "text", "pseudonym of the person who is to act"),
        Column("due_on", "date", "to be done by"),
        Column("completed_on", "date", "done"),
    ),
)

FEEDBACK = Table(
    "feedback",
    "one person's feedback on an audit",
    (
        Column("audit_id", "text", "pseudonym of the audit"),
        Column("who", "text", "child, parent, professional, or other where it is nobody of these or several"),
        Column("score", "number", "the score they gave, as given: scores on different scales are not comparable"),
        Column("scale", "number", "the highest score they could give; missing where not said or no score was given"),
        Column("text", "text", "what they said, as written: stays inside the analyst's session"),
    ),
)

IDENTIFIERS = Table(
    "identifiers",
    "one distinct value of a return that names a person or an audit, or that somebody wrote in their own words",
    (
        Column("kind", "text", "audit, child, worker, auditor (also of moderators) or comment"),
        Column("text", "text", "the value as written: stays inside the analyst's session"),
    ),
)

PROBLEMS = Table(
    "problems",
    "one thing wrong or left out",
    (
        Column("code", "text", "stable name of the rule"),
        Column("severity", "text", "error, warning or note"),
        Column("message", "text", "what was expected and what was found"),
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("cell", "text", "cell, such as C7"),
        Column("row", "text", "row a person sees in the file; the first is 1"),
        Column("column", "text", "header of the column"),
        Column("value", "text", "what was found; masked in what is published"),
        Column("outcome", "text", "what became of it: audit rejected, grade not counted, row skipped, kept"),
        Column("remedy", "text", "what to do"),
    ),
)

GRADE_LEDGER = Table(
    "grade-ledger",
    "one distinct word written as a grade",
    (
        Column("scale", "text", "scale it was matched against"),
        Column("label", "text", "the word as written; masked in what is published where it is not on the scale"),
        Column("grade", "text", "the grade it became; missing where none"),
        Column("rule", "text", "exact, folded, synonym, not graded or unknown"),
        Column("n", "whole number", "how often it was written in an accepted audit"),
    ),
)

ROW_ACCOUNTING = Table(
    "row-accounting",
    "one sheet that was read",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("rows_read", "whole number", "rows beside the header row"),
        Column("accepted", "whole number", "rows of accepted audits"),
        Column("rejected", "whole number", "rows of rejected audits"),
        Column("skipped", "whole number", "titles, notes, totals and blank rows"),
    ),
)

CHECKS = Table(
    "checks",
    "one rule, except those that only note what was left out, or one sign that a second look is due",
    (
        Column("code", "text", "stable name of the rule"),
        Column("subject", "text", "what it is about"),
        Column("state", "text", "passed, found, or could not run"),
        Column("found", "whole number", "how often it was met"),
        Column("reason", "text", "why it could not run, or not of every audit"),
    ),
)

SENDERS = Table(
    "senders",
    "one row with a problem, and whose it is",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("row", "text", "row a person sees in the file"),
        Column("team", "text", "team, as written"),
        Column("auditor", "text", "pseudonym of the auditor"),
    ),
)

TO_MEND = Table(
    "to-mend",
    "one workbook of rows to mend, and whose it is",
    (
        Column("file", "text", "the workbook in the folder `to-mend`"),
        Column("team", "text", "team, as written; missing for rows that are nobody's"),
        Column("rows", "whole number", "rows in it"),
        Column("cells", "whole number", "cells that are marked in it"),
    ),
)

RECEIVED = Table(
    "received",
    "one audit that was accepted, as the next report will remember it",
    (
        Column("audit", "text", "pseudonym of the audit"),
        Column("quarter", "text", "quarter"),
        Column("fingerprint", "text", "keyed digest of its dates, auditors, teams and grades"),
        Column("grades", "text", "keyed digest of its grades alone"),
    ),
)

CHANGES = Table(
    "changes",
    "one audit that is not as the last report had it",
    (
        Column("audit", "text", "pseudonym of the audit"),
        Column("quarter", "text", "quarter of the audit; of a withdrawn one, as the last report had it"),
        Column(
            "change",
            "text",
            "late (of a quarter that had been reported), re-graded, corrected (anything else of it), or withdrawn",
        ),
        Column("file", "text", "file it was read from; missing where withdrawn"),
        Column("sheet", "text", "sheet"),
        Column("row", "whole number", "row a person sees in the sheet"),
    ),
)

MAPPING_CHANGES = Table(
    "mapping-changes",
    "one distinct word written as a grade that became something else in the last report",
    (
        Column("scale", "text", "scale it was matched against"),
        Column("label", "text", "the word as written"),
        Column("grade_before", "text", "the grade it became in the last report; missing where none"),
        Column("grade", "text", "the grade it becomes now; missing where none"),
        Column("n", "whole number", "how often it is written now in an accepted audit"),
    ),
)

RESTATED = Table(
    "restated",
    "one published figure of a domain, quarter and grade that is not as the last report had it",
    (
        Column("domain", "text", "id of the domain; overall for the judgement on the whole audit"),
        Column("quarter", "text", "quarter"),
        Column("grade", "text", "a grade of the scale, or a tail: good (or better) or inadequate"),
        Column("n_before", "whole number", "judgements at the grade in the last report"),
        Column("of_before", "whole number", "graded judgements in the last report"),
        Column("n", "whole number", "judgements at the grade"),
        Column("of", "whole number", "graded judgements"),
    ),
)

CHANGES_COUNTED = Table(
    "changes-counted",
    "one kind of change since the last report, whether or not there was any",
    (
        Column(
            "change",
            "text",
            "late, re-graded, corrected or withdrawn (rows of changes), mapping (rows of mapping-changes), or restated "
            "(rows of restated)",
        ),
        Column("n", "whole number", "how many"),
    ),
)

SHEETS = Table(
    "sheets",
    "one sheet that was looked at",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet; missing in a file that has no sheets"),
        Column(
            "kind",
            "text",
            "wide or long (a return), form (in Word), published (shares), events, links, moderated, mended or not read",
        ),
        Column("header_row", "whole number", "row of the header; missing where none was found"),
        Column("hidden_rows", "whole number", "rows that are hidden or filtered away, and were read all the same"),
        Column("encoding", "text", "encoding of a text file"),
    ),
)

HEADERS = Table(
    "headers",
    "one header of a return",
    (
        Column("file", "text", "file"),
        Column("sheet", "text", "sheet"),
        Column("cell", "text", "cell of the header"),
        Column("header", "text", "header as written"),
        Column("means", "text", "field or category it was taken for; missing where it means nothing"),
        Column("rule", "text", "usual, or synonym where it is another word for what it means"),
    ),
)

PUBLISHED_SHARES = Table(
    "published-shares",
    "one share of a published table",
    (
        Column("domain", "text", "id of the domain"),
        Column("quarter", "text", "quarter"),
        Column("grade", "text", "good (or better) or inadequate"),
        Column("share", "number", "the share as published, from 0 to 1"),
        Column("file", "text", "file it was read from"),
    ),
)

EVENTS = Table(
    "events",
    "one event to annotate charts with",
    (
        Column("date", "date", "the day it happened"),
        Column("label", "text", "what happened, as written; printed on charts"),
        Column("rebase", "text", "yes where the charts take a new baseline from that day, otherwise no"),
        Column("file", "text", "file it was read from"),
    ),
)

LINKS = Table(
    "links",
    "one link to learning",
    (
        Column("theme", "text", "id of a theme of the codebook; missing where it belongs to every brief"),
        Column("title", "text", "what it is, as written; printed"),
        Column("address", "text", "address of the page; printed"),
        Column("file", "text", "file it was read from"),
    ),
)

TABLES = (
    AUDITS,
    JUDGEMENTS,
    FINDINGS,
    CODED,
    QUOTES,
    ACTIONS,
    FEEDBACK,
    IDENTIFIERS,
    PROBLEMS,
    GRADE_LEDGER,
    ROW_ACCOUNTING,
    CHECKS,
    SENDERS,
    TO_MEND,
    RECEIVED,
    CHANGES,
    MAPPING_CHANGES,
    RESTATED,
    CHANGES_COUNTED,
    SHEETS,
    HEADERS,
    PUBLISHED_SHARES,
    EVENTS,
    LINKS,
)
