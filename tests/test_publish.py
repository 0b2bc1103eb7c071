import datetime as dt
import errno
import os
import time
from pathlib import Path

import pytest
from filelock import FileLock

from auditanalytics import swap
from auditanalytics.clock import CLOCK
from auditanalytics.errors import ArgumentError, ChoiceError, LockedError, PublishingError
from auditanalytics.manifest import MANIFEST, write_manifest
from auditanalytics.publish import keep_in_order, staged
from auditanalytics.run_settings import DEFAULT_PUBLISHING, Publishing


def publish(out: Path, text: str) -> None:
    with staged(out, "2019-Q4") as stage:
        (stage.folder / "index.html").write_text(text, encoding="utf-8")


def published(out: Path) -> str:
    return (out / "2019-Q4" / "index.html").read_text(encoding="utf-8")


def left_behind(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if path.name not in (".earlier", ".lock", "2019-Q4"))


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
        (stage.folder / "index.html").write_text("half", encoding="utf-8")
        raise RuntimeError
    assert published(tmp_path) == "good"
    assert left_behind(tmp_path) == []


def test_the_report_is_not_in_its_place_before_it_is_whole(tmp_path: Path) -> None:
    with staged(tmp_path, "2019-Q4") as stage:
        (stage.folder / "index.html").write_text("whole", encoding="utf-8")
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


def shelved(out: Path) -> list[str]:
    """What the kept reports of the quarter say, the newest last."""
    return [path.read_text(encoding="utf-8") for path in sorted(out.glob(".earlier/2019-Q4/*/index.html"))]


def publish_at(out: Path, text: str, day: int, publishing: Publishing = DEFAULT_PUBLISHING) -> None:
    """Publish a report that says it was made at noon of a day in January 2020."""
    with staged(out, "2019-Q4", publishing) as stage:
        (stage.folder / "index.html").write_text(text, encoding="utf-8")
        (stage.folder / MANIFEST).write_text("{}", encoding="utf-8")
        made = dt.datetime(2020, 1, day, 12, tzinfo=dt.timezone.utc).timestamp()
        os.utime(stage.folder / MANIFEST, (made, made))


