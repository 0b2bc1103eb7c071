"""Events kept beside the returns: which sheets are tables of events, what is read of them, and that they touch nothing."""

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import EXAMPLE, WIDE_HEADER, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats import Rows, as_ods, as_xlsx

from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.frameworks import Framework
from auditanalytics.intake import recognise_events
from auditanalytics.intake.raw import RawSheet
from auditanalytics.reporting.check_records import file_records
from auditanalytics.reporting.tables import checking_tables
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.rules import LONGEST_LABEL
from auditanalytics.schema import EVENTS

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]

HEADER = ["Date", "Label", "Rebase"]
AUDIT = ["A1", "01/04/2025", "North", "Good", "RI", "Inadequate"]


@pytest.fixture
def read(read_small: Read) -> Read:
    """Read a return of one audit with a table of events beside it."""

    def beside(rows: list[list[str]], name: str = "events.csv") -> AuditReturns:
        read_small([WIDE_HEADER, AUDIT], name="returns.csv")
        return read_small(rows, name=name)

    return beside


def said(returns: AuditReturns) -> list[tuple[str, str, str]]:
    return [(f"{event.date:%d/%m/%Y}", event.label, event.rebase) for event in returns.events.itertuples()]


def found(returns: AuditReturns, file: str = "events.csv") -> list[tuple[str, str, str]]:
    """What is wrong with the table, each with its cell and outcome."""
    problems = returns.problems[(returns.problems["file"] == file) & (returns.problems["severity"] != "note")]
    assert set(problems["severity"]) <= {"warning"}
    return list(problems[["code", "cell", "outcome"]].itertuples(index=False, name=None))


def kind(returns: AuditReturns, file: str = "events.csv") -> str:
    return returns.sheets.set_index("file").loc[file, "kind"]


class TestRecognised:
    @pytest.mark.parametrize("date", ["date", "Event date", "WHEN:"])
    @pytest.mark.parametrize("label", ["label", "Event", "What happened?"])
    @pytest.mark.parametrize("rebase", ["rebase", "Rebase from here", "", None])
    def test_by_every_header_that_is_accepted(self, read: Read, date: str, label: str, rebase: str | None) -> None:
        header, row = ([date, label], ["01/09/2025", "New form"]) if rebase is None else (
            [date, label, rebase], ["01/09/2025", "New form", "yes"])  # fmt: skip
        returns = read([header, row])
        assert said(returns) == [("01/09/2025", "New form", "yes" if rebase else "no")]
        assert found(returns) == []

    def test_under_a_title_with_columns_in_any_order_and_others_beside_them(self, read: Read) -> None:
        rows = [
            ["What happened in 2025"], [], ["Rebase", "Team", "Event", "Notes", "When"],
            ["x", "North", "New form", "sent by post", "2025-09-01"],
        ]  # fmt: skip
        returns = read(rows)
        assert said(returns) == [("01/09/2025", "New form", "yes")]
        assert returns.sheets.set_index("file").loc["events.csv", ["kind", "header_row"]].tolist() == ["events", 3]

    @pytest.mark.parametrize("above", [19, 20])
    def test_with_the_header_in_the_first_twenty_rows(self, read: Read, above: int) -> None:
        returns = read([*[["note"]] * above, HEADER[:2], ["01/09/2025", "New form"]])
        assert kind(returns) == ("events" if above == 19 else "not read")

    @pytest.mark.parametrize(
        "header",
        [
            ["Date", "Team", "Notes"],
            ["Label", "Rebase"],
            ["Date", "Label of the box"],
            ["Date", "Event", "Audit ID"],
            ["When", "What happened", "Plan"],
            ["Date", "Event", "Child"],
            ["Date", "Event", "Auditor"],
        ],
    )
    def test_not_without_both_columns_nor_beside_audits_grades_or_people(self, read: Read, header: list[str]) -> None:
        returns = read([header, ["01/09/2025", "moved to her aunt", "7"]])
        assert kind(returns) == "not read"
        assert returns.events.empty
        assert found_codes(returns, "events.csv") == ["header_not_found"]

    def test_not_where_a_return_failed(self, read: Read) -> None:
        returns = read(
            [["Ref", "Date", "Label", "Team", "Spotting", "Plan"], ["A2", "01/04/2025", "x", "N", "RI", "RI"]]
        )
        assert kind(returns) == "not read"
        assert found_codes(returns, "events.csv") == ["missing_column"]
        assert returns.rejected_audits == 1

    def test_not_where_a_row_could_be_the_header_of_a_return(self, read: Read) -> None:
        returns = read([HEADER, ["01/09/2025", "Plan", "Spotting"], ["02/09/2025", "Training", ""]])
        assert kind(returns) == "not read"
        assert "missing_column" in found_codes(returns, "events.csv")

    def test_not_where_it_is_a_return_or_a_published_table(self, read: Read) -> None:
        wide = [[*WIDE_HEADER, "Event", "Label"], ["A2", *AUDIT[1:], "x", "y"]]
        assert kind(read(wide, name="wide.csv"), "wide.csv") == "wide"
        shares = [
            ["Domain", "Quarter", "Good", "Inadequate", "Date", "Label"],
            ["Plans", "2025-Q2", "1%", "2%", "", "x"],
        ]
        returns = read(shares, name="shares.csv")
        assert kind(returns, "shares.csv") == "published"
        assert returns.events.empty


