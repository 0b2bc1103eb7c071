"""`auditanalytics template`: blank returns as a workbook and as a form, filled in as people do and read back."""

import datetime as dt
import json
import re
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SMALL_FRAMEWORK, run_command
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.table import _Cell as Cell
from filled_forms import Answer, filled_form, filled_workbook, headers_of, parts_of, sheet_parts
from moderators_at_work import SOFFICE

from auditanalytics.blank_returns.columns import BlankReturn, ReturnColumn, plan_returns
from auditanalytics.blank_returns.form import blank_form
from auditanalytics.blank_returns.guidance import sheet_names
from auditanalytics.blank_returns.workbook import _BANDS, _NEEDED_HEAD, blank_workbook
from auditanalytics.blank_returns.writing import write_blank_return
from auditanalytics.errors import ArgumentError, ChoiceError, FrameworkError, ReturnsError
from auditanalytics.frameworks import Framework, Meaning, load_framework, shipped_frameworks
from auditanalytics.intake import find_sources, read_sheets
from auditanalytics.returns import AuditReturns, read_returns

EXAMPLES = [str(ROOT / "docs" / "examples" / name) for name in ("case-file-audits.toml", "ofsted-inspections.toml")]
DAY = dt.date(2024, 3, 5)
IDS = ("007", "0012", "MTG-3")


def frameworks() -> Iterator[Framework]:
    return map(load_framework, (*shipped_frameworks(), *EXAMPLES))


def small(tmp_path: Path, **changes: str) -> Framework:
    """The small framework of the tests, with some of its text changed."""
    text = SMALL_FRAMEWORK
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "small.toml").write_text(text, encoding="utf-8")
    return load_framework(tmp_path / "small.toml")


def answer_of(column: ReturnColumn, number: int) -> Answer:
    """What an auditor may write: the first answer of a list, a day, or a few words."""
    if column.choices:
        return column.choices[0]
    if column.is_date:
        return DAY + dt.timedelta(days=number)
    if column.field == "audit_id":
        return IDS[number]
    if column.field == "feedback_from":
        return "Parent"
    return "9 of 10" if column.field == "feedback_score" else f"Written {number} of {column.header}"


def audits_of(blank: BlankReturn, number: int) -> dict[str, Answer]:
    return {column.header: answer_of(column, number) for column in blank.columns}


