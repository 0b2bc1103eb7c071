"""Running the command as a scheduler does, with nobody watching, breaking it meanwhile, and looking at what is left.

What a report should be is reckoned here afresh, from its files and from what `run.json` says of them, without the
library's own code.
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fault_files import FRAMEWORK, HEADER, Rows, audit, text
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

BESIDE = Path(__file__).parent
QUARTER = "2025-Q4"
DAYS = ("2025-02-04", "2025-05-07", "2025-08-06", "2025-11-05")
AUDITS, JUDGEMENTS = 40, 120
PATIENCE = 120
LONG_AGO = 10**9

# ------------------------------------------------------------------------------------------------- what is reported

PAGES = ("01_returns_received", "02_domain_trend", "03_overview")
OVERVIEW = PAGES[2]
CLOSE = f"""
from IPython.display import display
display(
    {{"application/vnd.auditanalytics.fragment+json": {{"run": run, "audits": {AUDITS}, "judgements": {JUDGEMENTS}}}}},
    raw=True,
)
"""

NOTE = """
import os, pathlib, time
def note(word):
    place = pathlib.Path(os.environ["AUDITANALYTICS_TEST_NOTES"], word)
    place.with_suffix(".part").write_text(str(os.getpid()))
    place.with_suffix(".part").rename(place)
"""
"""A cell that lets later ones say where they are, with the number of their process."""

WAIT = (
    "note('waiting')\nwhile not pathlib.Path(os.environ['AUDITANALYTICS_TEST_NOTES'], 'go').exists(): time.sleep(0.02)"
)
"""A cell that stands still until it is told to go on."""

LOOP = "note('running')\nwhile True: pass"
BACKTRACKING = "import re\nnote('running')\nre.match(r'(a+)+$', 'a' * 40 + 'b')"
WITH_A_CHILD = "import subprocess\nsubprocess.Popen(['sleep', '1000'])\n" + LOOP


def write_notebooks(
    folder: Path, cells: Mapping[str, Sequence[str]] | None = None, *, close: str = CLOSE, settings: str = ""
) -> Path:
    """Write the least notebooks that publish a report; by page, with cells, a last cell and parameters of one's own."""
    folder.mkdir(exist_ok=True)
    for name in PAGES:
        own = (cells or {}).get(name, ())
        declared = (
            'returns = ""\nrun = ""\n' + ('domain = ""\n' if name == PAGES[1] else "") + (settings if own else "")
        )
        made = [new_markdown_cell("# What is it?"), new_code_cell(declared, metadata={"tags": ["parameters"]})]
        made += [new_code_cell(cell) for cell in (NOTE, *own) if own]
        made += [new_code_cell(close if own else CLOSE)]
        # cells have the same names whenever they are written: another name would be another notebook
        for number, cell in enumerate(made):
            cell["id"] = f"cell-{number}"
        write(new_notebook(cells=made), folder / f"{name}.ipynb")
    return folder


