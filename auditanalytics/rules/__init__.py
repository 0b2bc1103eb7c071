"""The rules: what can be wrong with a return, by its subject and its code.

Every rule has one code, one home and one wording, here. What finds it stands elsewhere, one small function for each;
what became of the cell, and what to do, are said in the same words wherever it is met. Codes never change meaning.
"""

from auditanalytics.rules.beside import LONGEST_ADDRESS, LONGEST_LABEL, RULES_BESIDE
from auditanalytics.rules.files import RULES_OF_FILES
from auditanalytics.rules.returns import RULES_OF_RETURNS
from auditanalytics.rules.rule import Rule, Severity

__all__ = ["LONGEST_ADDRESS", "LONGEST_LABEL", "RULES", "RULES_BY_SUBJECT", "Rule", "Severity"]

RULES_BY_SUBJECT: dict[str, dict[str, Rule]] = RULES_OF_FILES | RULES_OF_RETURNS | RULES_BESIDE

RULES = {code: rule for rules in RULES_BY_SUBJECT.values() for code, rule in rules.items()}
