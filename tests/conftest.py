"""What many tests need: a key of their own, a folder of made returns, the real command, the example's report."""

import csv
import functools
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
from filelock import FileLock
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


class ExamplesInDocstrings:
    """A plugin, because fixtures of this file are for tests beside it and the examples stand in the library."""

    _read_once = staticmethod(functools.cache(read_returns))

    @pytest.fixture(autouse=True)
    def returns_read_once(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """Seventy examples begin by reading the same returns, which takes most of their time."""
        if isinstance(request.node, pytest.DoctestItem):
            monkeypatch.setattr("auditanalytics.returns.read_returns", self._read_once)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ExamplesInDocstrings())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, so that what is left for the end is short enough to keep every processor busy."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the tests on every processor share, for what takes long to make and is only looked at."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def own_key(of_this_run: Path) -> Iterator[Path]:
    """The pseudonym key of the tests, in a configuration folder of their own; child processes inherit it."""
    folder = of_this_run / "configuration"
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


def _report_made_once(out: Path, *inputs: Path) -> Path:
    """The report for the end of 2019, made by whoever needs it first; the others wait for it."""
    with FileLock(f"{out}.lock"):
        if not out.exists():
            done = run_command("report", *inputs, "--out", out)
            assert done.returncode == 0, done.stderr
    return out / "2019-Q4"


@pytest.fixture(scope="session")
def example_report(of_this_run: Path) -> Path:
    """The report of the example returns, as the real command made it."""
    return _report_made_once(of_this_run / "example-report")


@pytest.fixture(scope="session")
def published_report(of_this_run: Path) -> Path:
    """The report of a published table alone."""
    return _report_made_once(of_this_run / "published-report", EXAMPLE / "published-shares-2019.csv")


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
