"""What many tests need: a key of their own, a folder of made returns, the real command, the example's report."""

import csv
import html
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pypdf
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.parsing.__main__ import _answer
from auditanalytics.parsing.client import ParsedFile, _sheet
from auditanalytics.parsing.messages import read_sheet, write_sheet
from auditanalytics.returns import AuditReturns, read_returns

settings.register_profile("untimed", deadline=None)  # machines are noisy; no test is a stopwatch
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "data" / "example"
SHARED = ROOT.parent / "shared"

SMALL_FRAMEWORK = """
name = "Small audit"
quarters = "calendar"
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
not_graded = ["N/A"]
[scales.ofsted.labels]
"Requires improvement" = ["RI", "Requires improvement to be good"]
[columns]
audit_id = ["Audit ID"]
audited_on = ["Date"]
team = ["Team"]
[[domains]]
id = "risk"
title = "Risk"
categories = [{ id = "spotting", headers = ["Spotting"] }, { id = "responding", headers = ["Responding"] }]
[[domains]]
id = "plans"
title = "Plans"
categories = [{ id = "plan", headers = ["Plan"] }]
"""

WIDE_HEADER = ["Audit ID", "Date", "Team", "Spotting", "Responding", "Plan"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, so that what is left for the end is short enough to keep every processor busy."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The pseudonym key of the tests, in a configuration folder of their own; child processes inherit it."""
    folder = tmp_path_factory.mktemp("configuration")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
            patch.setenv(name, str(folder))
        patch.delenv("AUDITANALYTICS_KEY_FILE", raising=False)
        yield folder / "auditanalytics" / "pseudonym.key"


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctests and tests name files from the top of the repository."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session", autouse=True)
def nobody_else_writes() -> Iterator[None]:
    """What a test has just written is whole, so that reading need not wait for it to settle."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditanalytics.intake.sources._SETTLING", 0)
        yield


@pytest.fixture(scope="session")
def example() -> AuditReturns:
    return read_returns(EXAMPLE, framework="south-gloucestershire")


@pytest.fixture
def small_framework(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL_FRAMEWORK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    path = tmp_path_factory.mktemp("framework") / "small.toml"
    path.write_text(SMALL_FRAMEWORK, encoding="utf-8")
    return load_framework(path)


def write_rows(path: Path, rows: list[list[str]]) -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def read_small(tmp_path: Path, small_framework: Path) -> Callable[..., AuditReturns]:
    """Read rows of the small framework, header and all, from a CSV file."""

    def read(rows: list[list[str]], name: str = "returns.csv") -> AuditReturns:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        write_rows(folder / name, rows)
        return read_returns(folder, framework=small_framework)

    return read


class ParserInThisProcess:
    """Stands in for `Parser`: the same parsing and the same messages, without a process for each reading.

    A process of its own guards against hostile files; here every file is written by the tests, and starting one takes
    ten times as long as the reading. That both answer alike is a test of its own.
    """

    def __enter__(self) -> "ParserInThisProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def parse(self, ending: str, data: bytes) -> ParsedFile:
        about, sheets = _answer(ending, data)
        stream = io.BytesIO()
        for sheet in sheets:
            write_sheet(stream, sheet)
        stream.seek(0)
        return ParsedFile([_sheet(read_sheet(stream)) for _ in sheets], **about)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def no_process_for_each_reading() -> Iterator[None]:
    """Files are parsed in this process, which is what makes thousands of readings bearable."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditanalytics.intake.raw.Parser", ParserInThisProcess)
        yield


def run_command(*arguments: object, timeout: int = 300, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "auditanalytics", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
        check=False,
    )


def words_in(path: Path) -> str:
    """Every word that a file of a report holds: of Word files and PDFs also their properties and text alternatives."""
    if path.suffix == ".pdf":
        pdf = pypdf.PdfReader(path)
        structure = re.findall(r"/Alt [(<].*?[)>]", str(pdf.trailer["/Root"].get_object()))
        return " ".join([*(page.extract_text() for page in pdf.pages), str(pdf.metadata), *structure])
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            xml = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
        said = re.findall(r' (?:descr|title|w:val|Target)="([^"]*)"', " ".join(xml))
        return html.unescape(" ".join([*(re.sub(r"<[^>]*>", " ", each) for each in xml), *said]))
    return path.read_text(encoding="utf-8")


def read_table(report: Path, name: str) -> list[dict[str, str]]:
    """Read a published table."""
    with (report / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def example_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the example returns, as the real command made it."""
    out = tmp_path_factory.mktemp("reports")
    done = run_command("report", "--out", out)
    assert done.returncode == 0, done.stderr
    return out / "2019-Q4"


@pytest.fixture(scope="session")
def published_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a published table alone."""
    out = tmp_path_factory.mktemp("reports")
    done = run_command("report", EXAMPLE / "published-shares-2019.csv", "--out", out)
    assert done.returncode == 0, done.stderr
    return out / "2019-Q4"


CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()
