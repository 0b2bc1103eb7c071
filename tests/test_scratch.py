import os
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from auditanalytics.scratch import scratch_folder


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def left_by_a_killed_run(place: Path, name: str = "auditanalytics-dead0001") -> Path:
    folder = place / name
    folder.mkdir()
    (folder / "returns.parquet").write_bytes(b"kept")
    folder.with_name(f"{name}.lock").touch()
    return folder


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_nothing_of_it_is_left(tmp_path: Path) -> None:
    with scratch_folder() as folder:
        (folder / "returns").mkdir()
        assert len(names(tmp_path)) == 2
    assert names(tmp_path) == []


def test_nothing_of_it_is_left_by_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch_folder():
        raise RuntimeError
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_its_owner_can_enter_it() -> None:
    with scratch_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    folder = left_by_a_killed_run(tmp_path)
    with scratch_folder():
        assert not folder.exists()
    assert names(tmp_path) == []


def test_what_a_run_still_holds_is_left_alone(tmp_path: Path) -> None:
    folder = left_by_a_killed_run(tmp_path)
    with FileLock(f"{folder}.lock"), scratch_folder():
        assert (folder / "returns.parquet").exists()


def test_a_folder_without_a_lock_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "auditanalytics-of-somebody").mkdir()
    with scratch_folder():
        pass
    assert names(tmp_path) == ["auditanalytics-of-somebody"]


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX")
def test_a_link_that_is_called_like_debris_is_not_followed(tmp_path: Path) -> None:
    """Where everybody may write, anybody may leave a link to a file of ours."""
    precious, folder = tmp_path / "precious.txt", tmp_path / "precious"
    precious.write_text("kept", encoding="utf-8")
    folder.mkdir()
    (folder / "thesis.txt").write_text("kept", encoding="utf-8")
    (tmp_path / "auditanalytics-a.lock").symlink_to(precious)
    (tmp_path / "auditanalytics-b.lock").touch()
    (tmp_path / "auditanalytics-b").symlink_to(folder)
    with scratch_folder():
        pass
    assert precious.read_text(encoding="utf-8") == "kept"
    assert (folder / "thesis.txt").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a folder away")
def test_what_belongs_to_another_user_is_left_alone(tmp_path: Path) -> None:
    folder = left_by_a_killed_run(tmp_path)
    os.chown(tmp_path / "auditanalytics-dead0001.lock", 12345, -1)
    with scratch_folder():
        assert folder.exists()


def test_a_place_with_too_long_a_name_is_passed_over(tmp_path: Path) -> None:
    with scratch_folder(longest=40) as folder:
        assert folder.parent == Path("/tmp")
    with scratch_folder(longest=1000) as folder:
        assert folder.parent == tmp_path
