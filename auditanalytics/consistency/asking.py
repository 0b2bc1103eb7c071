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
from auditanalytics.schema import CONSISTENCY_FLAGS

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