class TestPlan:
    @pytest.mark.parametrize("framework", [*frameworks()], ids=lambda each: each.id)
    def test_every_header_is_read_back_as_what_is_meant_and_nothing_is_asked_twice(self, framework: Framework) -> None:
        for blank in plan_returns(framework):
            headers = [column.header for column in blank.columns]
            assert len(set(headers)) == len(headers)
            for column in blank.columns:
                assert framework.meaning(column.header) == column.meaning, column.header
            asked = {column.meaning.category for column in blank.columns if column.is_grade and column.meaning}
            every = {category.id for domain in framework.domains for category in domain.categories}
            assert asked == (set(blank.form.categories) if blank.form else every)

    def test_a_small_framework_asks_what_it_names_in_the_order_of_the_work(self, tmp_path: Path) -> None:
        (blank,) = plan_returns(small(tmp_path))
        assert [(section.id, [column.header for column in section.columns]) for section in blank.sections] == [
            ("audit", ["Audit ID", "Date", "Team"]),
            ("risk", ["Spotting", "Responding"]),
            ("plans", ["Plan"]),
        ]
        assert [column.need for column in blank.columns][:3] == ["Yes, or the audit is not counted"] * 2 + ["If known"]
        assert blank.columns[3].choices == ("Outstanding", "Good", "Requires improvement", "Inadequate", "N/A")
        assert (blank.title, blank.form, blank.identity) == ("Small audit", None, 1)

    def test_what_moderators_and_analysts_fill_in_is_not_asked(self) -> None:
        left_out = {"moderator", "moderated_on", "moderated_overall", "themes", "exempt", "feedback_scale"}
        for framework in frameworks():
            columns = [column for blank in plan_returns(framework) for column in blank.columns]
            assert {column.meaning.kind for column in columns if column.meaning} <= {"field", "grade", "comment"}
            asked = {column.field for column in columns}
            named = {field for field, headers in framework.columns.items() if headers}
            assert named - asked - left_out <= {"category", "grade", "moderated_grade", "comment"}
            assert not asked & left_out

    def test_a_form_asks_its_own_categories_in_its_order_and_which_form_it_is(self) -> None:
        adopter = plan_returns(load_framework("hull"))[4]
        assert [column.header for column in adopter.columns if column.is_grade] == [
            *("Adoption: process checks", "Adoption: assessment", "Adoption: family finding", "Adoption: placement"),
            "Adoption: management oversight and supervision",
        ]
        kinds = [column for column in adopter.columns if column.field == "audit_type"]
        assert [(column.header, column.choices, column.need) for column in kinds] == [
            ("Audit type", ("Prospective adopter case file audit",), "Yes")
        ]

    def test_an_audit_known_by_several_things_is_asked_for_them_first(self) -> None:
        (blank,) = plan_returns(load_framework(EXAMPLES[1]))
        assert [column.header for column in blank.columns][:2] == ["urn", "inspection_end"]
        assert {column.need for column in blank.columns[:2]} == {"Yes, or the audit is not counted"}
        assert blank.columns[0].meaning is None and blank.identity == 2

    def test_numbers_that_would_not_be_read_are_left_out(self, tmp_path: Path) -> None:
        change = ('team = ["Team"]', 'action = ["Action in 24 hours"]\naction_due_on = ["By"]')
        (blank,) = plan_returns(small(tmp_path, columns=change))
        assert [column.header for column in blank.sections[-1].columns] == ["Action in 24 hours", "By"]

    def test_the_date_that_decides_the_quarter_is_always_asked_first(self, tmp_path: Path) -> None:
        changes = {"a": ('quarters = "calendar"', 'period_date = "returned_on"'), "b": ('audited_on = ["Date"]', "")}
        (blank,) = plan_returns(small(tmp_path, **changes))
        assert [column.header for column in blank.columns][:2] == ["Audit ID", "Returned on"]
        assert [column.field for column in blank.columns].count("returned_on") == 1

    def test_a_framework_that_could_not_read_its_own_return_is_refused(self, tmp_path: Path) -> None:
        change = ('team = ["Team"]', 'team = ["plan", "Plan"]')
        other = ('{ id = "plan", headers = ["Plan"] }', '{ id = "plan" }')
        with pytest.raises(FrameworkError, match="no header is left for headers of the category 'plan'"):
            plan_returns(small(tmp_path, team=change, plan=other))


class TestSheetNames:
    def test_titles_that_fit_are_the_names_and_clashes_are_numbered(self, tmp_path: Path) -> None:
        forms = "".join(
            f'[[forms]]\nid = "{name}"\ntitle = "{title}"\ncategories = ["plan"]\n'
            for name, title in (("a", "History"), ("b", "Guidance"), ("c", "Adoption"))
        )
        (tmp_path / "f.toml").write_text(SMALL_FRAMEWORK + forms, encoding="utf-8")
        assert sheet_names(plan_returns(load_framework(tmp_path / "f.toml"))) == ["History 2", "Guidance 2", "Adoption"]

    def test_ids_in_words_stand_in_for_titles_that_no_sheet_may_have(self, tmp_path: Path) -> None:
        long = "x" * 40
        forms = "".join(
            f'[[forms]]\nid = "{name}"\ntitle = "{title}"\ncategories = ["plan"]\n'
            for name, title in ((f"{long}-1", "In/out"), (f"{long}-2", "Other"), ("early-help", "Third"))
        )
        (tmp_path / "f.toml").write_text(SMALL_FRAMEWORK + forms, encoding="utf-8")
        names = sheet_names(plan_returns(load_framework(tmp_path / "f.toml")))
        assert names == ["X" + 30 * "x", "X" + 27 * "x" + " 2", "Early help"]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def validations(parts: dict[str, str], sheet: str) -> dict[str, dict[str, str]]:
    """What each range of a sheet takes: the attributes of its rule, and its formulas."""
    found = {}
    for rule in re.findall(r"<dataValidation .*?(?:/>|</dataValidation>)", parts[sheet_parts(parts)[sheet]], re.DOTALL):
        rules = dict(re.findall(r'(\w+)="([^"]*)"', rule)) | dict(re.findall(r"<(formula\d)>([^<]*)<", rule))
        found[rules["sqref"]] = rules
    return found