def found_codes(returns: AuditReturns, file: str) -> list[str]:
    return returns.problems.loc[returns.problems["file"] == file, "code"].tolist()


def as_csv(rows: Rows) -> bytes:
    return "\r\n".join(";".join(f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else str(cell) for cell in row) for row in rows).encode()  # fmt: skip


def as_parquet(rows: Rows) -> bytes:
    sink = pa.BufferOutputStream()
    columns = list(zip(*rows[1:], strict=True))
    pq.write_table(pa.table({str(name): list(column) for name, column in zip(rows[0], columns, strict=True)}), sink)
    return sink.getvalue().to_pybytes()


ROWS: Rows = [
    HEADER,
    [dt.date(2025, 9, 1), "New form", "yes"],
    [dt.date(2025, 4, 3), "Training – “at last”", ""],
]


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "write"),
        [
            ("events.csv", as_csv),
            ("events.tsv", lambda rows: as_csv(rows).replace(b";", b"\t")),
            ("events.xlsx", lambda rows: as_xlsx({"Events": rows})),
            ("events.ods", lambda rows: as_ods({"Events": rows})),
            ("events.parquet", as_parquet),
        ],
    )
    def test_every_format_says_the_same(
        self, tmp_path: Path, small_framework: Path, name: str, write: Callable[[Rows], bytes]
    ) -> None:
        (tmp_path / name).write_bytes(write(ROWS))
        returns = read_returns(tmp_path / name, framework=small_framework)
        assert said(returns) == [("03/04/2025", "Training – “at last”", "no"), ("01/09/2025", "New form", "yes")]
        assert found(returns, name) == []

    def test_a_sheet_of_the_workbook_of_the_returns(self, tmp_path: Path, small_framework: Path) -> None:
        path = tmp_path / "returns.xlsx"
        path.write_bytes(as_xlsx({"Returns": [WIDE_HEADER, AUDIT], "Events": ROWS}))
        returns = read_returns(path, framework=small_framework)
        assert returns.sheets["kind"].tolist() == ["wide", "events"]
        assert (len(returns.audits), len(returns.events)) == (1, 2)

    def test_a_number_is_a_date_too(self, tmp_path: Path, small_framework: Path) -> None:
        (tmp_path / "e.xlsx").write_bytes(as_xlsx({"Events": [["When", "Event", "Rebase"], [45901, "New form", 1]]}))
        assert said(read_returns(tmp_path, framework=small_framework)) == [("01/09/2025", "New form", "yes")]


