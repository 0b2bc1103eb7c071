"""The workbook that moderators fill in, what is read when it comes back, and the pack for the discussion."""

import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest
from conftest import EXAMPLE, write_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moderators_at_work import (
    FRAMEWORK,
    HEADER,
    MODERATED,
    PEOPLE,
    SOFFICE,
    Sheets,
    fill_grades,
    fill_in,
    header_of,
    parts_of,
    rewrite,
    row_of,
    save_with_office,
    sheets_of,
)

from auditanalytics.consistency import FLAGS
from auditanalytics.errors import ArgumentError, NoInputError, ReturnsError
from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.intake import find_sources, read_sheets
from auditanalytics.moderation_files.draw_record import DrawRecord, draw_record, read_draw, seal, unseal
from auditanalytics.moderation_files.filled import FilledWorkbook, read_workbook
from auditanalytics.moderation_files.moderated_table import moderated_table
from auditanalytics.moderation_files.moderators import read_moderators
from auditanalytics.moderation_files.pack import discussion_pack
from auditanalytics.moderation_files.pack_document import web_pack, word_pack
from auditanalytics.moderation_files.sheets import category_label
from auditanalytics.moderation_files.workbook import moderation_workbook
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.schema import CONSISTENCY_FLAGS, MODERATIONS, SPOT_CHECK

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

QUARTER = "2019-Q4"
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
WHY = "The first reason nobody else would write"
SEEN = "Overall Good, while Plans is Inadequate"
MODERATORS = ("Ada Umber", "Bo Field")


def plain_draw(returns: AuditReturns, *, blind: bool = False) -> tuple[pd.DataFrame, DrawRecord]:
    """Four audits of the quarter, two of them for a reason; three more might have been drawn."""
    audits = returns.audits.loc[returns.audits["quarter"] == QUARTER, "audit_id"].head(7).tolist()
    strata = ["certainty"] * 2 + ["random"] * 5
    frame = pd.DataFrame({"audit": audits, "stratum": strata, "probability": [1.0, 1.0] + [0.4] * 5})
    frame["drawn"] = ["yes"] * 4 + ["no"] * 3
    drawn = frame[frame["drawn"] == "yes"].assign(quarter=QUARTER, flags=None, selection_reason=WHY)
    record = draw_record(frame, quarter=QUARTER, framework=returns.framework.id, share=0.4, seed=11, blind=blind)
    return SPOT_CHECK.build(drawn), record


def write_workbook(path: Path, returns: AuditReturns, *, blind: bool = False) -> Path:
    drawn, record = plain_draw(returns, blind=blind)
    names = dict(zip(drawn["audit"], (*MODERATORS, MODERATORS[0], ""), strict=True))
    path.write_bytes(moderation_workbook(returns, drawn, record, moderators=names))
    return path


@pytest.fixture(scope="module")
def flagged(example: AuditReturns) -> AuditReturns:
    """The example with a flag on the first audit of the quarter."""
    audit = example.audits.loc[example.audits["quarter"] == QUARTER, "audit_id"].iloc[0]
    flag = [(audit, "limiting_judgement", "plans", None, SEEN)]
    return replace(example, flags=CONSISTENCY_FLAGS.build(flag))


@pytest.fixture
def workbook(flagged: AuditReturns, tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "draw.xlsx", flagged)


def good_everywhere(row: dict[str, str]) -> dict[str, str]:
    return {"Moderated grade": "Good", "Reason": "It is so."}


def dated(path: Path) -> Path:
    """Write the day of moderation on every row of the cases: text, and the true date of a spreadsheet."""
    cases = sheets_of(path)["Cases"]
    at = header_of(cases, "Date moderated")
    days = ["14/01/2020", "43844", "2020-01-14", "14 January 2020"]
    return fill_in(path, "Cases", {f"{at}{row}": day for row, day in zip(cases.index[1:], days, strict=True)})


class TestRecord:
    @given(
        audit=st.from_regex(r"audit-[a-z2-7]{12}", fullmatch=True),
        stratum=st.sampled_from(["certainty", "random"]),
        probability=st.floats(0, 1, exclude_min=True),
        other=st.from_regex(r"audit-[a-z2-7]{12}", fullmatch=True),
        at=st.integers(0, 23),
    )
    def test_a_seal_is_read_back_for_its_audit_and_for_no_other_nor_where_a_letter_of_it_was_changed(
        self, audit: str, stratum: str, probability: float, other: str, at: int
    ) -> None:
        sealed = seal(audit, stratum, probability)
        assert unseal(audit, f" {sealed.upper()} ") == (stratum, probability)
        assert other == audit or unseal(other, sealed) == (None, None)
        changed = sealed[:at] + ("a" if sealed[at] != "a" else "b") + sealed[at + 1 :]
        assert unseal(audit, changed) == (None, None)
        assert "certainty" not in sealed and "random" not in sealed

    @pytest.mark.parametrize("blind", [False, True])
    def test_the_record_survives_the_workbook(self, flagged: AuditReturns, tmp_path: Path, blind: bool) -> None:
        path = write_workbook(tmp_path / "a.xlsx", flagged, blind=blind)
        _, written = plain_draw(flagged, blind=blind)
        read = read_draw(read_sheets(find_sources([path])[0])[0], flagged.framework)
        assert read is not None and dict(read.settings) == dict(written.settings)
        pd.testing.assert_frame_equal(
            read.frame[["audit", "drawn", "stratum", "probability"]].astype(object), written.frame.astype(object)
        )
        assert read.is_blind is blind and len(read.drawn) == 4

    def test_what_is_damaged_is_missing_and_the_rest_is_there(self, flagged: AuditReturns, tmp_path: Path) -> None:
        path = write_workbook(tmp_path / "a.xlsx", flagged, blind=True)

        def damage(sheets: Sheets) -> Sheets:
            draw = sheets["About this draw"]
            draw.iloc[5:8, 2] = "not a seal"
            draw.iloc[0, 1] = ""
            return sheets

        sheets = read_sheets(find_sources([rewrite(path, damage, into=tmp_path / "b.xlsx")])[0])[0]
        read = read_draw(sheets, flagged.framework)
        assert read is not None and "Quarter" not in read.settings and read.settings["Seed"] == "11"
        assert read.frame["stratum"].isna().sum() == read.frame["probability"].isna().sum() > 0
        assert len(read.frame) == 7