def letters(number: int) -> str:
    return (chr(64 + (number - 1) // 26) if number > 26 else "") + chr(65 + (number - 1) % 26)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The blank workbook of every shipped framework."""
    folder = tmp_path_factory.mktemp("blank")
    for name in shipped_frameworks():
        write_blank_return(folder / f"{name}.xlsx", framework=name)
    return {name: folder / f"{name}.xlsx" for name in shipped_frameworks()}


class TestWorkbook:
    pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

    @pytest.mark.parametrize("name", shipped_frameworks())
    def test_a_grade_is_chosen_from_its_scale_on_the_sheet_of_guidance(
        self, workbooks: dict[str, Path], name: str
    ) -> None:
        planned, parts = plan_returns(load_framework(name)), parts_of(workbooks[name])
        (guidance,) = [
            sheet.cells for sheet in read_sheets(find_sources([workbooks[name]])[0])[0] if sheet.sheet == "Guidance"
        ]
        assert list(sheet_parts(parts)) == ["Guidance", *sheet_names(planned)]
        for sheet, blank in zip(sheet_names(planned), planned, strict=True):
            rules = validations(parts, sheet)
            assert headers_of(parts, sheet) == [column.header for column in blank.columns]
            for number, column in enumerate(blank.columns, 1):
                rule = rules.pop(f"{letters(number)}3:{letters(number)}502", None)
                if column.choices:
                    assert rule and rule["type"] == "list"
                    place = re.fullmatch(r"'Guidance'!\$A\$(\d+):\$A\$(\d+)", rule["formula1"])
                    place = place or re.fullmatch(r"'Guidance'!\$A\$((\d+))", rule["formula1"])
                    assert place and tuple(guidance.loc[int(place[1]) : int(place[2]), 0]) == column.choices
                elif column.is_date:
                    assert rule and (rule["type"], rule["formula1"]) == ("date", "DATE(1990,1,1)")
                else:
                    assert rule is None
            assert rules == {}

    def test_no_day_of_an_audit_lies_ahead_but_that_of_an_action_may(self, workbooks: dict[str, Path]) -> None:
        parts = parts_of(workbooks["south-gloucestershire"])
        rules, headers = validations(parts, "Returns"), headers_of(parts, "Returns")
        of = {header: rules.get(f"{letters(at)}3:{letters(at)}502", {}) for at, header in enumerate(headers, 1)}
        assert of["Date of audit"]["formula2"] == "TODAY()"
        assert "formula2" not in of["Date required 1"] and of["Date required 1"]["operator"] == "greaterThanOrEqual"

    def test_columns_are_text_or_days_with_headers_that_stay_in_sight(self, workbooks: dict[str, Path]) -> None:
        parts = parts_of(workbooks["south-gloucestershire"])
        sheet, styles = parts["xl/worksheets/sheet2.xml"], parts["xl/styles.xml"]
        formats = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]*)"', styles)) | {"49": "@"}
        numbers = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
        of = {}
        for first, last, style in re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', sheet):
            of |= {at: formats[numbers[int(style)]] for at in range(int(first), int(last) + 1)}
        (blank,) = plan_returns(load_framework("south-gloucestershire"))
        assert of == {at: "dd/mm/yyyy" if each.is_date else "@" for at, each in enumerate(blank.columns, 1)}
        assert '<pane xSplit="2" ySplit="2" topLeftCell="C3"' in sheet and 'orientation="landscape"' in sheet
        assert 'paperSize="9"' in sheet and '<autoFilter ref="A2:' in sheet
        assert "Returns!$A:$B,Returns!$1:$2" in parts["xl/workbook.xml"]  # printed on every page
        assert "<f>" not in sheet and "sheetProtection" not in sheet

    def test_letters_can_be_read_on_every_band(self) -> None:
        for dark, pale in _BANDS:
            assert contrast("#FFFFFF", dark) > 7 and contrast("#1A1A1A", pale) > 7
        assert contrast("#1A1A1A", _NEEDED_HEAD) > 7

    def test_the_guidance_explains_every_column_and_how_to_send_it_back(self, workbooks: dict[str, Path]) -> None:
        planned = plan_returns(load_framework("hull"))
        sheets = {sheet.sheet: sheet.cells for sheet in read_sheets(find_sources([workbooks["hull"]])[0])[0]}
        guidance = sheets["Guidance"]
        head = guidance.index[guidance[1] == "What goes here"][0]
        explained = guidance.loc[head + 1 :].set_index(0)
        assert set(explained.index) == {column.header for blank in planned for column in blank.columns}
        assert explained.loc["Date of audit"].tolist() == [
            *("Date: the audit was done", "Yes, or the audit is not counted", "A day, as 31/01/2019", "every sheet")
        ]
        assert explained.loc["Court timescales kept"].tolist() == [
            *("A grade, counted under 'Plans'", "Yes", "Choose from the list: Yes, Partially, No, N/A", "Social care")
        ]
        assert explained.loc["Responsible role 2", 2] == "With every action"
        text = "\n".join(guidance[0])
        assert "send it back" in text and "auditanalytics check FILE.xlsx --framework hull'" in text

    def test_the_same_framework_gives_the_same_bytes(self) -> None:
        framework = load_framework("telford-and-wrekin")
        planned = plan_returns(framework)
        assert blank_workbook(framework, planned) == blank_workbook(framework, planned)

    @pytest.mark.parametrize("name", [*shipped_frameworks(), *EXAMPLES], ids=lambda name: Path(name).stem)
    def test_a_blank_workbook_holds_no_audit_and_nothing_to_mend(self, tmp_path: Path, name: str) -> None:
        write_blank_return(tmp_path / "blank.xlsx", framework=name)
        returns = read_returns(tmp_path / "blank.xlsx", framework=name)
        assert (len(returns.audits), returns.rejected_audits, returns.to_mend) == (0, 0, 0)
        with pytest.raises(ReturnsError, match=r"^no audit could be read$"):
            returns.check()
        kinds = returns.sheets.set_index("sheet")["kind"].to_dict()
        assert kinds.pop("Guidance") == "not read" and set(kinds.values()) == {"wide"}
        unknown = returns.headers.loc[returns.headers["means"].fillna("") == "", "header"].tolist()
        assert unknown == [] and set(returns.problems["code"]) <= {"skipped_title", "header_not_found"}

    @pytest.mark.parametrize("name", shipped_frameworks())
    def test_what_is_filled_in_is_read_back_whole(self, workbooks: dict[str, Path], tmp_path: Path, name: str) -> None:
        filled = fill(workbooks[name], load_framework(name), tmp_path / "filled.xlsx")
        check_reading(read_returns(filled), load_framework(name))

    def test_an_audit_known_by_several_things_is_read_back(self, tmp_path: Path) -> None:
        (blank,) = write_blank_return(tmp_path / "blank.xlsx", framework=EXAMPLES[1]).returns
        rows = [audits_of(blank, number) | {"urn": urn} for number, urn in ((0, "80441"), (1, "80441"), (1, "80442"))]
        filled = filled_workbook(tmp_path / "blank.xlsx", {"Returns": rows}, into=tmp_path / "filled.xlsx")
        returns = read_returns(filled, framework=EXAMPLES[1])
        assert (len(returns.audits), returns.rejected_audits, returns.to_mend) == (3, 0, 0)
        assert set(returns.judgements["grade"]) == {"Outstanding"} and len(returns.judgements) == 3 * 8

    def test_feedback_of_nobody_in_particular_is_read_back(self, tmp_path: Path) -> None:
        small(tmp_path, team=('team = ["Team"]', 'feedback_score = ["Score"]'))
        (blank,) = write_blank_return(tmp_path / "blank.xlsx", framework=tmp_path / "small.toml").returns
        rows = {"Returns": [audits_of(blank, 0)]}
        filled = filled_workbook(tmp_path / "blank.xlsx", rows, into=tmp_path / "filled.xlsx")
        feedback = read_returns(filled, framework=tmp_path / "small.toml").feedback
        assert feedback[["who", "score", "scale"]].to_numpy().tolist() == [["other", 9, 10]]

    def test_a_framework_with_markup_and_controls_in_its_words_is_written_as_text(self, tmp_path: Path) -> None:
        change = ('"Spotting"] }', '"=Spot & <catch>\\u0007"] }')
        framework = small(tmp_path, risk=change)
        write_blank_return(tmp_path / "a.xlsx", framework=tmp_path / "small.toml")
        write_blank_return(tmp_path / "a.docx", framework=tmp_path / "small.toml")
        assert framework.meaning("=Spot & <catch>") == Meaning("grade", "", "risk", "spotting")
        assert "=Spot & <catch>" in headers_of(parts_of(tmp_path / "a.xlsx"), "Returns")
        assert "=Spot & <catch>" in [
            cell.text for cell in Document(str(tmp_path / "a.docx")).tables[1].columns[0].cells
        ]


