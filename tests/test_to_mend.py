"""What a team has to mend goes out in a workbook, comes back, and takes the place of what it was."""

import csv
import json
import re
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from conftest import read_table, run_command, write_rows
from moderators_at_work import SOFFICE, save_with_office
from python_calamine import CalamineWorkbook
from test_formats import tables_of
from word_forms import drop_down, table, write_form

from auditanalytics.checking import check_returns
from auditanalytics.intake import SENT_HEADERS
from auditanalytics.reporting.received import show_sheets
from auditanalytics.returns import AuditReturns

HEADER = ["Audit reference", "Date of audit", "Team", "Child reference", "Identification of risk", "Response to risk"]
GOOD = ["A1", "01/05/2019", "North", "C1", "Good", "RI"]
FRAMEWORK = "south-gloucestershire"


def audit(reference: str, **changes: str) -> list[str]:
    row = [reference, "01/05/2019", "North", f"C{reference}", "Good", "RI"]
    for name, value in changes.items():
        row[HEADER.index(name.replace("_", " "))] = value
    return row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def check(folder: Path, out: str = "out") -> AuditReturns:
    return check_returns(folder, framework=FRAMEWORK, out=folder.parent / out)


def write_book(path: Path, *rows: list[str], title: str = "May", above: int = 0) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate([*([["Returns"]] * above), *rows]):
            sheet.write_row(number, 0, row)


