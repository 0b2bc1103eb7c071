"""Feedback: whose it is, which scores are plain enough to be read, and that what was written goes no further."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, write_rows
from hypothesis import given
from hypothesis import strategies as st
from test_formats import as_ods, as_xlsx

from auditanalytics.changes import received
from auditanalytics.errors import PrivacyError
from auditanalytics.feedback import Score, group_of, is_given, read_score
from auditanalytics.gate import check_artefacts
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.schema import FEEDBACK

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

COLUMNS = """[columns]
feedback_from = ["Feedback from"]
feedback_score = ["Feedback score"]
feedback_scale = ["Feedback out of"]
feedback_text = ["What they said"]
professionals_seen = ["Professionals seen"]
category = ["Category"]
grade = ["Grade"]
"""
HEADER = ["Feedback from", "Feedback score", "Feedback out of", "What they said"]
AUDIT = ["A1", "01/04/2025", "North", "Good", "RI", "Inadequate"]

Read = Callable[..., AuditReturns]


@pytest.fixture
def framework(tmp_path: Path) -> Path:
    path = tmp_path / "with-feedback.toml"
    path.write_text(SMALL_FRAMEWORK.replace("[columns]\n", COLUMNS), encoding="utf-8")
    return path


@pytest.fixture
def read(tmp_path: Path, framework: Path) -> Read:
    """Read audits, A1, A2 and so on, each with cells of feedback behind its grades."""

    def reading(*cells: list[str], header: list[str] = HEADER) -> AuditReturns:
        rows = [[f"A{number}", *AUDIT[1:], *said] for number, said in enumerate(cells, 1)]
        return read_returns(write_rows(tmp_path / "a.csv", [[*WIDE_HEADER, *header], *rows]), framework=framework)

    return reading


def said(returns: AuditReturns) -> list[tuple[object, ...]]:
    """Who, score, scale and text of all feedback, with None for what is missing."""
    rows = returns.feedback.drop(columns="audit_id").astype(object)
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def found(returns: AuditReturns) -> list[tuple[str, str, str]]:
    """What somebody should look at, each with its cell and outcome."""
    problems = returns.problems[returns.problems["outcome"] == "feedback score left out"]
    assert set(problems["severity"]) <= {"warning"}
    return list(problems[["code", "cell", "outcome"]].itertuples(index=False, name=None))


class TestWho:
    @pytest.mark.parametrize(
        ("text", "who"),
        [
            ("Child", "child"),
            ("CHILDREN ", "child"),
            ("young person", "child"),
            ("Young\u00a0people", "child"),
            ("YP", "child"),
            ("Mother", "parent"),
            ("Mum/Dad", "parent"),
            ("Parents & carers", "parent"),
            ("Foster carer", "parent"),
            ("Special guardian", "parent"),
            ("mat. grandmother", "parent"),
            ("Family", "parent"),
            ("School", "professional"),
            ("Health Visitor", "professional"),
            ("GP", "professional"),
            ("Reviewing officer (IRO)", "professional"),
            ("Partner agency", "professional"),
            ("so\u00adcial work\u200ber", "professional"),
            ("Mother and child", "other"),
            ("Child's social worker", "other"),
            ("Quillon Brankovic", "other"),
            ("", "other"),
            ("N/A", "other"),
            ("childlike", "other"),
            ("Mothercare", "other"),
        ],
    )
    def test_words_name_one_group_or_it_is_another(self, text: str, who: str) -> None:
        assert group_of(text) == who

    def test_the_written_word_is_kept_nowhere_but_among_what_may_not_come_out(self, read: Read) -> None:
        returns = read(["Quillon, his mother", "9", "10", "Brankovic was kind to us all the time"])
        assert returns.feedback["who"].tolist() == ["parent"]
        for name in ("audits", "feedback", "actions", "findings", "problems", "headers", "ledger"):
            table = getattr(returns, name).drop(columns="text", errors="ignore")
            assert not table.astype(str).apply(lambda column: column.str.contains("Quillon")).any(axis=None), name


class TestScore:
    @pytest.mark.parametrize(
        ("score", "scale", "read"),
        [
            ("9", "", (9, None)),
            ("0", "10", (0, 10)),
            ("10", "10", (10, 10)),
            ("8.5", "10", (8.5, 10)),
            ("8.25", "", (8.25, None)),
            ("9/10", "", (9, 10)),
            ("9 / 10", "", (9, 10)),
            ("9 out of 10", "", (9, 10)),
            ("9 OF 10", "", (9, 10)),
            (" 9\u00a0of\u00a010 ", "", (9, 10)),
            ("9\u200b/10", "", (9, 10)),
            ("9/10", "10", (9, 10)),
            ("4 out of 5 smileys", "", (4, 5)),
            ("4 smiley faces", "5", (4, 5)),
            ("3 stars", "", (3, None)),
            ("1 star", "from 1 to 5", (1, 5)),
            ("9", "out of 10", (9, 10)),
            ("9", "/10", (9, 10)),
            ("9", "0-10", (9, 10)),
            ("0", "0 \u2013 10", (0, 10)),
            ("5", "1 to 5", (5, 5)),
            ("9", "N/A", (9, None)),
            ("85", "100", (85, 100)),
        ],
    )
    def test_what_is_plain_is_read(self, score: str, scale: str, read: tuple[float, float | None]) -> None:
        assert read_score(score, scale) == Score(*read)

    @pytest.mark.parametrize(
        "text",
        ["", " ", "N/A", "n/a.", "-", "\u2013", "None", "not asked", "Not Applicable", "Declined", "no feedback", "NA"],
    )
    @pytest.mark.parametrize("scale", ["", "10", "nonsense", "2019-05-01"])
    def test_what_says_that_there_is_no_score_is_none_and_no_problem(self, text: str, scale: str) -> None:
        assert read_score(text, scale) == Score()
        assert not is_given(text)

    @pytest.mark.parametrize(
        ("score", "scale", "fault", "at_scale"),
        [
            ("2019-10-09", "10", "a date", False),
            ("09/10/2019", "10", "a date", False),
            ("9 October 2019", "", "a date", False),
            ("09-Oct", "", "what is no such number", False),
            ("43747", "", "what is no such number", False),
            ("9", "2019-05-01", "a date", True),
            ("9", "43747", "a scale that is no such number", True),
            ("9", "lots", "a scale that is no such number", True),
            ("9", "10 to 1", "a scale that is no such number", True),
            ("9", "#N/A", "a scale that is no such number", True),
            ("9/10", "5", "another scale than the one beside the score", True),
            ("11", "10", "a score above its scale", False),
            ("11/10", "", "a score above its scale", False),
            ("10.01", "10", "a score above its scale", False),
            ("0", "1 to 5", "a score below its scale", False),
            ("0", "0", "a scale without room for a score", False),
            ("1", "1-1", "a scale without room for a score", False),
            ("-1", "10", "what is no such number", False),
            ("90%", "", "what is no such number", False),
            ("9-10", "", "what is no such number", False),
            ("8,5", "10", "what is no such number", False),
            ("9\u00b2", "", "what is no such number", False),  # nine with a footnote is not ninety-two
            ("8\u00bd", "", "what is no such number", False),
            ("nine", "10", "what is no such number", False),
            ("about 9", "10", "what is no such number", False),
            ("9 out of", "", "what is no such number", False),
            ("9 10", "", "what is no such number", False),
            ("9.125", "", "what is no such number", False),
            ("TRUE", "", "what is no such number", False),
            ("09:10:00", "", "what is no such number", False),
            ("very good", "", "what is no such number", False),
        ],
    )
    def test_what_is_not_plain_is_left_out(self, score: str, scale: str, fault: str, at_scale: bool) -> None:
        assert read_score(score, scale) == Score(fault=fault, at_scale=at_scale)

    @given(st.text(max_size=12), st.text(max_size=12))
    def test_whatever_is_written_a_score_is_within_its_scale_or_there_is_none(self, score: str, scale: str) -> None:
        read = read_score(score, scale)
        assert (read.score is None) or (0 <= read.score < 1000 and not read.fault)
        assert read.scale is None or (read.score is not None and read.score <= read.scale)


class TestTable:
    def test_a_row_for_each_that_says_anything(self, read: Read) -> None:
        returns = read(
            ["Child", "9", "10", "She listens."],
            ["", "", "", ""],
            ["Mother", "", "", ""],
            ["", "4 of 5", "", ""],
            ["", "", "", "We were asked."],
            ["School", "Not asked", "10", "N/A"],
            ["", "", "10", ""],
            ["N/A", "N/A", "10", "N/A"],
        )
        assert said(returns) == [
            ("child", 9, 10, "She listens."),
            ("parent", None, None, None),
            ("other", 4, 5, None),
            ("other", None, None, "We were asked."),
            ("professional", None, None, None),
        ]
        assert found(returns) == []
        assert returns.feedback["audit_id"].isin(returns.audits["audit_id"]).all()
        assert returns.feedback["audit_id"].nunique() == 5

    @pytest.mark.parametrize(
        ("score", "scale", "code", "cell"),
        [
            ("2019-10-09", "10", "feedback_unclear", "H2"),
            ("11", "10", "feedback_unclear", "H2"),
            ("9/10", "5", "feedback_unclear", "I2"),
            ("9", "2019-05-01", "feedback_unclear", "I2"),
            ("#REF!", "10", "cell_error", "H2"),
            ("9", "#NOT CALCULATED", "formula_not_calculated", "I2"),
        ],
    )
    def test_a_score_that_is_not_plain_costs_itself_alone(
        self, read: Read, score: str, scale: str, code: str, cell: str
    ) -> None:
        returns = read(["Child", score, scale, "She listens."])
        assert said(returns) == [("child", None, None, "She listens.")]
        assert found(returns) == [(code, cell, "feedback score left out")]
        problem = returns.problems.set_index("code").loc[code]
        assert problem["column"] in HEADER
        assert problem["remedy"]
        assert problem["value"] in (score, scale)
        assert len(problem["value"]) == 1 or problem["value"] not in problem["message"] + problem["remedy"]
        assert len(returns.audits) == 1

    def test_the_message_says_what_was_expected_and_found_and_the_remedy_what_to_write(self, read: Read) -> None:
        problem = read(["Child", "2019-10-09", "", ""]).problems.set_index("code").loc["feedback_unclear"]
        assert problem["message"] == "expected a score from 0 up to its scale, such as 9 or 9 of 10; found a date"
        assert "'9 of 10'" in problem["remedy"]

    def test_an_error_of_the_spreadsheet_alone_is_nobodys_feedback(self, read: Read) -> None:
        returns = read(["#N/A", "#N/A", "", "#REF!"])
        assert said(returns) == []
        assert [code for code, _, _ in found(returns)] == ["cell_error"]

    @pytest.mark.parametrize(("ending", "write"), [("xlsx", as_xlsx), ("ods", as_ods)])
    def test_nine_of_ten_that_a_spreadsheet_made_a_date_is_no_score(
        self, tmp_path: Path, framework: Path, ending: str, write: Callable[..., bytes]
    ) -> None:
        rows = [
            [*WIDE_HEADER, *HEADER], [*AUDIT, "Child", dt.date(2019, 10, 9), "", ""], ["A2", *AUDIT[1:], "Child", 9, 10, ""],
        ]  # fmt: skip
        (tmp_path / f"score-as-date.{ending}").write_bytes(write({"Returns": rows}))
        returns = read_returns(tmp_path / f"score-as-date.{ending}", framework=framework)
        assert said(returns) == [("child", None, None, None), ("child", 9, 10, None)]
        assert found(returns) == [("feedback_unclear", "H2", "feedback score left out")]

    def test_several_people_stand_in_numbered_columns(self, read: Read) -> None:
        header = ["Feedback from", "Feedback score", "What they said"]
        header += ["Feedback from 2", "Feedback score 2", "Feedback out of 2", "What they said 2"]
        returns = read(
            ["Child", "4 of 5", "She listens.", "Mother", "11", "10", ""],
            ["", "", "", "School", "", "", "Minutes come late."],
            header=header,
        )
        assert said(returns) == [
            ("child", 4, 5, "She listens."),
            ("parent", None, None, None),
            ("professional", None, None, "Minutes come late."),
        ]
        assert found(returns) == [("feedback_unclear", "K2", "feedback score left out")]
        assert "feedback_score 2" in returns.headers["means"].tolist()

    def test_a_scale_in_a_header_is_no_number_of_a_person(self, read: Read) -> None:
        returns = read(["Child", "9"], header=["Feedback from", "Feedback out of 10"])
        assert said(returns) == [("child", None, None, None)]
        unknown = returns.problems.set_index("code").loc["column_without_meaning"]
        assert unknown["value"] == "Feedback out of 10"

    def test_in_a_long_return_feedback_counts_once_whether_it_stands_on_one_row_or_on_all(
        self, tmp_path: Path, framework: Path
    ) -> None:
        header = ["Audit ID", "Date", "Category", "Grade", *HEADER]
        child, mother = ["Child", "9", "10", "She listens."], ["Mother", "11", "10", ""]
        rows = [
            [audit, "01/04/2025", category, "Good", *cells]
            for audit, first, other in (("A1", child, child), ("A2", child, [""] * 4), ("A3", mother, mother))
            for category, cells in (("Spotting", first), ("Plan", other))
        ]
        returns = read_returns(write_rows(tmp_path / "long.csv", [header, *rows]), framework=framework)
        assert said(returns) == [
            ("child", 9, 10, "She listens."), ("child", 9, 10, "She listens."), ("parent", None, None, None),
        ]  # fmt: skip
        assert returns.feedback["audit_id"].tolist() == returns.audits["audit_id"].tolist()
        assert found(returns) == [("feedback_unclear", "F6", "feedback score left out")]

    def test_the_feedback_on_a_rejected_audit_is_not_counted_and_may_not_come_out_either(
        self, tmp_path: Path, framework: Path
    ) -> None:
        said_of = "Nobody told me why I could not go home"
        rows = [
            [*WIDE_HEADER, *HEADER],
            ["A1", "someday", *AUDIT[2:], "Child", "11", "10", said_of],
            ["A2", *AUDIT[1:]],
        ]
        rows[2] += ["", "", "", ""]
        returns = read_returns(write_rows(tmp_path / "a.csv", rows), framework=framework)
        assert returns.feedback.empty
        assert found(returns) == []
        assert said_of in returns.identifiers["text"].tolist()

    def test_returns_without_feedback_have_the_same_columns(self, read: Read, tmp_path: Path) -> None:
        returns = read([], header=[])
        returns.save(tmp_path / "kept")
        for feedback in (returns.feedback, read_returns(tmp_path / "kept").feedback):
            pd.testing.assert_frame_equal(feedback, FEEDBACK.build([]))

    @pytest.mark.parametrize(
        ("header", "state"),
        [
            (HEADER, "passed"),
            (["Feedback from", "Feedback from 2", "Feedback score 2"], "passed"),
            (["Feedback from"], "could not run"),
        ],
    )
    def test_whether_the_rule_could_be_asked_is_said(self, read: Read, header: list[str], state: str) -> None:
        checks = read(["Child", *[""] * (len(header) - 1)], header=header).checks.set_index("code")
        assert checks.loc["feedback_unclear", ["subject", "state"]].tolist() == ["feedback", state]


class TestKept:
    def test_free_text_is_looked_for_before_anything_is_published(self, read: Read, tmp_path: Path) -> None:
        header = [*HEADER, "Professionals seen"]
        texts = [
            "Quillon Brankovic, the mother of both children", "She came when she said she would",
            "Ms Brankovic of the school by the river",
        ]  # fmt: skip
        returns = read([texts[0], "9", "10", texts[1], texts[2]], header=header)
        comments = returns.identifiers[returns.identifiers["kind"] == "comment"]
        assert set(texts) <= set(comments["text"])
        for number, text in enumerate(texts):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / "page.html").write_text(f"<p>{text}</p>", encoding="utf-8")
            with pytest.raises(PrivacyError, match="a comment or a piece of one"):
                check_artefacts(folder, comments)

    def test_feedback_goes_on_being_written_and_changes_no_fingerprint(self, read: Read) -> None:
        before = received(read(["Child", "", "", ""]))
        after = received(read(["Child", "9", "10", "She listens."]))
        pd.testing.assert_frame_equal(before, after)

    def test_the_example_has_feedback_on_about_half_of_its_audits(self, example: AuditReturns) -> None:
        feedback = example.feedback
        assert 40 <= feedback["audit_id"].nunique() == len(feedback) <= 56
        assert set(feedback["who"]) == {"child", "parent", "professional"}
        scales = {who: set(scales.dropna()) for who, scales in feedback.groupby("who")["scale"]}
        assert scales == {"child": {5.0, 10.0}, "parent": {10.0}, "professional": {10.0}}
        of_professionals = feedback[feedback["who"] == "professional"]
        assert of_professionals["score"].isna().mean() > 0.5
        assert feedback["text"].notna().all()
