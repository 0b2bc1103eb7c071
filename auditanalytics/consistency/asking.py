"""Every rule of consistency asked of the audits, in one order, with what could not be asked.

A flag that nothing could be asked of looks like one that nobody has; so for each it is said what kept it from being
asked, of all audits or of some.
"""

from itertools import chain

import pandas as pd

from auditanalytics.consistency import comments, contradictions, marks, overall, profiles, repeats
from auditanalytics.consistency.asked import Asked, Rule
from auditanalytics.consistency.flags import FLAGS
from auditanalytics.frameworks import Framework
from auditanalytics.rules import RULES as RULES_OF_READING
from auditanalytics.schema import CHECKS, CONSISTENCY_FLAGS

CONSISTENCY = "consistency"
"""The subject, among the checks, of the signs that a second look at an audit is due."""

_RULES: dict[str, Rule] = {
    code: rule
    for part in (overall, profiles, comments, contradictions, repeats, marks)
    for code, rule in part.RULES.items()
}


def ask_for_flags(tables: dict[str, pd.DataFrame], framework: Framework) -> tuple[pd.DataFrame, dict[str, str]]:
    """Ask for every flag.

    Parameters
    ----------
    tables
        The tables of a reading, by name: audits, judgements, findings with their texts, coded, problems, sheets and
        headers.
    framework
        The framework they were read with.

    Returns
    -------
    tuple
        `schema.CONSISTENCY_FLAGS`, in the order of the audits and then of `FLAGS`; and by its code, for each flag that
        could not be asked of some or all audits, why.

    Notes
    -----
    No reason repeats a word that an auditor wrote, only grades, counts, and titles of the framework.
    """
    if tables["audits"].empty:
        return CONSISTENCY_FLAGS.build([]), dict.fromkeys(FLAGS, "no audit was accepted")
    asked = Asked(tables, framework)
    answers = {code: _RULES[code](asked) for code in FLAGS}
    signs = dict.fromkeys(chain.from_iterable(answer.signs for answer in answers.values()))
    order = {audit: number for number, audit in enumerate(tables["audits"]["audit_id"])}
    found = sorted(signs, key=lambda sign: order[sign.audit])
    return CONSISTENCY_FLAGS.build(found), {code: each.obstacle for code, each in answers.items() if each.obstacle}


def flag_audits(tables: dict[str, pd.DataFrame], framework: Framework) -> dict[str, pd.DataFrame]:
    """Ask for every sign, and say of each among the checks whether it was found, was not, or could not be asked.

    Parameters
    ----------
    tables
        The tables of a reading, by name, the checks among them.
    framework
        The framework they were read with.

    Returns
    -------
    dict of pandas.DataFrame
        ``flags`` and ``checks``.
    """
    flags, unasked = ask_for_flags(tables, framework)
    met = flags["flag"].value_counts()
    states = {
        code: "found" if code in met.index else "could not run" if code in unasked else "passed"
        for code in FLAGS
        if code not in RULES_OF_READING  # some rules of reading are signs too, and are among the checks already
    }
    rows = [(code, CONSISTENCY, state, met.get(code, 0), unasked.get(code, "")) for code, state in states.items()]
    return {"flags": flags, "checks": pd.concat([tables["checks"], CHECKS.build(rows)], ignore_index=True)}
