"""Rules about tables that come beside returns, and about rows that were mended and sent back."""

from auditanalytics.rules.rule import AS_DATE, Rule

LONGEST_LABEL = 80
"""Characters of the label of an event: what a chart has room for; of the title of a link too."""

LONGEST_ADDRESS = 2000
"""Characters of the address of a link: what every browser takes."""

RULES_BESIDE: dict[str, dict[str, Rule]] = {
    "published tables": {
        "domain_unknown": Rule("error", "expected a domain of the framework", "share not read", "correct the cell"),
        "quarter_unknown": Rule(
            "error", "expected a quarter such as 'Jan - Mar' or '2019-Q1'", "share not read", "correct the cell"
        ),
        "scale": Rule(
            "error",
            "a bare number on another scale than the rest of the table",
            "share not read",
            "write it with a percent sign",
        ),
        "share_format": Rule(
            "error", "expected a share from 0 to 1 or a percentage", "share not read", "correct the cell"
        ),
    },
    "events": {
        "event_undated": Rule("warning", "the event has no date", "event not read", AS_DATE),
        "event_unreadable": Rule(
            "warning",
            f"expected a label of 1 to {LONGEST_LABEL} characters that can be printed",
            "event not read",
            "write a short label: what happened, in a few words",
        ),
        "rebase_unclear": Rule(
            "warning",
            "expected yes or no; nothing starts anew from an event that does not say so plainly",
            "kept",
            "write yes or no, or leave the cell blank",
        ),
    },
    "links to learning": {
        "link_unusable": Rule(
            "warning",
            f"expected the address of a web page, with http:// or https:// before it, at most {LONGEST_ADDRESS:,} "
            "characters, and no space, name or password in it",
            "link left out",
            "copy the address from the browser's address bar",
        ),
        "link_theme_unknown": Rule(
            "warning",
            "expected one theme of the codebook, by id or title, or a blank for a link that belongs to every brief",
            "link left out",
            "correct the cell, give each further theme a row of its own, or add the theme to the codebook",
        ),
        "link_untitled": Rule(
            "warning",
            f"expected a title of 1 to {LONGEST_LABEL} characters that can be printed",
            "link left out",
            "write a short title: what the reader finds there",
        ),
    },
    "moderated grades": {
        "moderated_audit_unknown": Rule(
            "warning",
            "expected the reference or the pseudonym of an audit that was accepted",
            "moderated grade not counted",
            "read the table with the returns that it is of, and with the key under which its pseudonyms were made",
        ),
        "moderated_otherwise": Rule(
            "warning",
            "the return itself has another grade after moderation, which counts",
            "moderated grade not counted",
            "correct one of the two",
        ),
        "moderated_draw_unclear": Rule(
            "warning",
            "expected {expected}; without it nobody can tell what the grade may be counted for",
            "left out",
            "write it so, or leave the cell blank where it is not known",
        ),
        "moderated_draw_differs": Rule(
            "warning",
            "tables of moderated grades tell differently how this audit was drawn; the first one counts",
            "kept",
            "correct one of them",
        ),
        "moderation_workbook": Rule(
            "warning",
            "a moderators' workbook, of which only the grades are read, not who moderated and how audits were drawn",
            "kept",
            "take it in with 'auditanalytics moderate read' and keep the table that this writes in its place",
        ),
        "moderators_differ": Rule(
            "warning",
            "moderators gave different grades, so that the auditor's counts",
            "kept",
            "add a row with the grade that they agreed on and Consensus as the moderator",
        ),
    },
    "mended rows": {
        "mended_twice": Rule(
            "error",
            "the row was mended in two ways, of which nobody can say which is meant",
            "row not used",
            "take one of them out",
        ),
        "mended_without_original": Rule(
            "error",
            "no row of these returns is the one that was mended: its return is not here, it has changed since, or a "
            "column of this sheet was taken away",
            "row not used",
            "read it together with the return it came from, or check again and mend what is sent out then",
        ),
        "mended_table": Rule("note", "rows that took the place of those they came from: {count}", "all rows skipped"),
    },
}