class TestRows:
    @pytest.mark.parametrize("text", ["2025-09-01", "01/09/2025", "1.9.2025", "1 September 2025"])
    def test_dates_are_read_as_all_others(self, read: Read, text: str) -> None:
        assert said(read([HEADER, [text, "New form", ""]])) == [("01/09/2025", "New form", "no")]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "event_undated"),
            ("09/13/2025", "date_order"),
            ("31/09/2025", "date_format"),
            ("soon", "date_format"),
            ("01/09/1925", "date_range"),
            ("#REF!", "cell_error"),
        ],
    )
    def test_an_event_whose_date_cannot_be_read_is_left_out_with_its_cell(
        self, read: Read, text: str, code: str
    ) -> None:
        returns = read([HEADER, [text, "New form", ""], ["01/09/2025", "Training", ""]])
        assert found(returns) == [(code, "A2", "event not read")]
        assert said(returns) == [("01/09/2025", "Training", "no")]

    def test_an_event_of_the_future_is_no_problem(self, read: Read) -> None:
        assert said(read([HEADER, ["01/09/2099", "New form", ""]])) == [("01/09/2099", "New form", "no")]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "event_unreadable"),
            ("\u200b", "event_unreadable"),
            ("x" * (LONGEST_LABEL + 1), "event_unreadable"),
            ("a\x85b\x9fc", "event_unreadable"),
            ("\ue000", "event_unreadable"),
            ("#REF!", "cell_error"),
            ("#NOT CALCULATED", "formula_not_calculated"),
        ],
    )
    def test_an_event_whose_label_cannot_be_read_is_left_out_with_its_cell(
        self, read: Read, text: str, code: str
    ) -> None:
        returns = read([HEADER, ["01/09/2025", text, ""]])
        assert found(returns) == [(code, "B2", "event not read")]
        assert returns.events.empty

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            (" New \u00a0\n form\t", "New form"),
            ("New\u202e \u200bform", "New form"),
            ("New\x07 form", "New form"),
            ("x" * LONGEST_LABEL, "x" * LONGEST_LABEL),
            ("=1+1", "=1+1"),
        ],
    )
    def test_white_space_in_a_label_is_folded_and_what_nobody_sees_dropped(
        self, read: Read, text: str, label: str
    ) -> None:
        assert read([HEADER, ["01/09/2025", text, ""]]).events["label"].tolist() == [label]

    @pytest.mark.parametrize("text", ["", " ", "no", "N", "False", "0"])
    def test_every_way_to_say_no(self, read: Read, text: str) -> None:
        assert read([HEADER, ["01/09/2025", "New form", text]]).events["rebase"].tolist() == ["no"]

    @pytest.mark.parametrize("text", ["yes", "Y", "TRUE", "1", "x", " X "])
    def test_every_way_to_say_yes(self, read: Read, text: str) -> None:
        assert read([HEADER, ["01/09/2025", "New form", text]]).events["rebase"].tolist() == ["yes"]

    @pytest.mark.parametrize("text", ["maybe", "2", "ja", "#N/A"])
    def test_another_word_starts_nothing_anew_and_is_a_problem(self, read: Read, text: str) -> None:
        returns = read([HEADER, ["01/09/2025", "New form", text]])
        assert said(returns) == [("01/09/2025", "New form", "no")]
        assert found(returns) == [("rebase_unclear", "C2", "kept")]

    def test_everything_wrong_with_a_row_is_said(self, read: Read) -> None:
        assert found(read([HEADER, ["soon", "", "maybe"]])) == [
            ("date_format", "A2", "event not read"),
            ("event_unreadable", "B2", "event not read"),
            ("rebase_unclear", "C2", "event not read"),
        ]

    def test_blank_rows_are_passed_over(self, read: Read) -> None:
        returns = read([HEADER, [], ["01/09/2025", "New form", ""], ["", " ", ""], ["02/09/2025", "Training"], []])
        assert len(returns.events) == 2
        assert found(returns) == []

    def test_a_label_with_a_comma_too_many_is_not_cut_short(self, read: Read) -> None:
        returns = read([HEADER[:2], ["01/09/2025", "New form", "longer"], ["02/09/2025", "Training", ""]])
        assert found(returns) == [("width", "", "event not read")]
        assert said(returns) == [("02/09/2025", "Training", "no")]

    def test_a_stray_quotation_mark_costs_its_row(self, tmp_path: Path, small_framework: Path) -> None:
        text = 'date,label\n01/09/2025,"New" form\n02/09/2025,Training\n'
        (tmp_path / "events.csv").write_text(text, encoding="utf-8")
        returns = read_returns(tmp_path / "events.csv", framework=small_framework)
        assert [code for code, _, _ in found(returns)] == ["quote"]
        assert said(returns) == [("02/09/2025", "Training", "no")]

    def test_a_cell_too_long_to_be_one_costs_its_row(self, read: Read) -> None:
        returns = read([[*HEADER, "Notes"], ["01/09/2025", "New form", "", "x" * 40_000]])
        assert found(returns) == [("cell_too_long", "D2", "event not read")]

    def test_two_columns_of_one_meaning_are_refused(self, read: Read) -> None:
        returns = read([["Date", "Event", "What happened"], ["01/09/2025", "Form", "A new form came"]])
        assert found(returns) == [("duplicate_header", "C1", "sheet not read")]
        assert returns.events.empty


