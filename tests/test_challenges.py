import pandas as pd
import pytest

from auditanalytics.challenges import read_challenges


def read(challenge: str, outcome: str = "") -> tuple[object, object]:
    made = read_challenges(pd.DataFrame({"challenge": [challenge], "challenge_outcome": [outcome]}))
    return tuple(None if pd.isna(value) else value for value in made.iloc[0])


@pytest.mark.parametrize("written", ["", "No", "n/a", "None", "-", " NOT CHALLENGED "])
def test_no_challenge_is_missing(written: str) -> None:
    assert read(written) == (None, None)


@pytest.mark.parametrize("written", ["Yes", "y", "By the team manager, who knows the family"])
def test_whatever_else_is_written_is_a_challenge_and_goes_no_further(written: str) -> None:
    assert read(written) == ("challenged", "not said")


@pytest.mark.parametrize(
    ("outcome", "became"),
    [
        ("Grade changed", "grade changed"),
        ("amended", "grade changed"),
        ("No change", "grade stands"),
        ("Stands.", "grade stands"),
        ("upheld", "not said"),
        ("still being discussed with the manager", "not said"),
    ],
)
def test_an_outcome_is_read_only_where_it_is_plain(outcome: str, became: str) -> None:
    assert read("Yes", outcome) == ("challenged", became)


def test_an_outcome_alone_says_that_there_was_a_challenge() -> None:
    assert read("", "changed") == ("challenged", "grade changed")


def test_no_audit_gives_no_row() -> None:
    assert read_challenges(pd.DataFrame({"challenge": [], "challenge_outcome": []}, dtype=object)).empty