class TestEarlierReports:
    def test_so_many_replaced_reports_are_kept(self, tmp_path: Path) -> None:
        for day in range(1, 7):
            publish_at(tmp_path, f"day {day}", day)
        assert published(tmp_path) == "day 6"
        assert shelved(tmp_path) == ["day 3", "day 4", "day 5"]

    def test_one_that_was_set_aside_for_a_report_that_stands_is_kept_too(self, tmp_path: Path) -> None:
        """The run was killed when it had put the new one in place."""
        publish_at(tmp_path, "second", 2)
        (tmp_path / ".old-2019-Q4").mkdir()
        for name in ("index.html", MANIFEST):
            (tmp_path / ".old-2019-Q4" / name).write_text("first", encoding="utf-8")
        with pytest.raises(RuntimeError), staged(tmp_path, "2019-Q4"):
            raise RuntimeError
        assert published(tmp_path) == "second"
        assert shelved(tmp_path) == ["first"]
        assert left_behind(tmp_path) == []

    @pytest.mark.parametrize(("day", "kept"), [(1, ["first"]), (3, [])], ids=["replaced", "never published"])
    def test_of_what_a_killed_run_left_only_what_was_replaced_is_kept(
        self, tmp_path: Path, day: int, kept: list[str]
    ) -> None:
        """It was killed behind or before the exchange; what is older than the report that stands once stood there."""
        publish_at(tmp_path, "second", 2)
        left = tmp_path / ".stage-dead"
        left.mkdir()
        (left / "index.html").write_text("first", encoding="utf-8")
        write_manifest(left, {"quarter": "2019-Q4", "files": {}})
        made = dt.datetime(2020, 1, day, tzinfo=dt.timezone.utc).timestamp()
        os.utime(left / MANIFEST, (made, made))
        with pytest.raises(RuntimeError), staged(tmp_path, "2019-Q3"):
            raise RuntimeError
        assert shelved(tmp_path) == kept
        assert published(tmp_path) == "second"
        assert left_behind(tmp_path) == []

    def test_none_is_kept_where_none_is_wanted(self, tmp_path: Path) -> None:
        publish_at(tmp_path, "first", 1)
        publish_at(tmp_path, "second", 2, Publishing(keep=0))
        assert shelved(tmp_path) == []
        assert left_behind(tmp_path) == []

    def test_none_is_kept_either_where_two_names_cannot_be_exchanged(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
        publish_at(tmp_path, "first", 1)
        publish_at(tmp_path, "second", 2, Publishing(keep=0))
        assert left_behind(tmp_path) == []

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process is POSIX")
    def test_they_are_named_by_the_same_clock_everywhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TZ", "America/New_York")
        time.tzset()
        try:
            for day in (1, 2):
                publish_at(tmp_path, "x", day)
        finally:
            monkeypatch.undo()
            time.tzset()
        (kept,) = tmp_path.glob(".earlier/2019-Q4/*")
        assert kept.name.startswith("2020-01-01T120000Z-")

    def test_they_go_when_their_days_are_over(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for day in (1, 2, 3):
            publish_at(tmp_path, f"day {day}", day)
        monkeypatch.setenv(CLOCK, "2020-01-12T12:00:00+00:00")
        for days, kept in ((11, ["day 1", "day 2"]), (10, ["day 2"]), (9, [])):
            keep_in_order(tmp_path, "2019-Q4", Publishing(keep_days=days))
            assert shelved(tmp_path) == kept
        assert published(tmp_path) == "day 3"

    def test_a_name_that_somebody_gave_one_is_no_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for day in (1, 2):
            publish_at(tmp_path, f"day {day}", day)
        kept = next(tmp_path.glob(".earlier/2019-Q4/*"))
        kept.rename(kept.with_name("sent to the board"))
        monkeypatch.setenv(CLOCK, "2030-01-01T00:00:00+00:00")
        keep_in_order(tmp_path, "2019-Q4", Publishing(keep_days=1))
        assert shelved(tmp_path) == ["day 1"]

    def test_a_folder_that_is_no_report_is_never_thrown_away(self, tmp_path: Path) -> None:
        (tmp_path / "2019-Q4").mkdir()
        (tmp_path / "2019-Q4" / "index.html").write_text("somebody's own", encoding="utf-8")
        for day in range(1, 5):
            publish_at(tmp_path, f"day {day}", day, Publishing(keep=0))
        assert shelved(tmp_path) == ["somebody's own"]

    @pytest.mark.parametrize("setting", ["keep", "keep_days"])
    def test_a_negative_number_is_refused(self, setting: str) -> None:
        with pytest.raises(ArgumentError, match=f"{setting} must be 0 or more; not -1"):
            Publishing(**{setting: -1})


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
class TestReaders:
    @staticmethod
    def modes(out: Path) -> list[str]:
        return [oct(path.stat().st_mode & 0o777)[2:] for path in (out, out / "2019-Q4", out / "2019-Q4" / "index.html")]

    @pytest.mark.parametrize(
        ("readable_by", "modes"),
        [("owner", ["700", "700", "600"]), ("group", ["750", "750", "640"]), ("all", ["755", "755", "644"])],
    )
    def test_they_are_those_that_were_named(self, tmp_path: Path, readable_by: str, modes: list[str]) -> None:
        for out in (tmp_path / "new", tmp_path):  # one that is made, and one that was there
            out.mkdir(exist_ok=True)
            out.chmod(0o700) if out == tmp_path else out.rmdir()
            publish_at(out, "x", 1, Publishing(readable_by=readable_by))
            assert self.modes(out) == modes
            assert (out / ".lock").stat().st_mode & 0o077 == 0

    def test_what_was_replaced_is_the_owners_alone(self, tmp_path: Path) -> None:
        for day in (1, 2):
            publish_at(tmp_path, "x", day, Publishing(readable_by="all"))
        assert (tmp_path / ".earlier").stat().st_mode & 0o077 == 0

    def test_a_report_that_stands_gets_the_readers_that_are_asked_for_now(self, tmp_path: Path) -> None:
        publish_at(tmp_path, "x", 1, Publishing(readable_by="all"))
        keep_in_order(tmp_path, "2019-Q4")
        assert self.modes(tmp_path)[1:] == ["700", "600"]
        tmp_path.chmod(0o700)
        keep_in_order(tmp_path, "2019-Q4", Publishing(readable_by="group"))
        assert self.modes(tmp_path) == ["750", "750", "640"]

    def test_a_report_that_stands_as_it_should_is_not_touched(self, tmp_path: Path) -> None:
        publish_at(tmp_path, "x", 1, Publishing(readable_by="group"))
        (tmp_path / "2019-Q4" / "index.html").chmod(0o600)
        keep_in_order(tmp_path, "2019-Q4", Publishing(readable_by="group"))
        assert self.modes(tmp_path) == ["750", "750", "600"]

    def test_nobody_else_reads_a_report_in_the_making_or_one_that_was_replaced(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            with staged(tmp_path, "2019-Q4", Publishing(readable_by="all")) as stage:
                assert stage.folder.stat().st_mode & 0o777 == 0o700
            publish_at(tmp_path, "second", 2)
        finally:
            os.umask(before)
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / ".earlier", tmp_path / ".earlier" / "2019-Q4")} == {
            0o700
        }

    def test_others_are_refused(self) -> None:
        with pytest.raises(ChoiceError, match="readable_by must be owner, group or all; not 'world'"):
            Publishing(readable_by="world")


class TestInUse:
    """Nobody can move a folder of which somebody has a file open, on Windows."""

    @pytest.fixture
    def open_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        """The names of folders that cannot be moved."""
        names: set[str] = set()
        move = swap.put_in_place

        def refuse(new: Path, place: Path) -> Path | None:
            if place.name in names and place.exists():
                raise PermissionError(errno.EACCES, "used by another process")
            return move(new, place)

        monkeypatch.setattr("auditanalytics.publish.put_in_place", refuse)
        return names

    def test_the_new_report_gets_a_second_name_until_the_old_one_is_free(
        self, tmp_path: Path, open_elsewhere: set[str]
    ) -> None:
        publish_at(tmp_path, "first", 1)
        open_elsewhere.add("2019-Q4")
        with staged(tmp_path, "2019-Q4") as stage:
            (stage.folder / MANIFEST).touch()
            (stage.folder / "index.html").write_text("second", encoding="utf-8")
        assert stage.place == tmp_path / "2019-Q4-2"
        assert (stage.place / "index.html").read_text(encoding="utf-8") == "second"
        assert published(tmp_path) == "first"
        open_elsewhere.clear()
        publish_at(tmp_path, "third", 3)
        assert published(tmp_path) == "third"
        assert left_behind(tmp_path) == []
        assert sorted(shelved(tmp_path)) == ["first", "second"]

    def test_a_second_name_that_is_in_use_too_or_is_somebodys_own_is_passed_over(
        self, tmp_path: Path, open_elsewhere: set[str]
    ) -> None:
        publish_at(tmp_path, "first", 1)
        open_elsewhere |= {"2019-Q4", "2019-Q4-3"}
        (tmp_path / "2019-Q4-2").mkdir()
        (tmp_path / "2019-Q4-3").mkdir()
        (tmp_path / "2019-Q4-3" / MANIFEST).touch()
        with staged(tmp_path, "2019-Q4") as stage:
            (stage.folder / MANIFEST).touch()
        assert stage.place == tmp_path / "2019-Q4-4"

    @pytest.mark.parametrize(
        ("stands", "number", "reason"),
        [(True, errno.EIO, "Input/output error"), (False, errno.EACCES, "Permission denied")],
    )
    def test_another_refusal_is_no_reason_for_a_second_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stands: bool, number: int, reason: str
    ) -> None:
        if stands:
            publish_at(tmp_path, "first", 1)
        move, calls = swap.put_in_place, []

        def refuse_once(new: Path, place: Path) -> Path | None:
            calls.append(place.name)
            if len(calls) == 1:
                raise OSError(number, "refused")
            return move(new, place)

        monkeypatch.setattr("auditanalytics.publish.put_in_place", refuse_once)
        with pytest.raises(PublishingError, match=reason):
            publish(tmp_path, "second")
        assert calls == ["2019-Q4"]
        assert left_behind(tmp_path) == []

    def test_where_every_name_is_in_use_the_run_fails(self, tmp_path: Path, open_elsewhere: set[str]) -> None:
        publish_at(tmp_path, "first", 1)
        for place in [tmp_path / "2019-Q4", *swap.second_names(tmp_path / "2019-Q4")]:
            open_elsewhere.add(place.name)
            place.mkdir(exist_ok=True)
            (place / MANIFEST).touch()
        with pytest.raises(PublishingError, match="Permission denied"):
            publish(tmp_path, "second")
        assert published(tmp_path) == "first"