class TestWorkbook:
    def test_the_same_draw_gives_the_same_bytes(self, flagged: AuditReturns, tmp_path: Path) -> None:
        one, other = (write_workbook(tmp_path / name, flagged).read_bytes() for name in ("a.xlsx", "b.xlsx"))
        assert one == other

    def test_it_has_a_row_for_each_audit_and_for_each_grade_with_the_first_grade_beside(
        self, flagged: AuditReturns, workbook: Path
    ) -> None:
        sheets = sheets_of(workbook)
        assert list(sheets) == ["How to", "Cases", "Grades", "About this draw"]
        assert sheets["Cases"].loc[1].tolist() == [
            *("Audit", "Where it stands", "Date of audit", "Moderator", "Date moderated", "Stratum"),
            *("Why it was drawn", "Flags"),
        ]
        assert len(sheets["Cases"]) == 5 and len(sheets["Grades"]) == 1 + 4 * 16
        titles = {category_label(flagged.framework, *each): each[1] for each in asked(flagged.framework)}
        given = flagged.judgements.set_index(["audit_id", "category"])["grade"]
        for _, (audit, _, category, grade, *rest) in sheets["Grades"].iloc[1:].iterrows():
            assert grade == given[audit, titles[category]]
            assert rest == ["", "", ""]
        first = sheets["Cases"].set_index("A").loc[flagged.flags["audit"][0]].tolist()
        assert first[0].startswith("audit-returns-2019-1") and " row " in first[0]
        assert first[2:] == ["Ada Umber", "", "certainty", WHY, SEEN]
        places = sheets["Cases"]["B"].tolist()[1:]
        rows = flagged.audits.set_index("audit_id").loc[sheets["Cases"]["A"].tolist()[1:], "row"]
        assert [int(place.split()[-1]) for place in places] == rows.tolist()

    def test_those_of_a_moderator_stand_together_and_those_of_nobody_last(self, workbook: Path) -> None:
        assert sheets_of(workbook)["Cases"]["D"].tolist() == ["Moderator", "Ada Umber", "Ada Umber", "Bo Field", ""]

    def test_every_cell_is_text_or_a_number_and_every_grade_has_the_list_of_its_scale(self, workbook: Path) -> None:
        parts = parts_of(workbook)
        cells = "".join(text for name, text in parts.items() if name.startswith("xl/worksheets/sheet"))
        assert "<f>" not in cells and "hyperlink" not in cells and "sheetProtection" not in cells
        lists = re.findall(r"<dataValidation type=\"list\".*?</dataValidation>", parts["xl/worksheets/sheet3.xml"])
        assert len(lists) == 64
        range_of = re.search(r"<formula1>'How to'!\$B\$(\d+):\$B\$(\d+)</formula1>", lists[0])
        words = sheets_of(workbook)["How to"].loc[int(range_of[1]) : int(range_of[2]), "B"].tolist()
        assert words == [*GRADES, "Not judged"]
        assert 'state="veryHidden"' not in parts["xl/workbook.xml"]
        for sheet in (2, 3, 4):
            xml = parts[f"xl/worksheets/sheet{sheet}.xml"]
            assert "<autoFilter" in xml and 'state="frozen"' in xml
            assert '<pageSetup paperSize="9"' in xml and 'orientation="landscape"' in xml

    def test_a_blind_workbook_holds_no_grade_and_no_reason_anywhere_in_its_parts(
        self, flagged: AuditReturns, tmp_path: Path
    ) -> None:
        parts = parts_of(path := write_workbook(tmp_path / "a.xlsx", flagged, blind=True))
        told = [WHY, SEEN, "certainty", "Stratum", "Flags", "Why it was drawn", "Probability"]
        assert [word for word in told if any(word in text for text in parts.values())] == []
        for name, cells in sheets_of(path).items():
            held = {word for word in GRADES for text in cells.to_numpy().ravel() if word in text}
            assert held == (set(GRADES) if name == "How to" else set()), name
        beside = [text for name, text in parts.items() if name != "xl/sharedStrings.xml"]
        assert [word for word in GRADES if any(word in text for text in beside)] == []
        assert sheets_of(path)["Grades"].loc[1].tolist()[3] == "Moderated grade"

    def test_a_blind_workbook_is_the_same_whatever_the_auditors_gave(
        self, flagged: AuditReturns, tmp_path: Path
    ) -> None:
        best = flagged.judgements.assign(grade=flagged.judgements["grade"].where(flagged.judgements.index < 0, None))
        others = replace(flagged, judgements=best, flags=CONSISTENCY_FLAGS.build([]))
        one, other = (
            write_workbook(tmp_path / f"{name}.xlsx", returns, blind=True).read_bytes()
            for name, returns in (("a", flagged), ("b", others))
        )
        assert one == other
        assert write_workbook(tmp_path / "c.xlsx", others).read_bytes() != one

    def test_what_the_form_of_an_audit_does_not_ask_has_no_row_and_each_scale_has_its_list(
        self, tmp_path: Path
    ) -> None:
        framework = load_framework("hull")
        form, other = framework.forms[0], framework.forms[1]
        header = ["Audit ID", "Date of audit", "Audit type", "Overall grading"]
        overall = framework.columns["overall"][0]
        titles = [category.title or category.id for domain in framework.domains for category in domain.categories]
        rows = [[f"A{at}", "10/05/2019", each.title, "Good"] for at, each in enumerate((form, other))]
        path = write_rows(
            tmp_path / "r.csv", [[*header[:3], overall, *titles], *([*row, *["Met"] * len(titles)] for row in rows)]
        )
        returns = read_returns(path, framework="hull")
        quarter = returns.audits["quarter"].iloc[0]
        frame = pd.DataFrame(
            {"audit": returns.audits["audit_id"], "drawn": "yes", "stratum": "random", "probability": 1.0}
        )
        record = draw_record(frame, quarter=quarter, framework="hull", share=1, seed=0, blind=False)
        drawn = SPOT_CHECK.build(frame.assign(quarter=quarter, selection_reason="by lot"))
        (tmp_path / "w.xlsx").write_bytes(moderation_workbook(returns, drawn, record, moderators={}))
        cells = sheets_of(tmp_path / "w.xlsx")["Grades"].iloc[1:]
        counts = [int(n) for n in cells.groupby("A", sort=False).size()]
        assert sorted(counts) == sorted([len(form.categories) + 1, len(other.categories) + 1])
        xml = parts_of(tmp_path / "w.xlsx")["xl/worksheets/sheet3.xml"]
        scales = {framework.scale_name(domain) for domain in framework.domain_titles}
        assert 1 < len(set(re.findall(r"'How to'!\$B\$\d+:\$B\$\d+", xml))) <= len(scales)

    def test_text_that_could_be_a_formula_or_markup_stays_text(self, flagged: AuditReturns, tmp_path: Path) -> None:
        hostile = ["=cmd|'/C calc'!A0", '=HYPERLINK("https://example.org")', "<b>&amp;</b>\x07", "@SUM(A1)"]
        drawn, record = plain_draw(flagged)
        audits = flagged.audits.copy()
        audits.loc[audits["audit_id"].isin(drawn["audit"]), "sheet"] = hostile
        names = dict(zip(drawn["audit"], hostile, strict=True))
        path = tmp_path / "a.xlsx"
        path.write_bytes(moderation_workbook(replace(flagged, audits=audits), drawn, record, moderators=names))
        cells = sheets_of(path)["Cases"]
        clean = {text.replace("\x07", "") for text in hostile}
        assert set(cells["D"][1:]) == clean
        assert all(any(text in place for text in clean) for place in cells["B"][1:])
        assert "<f>" not in parts_of(path)["xl/worksheets/sheet2.xml"]


