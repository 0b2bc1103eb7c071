from pathlib import Path

import pytest
from themed_returns import FRAMEWORK, audit, write

from auditanalytics.returns import AuditReturns, read_returns

QUOTING = FRAMEWORK + '\n[disclosure]\nquotes = "redacted"\n'


def read(tmp_path: Path, rows: list[list[str]], framework: str = QUOTING) -> AuditReturns:
    folder = write(tmp_path, rows, framework=framework)
    return read_returns(folder / "in", framework=folder / "themed.toml")


def test_nothing_is_quoted_unless_the_framework_allows_it(tmp_path: Path) -> None:
    rows = [audit(1, Risk_worry="There is no chronology on the file of this child.")]
    assert read(tmp_path, rows, FRAMEWORK).quotes.empty
    assert read(tmp_path, rows).quotes["text"].tolist() == ["There is no chronology on the file of this child."]


def test_a_quote_is_typical_of_a_new_team_and_short(tmp_path: Path) -> None:
    rows = [
        audit(1, Risk_worry="There is a chronology which nobody has looked at for a long while, it seems to me."),
        audit(2, Risk_worry="No chronology has been put on the file."),
        audit(3, Risk_worry="No chronology was found on this file at all."),
        audit(4, Risk_worry="Ethnicity has been left out of the assessment."),
        audit(5, Risk_worry="Ethnicity is not spoken of in any way here."),
    ]
    quotes = read(tmp_path, rows).quotes
    history = quotes[quotes["theme"] == "history"].iloc[0]
    assert history["text"] == "No chronology has been put on the file."
    assert (
        history["reason"]
        == "the words for its theme are in 2 of 3 statements of it; 8 words; of a team not quoted before"
    )
    assert quotes["quarter"].unique().tolist() == ["2019-Q4"]


def test_names_of_the_returns_are_hidden_in_every_statement_not_only_on_their_row(tmp_path: Path) -> None:
    rows = [
        audit(1, Child="Doe, Jane", Worker="Sean O'Brien"),
        audit(2, Worker="A. Nother", Risk_worry="No chronology was seen by O’BRIEN on the file."),
    ]
    assert read(tmp_path, rows).quotes["text"].tolist() == ["No chronology was seen by [name] on the file."]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No chronology since zebedeequux moved away from home.", "may be a name"),
        ("No chronology since rose moved away from home.", "part of a name"),
        ("No chronology and the plan for summer is vague.", "part of a name"),
        ("No chronology, and KJ was seen at home.", "may be a name"),
        ("No chronology for the boy who is 14 years old.", "number"),
        ("No chronology for the seven year old at home.", "an age"),
        ("No chronology since the third of May for the child.", "a date"),
        ("No chronology of the conjoined children here.", "rare"),
        ("No chronology, ring Jane Doe on 07700 900123 in Umberfield.", "withheld"),
        ("No chronology for Jane Doe or her brother Tom Roe here.", "withheld"),
    ],
)
def test_a_doubtful_statement_is_withheld_and_counted(tmp_path: Path, text: str, reason: str) -> None:
    rows = [audit(1, Child="Doe, Jane", Risk_worry=text), audit(2, Child="Hart, Rose", Worker="Summer Field")]
    quotes = read(tmp_path, rows).quotes
    assert quotes["text"].isna().all() and len(quotes) >= 1
    assert all(why.startswith("withheld: ") for why in quotes["reason"])
    assert any(reason in why for why in quotes["reason"])


def test_the_next_candidate_is_taken_where_the_best_is_doubtful(tmp_path: Path) -> None:
    rows = [
        audit(1, Risk_worry="No chronology since Zebedee left."),
        audit(2, Risk_worry="No chronology has been put on the file of this child."),
    ]
    quotes = read(tmp_path, rows).quotes
    assert quotes["text"].fillna("").tolist() == ["", "No chronology has been put on the file of this child."]


def test_what_is_too_short_or_too_long_is_not_quoted(tmp_path: Path) -> None:
    long = "No chronology " + "and nothing else either " * 10
    assert read(tmp_path, [audit(1, Risk_worry="No chronology"), audit(2, Risk_worry=long)]).quotes.empty
