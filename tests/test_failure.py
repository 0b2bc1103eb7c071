import re
from pathlib import Path

import pytest
from filelock import FileLock

from auditanalytics.clock import CLOCK
from auditanalytics.errors import (
    ArgumentError,
    LockedError,
    NoInputError,
    NotebookError,
    PrivacyError,
    PublishingError,
    ReturnsError,
)
from auditanalytics.failure import NOT_PUBLISHED, clear_failure_page, leave_failure_page
from auditanalytics.manifest import MANIFEST
from auditanalytics.returns import AuditReturns
from auditanalytics.run_settings import DEFAULT_PUBLISHING, Publishing


def leave(out: Path, error: BaseException, **options: object) -> str:
    """The words of the page that is left; "" where none is."""
    folder = leave_failure_page(
        out, error, **({"asked": "Quarter 2019-Q4", "publishing": DEFAULT_PUBLISHING} | options)
    )  # type: ignore[arg-type]
    if folder is None:
        return ""
    page = (folder / "index.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_the_page_says_what_was_asked_when_and_what_went_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK, "2020-03-31T23:30:00+00:00")
    page = leave(tmp_path, NotebookError("cell 3 of 03_overview.ipynb failed (ValueError)"))
    assert "Quarter 2019-Q4: the run of 1 April 2020, 00:30 (London time) failed" in page
    assert "cell 3 of 03_overview.ipynb failed (ValueError)" in page
    assert "No report has been published into this folder yet." in page
    assert "exit code 1" in page


def test_the_reports_that_stand_are_linked_the_newest_first(tmp_path: Path) -> None:
    for quarter in ("2019-Q3", "2019-Q4"):
        (tmp_path / quarter).mkdir()
        (tmp_path / quarter / MANIFEST).touch()
    (tmp_path / "notes").mkdir()
    page = leave(tmp_path, PrivacyError("cell 4 shows printed text"))
    assert "What was published before is as it was: 2019-Q4 2019-Q3" in page
    assert "Something that may name a person would have been published" in page
    assert 'href="../2019-Q4/index.html"' in (tmp_path / NOT_PUBLISHED / "index.html").read_text(encoding="utf-8")


def test_what_an_unforeseen_error_says_is_not_repeated(tmp_path: Path) -> None:
    page = leave(tmp_path, ValueError("Thessaly Umberfield"))
    assert "an unforeseen error: ValueError; please report it" in page
    assert "Umberfield" not in page


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(143)])
def test_a_run_that_was_stopped_says_so(tmp_path: Path, stop: BaseException) -> None:
    assert "the run was stopped" in leave(tmp_path, stop)


@pytest.mark.parametrize("error", [ArgumentError("x"), NoInputError("x"), LockedError("x")])
def test_no_page_is_left_where_no_run_failed(tmp_path: Path, error: BaseException) -> None:
    assert leave(tmp_path, error) == ""
    assert list(tmp_path.iterdir()) == []


def test_returns_that_did_not_pass_come_with_what_is_wrong_with_them(tmp_path: Path, example: AuditReturns) -> None:
    page = leave(tmp_path, ReturnsError("2 of 3 audits were rejected"), returns=example)
    assert "problems.csv , with its file, its cell and its remedy" in page
    assert "exit code 3" in page
    assert (tmp_path / NOT_PUBLISHED / "tables" / "problems.csv").exists()


def test_the_next_page_takes_the_place_of_the_last_and_the_next_good_run_takes_it_away(
    tmp_path: Path, example: AuditReturns
) -> None:
    leave(tmp_path, ReturnsError("x"), returns=example)
    leave(tmp_path, PublishingError("No space left on device"))
    assert [path.name for path in (tmp_path / NOT_PUBLISHED).iterdir()] == ["index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", NOT_PUBLISHED]
    clear_failure_page(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_where_another_run_is_publishing_it_is_left_in_peace(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"):
        assert leave(tmp_path, NotebookError("x")) == ""


def test_who_reads_reports_reads_why_there_is_none(tmp_path: Path) -> None:
    leave(tmp_path, NotebookError("x"), publishing=Publishing(readable_by="group"))
    assert (tmp_path / NOT_PUBLISHED / "index.html").stat().st_mode & 0o777 == 0o640
