"""Word forms: what stands in them is read as a person reads it, and what does not fit is refused, never half-read."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from test_formats import AUDITS, CATEGORIES, FRAMEWORK, Audit, as_shown, as_text, tables_of, wide_rows
from word_forms import (
    Xml,
    boxes,
    check_box,
    date_control,
    drop_down,
    heading,
    old_check_box,
    old_drop_down,
    old_text,
    paragraph,
    run,
    table,
    write_form,
)

from auditanalytics.coverage import whom_to_ask
from auditanalytics.form_names import number_telling_forms
from auditanalytics.reporting.received import show_sheets
from auditanalytics.returns import AuditReturns, read_returns

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate", "N/A")
Read = Callable[..., AuditReturns]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read documents, given as their blocks by name."""
    folder = tmp_path / "returns"
    folder.mkdir()

    def read_documents(framework: str = "south-gloucestershire", **documents: Iterable[str]) -> AuditReturns:
        for name, blocks in documents.items():
            write_form(folder / f"{name}.docx", *blocks)
        return read_returns(folder, framework=framework)

    return read_documents


def head(reference: str = "A1", date: str | Xml = "05/04/2019") -> Xml:
    return table(("Audit reference", reference), ("Date of audit", (date,)), ("Team", "North"))


def grades_of(returns: AuditReturns) -> dict[str, str | None]:
    judgements = returns.judgements[returns.judgements["outcome"] != "not graded"]
    return {row.category: row.grade if isinstance(row.grade, str) else row.outcome for row in judgements.itertuples()}


def comments_of(returns: AuditReturns) -> set[tuple[str, str, str]]:
    findings = returns.findings.fillna("")
    return set(findings[["category", "kind", "text"]].itertuples(index=False, name=None))


def codes(returns: AuditReturns, *severities: str) -> list[str]:
    severities = severities or ("error", "warning")
    found = returns.problems[returns.problems["severity"].isin(severities)]
    return found.loc[found["code"] != "category_without_column", "code"].tolist()


def counts(returns: AuditReturns) -> tuple[int, ...]:
    return tuple(returns.rows.values())


class TestSameAudits:
    """Forms and spreadsheets of the same audits give the same tables."""

    @staticmethod
    def as_form(audit: Audit) -> list[str]:
        pairs = [(label, as_shown(cell)) for label, cell in audit.of_whole.items()]
        judged = [
            (category, drop_down(GRADES, grade), drop_down(GRADES, moderated), comment)
            for category, (grade, moderated, comment) in audit.judgements.items()
            if category in CATEGORIES
        ]
        overall, moderated, _ = audit.judgements["Overall"]
        steps = [[as_shown(cell) for cell in action.values()] for action in audit.actions]
        return [
            heading("Audit"),
            table(*(two + other for two, other in zip(pairs[::2], pairs[1::2], strict=True))),
            heading("Judgements"),
            table(
                ("Category", "Grade", "Moderated grade", "What worked well"),
                *([category, (grade,), (other,), comment] for category, grade, other, comment in judged),
            ),
            table(("Overall", overall), ("Overall after moderation", moderated)),
            table(("Action", "Role", "Person", "Due", "Done"), *steps, ("", "", "", "", "")),
        ]

    def test_forty_forms_say_what_forty_rows_say(self, tmp_path: Path) -> None:
        framework = tmp_path / "formats.toml"
        framework.write_text(FRAMEWORK, encoding="utf-8")
        (tmp_path / "plain.csv").write_bytes(as_text(wide_rows(AUDITS)))
        expected = tables_of(read_returns(tmp_path / "plain.csv", framework=framework))
        forms = tmp_path / "forms"
        forms.mkdir()
        for number, audit in enumerate(AUDITS):
            write_form(forms / f"{number:02}.docx", *self.as_form(audit))
        found = tables_of(read_returns(forms, framework=framework))
        for name, frame in expected.items():
            pd.testing.assert_frame_equal(found[name], frame, obj=name)