class TestRefusedBySystem:
    """Whatever the system refuses is one plain sentence, and what stood there stands."""

    @pytest.mark.parametrize("call", ["fsync", "mkdir", "chmod"])
    def test_a_call_before_the_report_stands(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        publish(tmp_path, "good")

        def fail(*arguments: object, **options: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(*((os, call) if call == "fsync" else (Path, call)), fail)
        with pytest.raises(PublishingError, match=r"\(No space left on device\); what was published before stands"):
            publish(tmp_path, "second")
        monkeypatch.undo()
        assert published(tmp_path) == "good"
        assert left_behind(tmp_path) == []

    def test_what_fails_when_the_report_stands_takes_nothing_from_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish_at(tmp_path, "good", 1)
        monkeypatch.setattr("auditanalytics.publish.EARLIER", "2019-Q4/index.html")  # a file: nothing can lie in it
        publish_at(tmp_path, "second", 2)
        assert published(tmp_path) == "second"
        assert left_behind(tmp_path) == []

    def test_what_fails_in_making_it_is_said_too(self, tmp_path: Path) -> None:
        with pytest.raises(PublishingError, match="File too large"), staged(tmp_path, "2019-Q4"):
            raise OSError(errno.EFBIG, "File too large")
        assert left_behind(tmp_path) == []

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
    def test_no_file_stays_open(self, tmp_path: Path) -> None:
        def opened() -> int:
            return len(list(Path("/proc/self/fd").iterdir()))

        before = opened()
        publish_at(tmp_path, "x", 1)
        assert opened() == before

    def test_whether_it_stands_is_known_before_what_it_replaced_is_put_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A run that is stopped just then has published."""

        def stop(*arguments: object) -> None:
            raise KeyboardInterrupt

        publish_at(tmp_path, "first", 1)
        monkeypatch.setattr("auditanalytics.publish._shelve", stop)
        with pytest.raises(KeyboardInterrupt), staged(tmp_path, "2019-Q4") as stage:
            assert not stage.stands
            (stage.folder / "index.html").write_text("second", encoding="utf-8")
        assert stage.stands
        assert published(tmp_path) == "second"

    def test_everything_reaches_the_disk_before_the_report_stands(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flushed, fsync = [], os.fsync

        def note(opened: int) -> None:
            flushed.append((os.fstat(opened).st_ino, (tmp_path / "2019-Q4").exists()))
            fsync(opened)

        monkeypatch.setattr(os, "fsync", note)
        publish_at(tmp_path, "x", 1)
        place = tmp_path / "2019-Q4"
        wanted = {(path.stat().st_ino, False) for path in (place, place / "index.html", place / MANIFEST)}
        assert set(flushed) == wanted | {(tmp_path.stat().st_ino, True)}