def mend(sent: Path, into: Path, changes: dict[str, dict[str, str]], *, by: str = HEADER[0]) -> None:
    """Write into the cells of rows, by their references, and save the workbook as another program does.

    A reference of "*" is every row; a row that is changed to blanks loses the words in all of its cells.
    """
    with xlsxwriter.Workbook(into, {"strings_to_formulas": False}) as book:
        for name in (workbook := CalamineWorkbook.from_path(sent)).sheet_names:
            rows = [[str(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()]
            if rows and tuple(rows[0][: len(SENT_HEADERS)]) == SENT_HEADERS:
                for row in rows[1:]:
                    for header, value in (changes.get(row[rows[0].index(by)]) or changes.get("*") or {}).items():
                        row[rows[0].index(header)] = value
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def codes(returns: AuditReturns) -> list[str]:
    found = returns.problems[returns.problems["severity"] != "note"]
    return [code for code in found["code"] if code != "category_without_column"]


def rows_sent(path: Path) -> list[dict[str, str]]:
    workbook = CalamineWorkbook.from_path(path)
    found = []
    for name in workbook.sheet_names[1:]:
        header, *rows = workbook.get_sheet_by_name(name).to_python()
        found += [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]
    return found


class TestSent:
    """What goes out."""

    def test_each_team_gets_its_rows_and_no_other(self, folder: Path) -> None:
        bad = [audit("A2", Date_of_audit="31/02/2019"), audit("A3", Team="South", Response_to_risk="Goood")]
        write_book(folder / "may.xlsx", HEADER, GOOD, *bad, audit("", Team=""), above=2)
        check(folder)
        out = folder.parent / "out"
        sent = {path.name: [row["Audit reference"] for row in rows_sent(path)] for path in (out / "to-mend").iterdir()}
        assert sent == {"north.xlsx": ["A2"], "south.xlsx": ["A3"], "no-team.xlsx": [""]}
        listed = [(row["file"], row["team"], row["rows"], row["cells"]) for row in read_table(out, "to-mend")]
        assert listed == [
            ("no-team.xlsx", "", "1", "1"),
            ("north.xlsx", "North", "1", "1"),
            ("south.xlsx", "South", "1", "1"),
        ]
        (row,) = rows_sent(out / "to-mend" / "south.xlsx")
        assert (row["Return"], row["Sheet"], row["Row"]) == ("may.xlsx", "May", "6")
        assert row["What to mend"].startswith("Response to risk: Expected Outstanding, Good, Requires improvement")

    def test_only_its_owner_can_read_it_and_nothing_in_it_is_reckoned(self, folder: Path) -> None:
        write_book(folder / "may.xlsx", HEADER, audit("=1+1", Response_to_risk="@SUM(A1)"), GOOD)
        check(folder)
        (path,) = (folder.parent / "out" / "to-mend").iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        with zipfile.ZipFile(path) as archive:
            assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
        assert rows_sent(path)[0]["Audit reference"] == "=1+1"

    def test_a_marked_cell_says_what_was_expected_and_a_grade_is_chosen_from_its_scale(self, folder: Path) -> None:
        write_book(folder / "may.xlsx", HEADER, audit("A2", Response_to_risk="Goood"), GOOD)
        check(folder)
        with zipfile.ZipFile(folder.parent / "out" / "to-mend" / "north.xlsx") as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        comments = next(text for name, text in parts.items() if "comments" in name)
        assert re.findall(r'<comment ref="(\w+)"', comments) == ["K2"]
        assert "Expected Outstanding, Good, Requires improvement, Inadequate. Correct the grade." in comments
        lists = re.findall(r'sqref="(\w+)".*?<formula1>(.*?)</formula1>', parts["xl/worksheets/sheet2.xml"])
        assert [place for place, _ in lists] == ["J2", "K2"]
        assert len({source for _, source in lists}) == 1

    @pytest.mark.parametrize("team", ["../../etc/cron.d/x", "CON", "a/b", "x" * 300, "line\nbreak", "Юг"])
    def test_a_team_may_be_called_anything(self, folder: Path, team: str) -> None:
        write_book(folder / "may.xlsx", HEADER, audit("A2", Response_to_risk="Goood", Team=team), GOOD)
        check(folder)
        (path,) = (folder.parent / "out" / "to-mend").iterdir()
        assert re.fullmatch(r"[a-z0-9-]{1,64}\.xlsx", path.name)
        assert path.stem != "con"
        assert read_table(folder.parent / "out", "to-mend")[0]["file"] == path.name

    def test_a_workbook_that_somebody_works_on_is_kept(self, folder: Path) -> None:
        write_book(folder / "may.xlsx", HEADER, audit("A2", Response_to_risk="Goood"), GOOD)
        check(folder)
        sent = folder.parent / "out" / "to-mend"
        mend(sent / "north.xlsx", sent / "new.xlsx", {"A2": {"Response to risk": "Good"}})
        worked_on = (sent / "new.xlsx").read_bytes()
        (sent / "new.xlsx").replace(sent / "north.xlsx")
        check(folder)
        assert (sent / "north.earlier.xlsx").read_bytes() == worked_on
        assert rows_sent(sent / "north.xlsx")[0]["Response to risk"] == "Goood"

    def test_where_nothing_is_to_be_mended_nothing_is_sent(self, folder: Path) -> None:
        write_rows(folder / "may.csv", [HEADER, GOOD])
        check(folder)
        assert not (folder.parent / "out" / "to-mend").exists()
        assert read_table(folder.parent / "out", "to-mend") == []

    def test_the_same_rows_give_the_same_bytes(self, folder: Path) -> None:
        write_book(folder / "may.xlsx", HEADER, audit("A2", Response_to_risk="Goood"), GOOD)
        check(folder)
        check(folder, "again")
        assert len({(folder.parent / out / "to-mend" / "north.xlsx").read_bytes() for out in ("out", "again")}) == 1


class TestComesBack:
    """What a mended row does."""

    @staticmethod
    def sent(folder: Path, *rows: list[str], name: str = "may.csv") -> Path:
        write_rows(folder / name, [HEADER, GOOD, *rows])
        check(folder)
        return folder.parent / "out" / "to-mend" / "north.xlsx"

    def test_a_mended_row_takes_the_place_of_the_row_that_it_was(self, folder: Path) -> None:
        bad = [audit("A2", Date_of_audit="31/02/2019"), audit("A3", Response_to_risk="Goood")]
        changes = {"A2": {"Date of audit": "28/02/2019"}, "A3": {"Response to risk": "Good"}}
        mend(self.sent(folder, *bad), folder / "north.xlsx", changes)
        found = check(folder)
        assert codes(found) == []
        assert found.rows == {
            "rows_read": found.rows["skipped"] + 3,
            "accepted": 3,
            "rejected": 0,
            "skipped": found.rows["skipped"],
        }
        assert "rows sent back mended" in show_sheets(found).html
        (told,) = found.problems.loc[found.problems["code"] == "mended_table", "message"]
        assert told.endswith(": 2")
        write_rows(
            folder.parent / "clean.csv",
            [HEADER, GOOD, audit("A2", Date_of_audit="28/02/2019"), audit("A3", Response_to_risk="Good")],
        )
        clean = check_returns(folder.parent / "clean.csv", framework=FRAMEWORK)
        expected = tables_of(clean)
        for name, frame in tables_of(found).items():
            if name != "rows":
                assert frame.equals(expected[name]), name

    def test_a_workbook_that_nobody_touched_changes_nothing(self, folder: Path) -> None:
        shutil.copy(self.sent(folder, audit("A2", Response_to_risk="Goood")), folder)
        found = check(folder, "again")
        assert codes(found) == ["grade_unknown"]
        assert found.problems.loc[found.problems["code"] == "grade_unknown", "file"].tolist() == ["may.csv"]

    def test_lines_within_a_cell_that_another_program_ends_otherwise_change_nothing(self, folder: Path) -> None:
        row = audit("A2", Response_to_risk="Goood")
        write_rows(folder / "may.csv", [[*HEADER, "What is working well?"], [*GOOD, ""], [*row, "one\r\ntwo  three"]])
        check(folder)
        sent = folder.parent / "out" / "to-mend" / "north.xlsx"
        mend(sent, folder / "north.xlsx", {"A2": {"What is working well?": "one\ntwo three"}})
        assert codes(check(folder)) == ["grade_unknown"]

    def test_what_is_still_wrong_says_where_it_was_mended_and_goes_out_again(self, folder: Path) -> None:
        mend(
            self.sent(folder, audit("A2", Response_to_risk="Goood")),
            folder / "one.xlsx",
            {"A2": {"Response to risk": "Godd"}},
        )
        found = check(folder, "second")
        (message,) = found.problems.loc[found.problems["code"] == "grade_unknown", "message"]
        assert message.endswith("(as it was mended in one.xlsx may row 2)")
        mend(
            folder.parent / "second" / "to-mend" / "north.xlsx",
            folder / "two.xlsx",
            {"A2": {"Response to risk": "Good"}},
        )
        assert codes(check(folder)) == []

    def test_a_row_whose_words_were_all_deleted_is_gone(self, folder: Path) -> None:
        again = audit("A1", Identification_of_risk="Inadequate")
        mend(self.sent(folder, again), folder / "north.xlsx", {"A1": dict.fromkeys(HEADER, "")})
        found = check(folder)
        assert codes(found) == []
        assert len(found.audits) == 1

    def test_a_row_mended_in_two_ways_is_used_in_neither(self, folder: Path) -> None:
        sent = self.sent(folder, audit("A2", Response_to_risk="Goood"))
        for grade in ("Good", "Inadequate"):
            mend(sent, folder / f"{grade}.xlsx", {"A2": {"Response to risk": grade}})
        assert codes(check(folder)) == ["mended_twice", "mended_twice", "grade_unknown"]

    def test_the_same_mended_row_twice_is_one(self, folder: Path) -> None:
        sent = self.sent(folder, audit("A2", Response_to_risk="Goood"), audit("A3", Response_to_risk="Bad"))
        mend(sent, folder / "one.xlsx", {"A2": {"Response to risk": "Good"}})
        mend(sent, folder / "two.xlsx", {"A2": {"Response to risk": "Good"}, "A3": {"Response to risk": "RI"}})
        assert codes(check(folder)) == []

    @pytest.mark.parametrize("change", ["the row", "the file", "a column", "itself"])
    def test_a_row_without_the_row_that_it_was_is_not_used(self, folder: Path, change: str) -> None:
        mend(
            self.sent(folder, audit("A2", Response_to_risk="Goood")),
            folder / "north.xlsx",
            {"A2": {"Response to risk": "Good"}},
        )
        if change == "the row":
            write_rows(folder / "may.csv", [HEADER, GOOD, audit("A2", Response_to_risk="Bad")])
        elif change == "the file":
            (folder / "may.csv").rename(folder / "june.csv")
        elif change == "a column":
            workbook = CalamineWorkbook.from_path(folder / "north.xlsx").get_sheet_by_name("may").to_python()
            write_book(folder / "north.xlsx", *([str(cell) for cell in [*row[:7], *row[8:]]] for row in workbook))
        else:  # somebody wrote the same into the return itself: there is nothing left to do
            write_rows(folder / "may.csv", [HEADER, GOOD, audit("A2", Response_to_risk="Good")])
        found = codes(check(folder))
        assert found == ([] if change == "itself" else ["grade_unknown", "mended_without_original"])

    def test_rows_torn_by_a_delimiter_are_whole_again(self, folder: Path) -> None:
        (folder / "may.csv").write_text(
            "\n".join(
                [",".join(HEADER), ",".join(GOOD), "A2,01/05/2019,North,C2,Good,RI,extra", "A3,01/05/2019,North,C3"]
            )
        )
        check(folder)
        sent = folder.parent / "out" / "to-mend" / "no-team.xlsx"
        assert [row["What to mend"].split(".")[0] for row in rows_sent(sent)] == [
            "The row has more or fewer fields than the header"
        ] * 2
        mend(sent, folder / "mended.xlsx", {"A2": {"Response to risk": "Good"}, "A3": {"Identification of risk": "RI"}})
        found = check(folder)
        assert codes(found) == []
        assert len(found.audits) == 3

    def test_rows_of_long_returns_and_of_forms_are_mended_alike(self, folder: Path) -> None:
        long = [["Audit reference", "Date of audit", "Team", "Category", "Grade"]]
        long += [
            ["L1", "01/05/2019", "North", "Response to risk", "Goood"],
            ["L1", "01/05/2019", "North", "Identification of risk", "RI"],
        ]
        write_rows(folder / "long.csv", long)
        head = (("Audit reference", "F1"), ("Date of audit", "01/05/2019"), ("Team", "North"))
        write_form(folder / "a.docx", table(*head), table(("Response to risk", (drop_down(("Good",), "Fine"),))))
        check(folder)
        sent = folder.parent / "out" / "to-mend" / "north.xlsx"
        assert [(row["Return"], row["Row"]) for row in rows_sent(sent)] == [("long.csv", "2"), ("a.docx", "1")]
        mend(sent, folder / "mended.xlsx", {"L1": {"Grade": "Good"}, "F1": {"Response to risk": "Good"}})
        found = check(folder)
        assert codes(found) == []
        assert found.judgements.loc[found.judgements["category"] == "risk-response", "grade"].tolist() == [
            "Good",
            "Good",
        ]
        blank = dict.fromkeys(["Audit reference", "Date of audit", "Team", "Response to risk"], "")
        mend(sent, folder / "mended.xlsx", {"L1": {"Grade": "Good"}, "F1": blank})
        found = check(folder)
        assert codes(found) == []
        of_form = found.accounting.set_index("file").loc["a.docx", ["accepted", "rejected", "skipped"]]
        assert of_form.tolist() == [0, 0, 1]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_checked_mended_in_libreoffice_and_checked_again(folder: Path) -> None:
    """The whole way with the real command, the workbook opened and saved by a real spreadsheet program."""
    bad = [
        audit("007", Date_of_audit="31/02/2019"),
        audit("08E12", Response_to_risk="Goood"),
        audit("A4", Team="South"),
    ]
    write_book(folder / "may.xlsx", HEADER, GOOD, *bad, above=2)
    arguments = ("check", folder, "--framework", FRAMEWORK, "--out", folder.parent / "out")
    first = run_command(*arguments)
    assert (first.returncode, "to-mend" in first.stdout) == (3, True)
    sent = folder.parent / "out" / "to-mend" / "north.xlsx"
    edited = folder.parent / "edited" / "north.xlsx"
    edited.parent.mkdir()
    mend(sent, edited, {"007": {"Date of audit": "28/02/2019"}, "08E12": {"Response to risk": "Good"}})
    for source, name in ((edited, "mended"), (sent, "untouched")):
        shutil.copy(save_with_office(source, folder.parent / name), folder / f"{name}.xlsx")
    second = run_command(*arguments, "--json")
    assert second.returncode == 0
    problems = [each for each in json.loads(second.stdout)["problems"] if each["severity"] != "note"]
    assert {each["code"] for each in problems} == {"category_without_column"}
    ledger = list(csv.DictReader((folder.parent / "out" / "tables" / "row-accounting.csv").open(encoding="utf-8-sig")))
    assert [(row["file"], row["accepted"]) for row in ledger if row["accepted"] != "0"] == [("may.xlsx", "4")]