class TestAnswers:
    """How an answer may stand to its label."""

    JUDGED = table(("Identification of risk", "Good"), ("Response to risk", "RI"))

    @pytest.mark.parametrize(
        ("answer", "grade"),
        [
            (drop_down(GRADES, "Inadequate"), "Inadequate"),
            (drop_down(GRADES, ""), None),
            (old_drop_down(GRADES, "Good"), "Good"),
            (boxes(GRADES, ["Good"]), "Good"),
            (boxes(GRADES, []), None),
            (boxes(GRADES, ["Good", "Inadequate"]), "not counted"),
            (run("Good ☐ Inadequate ☑"), "Inadequate"),
            (
                Xml(run("Good ") + old_check_box(ticked=False) + run(" Inadequate ") + old_check_box(ticked=True)),
                "Inadequate",
            ),
            (old_text("Outstanding"), "Outstanding"),
            (old_text(""), None),
            (run("Requires improvement to be good"), "Requires improvement"),
            (run("N/A"), None),
        ],
    )
    def test_a_grade(self, read: Read, answer: Xml, grade: str | None) -> None:
        form = [head(), table(("Identification of risk", (answer,)), ("Response to risk", "RI"))]
        found = read(a=form)
        assert grades_of(found) == {
            "risk-response": "Requires improvement",
            **({"risk-identification": grade} if grade else {}),
        } or (grade == "not counted" and codes(found) == ["two_grades"])
        assert counts(found) == (1, 1, 0, 0)

    @pytest.mark.parametrize(
        "blocks",
        [
            [table(("Audit reference", "A1", "Date of audit", "05/04/2019"))],
            [table(("Audit reference", "", "A1", ""), ("Date of audit", "", "", "05/04/2019"))],
            [table(("Audit reference", "Date of audit", "Team"), ("A1", "05/04/2019", "North"))],
            [paragraph("Audit reference: A1"), paragraph("Date of audit: 5 April 2019")],
            [paragraph("Audit reference: A1", Xml("<w:r><w:tab/></w:r>"), "Date of audit: 05.04.2019")],
            [table(("Audit reference: A1", "Date of audit: 05/04/2019"))],
            [table(("Audit reference",), ("A1",), ("Date of audit",), ("2019-04-05",))],
            [table(("Audit reference\nA1",), ("Date of audit\n05/04/2019",))],
            [table(("1. Audit reference:", "A1"), ("2. Date of audit:", (date_control("05/04/2019"),)))],
        ],
        ids=[
            "four cells",
            "over blank cells",
            "under its label",
            "a line",
            "two on a line",
            "in its cell",
            "below",
            "next line",
            "numbered",
        ],
    )
    def test_a_label(self, read: Read, blocks: list[str]) -> None:
        found = read(a=[*blocks, self.JUDGED])
        assert codes(found) == []
        assert found.audits["period_date"].dt.strftime("%d %b %Y").tolist() == ["05 Apr 2019"]
        assert found.identifiers.loc[found.identifiers["kind"] == "audit", "text"].tolist() == ["A1"]

    def test_a_column_for_each_grade(self, read: Read) -> None:
        ticked, free = (check_box(ticked=True),), (check_box(ticked=False),)
        questions = table(
            ("", "Good", "Inadequate", "N/A", "Comment"),
            ("Identification of risk", ticked, free, free, "Seen."),
            ("Response to risk", free, "x", free, ""),
            ("Planning", free, free, free, "Nothing."),
            ("Timeliness of assessment", ticked, ticked, free, ""),
        )
        found = read(a=[head(), questions])
        assert grades_of(found) == {
            "risk-identification": "Good",
            "risk-response": "Inadequate",
            "assessment-timeliness": "not counted",
        }
        assert ("risk-identification", "comment", "Seen.") in comments_of(found)
        assert codes(found) == ["two_grades"]

    def test_a_heading_across_the_table_under_its_head(self, read: Read) -> None:
        questions = table(
            ("Category", "Comment", "Grade"),
            ("Identification and response to risk",),
            ("Identification of risk", "Seen.", "Good"),
            ("Response to risk", "", "RI"),
        )
        found = read(a=[head(), questions])
        assert grades_of(found) == {"risk-identification": "Good", "risk-response": "Requires improvement"}
        assert comments_of(found) == {("risk-identification", "comment", "Seen.")}

    def test_a_grade_in_a_row_of_four_cells_is_no_head(self, read: Read) -> None:
        form = [
            head(),
            heading("Identification of risk"),
            table(("Service", "East", "Grade", "Good"), ("Topic", "Homes")),
        ]
        found = read(a=form)
        assert grades_of(found) == {"risk-identification": "Good"}
        assert found.audits[["service", "topic"]].to_numpy().tolist() == [["East", "Homes"]]

    def test_boxes_for_what_worked_well_and_what_did_not(self, read: Read) -> None:
        form = [
            head(),
            table(
                ("Category", "Grade", "What is working well?", "What are we worried about?"),
                ("Identification of risk", "Good", "Seen alone.", "Seen late."),
            ),
            heading("What is working well?"),
            paragraph("Kind words."),
            paragraph("Clear notes."),
            table(("What are we worried about?",), ("Drift.",)),
            self.JUDGED,
        ]
        assert comments_of(read(a=form)) == {
            ("risk-identification", "worked_well", "Seen alone."),
            ("risk-identification", "worried_about", "Seen late."),
            ("", "worked_well", "Kind words.\nClear notes."),
            ("", "worried_about", "Drift."),
        }

    def test_next_steps_of_several_tables_are_numbered_on(self, read: Read) -> None:
        labels = ("Next step", "Responsible role", "Date required")
        steps = [table(labels, ("Visit", "Worker", "01/05/2019"), ("", "", "")), table(labels, ("Plan", "Manager", ""))]
        found = read(a=[head(), self.JUDGED, *steps])
        assert found.actions[["action", "role"]].to_numpy().tolist() == [["Visit", "Worker"], ["Plan", "Manager"]]
        assert codes(found) == []

    def test_what_only_prompts_is_no_answer_and_what_is_hidden_is_not_seen(self, read: Read) -> None:
        hidden = Xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t>Good</w:t></w:r>")
        form = [head(date=date_control("")), table(("Identification of risk", (hidden,)), ("Response to risk", "RI"))]
        found = read(a=form)
        assert codes(found) == ["date_missing"]
        assert counts(found) == (1, 0, 1, 0)

    def test_cells_and_rows_inside_controls_and_tables_inside_cells_are_read(self, read: Read) -> None:
        row = "<w:tr><w:tc><w:p><w:r><w:t>Identification of risk</w:t></w:r></w:p></w:tc>{}</w:tr>"
        cell = (
            "<w:sdt><w:sdtPr/><w:sdtContent><w:tc><w:p><w:r><w:t>Good</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt>"
        )
        wrapped = f"<w:sdt><w:sdtPr/><w:sdtContent>{row.format(cell)}</w:sdtContent></w:sdt>"
        inner = table(("Response to risk", "RI"))
        outer = f"<w:tbl>{wrapped}<w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
        assert grades_of(read(a=[head(), Xml(outer)])) == {
            "risk-identification": "Good",
            "risk-response": "Requires improvement",
        }


