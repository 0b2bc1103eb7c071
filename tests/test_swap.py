import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditanalytics import swap
from auditanalytics.swap import is_in_use, place_of, put_in_place, recover, second_names


@pytest.fixture(params=["exchanged in one step", "renamed twice"])
def two_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "renamed twice":
        monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    elif sys.platform != "linux":
        pytest.skip("two names are exchanged in one step on Linux only")


def folder(place: Path, words: str) -> Path:
    place.mkdir()
    (place / "index.html").write_text(words, encoding="utf-8")
    return place


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def words(place: Path) -> str:
    return (place / "index.html").read_text(encoding="utf-8")


def test_where_nothing_stands_nothing_is_replaced(tmp_path: Path) -> None:
    assert put_in_place(folder(tmp_path / "new", "new"), tmp_path / "place") is None
    assert [words(tmp_path / "place"), names(tmp_path)] == ["new", ["place"]]


@pytest.mark.usefixtures("two_ways")
def test_the_new_one_stands_and_the_old_one_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    place = folder(tmp_path / "place", "old")
    replaced = put_in_place(folder(tmp_path / "new", "new"), place)
    assert replaced is not None
    assert [words(place), words(replaced)] == ["new", "old"]
    assert len(names(tmp_path)) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="two names are exchanged in one step on Linux only")
def test_no_instant_is_seen_without_a_whole_folder(tmp_path: Path) -> None:
    """One process swaps for ever while this one looks."""
    place, new = folder(tmp_path / "place", "a" * 5000), folder(tmp_path / "new", "b" * 5000)
    child = os.fork()
    if not child:
        try:
            while True:
                put_in_place(new, place)
        finally:
            os._exit(1)
    try:
        seen = {words(place) for _ in range(20_000)}
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert seen == {"a" * 5000, "b" * 5000}


def failing_at(number: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one call of rename fail."""
    rename: Callable[[Path, Path], Path] = Path.rename
    calls = []

    def fail(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise error
        return rename(self, target)

    monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", fail)


@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "input/output error"), KeyboardInterrupt()], ids=["error", "stop"]
)
@pytest.mark.parametrize("number", [1, 2])
def test_a_failed_rename_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException
) -> None:
    place, new = folder(tmp_path / "place", "old"), folder(tmp_path / "new", "new")
    failing_at(number, error, monkeypatch)
    with pytest.raises(type(error)):
        put_in_place(new, place)
    assert [words(place), words(new), names(tmp_path)] == ["old", "new", ["new", "place"]]


def test_what_a_run_killed_between_two_renames_set_aside_comes_back(tmp_path: Path) -> None:
    folder(tmp_path / ".old-place", "old")
    assert recover(tmp_path) == []
    assert words(tmp_path / "place") == "old"


def test_what_was_set_aside_for_a_new_one_that_stands_was_replaced(tmp_path: Path) -> None:
    aside = folder(tmp_path / ".old-place", "old")
    folder(tmp_path / "place", "new")
    assert recover(tmp_path) == [aside]
    assert place_of(aside) == tmp_path / "place"
    assert words(tmp_path / "place") == "new"


@pytest.mark.skipif(sys.platform != "linux", reason="two names are exchanged in one step on Linux only")
def test_an_exchange_that_is_refused_is_an_error_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as refused:
        swap._exchange(tmp_path / "none", folder(tmp_path / "place", "old"))
    assert refused.value.errno == errno.ENOENT


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EBUSY])
def test_what_is_open_elsewhere_is_in_use(number: int) -> None:
    assert is_in_use(OSError(number, "refused"))
    assert not is_in_use(OSError(errno.ENOSPC, "no space"))


def test_second_names_begin_with_two(tmp_path: Path) -> None:
    assert [place.name for place in second_names(tmp_path / "2019-20-Q4")][:2] == ["2019-20-Q4-2", "2019-20-Q4-3"]
    assert len(second_names(tmp_path / "2019-Q4")) == 8