class TestOnce:
    def test_the_same_event_twice_is_one_and_starts_anew_if_any_of_them_does(self, read: Read) -> None:
        rows = [
            HEADER, ["01/09/2025", "New form", ""], ["01/04/2025", "Training", ""], ["2025-09-01", " New  form ", "yes"],
            ["02/09/2025", "New form", ""],
        ]  # fmt: skip
        read(rows)
        returns = read([HEADER, ["01/09/2025", "New form", "no"]], name="more.csv")
        assert said(returns) == [
            ("01/04/2025", "Training", "no"),
            ("01/09/2025", "New form", "yes"),
            ("02/09/2025", "New form", "no"),
        ]
        assert set(returns.events["file"]) == {"events.csv"}

    def test_a_file_given_in_the_folder_and_by_its_path_is_read_once(
        self, read: Read, tmp_path: Path, small_framework: Path
    ) -> None:
        read([HEADER, ["01/09/2025", "New form", ""]])
        folder = tmp_path / "in"
        returns = read_returns([folder, folder / "events.csv"], framework=small_framework)
        assert len(returns.events) == 1
        assert (returns.sheets["kind"] == "events").sum() == 1


class TestBesideReturns:
    def test_every_row_is_accounted_for_as_skipped(self, read: Read) -> None:
        returns = read([["Events"], HEADER, ["01/09/2025", "New form", ""], [], ["soon", "", ""]])
        account = returns.accounting.set_index("file").loc["events.csv"]
        assert account[["rows_read", "accepted", "rejected", "skipped"]].tolist() == [4, 0, 0, 4]
        total = returns.rows
        assert total["rows_read"] == total["accepted"] + total["rejected"] + total["skipped"]
        assert returns.rejected_audits == 0
        assert "events_table" in found_codes(returns, "events.csv")

    def test_its_file_is_among_the_sources_with_its_hash(self, read: Read) -> None:
        returns = read([HEADER, ["01/09/2025", "New form", ""]])
        record = next(record for record in file_records(returns) if record["file"] == "events.csv")
        assert record["kind"] == "events"
        assert record["sha256"] == returns.sources["events.csv"] != ""

    def test_events_alone_are_no_returns(self, tmp_path: Path, small_framework: Path) -> None:
        write_rows(tmp_path / "events.csv", [HEADER, ["01/09/2025", "New form", ""], ["soon", "Training", ""]])
        with pytest.raises(ReturnsError, match=r"^no audit could be read$"):
            read_returns(tmp_path / "events.csv", framework=small_framework).check()
        with pytest.raises(ArgumentError, match="no shipped framework fits"):
            read_returns(tmp_path / "events.csv")

    def test_the_framework_is_told_by_the_returns(self, tmp_path: Path) -> None:
        events = write_rows(tmp_path / "events.csv", [HEADER, ["01/09/2019", "New form", ""]])
        returns = read_returns([EXAMPLE / "published-shares-2019.csv", events])
        assert (returns.framework.id, len(returns.events)) == ("south-gloucestershire", 1)

    def test_they_are_kept_for_the_notebooks(self, read: Read, tmp_path: Path) -> None:
        returns = read([HEADER, ["01/09/2025", "New form", "x"], ["02/09/2025", "Training", ""]])
        returns.save(tmp_path / "kept")
        pd.testing.assert_frame_equal(read_returns(tmp_path / "kept").events, returns.events)

    def test_returns_without_events_have_the_same_columns(self, read_small: Read, tmp_path: Path) -> None:
        returns = read_small([WIDE_HEADER, AUDIT])
        returns.save(tmp_path / "kept")
        for events in (returns.events, read_returns(tmp_path / "kept").events):
            pd.testing.assert_frame_equal(events, EVENTS.build([]))

    def test_no_published_table_shows_a_label_that_could_not_be_read(self, read: Read) -> None:
        secret = "Quillon Brankovic moved to her aunt " * 3
        returns = read([HEADER, ["soon", secret, secret], ["01/09/2025", secret, ""]])
        assert len(found(returns)) == 4
        for _, rows in checking_tables(returns):
            assert not rows.astype(str).apply(lambda column: column.str.contains("Quillon")).any(axis=None)


