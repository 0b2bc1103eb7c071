import datetime as dt
import os
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from conftest import WIDE_HEADER
from hypothesis import given
from hypothesis import strategies as st

from auditanalytics.errors import ArgumentError, NoInputError
from auditanalytics.intake import (
    find_sources,
    is_error_cell,
    parse_dates,
    read_published,
    read_sheets,
    recognise_published,
    recognise_returns,
)
from auditanalytics.intake.raw import RawSheet
from auditanalytics.intake.sources import Source

ROWS = "Audit ID,Date,Note\nA1,01/04/2025,caf\u00e9 \u2013 \u00a35\nA2,02/04/2025,it\u2019s \u201cfine\u201d\n"


def read_bytes(data: bytes, name: str = "a.csv") -> tuple[list[RawSheet], list[str]]:
    sheets, problems = read_sheets([Source(name, data, "")])
    return sheets, [problem.code for problem in problems]


def written(path: Path, content: bytes = b"a,b\n1,2\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


class TestSources:
    def test_a_folder_is_read_recursively_in_the_order_of_names(self, tmp_path: Path) -> None:
        for number, name in enumerate(["b.csv", "a/z.csv", "a.csv"]):
            written(tmp_path / name, str(number).encode())
        assert [source.name for source in find_sources([tmp_path])[0]] == ["a.csv", "a/z.csv", "b.csv"]

    def test_junk_is_ignored_and_listed(self, tmp_path: Path) -> None:
        written(tmp_path / "a.csv")
        for name in ("~$a.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini"):
            written(tmp_path / name, name.encode())
        sources, problems = find_sources([tmp_path])
        assert [source.name for source in sources] == ["a.csv"]
        assert {problem.code for problem in problems} == {"ignored"}
        assert len(problems) == 4

    def test_a_copy_under_another_name_is_refused(self, tmp_path: Path) -> None:
        written(tmp_path / "a.csv")
        written(tmp_path / "b.csv")
        sources, problems = find_sources([tmp_path])
        assert len(sources) == 1
        assert [(problem.code, problem.file) for problem in problems] == [("same_content", "b.csv")]

    @pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX")
    def test_links_and_pipes_are_refused_without_opening_them(self, tmp_path: Path) -> None:
        written(tmp_path / "a.csv")
        (tmp_path / "link.csv").symlink_to("/etc/passwd")
        (tmp_path / "folder").symlink_to("/etc")
        os.mkfifo(tmp_path / "pipe.csv")
        sources, problems = find_sources([tmp_path])
        assert [source.name for source in sources] == ["a.csv"]
        assert [problem.code for problem in problems] == ["not_regular_file"] * 3

    @pytest.mark.parametrize("junk", [[], [".DS_Store"]])
    def test_a_folder_without_a_file_is_no_input(self, tmp_path: Path, junk: list[str]) -> None:
        for name in junk:
            written(tmp_path / name)
        with pytest.raises(NoInputError):
            find_sources([tmp_path])

    def test_a_path_that_is_not_there_is_no_input(self, tmp_path: Path) -> None:
        with pytest.raises(NoInputError, match="there is no file or folder"):
            find_sources([tmp_path / "nowhere"])


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_encodings_and_delimiters_make_the_same_table(self, encoding: str, delimiter: str) -> None:
        sheets, codes = read_bytes(ROWS.replace(",", delimiter).encode(encoding))
        assert codes == []
        assert sheets[0].cells.loc[2].tolist() == ["A1", "01/04/2025", "caf\u00e9 \u2013 \u00a35"]
        assert sheets[0].cells.loc[3, 2] == "it\u2019s \u201cfine\u201d"

    @pytest.mark.parametrize("data", [b"a,b\n\x81,2\n", b"a\0b\n", "a,b".encode("utf-16-le"), b"\xff\xfea"])
    def test_text_of_no_known_encoding_is_a_problem(self, data: bytes) -> None:
        assert read_bytes(data) == ([], ["encoding"])

    def test_an_unclosed_quotation_mark_is_a_problem(self) -> None:
        assert read_bytes(b'a,b\n1,"2\n3,4\n')[1] == ["quote"]

    def test_a_line_break_inside_a_cell_is_one_row(self) -> None:
        sheets, _ = read_bytes(b'a,b\n1,"two\nlines"\n3,4\n')
        assert sheets[0].cells.loc[2, 1] == "two\nlines"
        assert sheets[0].cells.loc[3].tolist() == ["3", "4"]

    def test_nothing_is_taken_for_missing(self) -> None:
        sheets, _ = read_bytes(b"a,b,c\nN/A,Null,NA\n007,08E12,12345678901234567890\n")
        assert sheets[0].cells.loc[2].tolist() == ["N/A", "Null", "NA"]
        assert sheets[0].cells.loc[3].tolist() == ["007", "08E12", "12345678901234567890"]

    @pytest.mark.parametrize("name", ["a.csv.gz", "a.pdf", "a"])
    def test_another_kind_of_file_is_a_problem(self, name: str) -> None:
        assert read_bytes(b"x", name) == ([], ["unsupported_type"])


class TestWorkbook:
    def test_cells_are_read_as_people_see_them(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("First")
            sheet.write_row(2, 1, ["text", 7, 7.5, True])
            sheet.write_datetime(3, 1, dt.datetime(2025, 4, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
            sheet.write_formula(3, 2, "=NA()", value="#N/A")
            book.add_worksheet("Second").write(0, 0, "x")
            book.add_worksheet("Hidden").hide()
        sheets, problems = read_sheets([Source("a.xlsx", path.read_bytes(), "")])
        assert [sheet.sheet for sheet in sheets] == ["First", "Second"]
        assert sheets[0].cells.loc[3].tolist() == ["", "text", "7", "7.5", "TRUE"]
        assert sheets[0].cells.loc[4, 1] == "2025-04-01"
        assert is_error_cell(sheets[0].cells.loc[4, 2])
        assert [(problem.code, problem.sheet) for problem in problems] == [("hidden_sheet", "Hidden")]

    @pytest.mark.parametrize("data", [b"", b"<html></html>", b"a,b\n1,2\n"])
    def test_what_is_no_workbook_is_a_problem(self, data: bytes) -> None:
        assert read_bytes(data, "a.xlsx") == ([], ["not_a_workbook"])

    def test_half_a_workbook_is_damaged(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
            book.add_worksheet().write(0, 0, "x")
        data = (tmp_path / "a.xlsx").read_bytes()
        assert read_bytes(data[: len(data) // 2], "a.xlsx") == ([], ["damaged"])


def sheet_of(rows: list[list[str]]) -> RawSheet:
    width = max(map(len, rows))
    cells = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], index=range(1, len(rows) + 1), dtype=object)
    return RawSheet("a.csv", "", cells, pd.Series([len(row) for row in rows], index=cells.index))


ONE = ["A1", "01/04/2025", "North", "Good", "RI", "Good"]
TWO = ["A2", "02/04/2025", "North", "Good", "RI", "Good"]


class TestLayout:
    def test_titles_above_and_notes_and_totals_below_are_skipped_and_listed(self, small) -> None:  # type: ignore[no-untyped-def]
        rows = [["Audits in April"], [], WIDE_HEADER, ONE, [], TWO, ["Total", "", "2"], ["Note: two late"], [], []]
        table, problems = recognise_returns(sheet_of(rows), small)
        assert table.header_row == 3
        assert table.rows.tolist() == [4, 6]
        assert table.skipped == 7
        listed = [(problem.code, problem.row) for problem in problems]
        assert listed == [
            ("skipped_title", "1"),
            ("skipped_blank", "2"),
            ("skipped_blank", "5"),
            ("skipped_total", "7"),
            ("skipped_note", "8"),
            ("skipped_blank", "9-10"),
        ]

    def test_a_trailing_delimiter_shifts_nothing(self, small) -> None:  # type: ignore[no-untyped-def]
        table, _ = recognise_returns(sheet_of([WIDE_HEADER, [*ONE, ""], [*TWO, ""]]), small)
        assert table.torn.empty
        assert table.data[0].tolist() == ["A1", "A2"]

    @pytest.mark.parametrize("torn", [[*ONE, "x"], ONE[:4]])
    def test_a_row_of_another_width_is_torn(self, small, torn: list[str]) -> None:  # type: ignore[no-untyped-def]
        table, _ = recognise_returns(sheet_of([WIDE_HEADER, torn, TWO]), small)
        assert table.torn.tolist() == [2]

    def test_a_missing_column_is_named(self, small) -> None:  # type: ignore[no-untyped-def]
        header = ["Audit ID", "When", "Team", "Spotting", "Responding", "Plan"]
        table, problems = recognise_returns(sheet_of([header, ONE]), small)
        assert table is None
        assert [problem.code for problem in problems] == ["missing_column"]
        assert "its date (such as 'Date')" in problems[0].message

    def test_two_columns_of_one_meaning_are_refused(self, small) -> None:  # type: ignore[no-untyped-def]
        table, problems = recognise_returns(sheet_of([[*WIDE_HEADER, "plan"], [*ONE, "Good"]]), small)
        assert table is None
        assert [(problem.code, problem.cell) for problem in problems] == [("duplicate_header", "G1")]

    def test_repeated_headers_without_a_meaning_do_no_harm(self, small) -> None:  # type: ignore[no-untyped-def]
        table, _ = recognise_returns(sheet_of([[*WIDE_HEADER, "Comments", "Comments"], [*ONE, "a", "b"]]), small)
        assert len(table.rows) == 1

    def test_a_sheet_that_is_no_return_is_none(self, small) -> None:  # type: ignore[no-untyped-def]
        assert recognise_returns(sheet_of([["How to fill in"], ["Write one row"]]), small) == (None, [])


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            "2025-04-01", "2025-04-01 00:00:00", "2025-04-01T09:30:00", "01/04/2025", "1/4/2025", "01.04.2025",
            "01-04-2025", "1 April 2025", "1st Apr 2025", "Tuesday, 1 April 2025", "1-Apr-2025", "45748", "45748.0",
            " 01/04/2025 ", "01/04/2025 09:30",
        ],
    )  # fmt: skip
    def test_every_way_to_write_the_first_of_april(self, text: str) -> None:
        dates, faults = parse_dates(pd.Series([text]))
        assert faults.tolist() == [""]
        assert dates[0] == pd.Timestamp("2025-04-01")

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", "date_missing"),
            ("04/13/2025", "date_order"),
            ("29/02/2025", "date_format"),
            ("2025-13-01", "date_format"),
            ("01/04/25", "date_format"),
            ("April 2025", "date_format"),
            ("soon", "date_format"),
            ("01/04/2019 to 03/09/2019", "date_format"),
            ("2019-04-01 or later", "date_format"),
            ("3 marble 2019", "date_format"),
            ("01/04/0205", "date_range"),
            ("01/01/2099", "date_range"),
            ("#REF!", "cell_error"),
        ],
    )
    def test_what_is_no_date_is_said_to_be_wrong(self, text: str, fault: str) -> None:
        dates, faults = parse_dates(pd.Series([text]), latest=dt.date(2026, 1, 1))
        assert faults.tolist() == [fault]
        assert dates.isna().all()

    @given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]))
    def test_a_date_is_read_as_it_was_written(self, date: dt.date, form: str) -> None:
        dates, faults = parse_dates(pd.Series([date.strftime(form)]))
        assert (dates[0].date(), faults[0]) == (date, "")