class TestHull:
    """A section for each statement, a table of its questions, and whether it is met."""

    def test_the_line_under_a_section_judges_the_section(self, read: Read) -> None:
        title = "Knowledge and Skills Statement 1: Relationships and Effective Direct Work"
        questions = table(
            (title, "Yes/No/Partially/N/A", "What's working well?/What are we worried about? How is this shown?"),
            ("Child seen and engaged", (drop_down(("Yes", "No"), "Yes"),), "Seen often; worried about visits."),
            ("Views of child and family sought", "Partially", ""),
        )
        form = [
            table(("Case number", "C1", "Date of audit", "05/05/2022"), ("Audit type", "Early Help", "Team", "East")),
            heading(title),
            questions,
            table(("Knowledge and Skills Statement met?", "Partially")),
            table(("Overall grading of the audit", "Requires improvement with elements of good practice")),
        ]
        found = read("hull", a=form)
        assert grades_of(found) == {
            "child-seen": "Yes",
            "views-sought": "Partially",
            "kss-1": "Partially met",
            "overall": "Requires improvement with elements of good practice",
        }
        assert comments_of(found) == {("child-seen", "comment", "Seen often; worried about visits.")}
        assert codes(found) == []

    def test_a_section_of_the_adopters_form(self, read: Read) -> None:
        form = [
            table(("Case number", "C1"), ("Date of audit", "05/05/2022"), ("Audit type", "Adoption")),
            heading("Process checks"),
            table(("Auditor judgement", "Good")),
            heading("Family finding"),
            table(("Auditor judgement", "Inadequate"), ("Auditor's comment", "Slow.")),
        ]
        found = read("hull", a=form)
        assert grades_of(found) == {"adoption-process": "Good", "adoption-family-finding": "Inadequate"}
        assert comments_of(found) == {("adoption-family-finding", "comment", "Slow.")}


