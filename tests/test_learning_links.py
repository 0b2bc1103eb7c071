"""Links to learning kept beside the returns: which sheets hold them, which are taken, and that they touch nothing."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import WIDE_HEADER, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats import Rows, as_ods, as_xlsx

from auditanalytics.frameworks import Framework
from auditanalytics.intake.learning_links import is_web_address
from auditanalytics.reporting.check_records import file_records
from auditanalytics.reporting.tables import checking_tables
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.rules import LONGEST_ADDRESS, LONGEST_LABEL
from auditanalytics.schema import LINKS

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]

HEADER = ["Theme", "Title", "Link"]
PAGE = "https://learning.example.org/direct-work"
AUDIT = ["A1", "01/04/2025", "North", "Good", "RI", "Inadequate"]


@pytest.fixture
def read(read_small: Read) -> Read:
    """Read a return of one audit with a table of links beside it."""

    def beside(rows: list[list[str]], name: str = "links.csv") -> AuditReturns:
        read_small([WIDE_HEADER, AUDIT], name="returns.csv")
        return read_small(rows, name=name)

    return beside


def said(returns: AuditReturns) -> list[tuple[object, ...]]:
    links = returns.links[["theme", "title", "address"]].astype(object)
    return list(links.where(links.notna(), None).itertuples(index=False, name=None))


def found(returns: AuditReturns, file: str = "links.csv") -> list[tuple[str, str, str]]:
    """What is wrong with the table, each with its cell and outcome."""
    problems = returns.problems[(returns.problems["file"] == file) & (returns.problems["severity"] != "note")]
    assert set(problems["severity"]) <= {"warning"}
    return list(problems[["code", "cell", "outcome"]].itertuples(index=False, name=None))


def kind(returns: AuditReturns, file: str = "links.csv") -> str:
    return returns.sheets.set_index("file").loc[file, "kind"]


class TestRecognised:
    @pytest.mark.parametrize("theme", ["theme", "THEME:", None])
    @pytest.mark.parametrize("title", ["title", "What it is", "Name of the resource"])
    @pytest.mark.parametrize("link", ["link", "Address", "URL", "Web address"])
    def test_by_every_header_that_is_accepted(self, read: Read, theme: str | None, title: str, link: str) -> None:
        header, row = ([title, link], ["Direct work", PAGE]) if theme is None else (
            [theme, title, link], ["voice", "Direct work", PAGE])  # fmt: skip
        returns = read([header, row])
        assert said(returns) == [("voice" if theme else None, "Direct work", PAGE)]
        assert found(returns) == []

    def test_under_a_title_with_columns_in_any_order_and_others_beside_them(self, read: Read) -> None:
        rows = [
            ["Learning"],
            [],
            ["URL", "Team", "Title", "Notes", "Theme"],
            [PAGE, "North", "Direct work", "", "voice"],
        ]
        returns = read(rows)
        assert said(returns) == [("voice", "Direct work", PAGE)]
        assert returns.sheets.set_index("file").loc["links.csv", ["kind", "header_row"]].tolist() == ["links", 3]

    @pytest.mark.parametrize(
        "header",
        [
            ["Theme", "Title", "Team"],
            ["Theme", "Link", "Team"],
            ["Title", "Link", "Audit ID"],
            ["Title", "Link", "Plan"],
            ["Title", "Link", "Child"],
            ["Title", "Address", "Auditor"],
            ["Title", "Address", "Worker"],
        ],
    )
    def test_not_without_both_columns_nor_beside_audits_grades_or_people(self, read: Read, header: list[str]) -> None:
        returns = read([header, ["Quillon", PAGE, "7"]])
        assert kind(returns) == "not read"
        assert returns.links.empty

    def test_a_table_of_events_is_one_whatever_else_it_has(self, read: Read) -> None:
        returns = read([["Date", "Label", "Title", "Link"], ["01/09/2025", "New form", "Form", PAGE]])
        assert kind(returns) == "events"
        assert returns.links.empty

    def test_a_return_stays_one(self, read: Read) -> None:
        returns = read([[*WIDE_HEADER, "Title", "Link"], ["A2", *AUDIT[1:], "x", PAGE]], name="wide.csv")
        assert kind(returns, "wide.csv") == "wide"
        assert returns.links.empty

    @pytest.mark.parametrize(
        ("name", "write"),
        [
            ("links.xlsx", lambda rows: as_xlsx({"Links": rows})),
            ("links.ods", lambda rows: as_ods({"Links": rows})),
        ],
    )
    def test_workbooks_say_the_same(
        self, tmp_path: Path, small_framework: Path, name: str, write: Callable[[Rows], bytes]
    ) -> None:
        (tmp_path / name).write_bytes(write([HEADER, ["voice", "Direct work – “how”", PAGE], ["", "All", PAGE]]))
        returns = read_returns(tmp_path / name, framework=small_framework)
        assert said(returns) == [("voice", "Direct work – “how”", PAGE), (None, "All", PAGE)]
        assert found(returns, name) == []


class TestAddress:
    @pytest.mark.parametrize(
        "address",
        [
            PAGE,
            "http://example.org",
            "HTTPS://EXAMPLE.ORG/Path?a=1&b=%20#part",
            "https://intranet/learning",
            "https://example.org:8443/@home",
            "https://b\u00fccher.example/",
            "https://[2001:db8::1]/",
            "https://example.org/" + "x" * (LONGEST_ADDRESS - 20),
        ],
    )
    def test_of_a_web_page_is_taken_as_it_is_written(self, read: Read, address: str) -> None:
        assert is_web_address(address)
        assert read([HEADER, ["", "Direct work", address]]).links["address"].tolist() == [address]

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "www.example.org",
            "//example.org/",
            "ftp://example.org/",
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "data:text/html,x",
            "file:///example.org",
            "mailto:learning@example.org",
            "https://",
            "https:///path",
            "https:example.org",
            "https://.",
            "https://name@example.org/",
            "https://name:secret@example.org/",
            "https://example.org\\@elsewhere.example/",
            "https:\\\\example.org/",
            "https://example.org/a b",
            "https://exam\u200bple.org/",
            "https://example.org/\u202egro",
            "https://exam\x85ple.org/",
            "https://example.org/\u00a0x",
            "https://example.org:port/",
            "https://example.org:99999/",
            "https://[example.org/",
            'https://example.org/"onclick="x',
            "https://example.org/<b>",
            "https://example.org/" + "x" * (LONGEST_ADDRESS - 19),
        ],
    )
    def test_that_is_none_is_left_out_with_its_cell(self, read: Read, address: str) -> None:
        assert not is_web_address(address)
        returns = read([HEADER, ["voice", "Direct work", address]])
        assert found(returns) == [("link_unusable", "C2", "link left out")]
        assert returns.links.empty
        problem = returns.problems.set_index("code").loc["link_unusable"]
        assert problem["column"] == "Link"
        assert address in ("", "https://") or address not in problem["message"] + problem["remedy"]

    @given(st.text(max_size=30))
    def test_whatever_follows_the_scheme_no_address_hides_its_host(self, rest: str) -> None:
        address = f"https://{rest}"
        if is_web_address(address):
            host = rest.partition("/")[0].partition("?")[0].partition("#")[0]
            assert host
            assert not set("@\\ <>\"'\t\n") & set(host) - {"'"}


class TestTheme:
    @pytest.mark.parametrize(
        ("written", "theme"),
        [
            ("voice", "voice"),
            ("VOICE.", "voice"),
            ("Child's voice and lived experience", "voice"),
            ("meetings,  reviews and Minutes", "meetings"),
            ("", None),
            (" \u200b", None),
        ],
    )
    def test_by_id_or_title_or_for_every_brief(self, read: Read, written: str, theme: str | None) -> None:
        returns = read([HEADER, [written, "Direct work", PAGE]])
        assert said(returns) == [(theme, "Direct work", PAGE)]
        assert found(returns) == []

    @pytest.mark.parametrize("written", ["weather", "none", "voice; meetings", "voic"])
    def test_that_the_codebook_does_not_have_costs_the_link(self, read: Read, written: str) -> None:
        returns = read([HEADER, [written, "Direct work", PAGE]])
        assert returns.links.empty
        assert found(returns) == [("link_theme_unknown", "A2", "link left out")]


class TestRows:
    @pytest.mark.parametrize(
        ("title", "code"),
        [
            ("", "link_untitled"),
            ("\u200b", "link_untitled"),
            ("x" * (LONGEST_LABEL + 1), "link_untitled"),
            ("\ue000", "link_untitled"),
            ("#REF!", "cell_error"),
            ("#NOT CALCULATED", "formula_not_calculated"),
        ],
    )
    def test_a_link_whose_title_cannot_be_printed_is_left_out(self, read: Read, title: str, code: str) -> None:
        returns = read([HEADER, ["voice", title, PAGE]])
        assert found(returns) == [(code, "B2", "link left out")]
        assert returns.links.empty

    def test_white_space_in_a_title_is_folded_and_what_nobody_sees_dropped(self, read: Read) -> None:
        assert said(read([HEADER, ["", " Direct\u202e \n work", PAGE]])) == [(None, "Direct work", PAGE)]

    def test_everything_wrong_with_a_row_is_said(self, read: Read) -> None:
        assert found(read([HEADER, ["weather", "", "#REF!"]])) == [
            ("link_theme_unknown", "A2", "link left out"),
            ("link_untitled", "B2", "link left out"),
            ("cell_error", "C2", "link left out"),
        ]

    def test_blank_rows_are_passed_over_and_torn_ones_left_out(self, read: Read) -> None:
        returns = read([HEADER, [], ["voice", "Direct work", PAGE], ["voice", "Direct", "work", PAGE], ["", "", ""]])
        assert said(returns) == [("voice", "Direct work", PAGE)]
        assert found(returns) == [("width", "", "link left out")]

    def test_two_columns_of_one_meaning_are_refused(self, read: Read) -> None:
        returns = read([["Title", "Link", "URL"], ["Direct work", PAGE, PAGE]])
        assert found(returns) == [("duplicate_header", "C1", "sheet not read")]
        assert returns.links.empty

    def test_the_same_link_for_the_same_theme_is_one(self, read: Read) -> None:
        rows = [["voice", "Direct work", PAGE], ["VOICE", " Direct  work", PAGE], ["", "Direct work", PAGE]]
        read([HEADER, *rows])
        more = [["", "Direct work", PAGE], ["meetings", "Direct work", PAGE], ["voice", "Direct work", PAGE + "/2"]]
        returns = read([HEADER, *more], name="more.csv")
        assert said(returns) == [
            ("voice", "Direct work", PAGE), (None, "Direct work", PAGE), ("meetings", "Direct work", PAGE),
            ("voice", "Direct work", PAGE + "/2"),
        ]  # fmt: skip
        assert returns.links["file"].tolist() == ["links.csv", "links.csv", "more.csv", "more.csv"]


class TestBesideReturns:
    def test_every_row_is_accounted_for_as_skipped(self, read: Read) -> None:
        returns = read([["Learning"], HEADER, ["voice", "Direct work", PAGE], [], ["x", "", ""]])
        account = returns.accounting.set_index("file").loc["links.csv"]
        assert account[["rows_read", "accepted", "rejected", "skipped"]].tolist() == [4, 0, 0, 4]
        assert returns.rejected_audits == 0
        assert "links_table" in returns.problems.loc[returns.problems["file"] == "links.csv", "code"].tolist()

    def test_its_file_is_among_the_sources_with_its_hash(self, read: Read) -> None:
        returns = read([HEADER, ["voice", "Direct work", PAGE]])
        record = next(record for record in file_records(returns) if record["file"] == "links.csv")
        assert (record["kind"], record["sha256"]) == ("links", returns.sources["links.csv"])

    def test_they_are_kept_for_the_notebooks(self, read: Read, tmp_path: Path) -> None:
        returns = read([HEADER, ["voice", "Direct work", PAGE], ["", "All", PAGE]])
        returns.save(tmp_path / "kept")
        pd.testing.assert_frame_equal(read_returns(tmp_path / "kept").links, returns.links)

    def test_returns_without_links_have_the_same_columns(self, read_small: Read, tmp_path: Path) -> None:
        returns = read_small([WIDE_HEADER, AUDIT])
        returns.save(tmp_path / "kept")
        for links in (returns.links, read_returns(tmp_path / "kept").links):
            pd.testing.assert_frame_equal(links, LINKS.build([]))

    def test_no_published_table_shows_what_could_not_be_read(self, read: Read) -> None:
        secret = "Quillon Brankovic moved to her aunt " * 3
        returns = read([HEADER, [secret, secret, secret]])
        assert len(found(returns)) == 3
        for _, rows in checking_tables(returns):
            assert not rows.astype(str).apply(lambda column: column.str.contains("Quillon")).any(axis=None)

    def test_the_rules_of_links_could_not_run_without_any(self, read: Read, read_small: Read) -> None:
        for returns, state in ((read_small([WIDE_HEADER, AUDIT]), "could not run"), (read([HEADER]), "passed")):
            of_links = returns.checks[returns.checks["subject"] == "links to learning"]
            assert set(of_links["state"]) == {state}
            assert len(of_links) == 3


TABLES = ("audits", "judgements", "findings", "actions", "feedback", "ledger", "headers")

links_typed = st.lists(
    st.tuples(
        st.sampled_from(["voice", "", "Plan", "weather"]) | st.text(max_size=10),
        st.sampled_from(["Plan", "A1", "Total", "Good", ""]) | st.text(max_size=90),
        st.sampled_from([PAGE, "", "x", "javascript:x"]) | st.text(max_size=20),
    ),
    max_size=8,
)


@pytest.mark.thorough
@settings(max_examples=30, deadline=None)
@given(links=links_typed, name=st.sampled_from(["a.csv", "z.csv"]))
def test_no_table_of_links_changes_anything_of_the_returns_beside_it(
    small: Framework, links: list[tuple[str, str, str]], name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditanalytics.returns.load_framework", lambda _: small)
        write_rows(Path(folder) / "returns.csv", [WIDE_HEADER, AUDIT, ["A2", "soon", "South", "RI", "RI", ""]])
        alone = read_returns(folder, framework="small")
        rows = [HEADER, *([text.replace("\0", "") for text in link] for link in links)]
        data = "\n".join(",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in row) for row in rows)
        (Path(folder) / name).write_bytes(data.encode("utf-8", "replace"))
        beside = read_returns(folder, framework="small")
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(alone, table), getattr(beside, table))
    assert beside.rejected_audits == alone.rejected_audits
    assert beside.links["address"].map(is_web_address).all()
    total = beside.rows
    assert total["rows_read"] == total["accepted"] + total["rejected"] + total["skipped"]