def asked(framework: Framework) -> list[tuple[str, str]]:
    pairs = [(domain.id, category.id) for domain in framework.domains for category in domain.categories]
    return [*pairs, ("overall", "overall")]


def test_a_category_whose_title_means_something_else_goes_by_its_id(small_framework: Path) -> None:
    text = small_framework.read_text(encoding="utf-8")
    text = text.replace('{ id = "spotting",', '{ id = "spotting", title = "Team",')
    small_framework.write_text(text, encoding="utf-8")
    framework = load_framework(small_framework)
    assert category_label(framework, "risk", "spotting") == "spotting"
    assert category_label(framework, "risk", "responding") == "responding"


def table_of(filled: FilledWorkbook) -> list[tuple[str, ...]]:
    return sorted(tuple(row) for row in moderated_table(filled)[1:])


class TestReading:
    def test_what_was_filled_in_comes_back_as_the_table_beside_the_returns(
        self, flagged: AuditReturns, workbook: Path
    ) -> None:
        filled = read_workbook(dated(fill_grades(workbook, good_everywhere)), flagged)
        assert (filled.rows, len(filled.grades), filled.blank, filled.not_judged) == (64, 64, 0, 0)
        assert filled.problems == () and filled.without_grade == ()
        header, *rows = moderated_table(filled)
        assert header == [
            *("Audit", "Category", "Moderated grade", "Moderator", "Date moderated", "Reason"),
            *("Stratum", "Probability", "Blind"),
        ]
        drawn, _ = plain_draw(flagged)
        by_audit = {row[0]: row for row in rows if row[1] == "overall"}
        assert list(by_audit) == sheets_of(workbook)["Cases"]["A"].tolist()[1:]
        assert by_audit[drawn["audit"][0]][2:] == [
            *("Good", "Ada Umber", "2020-01-14", "It is so.", "certainty", "1", "no")
        ]
        assert by_audit[drawn["audit"][3]][2:] == ["Good", "", "2020-01-14", "It is so.", "random", "0.4", "no"]
        assert {row[1] for row in rows} == {category for _, category in asked(flagged.framework)}
        assert filled.without_moderator == ("Grades E50",)

    def test_a_blind_workbook_comes_back_with_what_its_seals_say(self, flagged: AuditReturns, tmp_path: Path) -> None:
        path = fill_grades(write_workbook(tmp_path / "a.xlsx", flagged, blind=True), good_everywhere)
        rows = moderated_table(read_workbook(path, flagged))[1:]
        drawn, _ = plain_draw(flagged)
        assert {row[0]: row[6:] for row in rows} == {
            audit: ["certainty", "1", "yes"] if at < 2 else ["random", "0.4", "yes"]
            for at, audit in enumerate(drawn["audit"])
        }

    @pytest.mark.parametrize("ending", ["xlsx", "ods"])
    @pytest.mark.slow
    @pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
    def test_it_may_be_saved_by_another_program(
        self, flagged: AuditReturns, workbook: Path, tmp_path: Path, ending: str
    ) -> None:
        dated(fill_grades(workbook, good_everywhere))
        saved = save_with_office(workbook, tmp_path / "saved", ending)
        assert table_of(read_workbook(saved, flagged)) == table_of(read_workbook(workbook, flagged))

    @given(seed=st.integers(0, 2**16), deeper=st.integers(0, 5))
    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_rows_may_be_sorted_columns_moved_and_added_sheets_renamed_and_headers_pushed_down(
        self, flagged: AuditReturns, tmp_path: Path, seed: int, deeper: int
    ) -> None:
        path = dated(fill_grades(write_workbook(tmp_path / "draw.xlsx", flagged), good_everywhere))

        def rearrange(sheets: Sheets) -> Sheets:
            moved = {}
            for number, (name, cells) in enumerate(sheets.items()):
                if name in ("Cases", "Grades"):
                    rows = cells.iloc[1:].sample(frac=1, random_state=seed)
                    cells = pd.concat([cells.iloc[:1], rows]).assign(Z=["My notes", *["=1+1"] * len(rows)])
                    cells = cells.sample(frac=1, axis=1, random_state=seed)
                    blank = pd.DataFrame("", index=range(deeper), columns=cells.columns)
                    cells = pd.concat([blank, cells])
                moved[f"Sheet {9 - number}"] = cells
            return dict(reversed(moved.items()))

        read = read_workbook(rewrite(path, rearrange, into=tmp_path / "moved.xlsx"), flagged)
        assert table_of(read) == table_of(read_workbook(path, flagged))
        assert read.problems == ()

    def test_deleted_and_blank_rows_are_counted_and_the_rest_is_taken(
        self, flagged: AuditReturns, workbook: Path, tmp_path: Path
    ) -> None:
        first = sheets_of(workbook)["Cases"].loc[2, "A"]
        fill_grades(workbook, lambda row: good_everywhere(row) if row["Audit"] == first else {})
        filled = read_workbook(workbook, flagged)
        assert (filled.rows, len(filled.grades), filled.blank) == (64, 16, 48)

        def delete(sheets: Sheets) -> Sheets:
            return sheets | {"Grades": sheets["Grades"][sheets["Grades"]["A"].isin(["Audit", first])]}

        filled = read_workbook(rewrite(workbook, delete, into=tmp_path / "b.xlsx"), flagged)
        assert (filled.rows, len(filled.grades), filled.blank) == (16, 16, 0)
        assert filled.draw is not None and len(filled.draw.drawn) == 4

    def test_several_moderators_each_have_their_rows_and_their_day(
        self, flagged: AuditReturns, workbook: Path, tmp_path: Path
    ) -> None:
        dated(fill_grades(workbook, good_everywhere))
        audit = sheets_of(workbook)["Cases"].loc[2, "A"]

        def second(sheets: Sheets) -> Sheets:
            own = sheets["Grades"][sheets["Grades"]["A"] == audit]
            sheets["Grades"] = pd.concat(
                [sheets["Grades"], own.assign(E="RI", G="Cleo Marsh"), own.head(1).assign(E="Good", G="consensus")]
            )
            sheets["Cases"] = pd.concat(
                [sheets["Cases"], sheets["Cases"].loc[[2]].assign(D="Cleo Marsh", E="20/01/2020")]
            )
            return sheets

        filled = read_workbook(rewrite(workbook, second, into=tmp_path / "b.xlsx"), flagged)
        assert filled.problems == () and filled.rows == len(filled.grades) == 64 + 16 + 1
        given = filled.grades[filled.grades["audit"] == audit]
        # The first sixteen rows name nobody, and the cases now name two.
        days = given.groupby("moderator")["moderated_on"].agg(["first", "size"])
        assert days.loc["Cleo Marsh"].tolist() == [pd.Timestamp("2020-01-20"), 16]
        assert days["size"].to_dict() == {"": 16, "Cleo Marsh": 16, "consensus": 1}
        assert "Grades E2" in filled.without_moderator

    def test_the_row_of_a_grade_counts_before_the_sheet_of_cases(
        self, flagged: AuditReturns, workbook: Path, tmp_path: Path
    ) -> None:
        dated(fill_grades(workbook, good_everywhere))

        def own_day(sheets: Sheets) -> Sheets:
            sheets["Grades"] = sheets["Grades"].assign(H=["Date moderated", *["03/02/2020"] * 64])
            return sheets

        filled = read_workbook(rewrite(workbook, own_day, into=tmp_path / "b.xlsx"), flagged)
        assert set(filled.grades["moderated_on"]) == {pd.Timestamp("2020-02-03")}

    def test_what_is_not_understood_is_a_problem_with_its_cell_and_costs_itself_alone(
        self, flagged: AuditReturns, workbook: Path
    ) -> None:
        cases = sheets_of(workbook)["Cases"]
        written = {
            **{"E2": "Goodish", "E3": "Good/RI", "E4": "#REF!", "E5": "not JUDGED.", "E6": "RI", "E7": "Good"},
            **{"A8": "audit-aaaaaaaaaaaa", "E8": "Good", "C9": "Something else", "E9": "Good", "F10": "Only a reason"},
            **{"E11": "N/A", "G6": "Zoe Marsh"},
        }
        fill_in(workbook, "Grades", written)
        tomorrow = dt.date.today() + dt.timedelta(days=400)
        fill_in(workbook, "Cases", {"E2": "31/31/2019", "E3": tomorrow.strftime("%d/%m/%Y")})
        filled = read_workbook(workbook, flagged)
        assert [(each.code, each.sheet, each.cell) for each in filled.problems] == [
            ("date_format", "Cases", "E2"),
            ("date_range", "Cases", "E3"),
            ("moderated_audit_unknown", "Grades", "A8"),
            ("category_unknown", "Grades", "C9"),
            ("grade_unknown", "Grades", "E2"),
            ("two_grades", "Grades", "E3"),
            ("cell_error", "Grades", "E4"),
        ]
        assert all(each.severity == "warning" and each.file == "draw.xlsx" for each in filled.problems)
        assert filled.grades["moderated_grade"].tolist() == ["Requires improvement", "Good"]
        assert filled.grades["moderator"].tolist() == ["Zoe Marsh", cases.loc[2, "D"]]
        assert (filled.not_judged, filled.without_grade) == (2, ("Grades F10",))  # N/A is not judged too
        assert filled.not_understood == 5  # each of them is told above
        assert filled.rows == 64 == len(filled.grades) + filled.blank + filled.not_judged + filled.not_understood

    def test_a_grade_given_twice_counts_once(self, flagged: AuditReturns, workbook: Path, tmp_path: Path) -> None:
        fill_grades(workbook, good_everywhere)

        def twice(sheets: Sheets) -> Sheets:
            again = sheets["Grades"].iloc[[1]].assign(E="Inadequate")
            return sheets | {"Grades": pd.concat([sheets["Grades"], again])}

        filled = read_workbook(rewrite(workbook, twice, into=tmp_path / "b.xlsx"), flagged)
        assert [(each.code, each.cell, each.outcome) for each in filled.problems] == [
            ("grade_repeated", "E66", "moderated grade not counted")
        ]
        assert set(filled.grades["moderated_grade"]) == {"Good"} and filled.not_understood == 1

    def test_who_moderates_their_own_audit_is_told_once(self, tmp_path: Path) -> None:
        returns = read_returns(EXAMPLE)
        audit = returns.audits.loc[returns.audits["quarter"] == QUARTER].iloc[0]
        names = returns.identifiers.loc[returns.identifiers["kind"] == "auditor", "text"]
        from auditanalytics.privacy import pseudonym_key, pseudonymise

        own = names[pseudonymise(names, "auditor", key=pseudonym_key()) == audit["auditor"]].iloc[0]
        path = fill_grades(write_workbook(tmp_path / "a.xlsx", returns), good_everywhere)
        cases = sheets_of(path)["Cases"]
        row = cases.index[cases["A"] == audit["audit_id"]][0]
        fill_in(path, "Cases", {f"D{row}": own.upper()})
        filled = read_workbook(path, returns)
        assert [each.code for each in filled.problems] == ["moderator_is_auditor"]
        assert len(filled.grades) == 64

    def test_without_the_record_of_the_draw_everything_else_is_read(
        self, flagged: AuditReturns, workbook: Path, tmp_path: Path
    ) -> None:
        fill_grades(workbook, good_everywhere)
        path = rewrite(workbook, lambda sheets: {"x": sheets["Grades"]}, into=tmp_path / "b.xlsx")
        filled = read_workbook(path, flagged)
        assert filled.draw is None and len(filled.grades) == 64
        assert {tuple(row[6:]) for row in moderated_table(filled)[1:]} == {("", "", "")}
        assert len(filled.without_moderator) == 4

    def test_a_word_for_not_graded_is_not_judged_and_a_mark_alone_is_blank(
        self, flagged: AuditReturns, workbook: Path
    ) -> None:
        fill_in(workbook, "Grades", {"E2": "N/A", "E3": "Not judged", "E4": "`", "E5": "Good", "E6": "Goood"})
        filled = read_workbook(workbook, flagged)
        assert (filled.rows, filled.not_judged, filled.blank) == (64, 2, 60)
        assert (len(filled.grades), filled.not_understood) == (1, 1)
        assert [(each.code, each.cell) for each in filled.problems] == [("grade_unknown", "E6")]

    def test_two_columns_of_one_meaning_take_nothing_and_say_so(
        self, flagged: AuditReturns, workbook: Path, tmp_path: Path
    ) -> None:
        fill_grades(workbook, good_everywhere)

        def doubled(sheets: Sheets) -> Sheets:
            return sheets | {"Grades": sheets["Grades"].assign(Z=["Moderated grade", *["RI"] * 64])}

        filled = read_workbook(rewrite(workbook, doubled, into=tmp_path / "b.xlsx"), flagged)
        assert [each.code for each in filled.problems] == ["duplicate_header"]
        assert filled.grades.empty and filled.not_understood == 64

    @given(cells=st.lists(st.tuples(st.integers(0, 6), st.integers(2, 65), st.text(max_size=12)), max_size=40))
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_is_written_every_row_is_accounted_for_and_every_table_is_regular(
        self, flagged: AuditReturns, tmp_path: Path, cells: list[tuple[int, int, str]]
    ) -> None:
        path = tmp_path / "draw.xlsx"
        if not path.exists():
            fill_grades(write_workbook(path, flagged), good_everywhere)

        def scribble(sheets: Sheets) -> Sheets:
            for column, row, text in cells:
                clean = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
                sheets["Grades"].iat[row - 1, column] = clean
            return sheets

        filled = read_workbook(rewrite(path, scribble, into=tmp_path / "b.xlsx"), flagged)
        assert filled.rows == len(filled.grades) + filled.blank + filled.not_judged + filled.not_understood
        assert filled.not_understood >= 0
        said = {each.row for each in filled.problems if each.code not in ("moderator_is_auditor",)}
        assert len(said) >= filled.not_understood
        assert {len(row) for row in moderated_table(filled)} == {9}

    def test_formulas_in_reasons_and_names_are_plain_text_in_the_table(
        self, flagged: AuditReturns, workbook: Path
    ) -> None:
        fill_in(workbook, "Grades", {"E2": "Good", "F2": "=cmd|' /C calc'!A0", "G2": "@SUM(A1)"})
        row = moderated_table(read_workbook(workbook, flagged))[1]
        assert (row[3], row[5]) == ("'@SUM(A1)", "'=cmd|' /C calc'!A0")

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"not a workbook", "cannot be read: the file is not of the kind that its name promises; open it in"),
            (b"", "cannot be read"),
        ],
    )
    def test_what_is_no_workbook_is_refused_in_a_sentence(
        self, flagged: AuditReturns, tmp_path: Path, content: bytes, why: str
    ) -> None:
        (tmp_path / "a.xlsx").write_bytes(content)
        with pytest.raises(ReturnsError, match=re.escape(why)):
            read_workbook(tmp_path / "a.xlsx", flagged)

    def test_a_file_that_is_not_there_a_folder_and_another_workbook_are_refused(
        self, flagged: AuditReturns, tmp_path: Path
    ) -> None:
        with pytest.raises(NoInputError, match="there is no file or folder"):
            read_workbook(tmp_path / "a.xlsx", flagged)
        with pytest.raises(ReturnsError, match="is a folder"):
            read_workbook(tmp_path, flagged)
        with pytest.raises(ReturnsError, match="no sheet has the columns 'Audit', 'Category', 'Moderated grade'"):
            read_workbook(EXAMPLE / "audit-returns-2019-05.xlsx", flagged)

    def test_the_table_is_read_with_the_returns(self, flagged: AuditReturns, workbook: Path, tmp_path: Path) -> None:
        dated(fill_grades(workbook, good_everywhere))
        table = write_rows(tmp_path / "moderated.csv", moderated_table(read_workbook(workbook, flagged)))
        returns = read_returns([EXAMPLE, table])
        assert len(returns.moderations) == 64
        assert set(returns.moderations["moderated_grade"]) == {"Good"}
        assert returns.moderations["stratum"].value_counts().to_dict() == {"certainty": 32, "random": 32}
        assert set(returns.moderations["blind"]) == {"no"}
        assert returns.moderations["moderator"].nunique() == 2