def fill(blank: Path, framework: Framework, into: Path) -> Path:
    """Three audits on the first sheet and, where there are several forms, one on each of the others."""
    planned = plan_returns(framework)
    audits = {}
    for at, (sheet, each) in enumerate(zip(sheet_names(planned), planned, strict=True)):
        rows = [audits_of(each, number) for number in range(3 if at == 0 else 1)]
        identifier = next(column.header for column in each.columns if column.field == "audit_id")
        for row in rows if at else ():
            row[identifier] = f"00{at}"
        audits[sheet] = rows
    return filled_workbook(blank, audits, into=into)


def check_reading(returns: AuditReturns, framework: Framework) -> None:
    """Everything that `fill` wrote is there, and nothing is to be mended but that a child was audited several times."""
    planned = plan_returns(framework)
    number = 2 + len(planned)
    problems = returns.problems[returns.problems["severity"] != "note"]
    assert problems["code"].unique().tolist() in ([], ["child_twice"])
    assert (returns.framework.id, len(returns.audits), returns.rejected_audits) == (framework.id, number, 0)
    assert sorted(returns.audits["period_date"].dt.date)[-1] == DAY + dt.timedelta(days=2)
    identifiers = returns.identifiers
    assert set(IDS) <= set(identifiers.loc[identifiers["kind"] == "audit", "text"])
    asked = [sum(column.is_grade for column in blank.columns) + 1 for blank in planned]
    graded = returns.judgements[returns.judgements["outcome"] == "graded"]
    assert len(graded) == len(returns.judgements) == 3 * asked[0] + sum(asked[1:])
    best = {framework.scale(domain).grades[0] for domain in framework.domain_titles}
    assert set(graded["grade"]) == best
    assert len(returns.actions) == 3 * number and returns.actions["due_on"].notna().all()
    people = 2 if framework.columns.get("feedback_from") else 0
    assert len(returns.feedback) == people * number
    assert (returns.feedback[["score", "scale"]] == [9, 10]).all(axis=None)
    if framework.forms:
        assert set(returns.audits["audit_type"]) == {form.title for form in framework.forms}


