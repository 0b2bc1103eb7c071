from pathlib import Path

import pytest

from auditanalytics.problems import problem, problem_reference
from auditanalytics.rules import RULES, RULES_BY_SUBJECT


def test_the_documented_codes_are_those_of_the_rules() -> None:
    written = Path("docs/problems.md").read_text(encoding="utf-8")
    assert written == problem_reference(), "write it anew: make dictionary"


def test_no_code_is_in_two_subjects() -> None:
    assert len(RULES) == sum(map(len, RULES_BY_SUBJECT.values()))


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.severity != "note"])
def test_every_rule_that_somebody_must_act_on_says_what_to_do(code: str) -> None:
    assert RULES[code].remedy


def test_a_message_names_what_it_is_told_and_never_the_value() -> None:
    found = problem("duplicate", "a.csv", row="3", value="Quillon", earlier="a.csv row 2")
    assert found.message == "an audit with this identifier was read before, in a.csv row 2"
    assert "Quillon" not in found.message + found.remedy
