"""The real command on real files, from outside."""

import csv
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from conftest import EXAMPLE, ROOT, SHARED, SMALL_FRAMEWORK, WIDE_HEADER, read_table, run_command, words_in, write_rows
from filelock import FileLock

from auditanalytics.reporting.wording import percent

pytestmark = pytest.mark.slow


def refused(*arguments: object, code: int = 2, **environment: str) -> str:
    """Run the command where it must be refused, and give the one sentence that it says."""
    done = run_command("report", *arguments, **environment)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("auditanalytics: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


class TestExample:
    def test_the_report_holds_its_pages_and_tables(self, example_report: Path) -> None:
        domains = ["risk", "assessments", "plans", "reviews", "collaboration", "overall"]
        pages = {
            "index.html",
            "returns.html",
            "moderation.html",
            "overview.html",
            *(f"brief.{ending}" for ending in ("html", "docx", "pdf")),
            *(f"domain-{domain}.html" for domain in domains),
        }
        assert {path.name for path in example_report.iterdir()} == pages | {"tables", "run.json"}

    def test_all_forty_published_shares_are_in_the_table(self, example_report: Path) -> None:
        with (EXAMPLE / "published-shares-2019.csv").open(encoding="utf-8", newline="") as file:
            published = {
                (row["Domain"], f"{row['Year']}-{row['Quarter']}", tail): row[tail.title()]
                for row in csv.DictReader(file)
                for tail in ("good", "inadequate")
            }
        titles = {"risk": "Identification and response to risk"}
        found = {
            (titles.get(row["domain"], row["domain"].title()), row["quarter"], row["grade"]): percent(
                float(row["share"])
            )
            for row in read_table(example_report, "quarterly-grades")
            if row["grade"] in ("good", "inadequate") and row["domain"] != "overall"
        }
        assert len(published) == 40
        assert found == published

    def test_rows_read_are_accepted_rejected_or_skipped(self, example_report: Path) -> None:
        rows = read_table(example_report, "row-accounting")
        assert sum(int(row["accepted"]) for row in rows) == 96
        for row in rows:
            assert int(row["rows_read"]) == sum(int(row[name]) for name in ("accepted", "rejected", "skipped"))

    def test_the_run_is_described_with_hashes_that_hold(self, example_report: Path) -> None:
        run = json.loads((example_report / "run.json").read_text(encoding="utf-8"))
        for name, digest in run["files"].items():
            assert hashlib.sha256((example_report / name).read_bytes()).hexdigest() == digest
        for given in run["inputs"]:
            assert hashlib.sha256((EXAMPLE / given["file"]).read_bytes()).hexdigest() == given["sha256"]
        assert run["audits"] == {"accepted": 96, "rejected": 0}
        assert {page["page"] for page in run["pages"]} == {path.name for path in example_report.glob("*.html")} - {
            "index.html"
        }
        framework = ROOT / "auditanalytics" / "frameworks" / "south-gloucestershire.toml"
        assert run["framework"]["sha256"] == hashlib.sha256(framework.read_bytes()).hexdigest()

    def test_pages_name_the_framework_and_refer_to_nothing_outside(self, example_report: Path) -> None:
        for path in example_report.glob("*.html"):
            html = path.read_text(encoding="utf-8")
            assert "south-gloucestershire" in html
            assert "<script" not in html
            outside = re.findall(
                r'(?:src|href|srcset)="(?!#|data:|[a-z-]+\.html|brief\.(?:docx|pdf)|tables/)([^"]*)"', html
            )
            assert outside == []

    def test_no_name_number_or_comment_of_a_return_is_anywhere(self, example_report: Path) -> None:
        from auditanalytics.intake import find_sources, read_sheets

        private = set()
        for source in find_sources([EXAMPLE])[0]:
            for sheet in read_sheets([source])[0]:
                if sheet.sheet == "Returns":
                    header = sheet.cells.loc[3]
                    held = [
                        at
                        for at, text in header.items()
                        if text.startswith(
                            ("Audit ref", "Child ref", "Social", "Auditor", "Moderator", "Person", "Next step")
                        )
                        or text.endswith("?")
                    ]
                    private |= {text for text in sheet.cells.loc[4:, held].to_numpy().ravel() if len(text) > 3}
        assert len(private) > 200
        for path in example_report.rglob("*"):
            if path.is_file():
                text = words_in(path)
                # A case number may stand by chance among the digits of a share; a number by itself may not.
                found = [v for v in private if v in text and re.search(rf"(?<![\d.]){re.escape(v)}(?!\d)", text)]
                assert not found, path.name

    @pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
    def test_files_are_the_owners_alone(self, example_report: Path) -> None:
        for path in [example_report, *example_report.rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)

    def test_the_same_returns_give_the_same_bytes(self, example_report: Path, tmp_path: Path) -> None:
        done = run_command("report", "--out", tmp_path, "--set", "domain=risk")
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert (
            done.stdout
            == f"Published {tmp_path / '2019-Q4' / 'index.html'}: October to December 2019, 5 pages from 96 audits.\n"
        )
        for name in ("tables/quarterly-grades.csv", "tables/problems.csv"):
            assert (tmp_path / "2019-Q4" / name).read_bytes() == (example_report / name).read_bytes()
        main = [
            path.read_text(encoding="utf-8").split("<main")[1].split("</main>")[0]
            for path in (tmp_path / "2019-Q4" / "domain-risk.html", example_report / "domain-risk.html")
        ]
        assert main[0] == main[1]


class TestPublishedTable:
    def test_it_is_charted_alone_and_the_page_says_why_there_is_no_interval(self, published_report: Path) -> None:
        html = (published_report / "domain-plans.html").read_text(encoding="utf-8")
        assert "no interval can be drawn" in html
        assert "95% interval" not in html
        assert "as published" in html
        assert not (published_report / "domain-overall.html").exists()

    def test_its_rows_are_neither_accepted_nor_rejected(self, published_report: Path) -> None:
        (row,) = read_table(published_report, "row-accounting")
        assert [row["accepted"], row["rejected"], row["skipped"]] == ["0", "0", "20"]

    @pytest.mark.thorough
    def test_the_reference_table_needs_a_year_and_then_is_read(self, tmp_path: Path) -> None:
        if not SHARED.is_dir():
            pytest.skip("the reference data are not beside this checkout")
        table = SHARED / "reference" / "journey_to_good_2019.csv"
        assert "give --year 2019" in refused(table, "--out", tmp_path)
        done = run_command("report", table, "--year", "2019", "--set", "domain=plans", "--out", tmp_path)
        assert done.returncode == 0, done.stderr
        rows = read_table(tmp_path / "2019-Q4", "quarterly-grades")
        shares = {(row["domain"], row["quarter"], row["grade"]): row["share"] for row in rows}
        assert len(shares) == 40
        assert shares["plans", "2019-Q4", "inadequate"] == "0.29"
        assert shares["collaboration", "2019-Q3", "good"] == "0.43"


@pytest.mark.thorough
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real judgements are not beside this checkout")
def test_real_judgements_with_a_framework_of_ones_own_are_those_of_a_plain_count(tmp_path: Path) -> None:
    """2,402 judgements in 18 spellings on 480 inspections of 153 authorities, which two columns identify."""
    source = SHARED / "real" / "ofsted_la_inspections_long.csv"
    framework = ROOT / "docs" / "examples" / "ofsted-inspections.toml"
    done = run_command("report", source, "--framework", framework, "--out", tmp_path, "--set", "domain=leaders")
    assert done.returncode == 0, done.stderr
    report = tmp_path / "2026-Q2"
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["urn"] for row in rows}) == 153
    domains = {"help_protection": "help-and-protection", "care_leavers": "care-leavers"} | dict.fromkeys(
        ["looked_after_permanence", "in_care_and_care_leavers", "in_care"], "in-care"
    )
    grades = {"g": "Good", "o": "Outstanding", "i": "Inadequate", "r": "Requires improvement"}
    plain = Counter(
        (
            domains.get(row["domain"], row["domain"]),
            f"{row['inspection_end'][:4]}-Q{(int(row['inspection_end'][5:7]) + 2) // 3}",
            grades[row["grade_raw"][0].lower()],
        )
        for row in rows
        if row["grade_raw"].lower() not in ("not judged", "nan", "inspection_pre_dates_judgement")
    )
    table = read_table(report, "quarterly-grades")
    counted = {
        (row["domain"], row["quarter"], row["grade"]): int(row["n"])
        for row in table
        if row["grade"] not in ("good", "inadequate") and row["n"] != "0"
    }
    assert counted == plain
    assert sum(plain.values()) == 2395
    assert json.loads((report / "run.json").read_text(encoding="utf-8"))["audits"] == {"accepted": 480, "rejected": 0}