def walk(path: Path) -> Iterator[tuple[Table, list[list[str]]]]:
    """The tables of a form with the first paragraph of every cell."""
    for table in Document(str(path)).tables:
        yield table, [[cell.paragraphs[0].text for cell in row.cells] for row in table.rows]


def is_repeated(table: Table) -> bool:
    return table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


class TestForm:
    @pytest.mark.parametrize(
        ("name", "form"), [(each.id, form.id) for each in frameworks() for form in each.forms] + [("small", None)]
    )
    def test_every_label_means_something_and_everything_is_asked_once(
        self, tmp_path: Path, name: str, form: str | None
    ) -> None:
        framework = small(tmp_path) if name == "small" else load_framework(name)
        path = tmp_path / "form.docx"
        written = write_blank_return(path, framework=tmp_path / "small.toml" if name == "small" else name, form=form)
        asked = []
        for table, rows in walk(path):
            if len(rows[0]) == 2:
                assert not is_repeated(table)
                asked += [framework.meaning(label) for label, _ in rows]
            elif framework.meaning(rows[0][0]) == Meaning("field", "category"):
                assert is_repeated(table)
                assert [framework.meaning(label).name for label in rows[0]] == ["category", "grade", "comment"]
                asked += [framework.meaning(row[0]) for row in rows[1:]]
            else:
                assert is_repeated(table) and rows[1:] == [[""] * len(rows[0])] * 3
                asked += [framework.meaning(label)._replace(number=n) for n in (1, 2, 3) for label in rows[0]]
        planned = [column.meaning for column in written.returns[0].columns]
        assert None not in asked and sorted(asked) == sorted(planned)

    def test_grades_are_chosen_from_lists_and_days_from_a_calendar(self, tmp_path: Path) -> None:
        framework = load_framework("hull")
        write_blank_return(tmp_path / "f.docx", framework="hull")
        body = Document(str(tmp_path / "f.docx")).element.body
        controls = {
            each.find(f"{qn('w:sdtPr')}/{qn('w:alias')}").get(qn("w:val")): each for each in body.iter(qn("w:sdt"))
        }
        (blank, *_) = plan_returns(framework)
        for column in blank.columns:
            if column.field in ("audit_type", "action_due_on", "action_completed_on"):
                continue
            if not column.choices and not column.is_date:
                assert column.header not in controls
                continue
            about, content = controls[column.header]
            assert about.find(qn("w:showingPlcHdr")) is not None
            assert "".join(text.text for text in content.iter(qn("w:t"))) == "Choose…"
            items = [item.get(qn("w:displayText")) for item in about.iter(qn("w:listItem"))]
            assert items == list(column.choices)
            days = [day.get(qn("w:val")) for day in about.iter(qn("w:dateFormat"))]
            assert days == (["dd/MM/yyyy"] if column.is_date else [])
        numbers = [each.get(qn("w:val")) for each in body.iter(qn("w:id")) if each.getparent().tag == qn("w:sdtPr")]
        # The categories, the whole, three days before and seven things after the audit, two days of each action.
        assert len(set(numbers)) == len(numbers) == 42 + 1 + 3 + 7 + 3 * 2

    def test_it_is_a4_in_british_english_with_a_title_and_headings(self, tmp_path: Path) -> None:
        write_blank_return(tmp_path / "f.docx", framework="south-gloucestershire")
        document = Document(str(tmp_path / "f.docx"))
        page = document.sections[0]
        assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
        assert (document.core_properties.title, document.core_properties.language) == (
            "Deep dive case file audit",
            "en-GB",
        )
        assert '<w:lang w:val="en-GB"' in document.styles.element.xml
        of = {
            style: [each.text for each in document.paragraphs if each.style.name == style]
            for style in ("Title", "Heading 1")
        }
        assert of == {
            "Title": ["Deep dive case file audit"],
            "Heading 1": [
                *("The audit", "Identification and response to risk", "Assessments", "Plans", "Reviews"),
                *("Collaboration", "Overall judgement", "The audit as a whole", "Next steps", "Feedback"),
                "After the audit",
            ],
        }

    def test_the_form_is_the_first_or_the_one_that_is_asked_for_and_says_so_itself(self, tmp_path: Path) -> None:
        for form, title in (
            (None, "Children's social care case file audit"),
            ("Fostering", "Fostering case file audit"),
        ):
            written = write_blank_return(tmp_path / "f.docx", framework="hull", form=form)
            answers = {row[0]: row[1] for _, rows in walk(tmp_path / "f.docx") for row in rows if len(row) == 2}
            assert answers["Audit type"] == title == written.returns[0].title
        assert str(write_blank_return(tmp_path / "f.docx", framework="hull")).splitlines()[1] == (
            "It is the form 'Children's social care case file audit' (social-care), for one audit. 4 other forms, to be "
            "had with --form: early-help, fostering, supported-lodgings, prospective-adopter."
        )

    def test_the_same_form_gives_the_same_bytes(self) -> None:
        framework = load_framework("telford-and-wrekin")
        blank = plan_returns(framework)[1]
        assert blank_form(framework, blank) == blank_form(framework, blank)

    def test_a_form_is_filled_in_as_word_does(self, tmp_path: Path) -> None:
        """What `filled_form` leaves behind is what a reader has to find."""
        write_blank_return(tmp_path / "f.docx", framework="hull", form="fostering")
        filled = filled_form(
            tmp_path / "f.docx",
            {
                "Audit reference": "007",
                "Date of audit": DAY,
                "Carer understands the child's development": ("Partially", "Seen once.\nAsked twice."),
                "Action": ("Ring", "Write"),
                "Action required date": (DAY,),
            },
            into=tmp_path / "g.docx",
        )
        with zipfile.ZipFile(filled) as archive:
            xml = archive.read("word/document.xml").decode()
        before = len(list(Document(str(tmp_path / "f.docx")).element.body.iter(qn("w:showingPlcHdr"))))
        assert xml.count("<w:showingPlcHdr/>") == before - 3
        assert 'w:fullDate="2024-03-05T00:00:00Z"' in xml and "<w:t>05/03/2024</w:t>" in xml
        assert '<w:dropDownList w:lastValue="Partially">' in xml
        cells = [[cell.text for cell in row.cells] for table in Document(str(filled)).tables for row in table.rows]
        assert ["Audit reference\nmust be filled in", "007"] in cells
        assert [cell[2] for cell in cells if cell[0].startswith("Carer understands")] == ["Seen once.\nAsked twice."]
        assert [cell[0] for cell in cells if len(cell) == 5] == ["Action", "Ring", "Write", ""]

    @pytest.mark.parametrize("name", [*shipped_frameworks(), *EXAMPLES])
    def test_what_is_filled_in_is_read_back_whole(self, tmp_path: Path, name: str) -> None:
        framework, forms = load_framework(name), tmp_path / "forms"
        forms.mkdir()
        planned = plan_returns(framework)
        for number, blank in enumerate(planned):
            file = tmp_path / f"{number}.docx"
            file.write_bytes(blank_form(framework, blank))
            (forms / f"blank-{number}.docx").write_bytes(file.read_bytes())
            filled_form(file, everything_answered(file, framework, number), into=forms / file.name)
        returns = read_returns(forms, framework=name)
        assert returns.problems.loc[returns.problems["severity"] != "note", "code"].tolist() == []
        assert returns.rows == {
            "rows_read": 2 * len(planned),
            "accepted": len(planned),
            "rejected": 0,
            "skipped": len(planned),
        }
        graded = returns.judgements[returns.judgements["outcome"] == "graded"]
        assert len(graded) == sum(sum(column.is_grade for column in blank.columns) for blank in planned) + len(
            planned
        ) * (framework.overall is not None)
        assert set(graded["grade"]) == {framework.scale(domain).grades[0] for domain in framework.domain_titles}
        assert len(returns.actions) == 3 * len(planned) * bool(framework.columns.get("action"))