class TestPublished:
    @pytest.mark.parametrize(
        ("header", "row", "year", "quarter", "shares"),
        [
            (
                ["Domain", "Quarter", "Good", "Inadequate"],
                ["Plans", "2025-Q1", "38%", "9%"],
                None,
                "2025-Q1",
                [0.38, 0.09],
            ),
            (
                ["Domain", "Quarter", "Good", "Inadequate"],
                ["PLANS", "Jan - Mar", "0.38", "0.09"],
                "2025",
                "2025-Q1",
                [0.38, 0.09],
            ),
            (
                ["Area", "Period", "Good or better", "Inadequate"],
                ["plans", "Q1", "38", "9"],
                "2025",
                "2025-Q1",
                [0.38, 0.09],
            ),
            (
                ["Domain", "Year", "Quarter", "Good", "Inadequate"],
                ["Plans", "2025", "Oct-Dec", "100%", "0"],
                None,
                "2025-Q4",
                [1, 0],
            ),
        ],
    )
    def test_shares_quarters_and_years_are_read_as_people_write_them(
        self, small, header: list[str], row: list[str], year: str | None, quarter: str, shares: list[float]
    ) -> None:  # type: ignore[no-untyped-def]
        table = recognise_published(sheet_of([header, row]))
        read, problems = read_published(table, small, year=year)
        assert problems == []
        assert read["quarter"].tolist() == [quarter, quarter]
        assert read["share"].tolist() == shares

    @pytest.mark.parametrize(
        ("quarter", "year", "name"),
        [
            ("Q4", "2019-20", "2019-20-Q4"),
            ("Jan - Mar", "2019-20", "2019-20-Q4"),
            ("Jan - Mar", "2020", "2019-20-Q4"),
            ("Apr - June", "2019-20", "2019-20-Q1"),
            ("Oct - Dec 2018", "2019", "2018-19-Q3"),
            ("Q4", "2019", None),
            ("Q4", "2019-21", None),
            ("Q4", "0019", None),
        ],
    )
    def test_a_quarter_of_a_financial_year(self, small, quarter: str, year: str, name: str | None) -> None:  # type: ignore[no-untyped-def]
        rows = [["Domain", "Year", "Quarter", "Good", "Inadequate"], ["Plans", year, quarter, "1%", "2%"]]
        framework = small.model_copy(update={"quarters": "financial-year"})
        read, _ = read_published(recognise_published(sheet_of(rows)), framework, year=None)
        assert read["quarter"].tolist() == ([name] * 2 if name else [])

    def test_one_number_on_another_scale_is_a_problem_and_changes_no_other(self, small) -> None:  # type: ignore[no-untyped-def]
        header = ["Domain", "Year", "Quarter", "Good", "Inadequate"]
        rows = [header, ["Plans", "2019", "Q1", "0.38", "0.09"], ["Plans", "2019", "Q2", "0.22", "26"]]
        read, problems = read_published(recognise_published(sheet_of(rows)), small, year=None)
        assert read["share"].tolist() == [0.38, 0.09, 0.22]
        assert [(problem.code, problem.cell) for problem in problems] == [("scale", "E3")]

    def test_a_note_under_the_table_is_a_problem_of_its_own(self, small) -> None:  # type: ignore[no-untyped-def]
        header = ["Domain", "Year", "Quarter", "Good", "Inadequate"]
        rows = [header, ["Plans", "2019", "Q1", "38%", "9%"], ["Average", "", "", "38%", "9%"]]
        read, problems = read_published(recognise_published(sheet_of(rows)), small, year=None)
        assert len(read) == 2
        assert [problem.code for problem in problems] == ["domain_unknown", "quarter_unknown"]

    def test_a_year_is_asked_for_where_nothing_says_it(self, small) -> None:  # type: ignore[no-untyped-def]
        table = recognise_published(sheet_of([["Domain", "Quarter", "Good", "Inadequate"], ["Plans", "Q1", "1", "2"]]))
        with pytest.raises(ArgumentError, match="give --year 2019"):
            read_published(table, small, year=None)

    def test_what_cannot_be_read_is_a_problem_with_its_cell(self, small) -> None:  # type: ignore[no-untyped-def]
        rows = [["Domain", "Year", "Quarter", "Good", "Inadequate"], ["Planets", "2025", "Spring", "many", "140%"]]
        read, problems = read_published(recognise_published(sheet_of(rows)), small, year=None)
        assert read.empty
        assert [(problem.code, problem.cell) for problem in problems] == [
            ("domain_unknown", "A2"),
            ("quarter_unknown", "C2"),
            ("share_format", "D2"),
            ("share_format", "E2"),
        ]
