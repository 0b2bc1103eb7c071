"""Rules about the audits of a return: what identifies them, their grades, and whether they hang together."""

from auditanalytics.rules.rule import AS_DATE, Rule

RULES_OF_RETURNS: dict[str, dict[str, Rule]] = {
    "audits": {
        "id_missing": Rule("error", "the audit has no identifier", "audit rejected", "write the audit's reference"),
        "duplicate": Rule(
            "error",
            "an audit with this identifier was read before, in {earlier}",
            "audit rejected",
            "remove one of the two, or correct its reference",
        ),
        "date_missing": Rule("error", "the audit has no date", "audit rejected", AS_DATE),
        "date_format": Rule("error", "expected a day that exists, written like 31/01/2019", "audit rejected", AS_DATE),
        "date_order": Rule("error", "expected the day before the month", "audit rejected", AS_DATE),
        "date_range": Rule("error", "the date is in the future or before 1990", "audit rejected", "correct the date"),
        "cell_error": Rule(
            "error",
            "the spreadsheet put an error in place of a value",
            "audit rejected",
            "mend the formula, or write the value",
        ),
        "formula_not_calculated": Rule(
            "error",
            "the cell holds a formula that was never calculated",
            "audit rejected",
            "open the file in a spreadsheet program and save it, or write the value",
        ),
        "id_precision": Rule(
            "error",
            "the identifier is a number of more than 15 digits, of which a spreadsheet keeps only 15",
            "audit rejected",
            "format the column as text and write the identifier again",
        ),
        "torn_row": Rule("error", "another row of this audit is torn: row {other}", "audit rejected", "mend that row"),
    },
    "grades": {
        "grade_unknown": Rule(
            "error",
            "expected {grades}",
            "grade not counted",
            "correct the grade, or add the word under [scales.{scale}.labels] in the framework file",
        ),
        "two_grades": Rule(
            "error", "two grades in one cell; expected one of {grades}", "grade not counted", "keep the one that holds"
        ),
        "grade_repeated": Rule(
            "error", "the audit has an earlier grade for this category", "grade not counted", "remove one of the two"
        ),
        "not_on_form": Rule(
            "warning", "the form of this audit does not ask this", "kept", "check the audit type, or clear the cell"
        ),
        "prefilled": Rule(
            "warning",
            "the answer is the one that the blank form comes with, so perhaps nobody gave it",
            "kept",
            "ask the auditor whether it was meant",
        ),
        "category_unknown": Rule(
            "error",
            "expected a category of the framework",
            "grade not counted",
            "correct the cell, or add the category to the framework file",
        ),
    },
    "feedback": {
        "feedback_unclear": Rule(
            "warning",
            "expected a score from 0 up to its scale, such as 9 or 9 of 10; found {found}",
            "feedback score left out",
            "write score and scale as '9 of 10', which no spreadsheet turns into a date, or leave the cell blank",
        ),
    },
    "comments": {
        "theme_unknown": Rule(
            "warning",
            "expected themes of the codebook, by id or title, with semicolons between them",
            "theme left out",
            "correct the cell, or add the theme to the codebook",
        ),
    },
    "what the audits say": {
        "nothing_graded": Rule("warning", "nothing on this audit was graded", "kept", "ask whether it was finished"),
        "overall_missing": Rule(
            "warning", "parts are graded and the audit as a whole is not", "kept", "give the overall judgement"
        ),
        "dates_out_of_order": Rule(
            "warning",
            "{later} comes before {earlier}, in the order of the work",
            "kept",
            "correct one of the two dates",
        ),
        "moderator_is_auditor": Rule(
            "warning", "the auditor moderated this audit", "kept", "name the moderator, or have it moderated by another"
        ),
        "child_twice": Rule(
            "warning",
            "another audit of the same child has the same date, in {other}",
            "kept",
            "look whether it is the same audit under two references",
        ),
        "inadequate_unexplained": Rule(
            "warning", "Inadequate without a word in any comment box", "kept", "ask the auditor for the reasons"
        ),
    },
}