def sheet_of(rows: list[list[str]]) -> RawSheet:
    return RawSheet("a.csv", "", pd.DataFrame(rows, index=range(1, len(rows) + 1), dtype=object))


def test_an_empty_sheet_is_no_table_of_events(small: Framework) -> None:
    assert recognise_events(RawSheet("a.csv", "", pd.DataFrame()), small) is None
    assert recognise_events(sheet_of([["Date", "Label"]]), small).header_row == 1


RETURNS = [
    WIDE_HEADER, AUDIT, ["A2", "02/04/2025", "South", "Goood", "Good", "N/A"], ["A3", "soon", "South", "RI", "RI", ""],
    ["Total", "", "", "3", "", ""],
]  # fmt: skip
TABLES = ("audits", "judgements", "findings", "actions", "ledger", "headers")

events_typed = st.lists(
    st.tuples(
        st.sampled_from(["2025-09-01", "01/09/2025", "09/13/2025", "", "soon", "45901", "01/01/1890"]),
        st.sampled_from(["Plan", "Spotting", "A1", "Total", "Good", ""]) | st.text(max_size=90),
        st.sampled_from(["", "yes", "No", "x", "perhaps", "A1"]),
    ),
    max_size=8,
)


@pytest.mark.thorough
@settings(max_examples=30, deadline=None)
@given(events=events_typed, name=st.sampled_from(["a.csv", "z.csv"]))
def test_no_table_of_events_changes_anything_of_the_returns_beside_it(
    small: Framework, events: list[tuple[str, str, str]], name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditanalytics.returns.load_framework", lambda _: small)
        write_rows(Path(folder) / "returns.csv", RETURNS)
        alone = read_returns(folder, framework="small")
        rows = [HEADER, *([text.replace("\0", "") for text in event] for event in events)]
        data = "\n".join(",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in row) for row in rows)
        (Path(folder) / name).write_bytes(data.encode("utf-8", "replace"))
        beside = read_returns(folder, framework="small")
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(alone, table), getattr(beside, table))
    account = beside.accounting[beside.accounting["file"] == "returns.csv"].reset_index(drop=True)
    pd.testing.assert_frame_equal(account, alone.accounting)
    of_returns = beside.problems[beside.problems["file"] == "returns.csv"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_returns, alone.problems)
    assert beside.rejected_audits == alone.rejected_audits
    total = beside.rows
    assert total["rows_read"] == total["accepted"] + total["rejected"] + total["skipped"]
    assert total["skipped"] - alone.rows["skipped"] == total["rows_read"] - alone.rows["rows_read"]
