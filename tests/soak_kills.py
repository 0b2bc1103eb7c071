"""A soak of the unattended run: killed, failing and stopped at every call and at hundreds of moments.

    python tests/soak_kills.py --kills 200 --seed 1

After each fault the last good report must be what it was, byte for byte, or the new one stand there whole; no process
may be left after ten seconds; and the next run must be done and clear everything away. `test_unattended.py` tries a few
of each. What is tried can be chosen: `--only calls-killed`.
"""

import argparse
import errno
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fault_files import CANARIES
from unattended import (
    ANY,
    AS_INSTALLED,
    BACKTRACKING,
    CLOSE,
    KILL,
    LOOP,
    OVERVIEW,
    PAGES,
    QUARTER,
    STOP,
    WAIT,
    WITH_A_CHILD,
    Fault,
    Place,
    Run,
    Warm,
    contents,
    flaws,
    leave_hostile_files,
    left_running,
    loss,
    made_from,
    warm_command,
    write_notebooks,
)

FAILING = {
    "open": (errno.EIO, errno.ENOSPC),
    "write": (errno.ENOSPC, errno.EIO),
    "fsync": (errno.EIO,),
    "rename,exchange": (errno.EIO, errno.ENOSPC),
    "mkdir": (errno.ENOSPC,),
    "remove": (errno.EIO,),
    "chmod": (errno.EIO,),
}
"""The calls that are made to fail, each one of a run by itself, and how."""

A_WHOLE_RUN = 20
"""Every so many killed runs, one is let run to its end."""


