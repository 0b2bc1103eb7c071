"""Running the command in surroundings of which every change is seen, and looking at what it did."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from conftest import read_table
from fault_files import FRAMEWORK, GOOD, Builder

Meanwhile = Callable[[Path], AbstractContextManager[list[str]]]
PATIENCE = 300

# Between the tests and the command stands a small process, because the peak of one counts what it was forked from.
MEASURE = """
import json, os, sys
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss], file)
"""
BYTES_OF_PEAK = 1 if sys.platform == "darwin" else 1024


@dataclass
class Seen:
    """What could be seen from outside when the command ran on a folder."""

    folder: Path
    out: Path
    exit: int
    stdout: str
    stderr: str
    wall_seconds: float
    cpu_seconds: float
    megabytes: float
    left_behind: list[str]
    heard: list[str]

    @cached_property
    def found(self) -> dict[str, Any]:
        """What the command printed."""
        assert self.stdout, f"exit {self.exit}: {self.stderr}"
        return json.loads(self.stdout)

    @property
    def problems(self) -> list[dict[str, str]]:
        return self.found["problems"]

    def codes(self, *severities: str) -> set[str]:
        return {each["code"] for each in self.problems if not severities or each["severity"] in severities}

    def said(self) -> Iterator[tuple[str, str]]:
        """All that the command said or wrote, but for workbooks to mend: they hold raw rows, for their sender."""
        yield from [("standard output", self.stdout), ("standard error", self.stderr)]
        for path in self.out.rglob("*"):
            if path.is_file() and "to-mend" not in path.parts:
                yield path.name, path.read_bytes().decode("utf-8", errors="replace")

    def numbers(self) -> list[bytes]:
        """The tables that may not depend on how a return was written."""
        return [(self.out / "tables" / f"{name}.csv").read_bytes() for name in ("quarterly-grades", "grade-ledger")]

    def quarters(self) -> set[str]:
        return {row["quarter"] for row in read_table(self.out, "quarterly-grades") if row["of"] not in ("", "0")}

    def good_shares(self) -> dict[tuple[str, str], float]:
        rows = read_table(self.out, "published-shares")
        return {(row["domain"], row["quarter"]): float(row["share"]) for row in rows if row["grade"] == "good"}


def run_watched(
    place: Path,
    build: Builder,
    *arguments: object,
    command: tuple[str, ...] = ("check", "--json"),
    meanwhile: Meanwhile = lambda folder: nullcontext([]),
    framework: str = FRAMEWORK,
    patience: float = PATIENCE,
) -> Seen:
    """Run the command on the folder that a builder fills."""
    folder, out, own, result = (place / name for name in ("in", "out", "small.toml", "result.json"))
    scratch, elsewhere = place / "scratch", place / "some" / "where" / "else"
    for each in (folder, scratch, elsewhere):
        each.mkdir(parents=True, exist_ok=True)
    own.write_text(framework, encoding="utf-8")
    build(folder)
    for path in folder.iterdir():
        os.utime(path, (time.time() - 60,) * 2, follow_symlinks=os.name != "posix")  # nobody is writing it any more
    measured = [sys.executable, "-I", "-c", MEASURE, result] if os.name == "posix" else []
    whole = [sys.executable, "-m", "auditanalytics", *command, folder, "--framework", own, "--out", out]
    mark = uuid.uuid4().hex
    surroundings = dict.fromkeys(["TMPDIR", "TEMP", "TMP"], str(scratch)) | {"AUDITANALYTICS_TEST_MARK": mark}
    with meanwhile(folder) as heard:
        before, began = _everything_in(place), time.monotonic()
        process = subprocess.Popen(
            [*map(str, [*measured, *whole, *arguments])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=elsewhere,
            env=os.environ | surroundings,
        )
        try:
            stdout, stderr = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            _left_running(mark, within=0)
            stdout, stderr = process.communicate()
        wall = time.monotonic() - began
        code, cpu, peak = json.loads(result.read_bytes()) if result.exists() else (process.returncode, 0, 0)
        result.unlink(missing_ok=True)
        new = _everything_in(place) - before
    left = sorted(name for name in new if name.split("/")[0] != "out") + _left_running(mark)
    return Seen(folder, out, code, stdout, stderr, wall, cpu, peak * BYTES_OF_PEAK / 2**20, left, heard)


def _everything_in(place: Path) -> set[str]:
    return {path.relative_to(place).as_posix() for path in place.rglob("*")}


def _left_running(mark: str, *, within: float = 3) -> list[str]:
    """The processes that carry a mark in their environment and do not end soon; they are ended."""
    deadline = time.monotonic() + within
    while (running := _processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in running:
        os.kill(process, signal.SIGKILL)
    return [f"process {process}" for process in running]


def _processes(mark: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue  # it ended meanwhile, or belongs to somebody else
    return found


# --------------------------------------------------------------------------------------- what to look for in what is seen

Look = Callable[[Seen], None]


def counts(accepted: int, rejected: int = 0) -> Look:
    def look(seen: Seen) -> None:
        assert [seen.found["accepted"], seen.found["rejected"]] == [accepted, rejected]

    return look


def told(code: str, *, says: str = "", **fields: str) -> Look:
    """A problem of the code has these fields, and its words say this."""

    def fits(problem: dict[str, str]) -> bool:
        words = "\n".join(problem[name] for name in ("message", "remedy", "column", "value"))
        return re.search(says, words) is not None and all(problem[name] == fields[name] for name in fields)

    def look(seen: Seen) -> None:
        alike = [problem for problem in seen.problems if problem["code"] == code]
        assert any(map(fits, alike)), alike

    return look


def described(**fields: object) -> Look:
    """A file or sheet that was read is described so."""

    def look(seen: Seen) -> None:
        assert any(all(each[name] == fields[name] for name in fields) for each in seen.found["files"]), seen.found[
            "files"
        ]

    return look


def only_in(quarter: str) -> Look:
    def look(seen: Seen) -> None:
        assert seen.quarters() == {quarter}

    return look


def graded(count: int, grade: str) -> Look:
    """So many judgements in the domain of risk are at the grade."""

    def look(seen: Seen) -> None:
        rows = read_table(seen.out, "quarterly-grades")
        assert sum(int(row["n"]) for row in rows if (row["domain"], row["grade"]) == ("risk", grade)) == count

    return look


def shares_are(wanted: dict[tuple[str, str], float | None]) -> Look:
    """The shares of Good by domain and quarter, None where a cell could not be read."""

    def look(seen: Seen) -> None:
        found = seen.good_shares()
        assert {place: found.get(place) for place in wanted} == wanted

    return look


def nowhere(word: str) -> Look:
    def look(seen: Seen) -> None:
        assert [place for place, said in seen.said() if word in said] == []

    return look


def if_done(*looks: Look) -> Look:
    """Where a fault may be mended as well as refused."""

    def look(seen: Seen) -> None:
        for each in looks if seen.exit == 0 else ():
            each(seen)

    return look


def share_or_problem(share: float, cell: str) -> Look:
    """The first share is the one that is written there, or its cell is a problem; never another share."""

    def look(seen: Seen) -> None:
        found = seen.good_shares().get(("risk", "2025-Q1"))
        assert found == share or (found is None and cell in {problem["cell"] for problem in seen.problems})

    return look


def not_run_together(first: int, last: int) -> Look:
    """Audits that a quotation mark ran together are lost, and said to be: never one audit in place of several."""

    def look(seen: Seen) -> None:
        good = len(GOOD) - 1
        assert seen.found["accepted"] in (0, *range(good - (last - first + 1), good))
        rows = [re.match(r"\d+", problem["row"]) for problem in seen.problems if problem["code"] == "quote"]
        assert all(first < int(row[0]) <= last + 1 for row in rows if row)

    return look


def nothing_read(seen: Seen) -> None:
    assert seen.found["accepted"] == 0
    assert {each["kind"] for each in seen.found["files"]} <= {"not read"}


def not_copied(seen: Seen) -> None:
    given = {path.read_bytes() for path in seen.folder.iterdir()}
    assert [path.name for path in seen.out.rglob("*") if path.is_file() and path.read_bytes() in given] == []


def no_request_came(seen: Seen) -> None:
    assert seen.heard == []


def nothing_unpacked(seen: Seen) -> None:
    above = {*seen.folder.parents, *Path.cwd().parents, Path.cwd()}
    assert [folder for folder in above if (folder / "evil.txt").exists()] == []
    assert list(seen.folder.parent.rglob("evil.txt")) == []


def told_briefly(seen: Seen) -> None:
    """A spreadsheet cuts a cell at 32,767 characters, so no table may hold a longer one."""
    assert max(len(problem["value"]) for problem in seen.problems) <= 32_767
