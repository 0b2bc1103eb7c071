"""`auditanalytics moderate`: draw, read and pack, through the library and the real command."""

import os
import re
import stat
from pathlib import Path

import pandas as pd
import pytest
from conftest import EXAMPLE, run_command, words_in, write_rows
from moderators_at_work import (
    FRAMEWORK,
    HEADER,
    MODERATED,
    PEOPLE,
    fill_grades,
    fill_in,
    header_of,
    parts_of,
    row_of,
    sheets_of,
)

from auditanalytics.errors import ArgumentError, ChoiceError, NoInputError, PrivacyError, ReturnsError
from auditanalytics.moderating import _refuse_to_lose, draw_moderation, read_moderation, write_pack
from auditanalytics.returns import read_returns

QUARTER = "2019-Q4"
OCTOBER = EXAMPLE / "audit-returns-2019-10.xlsx"
MODERATORS = [
    ["Moderator", "Service", "Most"],
    ["Wilhelmina Ashcombe", "Adoption", ""],
    ["Balthazar Quillfeather", "Fostering", "2"],
]


@pytest.fixture
def moderators(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "moderators.csv", MODERATORS)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def a_step_lower(row: dict[str, str]) -> dict[str, str]:
    """What a strict moderator gives for risk; everything else is seen alike."""
    lower = {"Outstanding": "Good", "Good": "Requires improvement"}
    if not row["First grade"]:
        return {}
    given = lower.get(row["First grade"], row["First grade"]) if "risk" in row["Category"] else row["First grade"]
    return {"Moderated grade": given, "Reason": "" if given == row["First grade"] else "The risk went unseen."}


