import os
from pathlib import Path

import pytest
from filelock import FileLock

from auditanalytics.errors import ArgumentError, LockedError
from auditanalytics.publish import sha256_of, staged


def publish(out: Path, text: str) -> None:
    with staged(out, "2019-Q4") as stage:
        (stage / "index.html").write_text(text, encoding="utf-8")


def published(out: Path) -> str:
    return (out / "2019-Q4" / "index.html").read_text(encoding="utf-8")


def left_behind(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if path.name not in (".lock", "2019-Q4"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, -1)
    with pytest.raises(ArgumentError, match="belongs to another user"), staged(tmp_path, "2019-Q4"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_new_report_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "new" / "reports"
    publish(out, "first")
    publish(out, "second")
    assert published(out) == "second"
    assert left_behind(out) == []


def test_a_failed_run_leaves_the_last_good_report(tmp_path: Path) -> None:
    publish(tmp_path, "good")
    with pytest.raises(RuntimeError), staged(tmp_path, "2019-Q4") as stage:
        (stage / "index.html").write_text("half", encoding="utf-8")
        raise RuntimeError
    assert published(tmp_path) == "good"
    assert left_behind(tmp_path) == []


def test_the_report_is_not_in_its_place_before_it_is_whole(tmp_path: Path) -> None:
    with staged(tmp_path, "2019-Q4") as stage:
        (stage / "index.html").write_text("whole", encoding="utf-8")
        assert not (tmp_path / "2019-Q4").exists()
    assert published(tmp_path) == "whole"


def test_a_second_run_is_refused_while_one_publishes(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(LockedError, match="another run is publishing"):
        publish(tmp_path, "second")


def test_what_a_killed_run_left_is_cleared_and_what_it_set_aside_comes_back(tmp_path: Path) -> None:
    (tmp_path / ".stage-dead").mkdir()
    (tmp_path / ".old-2019-Q4").mkdir()
    (tmp_path / ".old-2019-Q4" / "index.html").write_text("good", encoding="utf-8")
    with pytest.raises(RuntimeError), staged(tmp_path, "2019-Q4"):
        raise RuntimeError
    assert published(tmp_path) == "good"
    assert left_behind(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_folder_that_anybody_may_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(ArgumentError, match="anybody may write"):
        publish(tmp_path, "x")


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_its_owner_can_enter_a_report(tmp_path: Path) -> None:
    publish(tmp_path, "x")
    assert (tmp_path / "2019-Q4").stat().st_mode & 0o777 == 0o700


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("", encoding="utf-8")
    with pytest.raises(ArgumentError, match="cannot be used for reports"):
        publish(tmp_path / "reports", "x")


def test_hashes_are_those_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_bytes(b"")
    assert sha256_of(tmp_path) == {"tables/a.csv": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