class TestRefused:
    """What is not read as a whole is not read at all, and the place is named."""

    def test_two_answers_for_one_label(self, read: Read) -> None:
        found = read(a=[head(), head("A2"), TestAnswers.JUDGED], b=[head("B"), TestAnswers.JUDGED])
        refused = found.problems[found.problems["code"] == "form_layout"].iloc[0]
        assert tuple(refused[["file", "sheet", "cell", "row"]]) == ("a.docx", "table 2", "B1", "1")
        assert counts(found) == (2, 1, 1, 0)
        assert found.rejected_audits == 1

    def test_a_table_of_several_audits_is_no_form(self, read: Read) -> None:
        rows = [("A1", "05/04/2019", "Good"), ("A2", "06/04/2019", "RI")]
        sheet = table(("Audit reference", "Date of audit", "Team"), *rows)
        assert codes(read(a=[sheet, TestAnswers.JUDGED])) == ["form_layout"]

    def test_a_letter_is_no_form(self, read: Read) -> None:
        found = read(a=[paragraph("Dear Sam,"), paragraph("Team: as before")], b=[head(), TestAnswers.JUDGED])
        assert codes(found) == ["form_not_recognised"]
        assert counts(found) == (2, 1, 0, 1)
        assert found.sheets.set_index("file")["kind"].to_dict() == {"a.docx": "not read", "b.docx": "form"}

    def test_a_form_nobody_filled_in_is_skipped(self, read: Read) -> None:
        blank = [head("", date_control("")), table(("Identification of risk", (drop_down(GRADES, ""),)))]
        blank[0] = table(("Audit reference", ""), ("Date of audit", (date_control(""),)))
        found = read(a=blank, b=[head(), TestAnswers.JUDGED])
        assert codes(found) == []
        assert codes(found, "note").count("skipped_blank") == 1
        assert counts(found) == (2, 1, 0, 1)

    def test_a_form_without_a_place_for_the_date(self, read: Read) -> None:
        found = read(a=[table(("Audit reference", "A1")), TestAnswers.JUDGED], b=[head(), TestAnswers.JUDGED])
        assert codes(found) == ["missing_column"]
        assert counts(found) == (2, 1, 1, 0)

    def test_words_beside_an_unknown_label_are_counted_and_never_repeated(self, read: Read) -> None:
        canary = "Canary Wharfinger"
        found = read(a=[head(), TestAnswers.JUDGED, table((f"{canary}'s shoe size", canary), (canary, ""))])
        (unread,) = found.problems[found.problems["code"] == "column_without_meaning"].to_dict("records")
        assert (unread["file"], unread["sheet"], unread["cell"]) == ("a.docx", "table 3", "A1")
        assert unread["message"].endswith(": 2")
        assert canary not in found.problems.to_csv()

    def test_the_same_form_twice(self, read: Read) -> None:
        found = read(a=[head(), TestAnswers.JUDGED], b=[head(), TestAnswers.JUDGED, paragraph("Copy")])
        (again,) = found.problems[found.problems["code"] == "duplicate"].to_dict("records")
        assert (again["file"], again["sheet"], again["cell"]) == ("b.docx", "table 1", "B1")
        assert again["message"].endswith("read before, in a.docx")
        assert counts(found) == (2, 1, 1, 0)

    def test_a_form_whose_cell_is_too_long(self, read: Read) -> None:
        found = read(
            a=[head(), TestAnswers.JUDGED, table(("What is working well?", "x" * 40_000))],
            b=[head("B"), TestAnswers.JUDGED],
        )
        assert codes(found) == ["form_layout"]
        assert counts(found) == (2, 1, 1, 0)