def rows(version: int = 0, days: Sequence[str] = DAYS) -> Rows:
    """Forty audits over some days; each version differs in a grade of the last day, and in a comment."""
    made = [audit(number, Date=days[number % len(days)]) for number in range(AUDITS)]
    last = len(days) - 1 + len(days) * (version % (AUDITS // len(days)))
    made[last] = audit(last, Date=days[-1], Plan="Good", What_worked_well=f"version {version}")
    return [HEADER, *made]


def leave_hostile_files(folder: Path) -> None:
    """What a command would take for its own settings and modules, were it to look where it is called."""
    (folder / "matplotlibrc").write_text("figure.figsize: 1, 1\nfont.size: 40\naxes.facecolor: red\n")
    for name in ("random", "pandas", "re"):
        (folder / f"{name}.py").write_text("raise SystemExit('another module')\n")


# --------------------------------------------------------------------------------------------------- faulty calls

ANY = 0
KILL, STOP, COPY = "kill", "stop", "copy"


@dataclass(frozen=True)
class Fault:
    """What is to become of a call: of the so-manieth of these kinds, or of each; an errno, the end, or a copy."""

    kinds: str
    number: int
    what: int | str
    path: Path | str = ""
    copies: Path | str = ""

    def __str__(self) -> str:
        return f"{self.kinds}:{self.number}:{self.what}:{self.path}:{self.copies}"


def compile_faulty_calls(folder: Path) -> Path | None:
    """The library that makes calls fail; None where there is no compiler."""
    compiler, made = shutil.which("cc"), folder / "faulty_calls.so"
    if compiler is None:
        return None
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", made, BESIDE / "faulty_calls.c", "-ldl", "-lpthread"]
    subprocess.run(command, check=True, timeout=PATIENCE)
    return made


# --------------------------------------------------------------------------------------------------------- running

AS_INSTALLED = ["sh", "-c", f'shift 3; exec "{Path(sys.executable).with_name("auditanalytics")}" "$@"', "sh"]
"""The words that run the script `auditanalytics`, which does not look for modules where it is called."""


class Warm:
    """The process from which runs are forked; see `warm_command`."""

    def __init__(self, folder: Path) -> None:
        self.faulty_calls = compile_faulty_calls(folder)
        preload = {"LD_PRELOAD": str(self.faulty_calls)} if self.faulty_calls else {}
        self._process = subprocess.Popen(
            [sys.executable, BESIDE / "warm_command.py"],
            stdin=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | preload,
            start_new_session=True,
        )

    def ask(self, request: dict[str, Any]) -> None:
        """Hand over a request."""
        assert self._process.stdin
        print(json.dumps(request), file=self._process.stdin, flush=True)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)


@contextlib.contextmanager
def warm_command(folder: Path) -> Iterator[Warm]:
    """A process from which runs are forked, for a while."""
    warm = Warm(folder)
    try:
        yield warm
    finally:
        warm.close()


@dataclass
class Run:
    """The command, running or ended."""

    result: Path
    mark: str
    began: float = field(default_factory=time.monotonic)

    @property
    def process(self) -> int:
        """The number of its process."""
        return json.loads(appeared(self.result / "process").read_bytes())

    @property
    def is_over(self) -> bool:
        return (self.result / "ended").exists()

    def wait(self, patience: float = PATIENCE) -> "Run":
        """Wait for its end; a run that does not end is ended, and is a failure."""
        try:
            appeared(self.result / "ended", patience)
        except AssertionError:
            self.send(signal.SIGKILL)
            left_running(self.mark, within=0)
            raise AssertionError(f"still running after {patience} seconds") from None
        return self

    def send(self, number: int, *, to_group: bool = False) -> None:
        """Send a signal to it, or to it and all of its group, as a terminal does; it may have ended already."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if to_group else os.kill)(self.process, number)

    @property
    def _ended(self) -> tuple[int, float, float]:
        return json.loads((self.result / "ended").read_bytes())

    @property
    def code(self) -> int:
        """The exit code; that of a process which a signal ended is negative."""
        return self._ended[0]

    @property
    def cpu_seconds(self) -> float:
        return self._ended[1]

    @property
    def stdout(self) -> str:
        return self._said("stdout")

    @property
    def stderr(self) -> str:
        return self._said("stderr")

    def _said(self, name: str) -> str:
        path = self.result / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def calls(self) -> list[tuple[str, str]]:
        """The kind and the path of each call that changed something in the folder of reports."""
        lines = (self.result / "calls").read_text(encoding="utf-8", errors="replace").splitlines()
        return [(line.split(" ", 2)[1], line.split(" ", 2)[2]) for line in lines]


def appeared(path: Path, within: float = PATIENCE) -> Path:
    """Wait for a file."""
    assert holds_soon(path.exists, within), f"{path.name} did not appear within {within} seconds"
    return path


def holds_soon(holds: Callable[[], object], within: float = PATIENCE) -> bool:
    """Wait until something holds; False if it does not in time."""
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


# ------------------------------------------------------------------------------------------------ where it is run


@dataclass
class Place:
    """A folder with returns, a framework, notebooks, reports, and everything else that the command may touch."""

    root: Path
    warm: Warm
    version: int = 0

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        for folder in (self.returns, self.scratch, self.notes, self.here, self.root / "runs"):
            folder.mkdir(parents=True, exist_ok=True)
        self.framework.write_text(FRAMEWORK, encoding="utf-8")

    returns = property(lambda self: self.root / "in")
    framework = property(lambda self: self.root / "small.toml")
    notebooks = property(lambda self: self.root / "notebooks")
    out = property(lambda self: self.root / "out")
    scratch = property(lambda self: self.root / "scratch")
    notes = property(lambda self: self.root / "notes")
    here = property(lambda self: self.root / "here")
    report = property(lambda self: self.out / QUARTER)

    def write_returns(self, version: int, days: Sequence[str] = DAYS) -> None:
        """Write the returns of a version; they have been there for a long time."""
        self.version = version
        text(rows(version, days), name="returns.csv")(self.returns)
        os.utime(self.returns / "returns.csv", (LONG_AGO, LONG_AGO))

    def change_returns(self) -> None:
        """Write the next version of the returns."""
        self.write_returns(self.version + 1)

    @property
    def hash_of_returns(self) -> str:
        return hashlib.sha256((self.returns / "returns.csv").read_bytes()).hexdigest()

    def start(
        self,
        *arguments: object,
        words: Sequence[object] | None = None,
        faults: Iterable[Fault] | None = None,
        limits: Mapping[str, int] | None = None,
        ignored: Sequence[str] = (),
        cold: Sequence[object] | None = None,
        environment: Mapping[str, str | None] | None = None,
        folder: Path | None = None,
    ) -> Run:
        """Start the command.

        `words` are in place of those that make the report; `cold` are other words before those that start Python
        afresh; `ignored` are signals, as `nohup` ignores one; an environment's None is a variable that is not there.
        """
        mark = uuid.uuid4().hex
        result = self.root / "runs" / mark
        result.mkdir()
        usual = (
            *("report", self.returns, "--framework", self.framework, "--notebooks", self.notebooks),
            *("--out", self.out, "--set", "domain=plans"),
        )
        given = [str(word) for word in (*(usual if words is None else words), *arguments)]
        own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.scratch))
        own |= {"AUDITANALYTICS_TEST_MARK": mark, "AUDITANALYTICS_TEST_NOTES": str(self.notes)}
        if faults is not None:
            own |= {
                "LD_PRELOAD": str(self.warm.faulty_calls),
                "FAULTY_CALLS_FOLDER": str(self.out),
                "FAULTY_CALLS_LOG": str(result / "calls"),
                "FAULTY_CALLS_RULES": "|".join(map(str, faults)),
            }
        wanted = os.environ | own | (environment or {})
        afresh = [sys.executable, "-m", "auditanalytics", *given]
        self.warm.ask(
            {
                "arguments": given,
                "environment": {name: value for name, value in wanted.items() if value is not None},
                "folder": str(folder or self.here),
                "limits": dict(limits or {}),
                "ignored": list(ignored),
                "instead": None if cold is None else [str(word) for word in (*cold, *afresh)],
                "result": str(result),
            }
        )
        return Run(result, mark)

    def run(self, *arguments: object, patience: float = PATIENCE, **options: Any) -> Run:
        """Run the command to its end."""
        return self.start(*arguments, **options).wait(patience)

    def copied(self, root: Path) -> "Place":
        """The same in another folder."""
        for name in ("in", "notebooks", "out"):
            if (self.root / name).exists():
                shutil.copytree(self.root / name, root / name)
        return Place(root, self.warm, self.version)

    def noted(self, word: str, within: float = PATIENCE) -> int:
        """Wait for what a cell notes; gives the number of its process."""
        return int(appeared(self.notes / word, within).read_text())

    def debris(self) -> list[str]:
        """What does not belong among reports and temporary files when no run is on."""
        belong = {".lock", ".earlier", QUARTER}
        left = [f"out/{path.name}" for path in self.out.glob("*") if path.name not in belong]
        return sorted(left + [f"scratch/{path.name}" for path in self.scratch.iterdir()])


# ------------------------------------------------------------------------------------------------- looking at it


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file, and the name of every folder, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def traces(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    """What any change would leave a trace in: of each path its inode, mode, size and time."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        status = path.lstat()
        found[str(path)] = (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def flaws(report: Path) -> list[str]:
    """Where a report is not what its `run.json` says that it is."""
    try:
        said = json.loads((report / "run.json").read_bytes())["files"]
    except (OSError, ValueError, KeyError) as error:
        return [f"run.json: {type(error).__name__}"]
    found = {name: digest for name, digest in contents(report).items() if digest and name != "run.json"}
    wrong = [f"{name}: another" for name in said.keys() & found.keys() if said[name] != found[name]]
    wrong += [f"{name}: missing" for name in said.keys() - found.keys()]
    wrong += [f"{name}: not listed" for name in found.keys() - said.keys()]
    return sorted(wrong + ([] if "index.html" in said else ["index.html: not listed"]))


def made_from(report: Path) -> str:
    """The hash of the returns that a report was made from."""
    return json.loads((report / "run.json").read_bytes())["inputs"][0]["sha256"]


def loss(report: Path, before: Mapping[str, str], hash_of_new: str | None = None) -> str:
    """What was lost of the last good report; "" if it is what it was, or the new one stands there whole."""
    if not report.is_dir():
        return "" if not before else "there is no report"
    if contents(report) == before:
        return ""
    if found := flaws(report):
        return "; ".join(found)
    return "" if made_from(report) == hash_of_new else "another report"


def processes(mark: str) -> list[int]:
    """The processes that carry a mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or belongs to somebody else
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def left_running(mark: str, *, within: float = 10) -> list[str]:
    """The processes with a mark that do not end soon; they are ended."""
    holds_soon(lambda: not processes(mark), within)
    running = processes(mark)
    said = []
    for process in running:
        with contextlib.suppress(OSError):
            said.append(Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:100])
            os.kill(process, signal.SIGKILL)
    return said