def everything_answered(form: Path, framework: Framework, number: int) -> dict[str, list[Answer]]:
    """An answer for every cell of a form in which nothing is printed, by its label."""
    answers: dict[str, list[Answer]] = {}
    for table in Document(str(form)).tables:
        rows = [row.cells for row in table.rows]
        if is_repeated(table) and not any(row[0].text for row in rows[1:]):
            for at, head in enumerate(rows[0]):
                answers[head.paragraphs[0].text] = [an_answer(row[at], head, framework, number) for row in rows[1:]]
            continue
        for label, *cells in rows[is_repeated(table) :]:
            if all(not cell.text or cell._tc.findall(f".//{qn('w:showingPlcHdr')}") for cell in cells):
                texts = [an_answer(cell, label, framework, number) for cell in cells]
                answers[label.paragraphs[0].text] = texts
    return answers


def an_answer(cell: Cell, label: Cell, framework: Framework, number: int) -> Answer:
    if (item := next(cell._tc.iter(qn("w:listItem")), None)) is not None:
        return str(item.get(qn("w:displayText")))
    if next(cell._tc.iter(qn("w:date")), None) is not None:
        return DAY
    meaning = framework.meaning(label.paragraphs[0].text)
    of_field = {"audit_id": f"{IDS[number % 3]}{number}", "feedback_from": "Parent", "feedback_score": "9 of 10"}
    name = meaning.name if meaning else ""
    return of_field.get(name, f"Written {number} of {label.paragraphs[0].text}")