def test_the_place_of_every_problem_is_a_cell_that_a_person_finds(read: Read) -> None:
    late = table(("Date returned", "01/04/2019"), ("Identification of risk", "Goood"))
    problems = read(a=[head(), late]).problems
    found = {each.code: (each.sheet, each.cell, each.row) for each in problems.itertuples()}
    assert found["grade_unknown"] == ("table 2", "B2", "2")
    assert found["dates_out_of_order"] == ("table 2", "B1", "1")


def test_the_framework_of_forms_is_recognised(tmp_path: Path) -> None:
    write_form(tmp_path / "a.docx", head(), TestAnswers.JUDGED)
    assert read_returns(tmp_path).framework.id == "south-gloucestershire"


def test_the_page_of_what_came_in_says_that_forms_did(read: Read) -> None:
    assert "a filled form" in show_sheets(read(a=[head(), TestAnswers.JUDGED])).html
    returns = read(
        b=[head("B"), table(("Identification of risk", "Goood"))], c=[head("C"), table(("Response to risk", "x"))]
    )
    page = show_sheets(returns).html
    assert "3 forms in Word" in page and "b.docx" not in page
    assert set(whom_to_ask(returns)["file"]) == {"forms in Word"}


def test_control_characters_and_text_encoded_twice_come_out_clean(read: Read) -> None:
    form = [head(), TestAnswers.JUDGED, table(("What is working well?", "A_x0007_b â€™"))]
    found = read(a=form)
    assert codes(found, "error") == []
    assert len(found.findings) == 1


class TestNames:
    """A form is often named after its case; a report does not say so."""

    def test_a_form_named_after_its_case_is_told_by_its_number(self, read: Read) -> None:
        forms = {
            "Audit_of_A-17": [head("A-17"), TestAnswers.JUDGED],
            "may": [head("A-18"), TestAnswers.JUDGED],
            "Zoe": [head("A-17"), TestAnswers.JUDGED, table(("Child reference", "Zoe Quibbleworth"))],
        }
        returns = read(**forms)
        numbered = number_telling_forms(returns)
        assert numbered.accounting["file"].tolist() == ["form 1 of 3", "form 2 of 3", "may.docx"]
        assert set(numbered.audits["file"]) == {"form 1 of 3", "may.docx"}
        assert set(numbered.sources) == {"form 1 of 3", "form 2 of 3", "may.docx"}
        (again,) = numbered.problems[numbered.problems["code"] == "duplicate"].to_dict("records")
        assert (again["file"], again["message"].rpartition(" in ")[2]) == ("form 2 of 3", "form 1 of 3")
        told = numbered.problems.drop(columns="value").to_csv() + numbered.headers.to_csv() + numbered.senders.to_csv()
        assert "A-17" not in told and "Zoe" not in told
        assert returns.accounting["file"].tolist() == ["Audit_of_A-17.docx", "Zoe.docx", "may.docx"]

    def test_forms_with_names_that_tell_nothing_keep_them(self, read: Read) -> None:
        returns = read(may=[head("A-17"), TestAnswers.JUDGED])
        assert number_telling_forms(returns) is returns