class TestModerators:
    def read(self, folder: Path, rows: list[list[str]]) -> pd.DataFrame:
        return read_moderators(write_rows(folder / "m.csv", rows), load_framework("south-gloucestershire"))

    def test_names_services_teams_and_how_many_are_read_by_header(self, tmp_path: Path) -> None:
        rows = [["Most", "NAME", "Service ", "Notes"], ["3", " Ada  Umber ", "Fostering", "x"], ["", "Bo", "", ""]]
        people = self.read(tmp_path, rows)
        assert people["name"].tolist() == ["Ada Umber", "Bo"]
        assert people["most"].tolist() == [3, pd.NA]
        assert people["service"].isna().tolist() == [False, True] and people["team"].isna().all()
        assert people["moderator"].str.fullmatch("auditor-[a-z2-7]{12}").all()

    @pytest.mark.parametrize(
        ("rows", "why"),
        [
            ([["Service"], ["Fostering"]], "'m.csv' has no column Moderator (or Name)"),
            ([["Moderator"], ["Ada"]], "'m.csv' has no column Service"),
            ([["Moderator", "Service"]], "names no moderator"),
            ([["Moderator", "Service"], ["", "Fostering"]], "cell A2 has no name"),
            ([["Moderator", "Service"], ["Ada", "x"], ["Ada", "y"]], "cell A3 names somebody a second time"),
            ([["Moderator", "Service", "Most"], ["Ada", "x", "two"]], "cell C2 must be a whole number"),
            ([["Moderator", "Service", "Name"], ["Ada", "x", "Ada"]], "two columns mean 'moderator'"),
            ([["Moderator", "Service"], ["Umber", "Ada", "Fostering"]], "row 2: the row has more or fewer fields"),
        ],
    )
    def test_a_table_that_cannot_be_relied_on_is_refused_and_repeats_no_name(
        self, tmp_path: Path, rows: list[list[str]], why: str
    ) -> None:
        with pytest.raises(ArgumentError, match=re.escape(why)) as raised:
            self.read(tmp_path, rows)
        assert "Ada" not in str(raised.value) and "Fostering" not in str(raised.value)

    def test_a_file_that_is_no_table_is_an_argument_that_is_wrong(self, tmp_path: Path) -> None:
        (tmp_path / "m.xlsx").write_bytes(b"nothing")
        with pytest.raises(ArgumentError, match="cannot be read"):
            read_moderators(tmp_path / "m.xlsx", load_framework("hull"))