class TestWriting:
    def test_another_file_in_its_place_is_kept_and_the_same_is_not(self, tmp_path: Path) -> None:
        for name in ("a.xlsx", "a.docx"):
            target = tmp_path / name
            write_blank_return(target)
            content = target.read_bytes()
            write_blank_return(target)
            assert not (tmp_path / name.replace("a.", "a.earlier.")).exists()
            target.write_bytes(b"filled in for an hour")
            write_blank_return(target)
            assert (tmp_path / name.replace("a.", "a.earlier.")).read_bytes() == b"filled in for an hour"
            assert target.read_bytes() == content and stat.S_IMODE(target.stat().st_mode) == 0o600

    def test_a_workbook_of_one_form_has_its_sheet_alone(self, tmp_path: Path) -> None:
        written = write_blank_return(tmp_path / "a.xlsx", framework="hull", form="early-help")
        assert list(sheet_parts(parts_of(tmp_path / "a.xlsx"))) == ["Guidance", "Early Help case file audit"]
        assert "It has the sheet Early Help case file audit, with a row for each of 500 audits" in str(written)

    def test_arguments_that_are_wrong_write_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match=r"--out must end in \.xlsx, a row for each audit, or \.docx"):
            write_blank_return(tmp_path / "a.ods")
        refused = "form must be looked-after-and-care-leavers or protection-and-need; not 'x'"
        with pytest.raises(ChoiceError, match=refused) as raised:
            write_blank_return(tmp_path / "a.docx", framework="telford-and-wrekin", form="x")
        assert raised.value.exit_code == 2
        with pytest.raises(ArgumentError, match="the framework south-gloucestershire has no forms to choose from"):
            write_blank_return(tmp_path / "a.xlsx", form="x")
        with pytest.raises(ArgumentError, match=r"the folder of 'a\.xlsx' does not exist"):
            write_blank_return(tmp_path / "none" / "a.xlsx")
        with pytest.raises(ChoiceError, match="framework must be hull"):
            write_blank_return(tmp_path / "a.xlsx", framework="x")
        assert list(tmp_path.iterdir()) == []

    def test_a_workbook_too_wide_to_be_read_back_is_refused_and_a_form_is_not(self, tmp_path: Path) -> None:
        many = ", ".join(f'{{ id = "c{number}" }}' for number in range(300))
        small(tmp_path, plans=('{ id = "plan", headers = ["Plan"] }', many))
        with pytest.raises(ArgumentError, match="'Small audit' would have 305 columns, and of a sheet at most 300 are"):
            write_blank_return(tmp_path / "a.xlsx", framework=tmp_path / "small.toml")
        assert not (tmp_path / "a.xlsx").exists()
        write_blank_return(tmp_path / "a.docx", framework=tmp_path / "small.toml")
        assert len(Document(str(tmp_path / "a.docx")).tables[2].columns[0].cells) == 301


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_lists_bounds_and_answers(workbooks: dict[str, Path], tmp_path: Path) -> None:
    filled = [fill(path, load_framework(name), tmp_path / f"{name}.xlsx") for name, path in workbooks.items()]
    saved = tmp_path / "saved"
    command = [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", saved, *filled], check=True, capture_output=True, timeout=240)
    for path in filled:
        framework = load_framework(path.stem)
        check_reading(read_returns(saved / path.name), framework)
        planned, parts = plan_returns(framework), parts_of(saved / path.name)
        for sheet, blank in zip(sheet_names(planned), planned, strict=True):
            kinds: dict[str, str] = {}
            for places, rule in validations(parts, sheet).items():
                for place in places.split():
                    first, last = place.split(":")
                    columns = range(number_of(first), number_of(last) + 1)
                    assert (first.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), re.sub("[A-Z]", "", last)) == ("3", "502")
                    kinds |= {letters(number): rule["type"] for number in columns}
            assert kinds == {
                letters(number): "list" if column.choices else "date"
                for number, column in enumerate(blank.columns, 1)
                if column.choices or column.is_date
            }


def number_of(place: str) -> int:
    number = 0
    for letter in re.sub("[0-9]", "", place):
        number = number * 26 + ord(letter) - 64
    return number


@pytest.mark.slow
def test_the_command_writes_a_workbook_that_check_takes_when_it_is_filled_in(tmp_path: Path) -> None:
    blank, filled = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    done = run_command("template", "--framework", "hull", "--out", blank)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "A blank return for Case file audit (hull).",
        "It has a sheet for each form (Social care, Early help, Fostering, Supported lodgings, Prospective adopter), "
        "with a row for each of 500 audits, and a sheet that explains them.",
        f"Written to {blank}.",
    ]
    fill(blank, load_framework("hull"), filled)
    done = run_command("check", filled, "--json")
    record = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (record["accepted"], record["rejected"]) == (7, 0)