@dataclass
class Soak:
    """What was tried, and what did not hold."""

    warm: Warm
    folder: Path
    random: random.Random
    kills: int
    tried: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def must(self, holds: object, otherwise: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.findings.append(otherwise)
            print(f"  {otherwise}", flush=True)

    def place(self) -> Place:
        """A folder with a report, and returns that have changed since."""
        place = Place(self.folder / f"place-{next(self.numbers)}", self.warm)
        place.write_returns(0)
        write_notebooks(place.notebooks)
        self.runs_well(place, "the first run")
        place.change_returns()
        return place

    def runs_well(self, place: Place, when: str, *arguments: object) -> None:
        """A run is done, publishes the new report whole, and leaves nothing else."""
        run = place.run(*arguments)
        self.tried["runs to the end"] += 1
        self.must(run.code == 0, f"{when}: exit {run.code}: {run.stderr[-300:]}")
        if run.code == 0:
            wrong = flaws(place.report) or made_from(place.report) != place.hash_of_returns
            self.must(not wrong, f"{when}: the new report is not whole: {wrong}")
        self.must(not place.debris(), f"{when}: left behind {place.debris()}")

    def is_harmless(self, place: Place, run: Run, before: dict[str, str], what: str) -> None:
        """A run that came to its end in any way has taken nothing from the report, and is gone."""
        self.seen[f"exit {run.code}"] += 1
        left = left_running(run.mark)
        self.must(not left, f"{what}: still running after ten seconds: {left}")
        lost = loss(place.report, before, place.hash_of_returns)
        self.must(not lost, f"{what}: exit {run.code}: {lost}")
        self.must(not list(place.out.rglob("*.ipynb")), f"{what}: a notebook among the reports")
        said = run.stdout + run.stderr
        self.must("Traceback" not in said, f"{what}: a traceback: {said[-500:]}")
        self.must(not any(word in said for word in CANARIES), f"{what}: what stands in a return was said")

    def is_refused(self, place: Place, run: Run, before: dict[str, str], what: str) -> None:
        """A run that failed has left the report as it was, and no debris."""
        self.is_harmless(place, run, before, what)
        self.must(run.code == 1, f"{what}: exit {run.code}: {run.stderr[-300:]}")
        self.must(contents(place.report) == before, f"{what}: the report is another")
        left = set(place.debris()) - {"out/not-published"}
        self.must(not left, f"{what}: left behind {sorted(left)}")


# --------------------------------------------------------------------------------------------------------- what is tried


def random_kills(soak: Soak) -> None:
    """Kill the run at random moments, from its first instant until after its end; some of them started afresh."""
    place = soak.place()
    began = time.monotonic()
    soak.runs_well(place, "a run by the clock")
    usual = time.monotonic() - began
    for number in range(1, soak.kills + 1):
        place.change_returns()
        is_cold = number % 10 == 0
        after = soak.random.uniform(0, usual * (2.2 if is_cold else 1.2))
        before = contents(place.report)
        run = place.start(cold=() if is_cold else None)
        time.sleep(after)
        run.send(signal.SIGKILL)
        soak.tried["kills at random moments"] += 1
        soak.is_harmless(place, run.wait(), before, f"kill {number}, after {after:.2f} s")
        if number % A_WHOLE_RUN == 0:
            soak.runs_well(place, f"the run after kill {number}")
    place.change_returns()
    soak.runs_well(place, "the run after the last kill")


def calls_killed(soak: Soak) -> None:
    """Kill the run at each call that changes anything among the reports."""
    place = soak.place()
    for number in itertools.count(1):
        before = contents(place.report)
        run = place.run(faults=[Fault("any", number, KILL)])
        if run.code == 0:
            soak.must(len(run.calls) < number, f"call {number} killed nothing")
            soak.must(number > 50, f"only {number} calls were seen")
            break
        kind, path = run.calls[-1]
        what = f"kill at call {number}, {kind} {path.replace(str(place.out), '')}"
        soak.tried["kills at a call"] += 1
        soak.must(run.code == -signal.SIGKILL, f"{what}: exit {run.code}: {run.stderr[-300:]}")
        soak.is_harmless(place, run, before, what)
        is_of_places = kind in ("rename", "exchange") and "/tables/" not in path
        place.change_returns()
        if is_of_places or number % A_WHOLE_RUN == 0:
            soak.runs_well(place, f"the run after the {what}")
            place.change_returns()
    soak.must(not place.debris(), f"left behind {place.debris()}")


def fallback_killed(soak: Soak) -> None:
    """Kill the run at each change of names where names cannot be exchanged; the next one fails, and restores."""
    for number in itertools.count(1):
        place = soak.place()
        before = contents(place.report)
        cannot = Fault("exchange", ANY, errno.EINVAL)
        run = place.run(faults=[cannot, Fault("rename", number, KILL, path=place.report)])
        if run.code == 0:
            soak.must(number > 2, "names were changed once or never")
            break
        soak.tried["kills between two names"] += 1
        soak.seen[f"exit {run.code}"] += 1
        write_notebooks(place.notebooks, {OVERVIEW: ["1 / 0"]})
        failing = place.run(faults=[cannot])
        soak.is_harmless(place, failing, before, f"kill at change of names {number}, and the next run failed")
        write_notebooks(place.notebooks)
        soak.runs_well(place, f"the run after change of names {number}")


def calls_failing(soak: Soak) -> None:
    """Let each call that changes anything among the reports fail, one in each run."""
    for kinds, error in ((kinds, error) for kinds, errors in FAILING.items() for error in errors):
        place = soak.place()
        for number in itertools.count(1):
            before = contents(place.report)
            # Nothing is removed but what is not kept; where that fails, it is left to the next run.
            run = place.run(*(["--keep", 0] if kinds == "remove" else []), faults=[Fault(kinds, number, error)])
            of_kinds = [call for call in run.calls if call[0] in kinds.split(",")]
            if len(of_kinds) < number:
                soak.must(run.code == 0, f"{kinds} with none failing: exit {run.code}: {run.stderr[-300:]}")
                break
            path = of_kinds[number - 1][1].replace(str(place.out), "")
            what = f"{kinds} {number} fails with {errno.errorcode[error]}, {path}"
            soak.tried[f"{kinds} {errno.errorcode[error]}"] += 1
            soak.is_harmless(place, run, before, what)
            soak.must(run.code in (0, 1), f"{what}: exit {run.code}: {run.stderr[-300:]}")
            if run.code == 0:
                soak.seen[f"done although {kinds} failed"] += 1
                is_new = not flaws(place.report) and made_from(place.report) == place.hash_of_returns
                soak.must(is_new, f"{what}: exit 0 without the new report in its place")
            left = [name for name in place.debris() if name != "out/not-published"]
            if kinds == "remove" and run.code == 0:
                left = [name for name in left if not name.startswith("out/.stage-")]
            soak.must(not left, f"{what}: left behind {left}")
            place.change_returns()
        soak.must(soak.tried[f"{kinds} {errno.errorcode[error]}"], f"no call was {kinds}")
        soak.runs_well(place, f"the run after each {kinds} had failed")


def signals(soak: Soak) -> None:
    """Send each signal at moments of a run, and while a cell goes on for ever."""
    for name, to_group in (("SIGTERM", False), ("SIGINT", False), ("SIGINT", True), ("SIGHUP", False)):
        number = getattr(signal, name)
        for cell in (LOOP, BACKTRACKING, WITH_A_CHILD, None):
            place = soak.place()
            for _ in range(1 if cell else 12):
                before = contents(place.report)
                write_notebooks(place.notebooks, {OVERVIEW: [cell]} if cell else None)
                after = soak.random.uniform(0.3, 4.5)  # before, it is Python that is starting
                run = place.start()
                if cell:
                    place.noted("running")
                else:
                    time.sleep(after)
                what = f"{name}{' to the group' if to_group else ''} {'in a cell' if cell else f'after {after:.2f} s'}"
                run.send(number, to_group=to_group)
                sent = time.monotonic()
                run.wait()
                soak.tried["signals"] += 1
                soak.must(time.monotonic() - sent < 10, f"{what}: took {time.monotonic() - sent:.1f} s to end")
                soak.is_harmless(place, run, before, what)
                soak.must(run.code in (128 + number, 1, 0), f"{what}: exit {run.code}: {run.stderr[-300:]}")
                soak.must(cell is None or run.code, f"{what}: exit 0")
                left = set(place.debris()) - {"out/not-published"}
                soak.must(not left, f"{what}: exit {run.code}: left behind {sorted(left)}")
                place.change_returns()
            write_notebooks(place.notebooks)
            soak.runs_well(place, f"the run after {name}")


LEAVING = (
    *("import sys; sys.exit(0)", "exit()", "quit()", "exit(0)", "raise SystemExit", "import os; os._exit(0)"),
    *("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "import os; os.kill(os.getpid(), 11)", "1 / 0"),
    *("x = bytearray(10**12)", "x = [b'x' * 10**8 for _ in range(30)]"),
    *("import os; os.execv('/bin/true', ['true'])", "raise KeyboardInterrupt", "import os; os.close(1); os.abort()"),
)


def calls_stopped(soak: Soak) -> None:
    """Send SIGTERM at each call from shortly before the new report takes its place; what is said must be what is."""
    place = soak.place()
    kinds = [kind for kind, _ in place.run(faults=[]).calls]
    place.change_returns()
    soak.must("exchange" in kinds, "no two names were exchanged")
    for back in range(-3, len(kinds) - kinds.index("exchange")):
        before = contents(place.report)
        shutil.rmtree(place.out / "not-published", ignore_errors=True)
        number = kinds.index("exchange") + 1 + back
        run = place.run(faults=[Fault("any", number, STOP)])
        if len(run.calls) < number:
            break
        kind, path = run.calls[number - 1]
        what = f"SIGTERM at call {number}, {kind} {path.replace(str(place.out), '')}"
        soak.tried["SIGTERM at a call"] += 1
        soak.is_harmless(place, run, before, what)
        is_new, says_not = contents(place.report) != before, (place.out / "not-published").exists()
        soak.must(is_new or run.code, f"{what}: exit 0 without a new report")
        soak.must(not (is_new and says_not), f"{what}: the new report stands, and a page says that it does not")
        place.change_returns()
    soak.runs_well(place, "the run after SIGTERM at calls")


def kernels(soak: Soak) -> None:
    """Let cells leave early, die, go on for ever or be killed from outside, each at a random place of a random page."""
    place = soak.place()
    before = contents(place.report)

    def notebook(cell: str) -> str:
        page, count = soak.random.choice(PAGES), soak.random.randint(0, 3)
        cells = ["1;"] * count
        cells.insert(soak.random.randint(0, count), cell)
        write_notebooks(place.notebooks, {page: cells})
        soak.tried["cells that do not end well"] += 1
        return f"{cell!r} in {page}, cell {cells.index(cell) + 1} of {count + 1}"

    for cell in LEAVING:
        what = notebook(cell)
        soak.is_refused(place, place.run("--memory", 1), before, what)
    for cell in (LOOP, BACKTRACKING, WITH_A_CHILD, "import time; time.sleep(1000)"):
        what, began = notebook(cell), time.monotonic()
        soak.is_refused(place, place.run("--timeout", 2), before, what)
        soak.must(time.monotonic() - began < 2 + 15 + 5, f"{what}: took {time.monotonic() - began:.0f} s")
    what, began = notebook("import time; time.sleep(1000)"), time.monotonic()
    soak.is_refused(place, place.run("--total-timeout", 4), before, f"{what}, and the pages together had 4 s")
    soak.must(time.monotonic() - began < 4 + 15 + 5, f"{what}: took {time.monotonic() - began:.0f} s")
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV):
        for path in place.notes.iterdir():
            path.unlink()
        what = f"{notebook(WAIT)}, {number.name}"
        run = place.start("--timeout", 2)
        os.kill(place.noted("waiting"), number)
        soak.is_refused(place, run.wait(), before, what)
    for close in ("", "1;", CLOSE.replace("120", "119"), CLOSE.replace("run,", "'another',", 1), "if 0: pass"):
        write_notebooks(place.notebooks, {OVERVIEW: ["1;"]}, close=close)
        soak.tried["pages that are not closed"] += 1
        soak.is_refused(place, place.run(), before, f"closed by {close[-60:]!r}")
    write_notebooks(place.notebooks)
    soak.runs_well(place, "the run after what kernels did")


def at_once(soak: Soak) -> None:
    """Start two, three and four runs at once, into a fresh folder and into one with a report."""
    for count, is_fresh in itertools.product((2, 3, 4), (True, False)):
        place = soak.place()
        if is_fresh:
            shutil.rmtree(place.out)
        runs = [place.start() for _ in range(count)]
        codes = sorted(run.wait().code for run in runs)
        soak.tried["runs at once"] += count
        soak.must(codes[0] == 0 and set(codes[1:]) <= {0, 4}, f"{count} runs at once: exits {codes}")
        soak.must(not flaws(place.report), f"{count} runs at once: {flaws(place.report)}")
        soak.must(made_from(place.report) == place.hash_of_returns, f"{count} runs at once: not from these returns")
        soak.must(not place.debris(), f"{count} runs at once: left behind {place.debris()}")


SURROUNDINGS: tuple[dict[str, str | None], ...] = (
    {"TZ": "America/New_York"}, {"TZ": None}, {"TZ": "Nowhere/At_All"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"},
    {"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "tr_TR.ISO8859-9", "LANG": "tr_TR"}, {"PYTHONTZPATH": ""},
    {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "4294967295"}, {"PYTHONUTF8": "0", "LC_ALL": "C"},
    {"MPLBACKEND": "agg"}, {"OMP_NUM_THREADS": "1"}, {"COLUMNS": "20"}, {"HOME": None},
    {"PYTHONWARNINGS": "error"}, {"AUDITANALYTICS_NOW": "2031-03-31T23:30:00+00:00"}, {"SOURCE_DATE_EPOCH": "1"},
)  # fmt: skip


def surroundings(soak: Soak) -> None:
    """Make the report again in many surroundings: not a byte may differ."""
    place = soak.place()
    soak.runs_well(place, "the first run")
    soak.runs_well(place, "the same again", "--force")  # nothing has changed since the last report then
    before = contents(place.report)
    for environment in SURROUNDINGS:
        again(soak, place, before, f"with {environment}", cold=(), environment=environment)
    again(soak, place, before, "with a umask of 0", cold=["sh", "-c", 'umask 0; exec "$@"', "sh"])
    again(soak, place, before, "one page at a time", more=["--jobs", 1])
    other = place.copied(soak.folder / "elsewhere")
    again(soak, other, before, "from another folder")
    leave_hostile_files(place.here)
    again(soak, place, before, "beside hostile files", cold=AS_INSTALLED)


def again(
    soak: Soak, place: Place, before: dict[str, str], what: str, *, more: Sequence[object] = (), **options: object
) -> None:
    run = place.run("--force", *more, **options)
    soak.tried["surroundings"] += 1
    soak.must(run.code == 0, f"{what}: exit {run.code}: {run.stderr[-300:]}")
    now = contents(place.report)
    differing = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
    soak.must(not differing, f"{what}: differs in {differing}")
    soak.must(not place.debris(), f"{what}: left behind {place.debris()}")


def in_use(soak: Soak) -> None:
    """Let the folder of the report not be moved, as where somebody has a file of it open; twice, and then be free."""
    for error in (errno.EACCES, errno.EPERM, errno.EBUSY):
        place = soak.place()
        before = contents(place.report)
        for _ in range(2):
            run = place.run(faults=[Fault("rename,exchange", ANY, error, path=place.report)])
            beside, what = place.out / f"{QUARTER}-2", f"in use ({errno.errorcode[error]})"
            soak.tried["reports in use"] += 1
            soak.must(run.code == 0, f"{what}: exit {run.code}: {run.stderr[-300:]}")
            soak.must(beside.name in run.stdout, f"{what}: said {run.stdout!r}")
            soak.must(not flaws(beside), f"{what}: {flaws(beside)}")
            soak.must(contents(place.report) == before, f"{what}: the report is another")
            place.change_returns()
        soak.runs_well(place, "the run after a report was in use")


def unchanged(soak: Soak) -> None:
    """Ask for the same again, in other ways: no call may change anything."""
    place = soak.place()
    soak.runs_well(place, "the first run")
    for arguments in ([], ["--quarter", "latest"], ["--quarter", QUARTER], ["--jobs", 1], ["--timeout", 99]):
        run = place.run(*arguments, faults=[])
        soak.tried["the same again"] += 1
        soak.must(run.code == 0 and "Already published" in run.stdout, f"again with {arguments}: {run.stdout!r}")
        soak.must(not run.calls, f"again with {arguments}: {run.calls[:5]}")
    if shutil.which("strace"):
        log = place.root / "changing"
        names = (
            "openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,chmod,fchmodat,utimensat"
        )
        place.run(cold=["strace", "-f", "-y", "-o", log, "-e", f"trace={names}"])
        lines = [line for line in log.read_text(errors="replace").splitlines() if str(place.out) in line]
        changing = [line for line in lines if "O_CREAT" in line or not re.search(r"open(at)?\(.*O_RDONLY", line)]
        soak.must(lines, "strace saw nothing among the reports")
        soak.must(not changing, f"again, by strace: {changing[:5]}")


CLOCKS = {
    "2019-12-31T23:30:00+00:00": "2019-Q3", "2020-01-01T00:00:00+00:00": "2019-Q4",
    "2020-03-31T22:59:59+00:00": "2019-Q4", "2020-03-31T23:30:00+00:00": "2020-Q1",
    "2019-10-27T00:30:00+00:00": "2019-Q3", "2019-10-27T01:30:00+00:00": "2019-Q3",
    "2019-09-30T22:59:59+00:00": "2019-Q2", "2019-09-30T23:00:00+00:00": "2019-Q3",
    "2020-04-01T08:30:00+09:00": "2020-Q1", "2020-03-31T18:59:00-04:00": "2019-Q4",
}  # fmt: skip
"""The last quarter that has ended in London; the hours about midnight, and both of those when summer time ends."""

MONTHS = ("2019-02-05", "2019-05-07", "2019-08-06", "2019-11-05", "2020-02-04")


def clocks(soak: Soak) -> None:
    """Ask for the last quarter at moments when London has another date than the machine, or an hour twice."""
    for now, quarter in CLOCKS.items():
        place = Place(soak.folder / f"place-{next(soak.numbers)}", soak.warm)
        place.write_returns(0, days=[day for day in MONTHS if day < now])
        write_notebooks(place.notebooks)
        zone = soak.random.choice(["America/New_York", "Pacific/Auckland", "UTC"])
        run = place.run("--quarter", "latest", environment={"AUDITANALYTICS_NOW": now, "TZ": zone})
        soak.tried["clocks"] += 1
        soak.must(run.code == 0 and (place.out / quarter).is_dir(), f"at {now}: {run.stdout}{run.stderr}")


def strace_agrees(soak: Soak) -> None:
    """See whether the calls that are counted are those that strace sees, so that none is left out."""
    if shutil.which("strace") is None:
        print("  strace is not installed: not tried")
        return
    place = soak.place()
    counted = Counter(kind for kind, _ in place.run(faults=[]).calls)
    place.change_returns()
    log = place.root / "calls"
    names = "write,pwrite64,writev,sendfile,copy_file_range,fsync,fdatasync,rename,renameat,renameat2"
    place.run(cold=["strace", "-f", "-y", "-s", "0", "-o", log, "-e", f"trace={names}"])
    seen: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        if str(place.out) in line and (found := re.match(r"\d+ +(\w+)\(", line)):
            name = found[1]
            kind = "exchange" if "RENAME_EXCHANGE" in line else re.sub(r"^(rename|fsync|fdatasync).*", r"\1", name)
            seen[{"fdatasync": "fsync"}.get(kind, kind if kind in ("rename", "fsync", "exchange") else "write")] += 1
    soak.tried["kinds of calls compared with strace"] += len(seen)
    for kind, count in seen.items():
        soak.must(counted[kind] == count, f"{kind}: {counted[kind]} calls were counted where strace saw {count}")
    soak.must(seen["fsync"] and seen["write"], f"strace saw {dict(seen)}")


PARTS: dict[str, Callable[[Soak], None]] = {
    "strace": strace_agrees, "unchanged": unchanged, "clocks": clocks, "at-once": at_once, "in-use": in_use, "fallback": fallback_killed,
    "surroundings": surroundings, "kernels": kernels, "signals": signals, "random-kills": random_kills,
    "calls-stopped": calls_stopped, "calls-killed": calls_killed, "calls-failing": calls_failing,
}  # fmt: skip


@contextmanager
def in_a_place_of_its_own() -> Iterator[Path]:
    """A key of its own, and a folder for everything."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
            os.environ[name] = f"{folder}/configuration"
        os.environ.pop("AUDITANALYTICS_KEY_FILE", None)
        yield Path(folder).resolve()


def main(arguments: list[str] | None = None) -> int:
    """Run the soak from the command line."""
    parser = argparse.ArgumentParser(description="Kill, fail and stop the report at every call and at many moments.")
    parser.add_argument("--kills", type=int, default=200, help="how many kills at random moments")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", action="append", choices=[*PARTS], default=[], help="may be repeated")
    given = parser.parse_args(arguments)
    if sys.platform != "linux" or shutil.which("cc") is None:
        print("Linux and a C compiler (cc) are needed")
        return 1
    print(f"seed {given.seed}", flush=True)
    with in_a_place_of_its_own() as folder, warm_command(folder) as warm:
        soak = Soak(warm, folder, random.Random(given.seed), given.kills)
        for name in given.only or PARTS:
            began, before = time.monotonic(), Counter(soak.tried)
            print(f"{name}: {(PARTS[name].__doc__ or '').splitlines()[0]}", flush=True)
            try:
                PARTS[name](soak)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                soak.must(False, f"{name} was not done: {type(error).__name__}: {str(error)[:300]}")
            tried = ", ".join(f"{count} {what}" for what, count in (soak.tried - before).items())
            print(f"  {tried}; {time.monotonic() - began:.0f} s", flush=True)
        print(f"{sum(soak.tried.values())} tried; {dict(sorted(soak.seen.items()))}; {len(soak.findings)} findings")
    return int(bool(soak.findings))


if __name__ == "__main__":
    sys.exit(main())