@pytest.fixture
def read_moderated(tmp_path: Path) -> Callable[..., AuditReturns]:
    """Read returns of a framework with an overall judgement, and a table of moderated grades beside them."""

    def read(rows: list[list[str]], moderated: list[list[str]]) -> AuditReturns:
        folder = tmp_path / "in"
        folder.mkdir()
        (tmp_path / "small.toml").write_text(FRAMEWORK, encoding="utf-8")
        write_rows(folder / "returns.csv", [HEADER, *rows])
        write_rows(folder / "moderated.csv", [MODERATED, *([*row, *[""] * (9 - len(row))] for row in moderated)])
        return read_returns(folder, framework=tmp_path / "small.toml")

    return read


class TestPack:
    WORDS = (
        "Umberta was seen alone at home.",
        "Nobody rang Castor Wyndlethorpe before the third visit.\nA second line.",
        "The plan that Ottoline wrote has no dates; call 07700 900123.",
        "See <script>alert(1)</script> and =1+1 in the record of Fennimore, Umberta.",
    )

    @pytest.fixture
    def returns(self, read_moderated: Callable[..., AuditReturns]) -> AuditReturns:
        good = ("Good",) * 4
        rows = [
            row_of(1, good, self.WORDS),
            row_of(2, good, self.WORDS),
            row_of(3, good, self.WORDS),
            row_of(4, ("Inadequate",) * 4, ("It is plain that Umberta is not heard by anybody at all.", "", "", "")),
            row_of(5, ("", "Good", "Good", "Good"), self.WORDS),
            row_of(6, good, self.WORDS),
        ]
        moderated = [
            ["REF-00001", "plan", "Requires improvement", "Mo One", "", "Castor would say that it is not SMART."],
            ["REF-00001", "spotting", "Good", "Mo One", "", "", "random", "0.5", "no"],
            ["REF-00002", "spotting", "Inadequate", "Mo One", "", "It went unseen.", "certainty", "1", "no"],
            ["REF-00002", "overall", "Requires improvement", "Mo One", "", "", "certainty", "1", "no"],
            ["REF-00003", "spotting", "Good", "Mo One"],
            ["REF-00005", "spotting", "Good", "Mo Two"],
            ["REF-00006", "plan", "Good", "Mo One", "", "It holds."],
            ["REF-00006", "plan", "Inadequate", "Mo Two", "", "It does not."],
        ]
        made = read_moderated(rows, moderated)
        flag = [
            (made.audits["audit_id"].iloc[1], "limiting_judgement", "plans", None, "overall Good, while Risk is not")
        ]
        return replace(made, flags=CONSISTENCY_FLAGS.build(flag))

    def by_reference(self, returns: AuditReturns) -> dict[str, int]:
        return {audit: number for number, audit in enumerate(returns.audits["audit_id"], 1)}

    def test_cases_stand_furthest_apart_first_and_what_was_seen_alike_is_none(self, returns: AuditReturns) -> None:
        pack = discussion_pack(returns, quarter="2019-Q2")
        number = self.by_reference(returns)
        assert (pack.audits, pack.moderated, pack.when) == (6, 5, "April to June 2019")
        assert [(number[case.audit], case.size) for case in pack.far] == [(2, 2), (6, 2)]
        assert [(number[case.audit], case.size) for case in pack.near] == [(1, 1), (5, 0)]
        assert [number[each.audit] for each in pack.waiting] == [4]
        assert pack.waiting[0].reason == "The overall judgement is Inadequate"
        assert pack.waiting[0].place == "returns.csv row 5"

    def test_a_case_says_how_each_judgement_moved_and_how_many_were_seen_alike(self, returns: AuditReturns) -> None:
        pack = discussion_pack(returns, quarter="2019-Q2")
        number = self.by_reference(returns)
        cases = {number[case.audit]: case for case in pack.cases}
        shown = {
            at: [(each.title, each.grade, each.moderated, each.steps) for each in case.differences]
            for at, case in cases.items()
        }
        assert shown == {
            1: [("Plans: The plan", "Good", "Requires improvement", "1 down")],
            2: [
                ("Risk: Spotting risk", "Good", "Inadequate", "2 down"),
                ("Overall", "Good", "Requires improvement", "1 down"),
            ],
            5: [("Risk: Spotting risk", "not graded", "Good", "–")],
            6: [("Plans: The plan", "Good", "Good; Inadequate", "same; 2 down")],
        }
        assert {at: case.same for at, case in cases.items()} == {1: 1, 2: 0, 5: 0, 6: 0}
        assert cases[2].reasons == (
            "Drawn because there was a reason to look",
            FLAGS["limiting_judgement"].title,
            "Overall Good, while Risk is not",
        )
        assert cases[1].reasons == ("Drawn at random",) and cases[6].reasons == ()
        assert cases[2].grades == GRADES and cases[2].audited_on == "3 May 2019"

    def test_both_sides_words_stand_beside_each_other_with_everybody_hidden(self, returns: AuditReturns) -> None:
        pack = discussion_pack(returns, quarter="2019-Q2")
        number = self.by_reference(returns)
        words = {number[case.audit]: case.words for case in pack.cases}
        plans, whole = words[1]
        assert (plans.domain, whole.domain) == ("Plans", "The whole audit")
        assert plans.auditor == "Worried about: The plan that [name] wrote has no dates; call [phone]."
        assert plans.moderator == "The plan: [name] would say that it is not SMART."
        assert whole.auditor.startswith("Worried about: See <script>alert(1)</script> and =1+1 in the record of [name]")
        risk = words[2][0]
        assert risk.auditor == (
            "Working well: [name] was seen alone at home.\nWorried about: Nobody rang [name] before the third visit.\n"
            "A second line."
        )
        assert words[6][0].moderator == "Moderator 1, The plan: It holds.\nModerator 2, The plan: It does not."

    def test_no_name_stands_in_any_document_and_no_word_of_an_audit_that_waits(self, returns: AuditReturns) -> None:
        pack = discussion_pack(returns, quarter="2019-Q2")
        document = docx.Document(io.BytesIO(word_pack(pack)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        word = "\n".join([*(each.text for each in document.paragraphs), *cells])
        web = web_pack(pack)
        parts = [part for name in (*PEOPLE, "Mo One", "Mo Two") for part in name.split() if part not in ("One", "Two")]
        for text in (word, web):
            held = [part for part in parts if re.search(rf"\b{part}\b", text)]
            assert held == [] and "REF-" not in text and "900123" not in text
            assert "heard by anybody" not in text
            assert "Discussion pack: April to June 2019" in text

    def test_the_word_file_has_real_headings_header_rows_and_a4_and_room_to_write(self, returns: AuditReturns) -> None:
        pack = discussion_pack(returns, quarter="2019-Q2")
        content = word_pack(pack)
        assert content == word_pack(pack)
        document = docx.Document(io.BytesIO(content))
        headings = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Head")]
        cases = [("Heading 2", f"Case {at}: {case.audit}") for at, case in enumerate(pack.cases, 1)]
        assert headings == [
            ("Heading 1", "Two or more steps apart"),
            *cases[:2],
            ("Heading 1", "One step apart"),
            *cases[2:],
            ("Heading 1", "Not moderated yet"),
        ]
        assert all(table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader") for table in document.tables)
        assert round(document.sections[0].page_width.cm) == 21
        settled = next(table for table in document.tables if table.cell(0, 0).text == "In this case")
        assert [row.cells[0].text for row in settled.rows][1:] == [
            *(f"What {grade} looks like here" for grade in GRADES),
            *("Grade agreed", "Why", "Who agreed it, and when"),
        ]
        assert {row.cells[1].text.strip() for row in list(settled.rows)[1:]} == {""}
        assert settled.columns[1].width > settled.columns[0].width

    def test_the_web_page_needs_nothing_and_runs_nothing(self, returns: AuditReturns) -> None:
        page = web_pack(discussion_pack(returns, quarter="2019-Q2"))
        assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "default-src 'none'" in page and not re.search(r'(?:src|href)="(?!#)', page)
        assert page.startswith("<!DOCTYPE html>") and '<html lang="en-GB">' in page

    def test_a_quarter_that_nobody_moderated_says_so(self, example: AuditReturns) -> None:
        bare = {
            "judgements": example.judgements.assign(moderated_grade=None),
            "audits": example.audits.assign(moderated_on=pd.NaT),
            "moderations": MODERATIONS.build([]),
        }
        pack = discussion_pack(replace(example, **bare), quarter="2019-Q4")
        assert (pack.moderated, pack.cases, pack.quoted) == (0, (), [])
        assert "Of 21 audits of October to December 2019, none was moderated." in web_pack(pack)