class TestInProcess:
    pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

    def test_from_the_draw_to_the_pack(self, tmp_path: Path, moderators: Path) -> None:
        workbook, table, pack = tmp_path / "draw.xlsx", tmp_path / "moderated.csv", tmp_path / "pack.html"
        drawn = draw_moderation([EXAMPLE], quarter=QUARTER, seed=7, moderators=moderators, out=workbook)
        assert mode_of(workbook) == 0o600
        cases = sheets_of(workbook)["Cases"]
        named = set(cases["D"][1:])
        assert named == {"Wilhelmina Ashcombe", "Balthazar Quillfeather"}
        assert (cases["D"] == "Balthazar Quillfeather").sum() == 2
        assert len(cases) - 1 == len(drawn.checks.drawn)
        said = str(drawn)
        assert said.startswith(f"Drawn for 2019-Q4 with the seed 7: {len(drawn.checks.drawn)} audits.\n")
        assert "Checked: " in said and "linked group" in said
        assert not any(name in said for name in named)

        fill_grades(workbook, a_step_lower)
        at = header_of(cases, "Date moderated")
        fill_in(workbook, "Cases", {f"{at}{row}": "14/01/2020" for row in cases.index[1:]})
        read = read_moderation(workbook, [EXAMPLE], out=table)
        assert mode_of(table) == 0o600
        number = len(drawn.checks.drawn)
        assert str(read).splitlines() == [
            f"Rows for a grade: {number * 16}. Taken: {number * 16}, not judged: 0, blank: 0, not understood: 0.",
            f"Audits drawn for 2019-Q4: {number}, with grades: {number}.",
            "Auditors and moderators form one linked group, so that differences between them can be told apart.",
        ]

        before, after = read_returns(EXAMPLE), read_returns([EXAMPLE, table])
        assert len(after.moderations) == number * 16
        joined = after.judgements["moderated_grade"].notna().sum() - before.judgements["moderated_grade"].notna().sum()
        assert joined == number * 16
        written = write_pack([EXAMPLE, table], quarter=QUARTER, out=pack)
        assert written.pack.moderated == 3 + number
        assert "The risk went unseen." in pack.read_text(encoding="utf-8")
        assert "It quotes comments, redacted by a program" in str(written)

    def test_what_was_drawn_earlier_is_not_drawn_again(self, tmp_path: Path) -> None:
        first = draw_moderation([EXAMPLE], quarter="2019-Q3", seed=1, share=0.2, blind=True, out=tmp_path / "a.xlsx")
        with pytest.raises(ReturnsError, match="no audit of 2019-Q3 is left to draw"):
            draw_moderation([EXAMPLE], quarter="2019-Q3", earlier=[tmp_path / "a.xlsx"], out=tmp_path / "b.xlsx")
        assert not (tmp_path / "b.xlsx").exists()
        assert "Blind: the workbook holds no first grade, and no reason for the draw." in str(first)
        other = draw_moderation([EXAMPLE], quarter=QUARTER, earlier=[tmp_path / "a.xlsx"], out=tmp_path / "b.xlsx")
        assert not set(other.checks.drawn["audit"]) & set(first.checks.drawn["audit"])

    def test_the_same_seed_gives_the_same_workbook_and_another_one_is_kept_beside_it(self, tmp_path: Path) -> None:
        target = tmp_path / "a.xlsx"
        draw_moderation([OCTOBER], quarter=QUARTER, seed=7, out=target)
        content = target.read_bytes()
        draw_moderation([OCTOBER], quarter=QUARTER, seed=7, out=target)
        assert target.read_bytes() == content and sorted(each.name for each in tmp_path.iterdir()) == ["a.xlsx"]
        fill_grades(target, a_step_lower)
        filled = target.read_bytes()
        draw_moderation([OCTOBER], quarter=QUARTER, seed=7, out=target)
        assert (tmp_path / "a.earlier.xlsx").read_bytes() == filled and target.read_bytes() == content
        assert mode_of(tmp_path / "a.earlier.xlsx") == 0o600

    def test_what_is_read_is_never_overwritten(self, tmp_path: Path, moderators: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        returns = folder / "returns.xlsx"
        returns.write_bytes(OCTOBER.read_bytes())
        workbook = tmp_path / "draw.xlsx"
        draw_moderation([returns], out=workbook, quarter=QUARTER)
        table = folder / "moderated.csv"
        refused = "would be overwritten; give another name"
        for given, out in (([returns], returns), ([folder], returns), ([EXAMPLE, folder], returns)):
            with pytest.raises(ArgumentError, match=refused):
                draw_moderation(given, out=out, quarter=QUARTER)
        with pytest.raises(ArgumentError, match=refused):
            draw_moderation([folder], out=workbook, earlier=[workbook], quarter=QUARTER)
        os.link(moderators, tmp_path / "same.xlsx")
        with pytest.raises(ArgumentError, match=refused):
            draw_moderation([folder], out=tmp_path / "same.xlsx", moderators=moderators, quarter=QUARTER)
        assert returns.read_bytes() == OCTOBER.read_bytes()
        # The table belongs among the returns, and is written again as more is filled in.
        fill_grades(workbook, a_step_lower)
        for _ in range(2):
            read_moderation(workbook, [folder], out=table)
        assert len(read_returns(folder).moderations) == len(sheets_of(workbook)["Grades"]) - 1

    @pytest.mark.parametrize(
        ("arguments", "error", "why"),
        [
            ({"out": "a.csv"}, ArgumentError, "--out must end in .xlsx"),
            ({"out": "none/a.xlsx"}, ArgumentError, "the folder of 'a.xlsx' does not exist"),
            ({"quarter": "2018-Q1"}, ChoiceError, "quarter must be 2019-Q4 or latest"),
            ({"share": 1.5}, ArgumentError, "the share to draw must be from 0 to 1; not 1.5"),
            ({"moderators": "none.csv"}, NoInputError, "there is no file or folder"),
            ({"earlier": ["empty.xlsx"]}, ReturnsError, "'empty.xlsx' cannot be read"),
            ({"earlier": ["table.csv"]}, ArgumentError, "'table.csv' does not say which audits were drawn"),
            ({"framework": "nowhere"}, ArgumentError, "nowhere"),
        ],
    )
    def test_what_is_wrong_with_a_draw_is_one_sentence_and_nothing_is_written(
        self, tmp_path: Path, arguments: dict[str, object], error: type[Exception], why: str
    ) -> None:
        (tmp_path / "empty.xlsx").write_bytes(b"")
        write_rows(tmp_path / "table.csv", MODERATORS)
        placed = {"out": "a.xlsx", "quarter": QUARTER} | arguments
        for name in ("out", "moderators"):
            if name in placed:
                placed[name] = tmp_path / str(placed[name])
        placed["earlier"] = [tmp_path / name for name in placed.get("earlier", [])]
        before = sorted(tmp_path.iterdir())
        with pytest.raises(error, match=re.escape(why)) as raised:
            draw_moderation([OCTOBER], **placed)
        assert "\n" not in str(raised.value) and sorted(tmp_path.iterdir()) == before

    def test_without_a_path_nothing_is_drawn(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match="give the path of a return"):
            draw_moderation([], out=tmp_path / "a.xlsx")

    def test_a_workbook_in_which_nothing_is_given_writes_no_table(self, tmp_path: Path) -> None:
        draw_moderation([OCTOBER], quarter=QUARTER, out=tmp_path / "a.xlsx")
        with pytest.raises(ReturnsError, match=r"'a\.xlsx' has no grade to take: of \d+ rows \d+ are blank, 0 not"):
            read_moderation(tmp_path / "a.xlsx", [OCTOBER], out=tmp_path / "a.csv")
        fill_in(tmp_path / "a.xlsx", "Grades", {"E2": "Umberly Goodish"})
        with pytest.raises(ReturnsError, match=r"1 not understood; a\.xlsx, Grades E2: expected Outstanding") as raised:
            read_moderation(tmp_path / "a.xlsx", [OCTOBER], out=tmp_path / "a.csv")
        assert "Umberly" not in str(raised.value) and not (tmp_path / "a.csv").exists()

    def test_the_terminal_names_places_and_never_what_stands_there(self, tmp_path: Path) -> None:
        draw_moderation([OCTOBER], quarter=QUARTER, out=tmp_path / "a.xlsx")
        written = {"E2": "Good", "F2": "Umberly knows.", "E3": "Umberly", "F4": "Umberly again", "G2": ""}
        fill_in(tmp_path / "a.xlsx", "Grades", written)
        read = read_moderation(tmp_path / "a.xlsx", [OCTOBER], out=tmp_path / "a.csv")
        said = str(read)
        assert "Umberly" not in said
        assert "Taken: 1, not judged: 0" in said and "not understood: 1." in said
        assert "Grades for which nobody is named, the first of each audit: Grades E2." in said
        assert "Reasons without a grade: Grades F4." in said
        assert (
            "a.xlsx, Grades E3: expected Outstanding, Good, Requires improvement, Inadequate; moderated grade" in said
        )
        assert "; without: audit-" in said

    def test_a_pack_ends_in_docx_or_html_and_needs_audits(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match=r"--out must end in \.docx or \.html"):
            write_pack([EXAMPLE], out=tmp_path / "a.pdf")
        published = EXAMPLE / "published-shares-2019.csv"
        with pytest.raises(ReturnsError, match="no audit was read of 2019-Q4"):
            write_pack([published], out=tmp_path / "a.html", framework="south-gloucestershire", quarter=QUARTER)
        assert list(tmp_path.iterdir()) == []

    def test_an_edited_pack_is_kept_beside_the_new_one(self, tmp_path: Path) -> None:
        target = tmp_path / "a.docx"
        write_pack([OCTOBER], out=target, quarter=QUARTER)
        content = target.read_bytes()
        target.write_bytes(b"edited for an hour")
        write_pack([OCTOBER], out=target, quarter=QUARTER)
        assert (tmp_path / "a.earlier.docx").read_bytes() == b"edited for an hour" and target.read_bytes() == content


CANARIES = {
    "well": "Velvetina Crumbhorn told nobody that the ladder by the window was loose again.",
    "worried": "It rained on the day when Umberta Fennimore went to the lighthouse with both her aunts.",
    "plan": "Castor Wyndlethorpe wrote the plan on the back of an envelope and lost it in the park.",
    "whole": "Ottoline Brackenshaw said that the whole of it could be read in one afternoon.",
    "reason": "Umberta Fennimore was never asked what she wanted for herself in the end.",
}


class TestPrivacy:
    pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "in"
        folder.mkdir()
        (tmp_path / "small.toml").write_text(FRAMEWORK, encoding="utf-8")
        words = tuple(CANARIES[name] for name in ("well", "worried", "plan", "whole"))
        grades = [("Good", "Inadequate", "Good", "Good"), ("Inadequate",) * 4, ("Good",) * 4]
        rows = [row_of(number, grades[number % 3], words) for number in range(1, 13)]
        write_rows(folder / "returns.csv", [HEADER, *rows])
        moderated = ["REF-00003", "plan", "Inadequate", PEOPLE[2], "01/06/2019", CANARIES["reason"]]
        write_rows(folder / "moderated.csv", [MODERATED, [*moderated, "", "", ""]])
        return folder

    def draw(self, folder: Path, **options: object) -> Path:
        out = folder.parent / "draw.xlsx"
        draw_moderation([folder], framework=folder.parent / "small.toml", quarter="2019-Q2", out=out, **options)
        return out

    @pytest.mark.parametrize("blind", [False, True])
    def test_no_name_no_reference_and_no_word_of_a_comment_is_in_a_workbook_or_its_table(
        self, folder: Path, blind: bool
    ) -> None:
        workbook = self.draw(folder, share=0.5, blind=blind)
        grades = sheets_of(workbook)["Grades"]
        at = header_of(grades, "Moderated grade")
        fill_in(workbook, "Grades", {f"{at}{row}": "Good" for row in grades.index[1:]})
        table = folder.parent / "table.csv"
        read = read_moderation(workbook, [folder], framework=folder.parent / "small.toml", out=table)
        texts = [*parts_of(workbook).values(), table.read_text(encoding="utf-8"), str(read)]
        words = {word for text in (*CANARIES.values(), *PEOPLE) for word in re.findall(r"\w{7,}", text)}
        assert [word for word in words if any(word in text for text in texts)] == []
        assert not any("REF-" in text for text in texts)

    @pytest.mark.parametrize("ending", [".docx", ".html"])
    def test_the_pack_quotes_what_was_written_with_everybody_hidden(self, folder: Path, ending: str) -> None:
        out = folder.parent / f"pack{ending}"
        write_pack([folder], framework=folder.parent / "small.toml", quarter="2019-Q2", out=out)
        text = words_in(out)
        names = [word for name in PEOPLE for word in name.split()]
        assert [word for word in names if word in text] == [] and "REF-" not in text
        assert "[name] wrote the plan on the back of an envelope and lost it in the park." in text
        assert "[name] was never asked what she wanted for herself in the end." in text
        assert CANARIES["well"][20:] not in text  # nothing of risk was moderated

    def test_moderators_may_be_named_where_they_audit_others_but_a_child_may_not(self, folder: Path) -> None:
        rows = [["Moderator", "Service"], [PEOPLE[2], "Adoption"], ["Wilhelmina Ashcombe", "Fostering"]]
        workbook = self.draw(folder, moderators=write_rows(folder.parent / "m.csv", rows))
        assert "Wilhelmina Ashcombe" in parts_of(workbook)["xl/sharedStrings.xml"]
        workbook.unlink()
        rows[2][0] = PEOPLE[0]
        with pytest.raises(PrivacyError, match=r"moderation\.xlsx holds the name or number of a child"):
            self.draw(folder, moderators=write_rows(folder.parent / "m.csv", rows))
        assert not workbook.exists()

    @pytest.mark.parametrize("name", ["Umberta Fennimore.csv", "castor-wyndlethorpe.csv"])
    def test_a_file_that_is_called_after_somebody_stops_both(self, folder: Path, name: str) -> None:
        (folder / "returns.csv").rename(folder / name)
        with pytest.raises(PrivacyError, match="nothing was published"):
            self.draw(folder)
        with pytest.raises(PrivacyError, match="nothing was published"):
            write_pack(
                [folder], framework=folder.parent / "small.toml", quarter="2019-Q2", out=folder.parent / "pack.html"
            )
        assert sorted(each.name for each in folder.parent.iterdir()) == ["in", "small.toml"]

    def test_rows_and_days_that_read_like_case_numbers_are_none(self, tmp_path: Path) -> None:
        (tmp_path / "small.toml").write_text(FRAMEWORK, encoding="utf-8")
        day = (pd.Timestamp("2019-05-02") - pd.Timestamp("1899-12-30")).days
        blank = [["", *[""] * 12]] * 12000
        row = ["R-1", str(day), "12002", "Somebody Else", "02/05/2019", *["Inadequate"] * 4, *[""] * 4]
        write_rows(tmp_path / "r.csv", [HEADER, *blank, row])
        out = tmp_path / "a.xlsx"
        draw_moderation([tmp_path / "r.csv"], framework=tmp_path / "small.toml", quarter="2019-Q2", out=out)
        assert sheets_of(out)["Cases"].loc[2, "B"] == "r.csv row 12002"


@pytest.mark.slow
class TestCommand:
    def test_draw_read_and_pack_say_what_they_did_and_exit_with_0(self, tmp_path: Path, moderators: Path) -> None:
        workbook, table, pack = tmp_path / "draw.xlsx", tmp_path / "m.csv", tmp_path / "pack.docx"
        done = run_command(
            *("moderate", "draw", EXAMPLE, "--quarter", QUARTER, "--share", "0.1", "--seed", "7"),
            *("--moderators", moderators, "--out", workbook, "--blind"),
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith(f"Written to {workbook}.\n") and "Drawn for 2019-Q4" in done.stdout
        grades = sheets_of(workbook)["Grades"]
        fill_in(workbook, "Grades", {f"{header_of(grades, 'Moderated grade')}2": "RI"})
        done = run_command("moderate", "read", workbook, EXAMPLE, "--out", table)
        assert (done.returncode, done.stderr) == (0, "") and "Taken: 1, not judged: 0" in done.stdout
        assert table.read_bytes().startswith(b"\xef\xbb\xbfAudit,Category,Moderated grade,Moderator,Date moderated,")
        assert ",Requires improvement," in table.read_text(encoding="utf-8")
        done = run_command("moderate", "pack", EXAMPLE, "--quarter", QUARTER, "--out", pack)
        assert (done.returncode, done.stderr) == (0, "") and "Discussion pack for 2019-Q4: 3 of 21" in done.stdout
        assert {mode_of(path) for path in (workbook, table, pack)} == {0o600}

    @pytest.mark.parametrize(
        ("arguments", "code", "why"),
        [
            (["draw", EXAMPLE, "--out", "a.csv"], 2, "--out must end in .xlsx"),
            (["draw", "none", "--out", "a.xlsx"], 2, "there is no file or folder"),
            (["draw", EXAMPLE, "--share", "much", "--out", "a.xlsx"], 2, "Invalid value for '--share'"),
            (["draw", "--out", "a.xlsx"], 2, "Missing argument 'PATH...'"),
            (["read", "table.csv", EXAMPLE, "--out", "a.csv"], 3, "is no moderation workbook"),
            (["draw", "unread", "--framework", "hull", "--out", "a.xlsx"], 3, "no audit could be read"),
        ],
    )
    def test_what_is_wrong_is_one_sentence_and_an_exit_code(
        self, tmp_path: Path, arguments: list[object], code: int, why: str
    ) -> None:
        write_rows(tmp_path / "table.csv", MODERATORS)
        (tmp_path / "unread").mkdir()
        write_rows(tmp_path / "unread" / "x.csv", [["a", "b"], ["c", "d"]])
        ours = ("a.csv", "a.xlsx", "a.pdf", "none", "none.xlsx", "table.csv", "unread")
        placed = [tmp_path / str(each) if each in ours else each for each in arguments]
        done = run_command("moderate", *placed)
        assert done.returncode == code, done.stderr
        assert why in done.stderr and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
        assert sorted(each.name for each in tmp_path.iterdir()) == ["table.csv", "unread"]

    def test_what_identifies_somebody_is_exit_5(self, tmp_path: Path) -> None:
        (tmp_path / "small.toml").write_text(FRAMEWORK, encoding="utf-8")
        write_rows(tmp_path / "Umberta Fennimore.csv", [HEADER, row_of(1, ("Good",) * 4)])
        done = run_command(
            *("moderate", "draw", tmp_path / "Umberta Fennimore.csv", "--framework", tmp_path / "small.toml"),
            *("--quarter", "2019-Q2", "--out", tmp_path / "a.xlsx"),
        )
        assert done.returncode == 5 and not (tmp_path / "a.xlsx").exists()
        assert "Umberta" not in done.stderr


def test_a_table_with_grades_that_the_new_one_lacks_is_not_written_over(tmp_path: Path) -> None:
    header, kept = ["Audit", "Category", "Moderator"], ["audit-a", "plan", "Consensus"]
    target = write_rows(tmp_path / "moderated.csv", [header, kept])
    _refuse_to_lose(target, [header, kept, ["audit-b", "plan", "Mo"]])
    with pytest.raises(ArgumentError, match="holds 1 row, of which 1 would be lost; give another name"):
        _refuse_to_lose(target, [header, ["audit-b", "plan", "Mo"]])
    write_rows(target, [[*header, "Note"], [*kept, "by hand"]])
    with pytest.raises(ArgumentError, match="holds 1 row, of which 1 would be lost"):
        _refuse_to_lose(target, [header, kept])


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Mo", "Consensus"], "cell A3 names nobody: Consensus stands for what several moderators agreed on"),
        (["Mo Netherby", "mo  netherby"], "cell A3 names somebody a second time"),
    ],
)
def test_moderators_are_people_each_named_once(tmp_path: Path, names: list[str], said: str) -> None:
    people = write_rows(tmp_path / "m.csv", [["Moderator", "Service"], *([name, "North"] for name in names)])
    with pytest.raises(ArgumentError, match=said):
        draw_moderation([EXAMPLE], quarter=QUARTER, moderators=people, out=tmp_path / "a.xlsx")


def test_a_workbook_left_among_the_returns_is_pointed_out(tmp_path: Path) -> None:
    draw_moderation([EXAMPLE], quarter=QUARTER, out=tmp_path / "round.xlsx")
    returns = read_returns([EXAMPLE, tmp_path / "round.xlsx"], framework="south-gloucestershire")
    found = returns.problems[returns.problems["code"] == "moderation_workbook"]
    assert found[["file", "sheet", "severity"]].to_numpy().tolist() == [["round.xlsx", "Grades", "warning"]]