class TestRefusals:
    """One sentence with the allowed values and exit 2, and no kernel is started: a kernel would need seconds."""

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--quarter", "2019-Q5"], "quarter must be 2019-Q1, 2019-Q2, 2019-Q3, 2019-Q4 or latest; not '2019-Q5'"),
            (["--quarter", "a\nb"], "or latest; not 'a\\nb'"),
            (["--quarter", "../../x"], "or latest; not '../../x'"),
            (["--quarter", "{x.__class__}"], "or latest; not '{x.__class__}'"),
            (["--audience", "public"], "audience must be internal or shared; not 'public'"),
            (
                ["--framework", "south-glos"],
                "framework must be hull, south-gloucestershire, telford-and-wrekin or the path of a TOML file",
            ),
            (["--set", "domain=rsk"], "domain must be risk, assessments, plans, reviews, collaboration or overall"),
            (["--set", "domian=risk"], "the parameter to set must be points or domain; not 'domian'"),
            (["--set", "points=week"], "points must be quarter or month; not 'week'"),
            (["--set", "quarter=2019-Q1"], "the parameter quarter follows from the other arguments"),
            (["--set", "domain"], "--set must be written name=value"),
            (["--set", "domain=a\nimport os"], "--set must be written name=value"),
            (["--notebooks", "nowhere"], "there is no notebook 'nowhere"),
            (["nowhere"], "there is no file or folder 'nowhere'"),
            (["--jobs", "0"], "Invalid value for '--jobs'"),
            (["--quater", "2019-Q4"], "No such option"),
        ],
    )
    def test_a_wrong_argument(self, tmp_path: Path, arguments: list[str], sentence: str) -> None:
        assert sentence in refused(*arguments, "--out", tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_months_of_a_published_table_alone(self, tmp_path: Path) -> None:
        published = EXAMPLE / "published-shares-2019.csv"
        said = refused(published, "--year", "2019", "--set", "points=month", "--out", tmp_path / "out")
        assert "points must be quarter; not 'month'" in said

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert "there is no file to read" in refused(tmp_path, "--out", tmp_path / "out")

    def test_a_configured_key_that_is_missing(self, tmp_path: Path) -> None:
        sentence = refused("--out", tmp_path / "out", AUDITANALYTICS_KEY_FILE=str(tmp_path / "team.key"))
        assert "pseudonym key file" in sentence

    def test_another_run_holds_the_lock(self, tmp_path: Path) -> None:
        with FileLock(tmp_path / ".lock"):
            assert "another run is publishing" in refused("--out", tmp_path, code=4)

    def test_returns_of_which_too_many_were_rejected_are_not_published_and_say_why(self, tmp_path: Path) -> None:
        (tmp_path / "f.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
        rows = [WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", "Good"], ["A2", "soon", "N", "Good", "RI", "Good"]]
        path = write_rows(tmp_path / "a.csv", rows)
        sentence = refused(path, "--framework", tmp_path / "f.toml", "--out", tmp_path / "out", code=3)
        assert "1 of 2 audits were rejected, more than the 5%" in sentence
        problems = read_table(tmp_path / "out" / "not-published", "problems")
        assert [(row["code"], row["cell"], row["value"]) for row in problems] == [("date_format", "B3", "[masked]")]
        assert not (tmp_path / "out" / "2025-Q1").exists()

    def test_a_workbook_that_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "a.xlsx").write_bytes(b"")
        sentence = refused(
            tmp_path / "a.xlsx", "--framework", "south-gloucestershire", "--out", tmp_path / "out", code=3
        )
        assert "not_a_workbook" in sentence


class TestFailures:
    """A run that fails leaves the last good report exactly as it was."""

    @pytest.mark.thorough
    @pytest.mark.parametrize(
        ("cell", "code", "sentence"),
        [
            ("raise ValueError('Canary Wharfinger')", 1, "failed (ValueError)"),
            ("import sys; sys.exit(0)", 1, "03_overview.ipynb"),
            ("print(audit_returns.audits.head())", 5, "shows printed text"),
        ],
    )
    def test_a_changed_notebook(self, tmp_path: Path, cell: str, code: int, sentence: str) -> None:
        notebooks, out = tmp_path / "notebooks", tmp_path / "out"
        shutil.copytree(ROOT / "notebooks", notebooks)
        notebook = nbformat.read(notebooks / "03_overview.ipynb", as_version=4)
        notebook.cells.insert(3, nbformat.v4.new_code_cell(cell))
        nbformat.write(notebook, notebooks / "03_overview.ipynb")
        (out / "2019-Q4").mkdir(parents=True)
        (out / "2019-Q4" / "index.html").write_text("last good", encoding="utf-8")
        said = refused("--notebooks", notebooks, "--set", "domain=risk", "--out", out, code=code)
        assert sentence in said
        assert "Canary" not in said
        assert "audit-" not in said
        assert (out / "2019-Q4" / "index.html").read_text(encoding="utf-8") == "last good"
        assert sorted(path.name for path in out.iterdir()) == [".lock", "2019-Q4", "not-published"]
        page = (out / "not-published" / "index.html").read_text(encoding="utf-8")
        assert sentence in page
        assert "Canary" not in page


@pytest.mark.thorough
def test_one_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(EXAMPLE, folder)
    (folder / "broken.xlsx").write_bytes((EXAMPLE / "audit-returns-2019-01.xlsx").read_bytes()[:5000])
    done = run_command("report", folder, "--set", "domain=risk", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    problems = read_table(tmp_path / "out" / "2019-Q4", "problems")
    assert [(row["code"], row["severity"], row["file"]) for row in problems if row["severity"] != "note"] == [
        ("damaged", "error", "broken.xlsx")
    ]


@pytest.mark.thorough
def test_an_earlier_quarter_can_be_reported(tmp_path: Path) -> None:
    done = run_command("report", "--quarter", "2019-Q2", "--set", "domain=risk", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "2019-Q2" / "index.html").read_text(encoding="utf-8")
    assert "23 audits were returned for April to June 2019" in html
    assert "45 audits from after the reported quarter are not in this report" in html
    assert {row["quarter"] for row in read_table(tmp_path / "2019-Q2", "quarterly-grades")} == {"2019-Q1", "2019-Q2"}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["report", "--help"]])
def test_the_command_explains_itself(arguments: list[str]) -> None:
    done = run_command(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "auditanalytics" in done.stdout or "Publish the report" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_what_fails_while_it_is_cleared_away_repeats_nothing_on_standard_error() -> None:
    program = (
        "import os, signal, sys\n"
        "from auditanalytics import cli\n"
        "class Loop:\n"
        "    def __del__(self):\n"
        "        raise ValueError('a row of a return')\n"
        "def commands(**_):\n"
        "    loop = Loop()\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "cli.commands = commands\n"
        "cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_run_that_is_told_to_stop_leaves_the_last_good_report_and_nothing_else(tmp_path: Path) -> None:
    # A short name, because sockets of kernels lie elsewhere where that of the folder is too long for them.
    scratch, out = Path(tempfile.mkdtemp(dir="/tmp")), tmp_path / "out"
    (out / "2019-Q4").mkdir(parents=True)
    (out / "2019-Q4" / "index.html").write_text("last good", encoding="utf-8")
    command = [sys.executable, "-m", "auditanalytics", "report", "--out", str(out)]
    process = subprocess.Popen(command, env=os.environ | {"TMPDIR": str(scratch)}, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(scratch.glob("*/*-stdin*")) + list(scratch.glob("*/*-1")) and time.monotonic() < deadline:
        time.sleep(0.1)  # until a kernel can be spoken to
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 143
    assert "Traceback" not in said
    assert (out / "2019-Q4" / "index.html").read_text(encoding="utf-8") == "last good"
    assert sorted(path.name for path in out.iterdir()) == [".lock", "2019-Q4", "not-published"]
    assert [path for path in scratch.iterdir() if path.name.startswith("auditanalytics-")] == []
    shutil.rmtree(scratch)
