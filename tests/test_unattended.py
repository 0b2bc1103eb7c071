"""What a run may do to the last good report when anything fails: nothing. Tried on the real command, from outside.

Kernels are killed, stopped and sent into endless loops, disks are full, calls fail, signals come, several runs publish
at once; and each time the report that stood is what it was, byte for byte, or the new one stands there whole.
`soak_kills.py` tries the same at every call and at hundreds of moments.
"""

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path

import pytest
from fault_files import CANARIES, Rows, audit, text
from unattended import (
    ANY,
    AS_INSTALLED,
    BACKTRACKING,
    COPY,
    KILL,
    LONG_AGO,
    LOOP,
    OVERVIEW,
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
    holds_soon,
    leave_hostile_files,
    left_running,
    loss,
    made_from,
    processes,
    rows,
    traces,
    warm_command,
    write_notebooks,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes and calls as only Linux shows them"),
]

TIMEOUT = 2
AFTERWARDS = 15
"""Seconds that a run may take to end when a cell has taken longer than it may."""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    with warm_command(tmp_path_factory.mktemp("warm")) as command:
        yield command


@pytest.fixture(scope="module")
def published(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder of reports with the last good one."""
    place = Place(tmp_path_factory.mktemp("published"), warm)
    place.write_returns(0)
    write_notebooks(place.notebooks)
    done = place.run(cold=())
    assert done.code == 0, done.stderr
    assert (flaws(place.report), place.debris()) == ([], [])
    return place


@pytest.fixture
def same(published: Place, tmp_path: Path) -> Place:
    """The last good report, and the returns that it was made from."""
    return published.copied(tmp_path / "place")


@pytest.fixture
def place(same: Place) -> Place:
    """The last good report, and returns that have changed since."""
    same.change_returns()
    return same


@pytest.fixture
def faulty(warm: Warm) -> None:
    if warm.faulty_calls is None:
        pytest.skip("there is no C compiler (cc) to make calls fail with")


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def as_root_of_a_namespace(*, network: bool = False) -> list[str]:
    """The words that run another program with file systems, or a network, of its own."""
    unshare = tool("unshare")
    words = [unshare, "--map-root-user", "--net" if network else "--mount"]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives nobody a namespace of their own (unshare)")
    return words


def is_quiet(run: Run) -> None:
    """It said nothing that frightens, and nothing that stands in a return; and it left no process."""
    said = run.stdout + run.stderr
    assert "Traceback" not in said, said
    assert [word for word in CANARIES if word in said] == []
    assert left_running(run.mark) == []


def is_refused(place: Place, run: Run, before: dict[str, str], *, code: int = 1) -> None:
    """The run failed, the last good report is what it was, and a page beside it says so; nothing else is left."""
    assert run.code == code, run.stderr + run.stdout
    assert last_line(run).startswith("auditanalytics: "), run.stderr
    is_quiet(run)
    assert contents(place.report) == before
    assert list(place.out.rglob("*.ipynb")) == []
    assert place.debris() == ["out/not-published"]
    page = (place.out / "not-published" / "index.html").read_text(encoding="utf-8")
    assert last_line(run).removeprefix("auditanalytics: ").split(";")[0] in as_read(page)
    assert f'href="../{QUARTER}/index.html"' in page
    assert [word for word in CANARIES if word in page] == []


def last_line(run: Run) -> str:
    return run.stderr.splitlines()[-1] if run.stderr else ""


def as_read(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def is_published(place: Place, run: Run) -> None:
    """The run was done, and the new report stands whole, with nothing beside it."""
    assert run.code == 0, run.stderr
    is_quiet(run)
    assert (flaws(place.report), made_from(place.report)) == ([], place.hash_of_returns)
    assert place.debris() == []


def with_cells(place: Place, *cells: str, close: str | None = None) -> dict[str, str]:
    """Put cells into the notebook of the overview; gives the report that stands."""
    write_notebooks(place.notebooks, {OVERVIEW: cells}, **({} if close is None else {"close": close}))
    return contents(place.report)


# ----------------------------------------------------------------------------------------------------------- kernels


def test_a_kernel_that_is_killed(place: Place) -> None:
    before = with_cells(place, "1;", close=WAIT)
    run = place.start()
    os.kill(place.noted("waiting"), signal.SIGKILL)
    is_refused(place, run.wait(), before)
    assert run.stderr.count("\n") == 1, run.stderr


@pytest.mark.thorough
def test_a_kernel_that_is_stopped(place: Place) -> None:
    before = with_cells(place, WAIT)
    run = place.start("--timeout", TIMEOUT)
    os.kill(place.noted("waiting"), signal.SIGSTOP)
    is_refused(place, run.wait(TIMEOUT + AFTERWARDS), before)


@pytest.mark.thorough
def test_a_kernel_that_is_stopped_as_it_starts(place: Place) -> None:
    before = with_cells(place)
    run = place.start("--timeout", TIMEOUT)
    os.kill(first_kernel(run), signal.SIGSTOP)
    is_refused(place, run.wait(TIMEOUT + AFTERWARDS), before)


def first_kernel(run: Run) -> int:
    """Wait for the first kernel of a run to be started."""

    def kernels() -> list[int]:
        return [each for each in processes(run.mark) if "ipykernel" in command_of(each)]

    assert holds_soon(kernels)
    return kernels()[0]


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""  # it has ended meanwhile


@pytest.mark.parametrize("cell", [BACKTRACKING, WITH_A_CHILD], ids=["backtracking", "with a child"])
def test_a_cell_without_end(place: Place, cell: str) -> None:
    before = with_cells(place, cell)
    run = place.start("--timeout", TIMEOUT)
    kernel = place.noted("running")
    done = run.wait(TIMEOUT + AFTERWARDS)
    assert not Path(f"/proc/{kernel}").exists()
    is_refused(place, done, before)


def test_a_cell_that_eats_memory(place: Place) -> None:
    """Three gigabytes where one is allowed; a kernel that is not held to it would come to the end of the page."""
    before = with_cells(place, "x = [b'x' * 10**8 for _ in range(30)]")
    is_refused(place, place.run("--memory", 1), before)


def test_a_notebook_that_leaves_early(place: Place) -> None:
    before = with_cells(place, "import os; os._exit(0)")
    is_refused(place, place.run(), before)


def test_a_notebook_without_its_last_cell(place: Place) -> None:
    before = with_cells(place, "1;", close="")
    is_refused(place, place.run(), before)


# ------------------------------------------------------------------------------------------------ the run is killed

KILLS = 6


@pytest.mark.thorough
def test_kills_at_random_moments(place: Place) -> None:
    moments = random.Random(2019)
    for _ in range(KILLS):
        before = contents(place.report)
        run = place.start()
        time.sleep(moments.uniform(0.2, 4))
        run.send(signal.SIGKILL)
        assert run.wait().code in (0, -signal.SIGKILL), run.stderr
        assert left_running(run.mark) == []
        assert loss(place.report, before, place.hash_of_returns) == ""
        assert list(place.out.rglob("*.ipynb")) == []
        place.change_returns()
    is_published(place, place.run())


def test_kernels_and_what_they_started_end_with_the_run_that_was_killed(place: Place) -> None:
    before = with_cells(place, f"import subprocess\nsubprocess.Popen(['sleep', '1000'])\n{BACKTRACKING}")
    run = place.start()
    place.noted("running")
    run.send(signal.SIGKILL)
    assert run.wait().code == -signal.SIGKILL
    assert left_running(run.mark) == []
    assert contents(place.report) == before


@pytest.fixture(scope="module")
def copied(published: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[Path]]:
    """A run that takes the place of a report, and copies of the folder of reports, made before each of its calls."""
    if published.warm.faulty_calls is None:
        pytest.skip("there is no C compiler (cc) to see calls with")
    place, copies = published.copied(tmp_path_factory.mktemp("copied") / "place"), tmp_path_factory.mktemp("copies")
    place.change_returns()
    run = place.run(faults=[Fault("any", ANY, COPY, copies=copies)])
    is_published(place, run)
    return run, [*(copies / str(number) for number in range(1, len(run.calls) + 1)), place.out]


@pytest.mark.thorough
def test_a_kill_at_any_call_that_changes_anything(published: Place, copied: tuple[Run, list[Path]]) -> None:
    """A run that was killed there would have left what is in the copy."""
    run, folders = copied
    before, after = contents(published.report), contents(folders[-1] / QUARTER)
    stood = [contents(folder / QUARTER) for folder in folders if folder.exists()]
    assert len(stood) == len(folders) > 50
    assert [run.calls[at] for at, each in enumerate(stood) if each not in (before, after)] == []
    assert (stood[0], stood[-1]) == (before, after)


@pytest.mark.thorough
def test_all_of_a_report_reaches_the_disk_before_it_takes_its_place(copied: tuple[Run, list[Path]]) -> None:
    run, folders = copied
    swap = next(at for at, (kind, path) in enumerate(run.calls) if kind == "exchange" and path.endswith(QUARTER))
    stage = run.calls[swap][1].split(" -> ")[0]
    last = {(kind, path): at for at, (kind, path) in enumerate(run.calls[:swap])}
    parts = [stage, *(f"{stage}/{name}" for name in contents(folders[-1] / QUARTER))]
    assert [part for part in parts if ("fsync", part) not in last] == []
    assert [part for part in parts if last.get(("write", part), -1) > last["fsync", part]] == []
    assert ("fsync", str(folders[-1])) in run.calls[swap:]


# ---------------------------------------------------------------------------------------------------------- signals


@pytest.mark.parametrize(("name", "cell"), {"SIGTERM": LOOP, "SIGINT": BACKTRACKING, "SIGHUP": WITH_A_CHILD}.items())
def test_a_signal_while_a_cell_goes_on_for_ever(place: Place, name: str, cell: str) -> None:
    before = with_cells(place, cell)
    run, number = place.start(), getattr(signal, name)
    place.noted("running")
    run.send(number, to_group=name == "SIGINT")  # as a terminal does
    run.wait(10)
    assert run.code in (128 + number, 1)
    is_quiet(run)
    assert contents(place.report) == before
    assert set(place.debris()) <= {"out/not-published"}


@pytest.mark.thorough
@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("call", ["exchange", "fsync"])
def test_a_signal_when_the_new_report_stands_already(place: Place, call: str) -> None:
    """Which is so from the call that exchanges the names; then no page may say that nothing was published."""
    run = place.run(faults=[Fault(call, 1, STOP, path=place.report if call == "exchange" else place.out)])
    assert run.code in (0, 128 + signal.SIGTERM)
    is_quiet(run)
    assert (flaws(place.report), made_from(place.report)) == ([], place.hash_of_returns)
    assert place.debris() == []


@pytest.mark.thorough
def test_a_run_that_was_started_with_nohup(place: Place) -> None:
    """Its terminal may be closed."""
    with_cells(place, WAIT)
    run = place.start(ignored=["SIGHUP"])
    place.noted("waiting")
    run.send(signal.SIGHUP)
    (place.notes / "go").touch()
    is_published(place, run.wait())


# ---------------------------------------------------------------------------------------------------- several at once


@pytest.mark.thorough
def test_several_runs_at_once(place: Place) -> None:
    shutil.rmtree(place.out)
    write_notebooks(place.notebooks, {OVERVIEW: [WAIT]})
    runs = [place.start() for _ in range(4)]
    assert holds_soon(lambda: sum(run.is_over for run in runs) >= 3)
    (place.notes / "go").touch()
    assert sorted(run.wait().code for run in runs) == [0, 4, 4, 4]
    for run in runs:
        is_quiet(run)
    is_published(place, next(run for run in runs if run.code == 0))


# ----------------------------------------------------------------------------------------------------- calls that fail


SPREAD = {
    ("open", errno.EIO): (0.6,),
    ("write", errno.ENOSPC): (1,),
    ("fsync", errno.EIO): (0.5,),
    ("mkdir", errno.ENOSPC): (0.99,),
}
"""Which calls of each kind fail, and how: 0 is the first of a whole run, and 1 the last."""


@pytest.mark.thorough
@pytest.mark.parametrize(("kind", "error"), SPREAD, ids=[kind for kind, _ in SPREAD])
def test_a_call_that_fails(place: Place, copied: tuple[Run, list[Path]], kind: str, error: int) -> None:
    count = sum(name == kind for name, _ in copied[0].calls)
    assert count
    for part in SPREAD[kind, error]:
        fails_and_keeps(place, Fault(kind, 1 + round(part * (count - 1)), error))


@pytest.mark.thorough
def test_a_change_of_names_that_fails(place: Place, copied: tuple[Run, list[Path]]) -> None:
    """Those by which a report takes its place, one after the other."""
    names = [path for kind, path in copied[0].calls if kind in ("rename", "exchange")]
    of_places = [at for at, path in enumerate(names, 1) if "/tables/" not in path]
    assert of_places
    for number in of_places:
        fails_and_keeps(place, Fault("rename,exchange", number, errno.EIO))


def fails_and_keeps(place: Place, fault: Fault) -> None:
    """With a call that fails the old report stands as it was, unless the new one stood already; then all is well."""
    before = contents(place.report)
    run = place.run(faults=[fault])
    is_quiet(run)
    assert run.code in (0, 1), (fault, run.stderr)
    if run.code:
        assert contents(place.report) == before, fault
        assert set(place.debris()) <= {"out/not-published"}, fault
    else:
        assert (flaws(place.report), made_from(place.report)) == ([], place.hash_of_returns), fault
    place.change_returns()


def test_a_disk_that_is_full(place: Place, tmp_path: Path) -> None:
    """A megabyte for reports, most of which is taken."""
    before, after = contents(place.report), tmp_path / "after"
    taken = 2**20 - sum(path.stat().st_size for path in place.report.rglob("*")) - 150_000
    script = f"""
set -e
cp -a '{place.out}' '{after}'
mount -t tmpfs -o size=1m tmpfs '{place.out}'
cp -a '{after}/.' '{place.out}'
head -c {taken} /dev/zero > '{place.out}/.taken'
set +e
"$@"
code=$?
rm -rf '{after}'
cp -a '{place.out}' '{after}'
exit $code
"""
    run = place.run(cold=[*as_root_of_a_namespace(), "sh", "-c", script, "sh"])
    assert run.code == 1, run.stderr + run.stdout
    is_quiet(run)
    assert contents(after / QUARTER) == before
    assert {path.name for path in after.iterdir()} <= {QUARTER, ".lock", ".taken", "not-published"}


@pytest.mark.thorough
@pytest.mark.parametrize("limits", [{"FSIZE": 16 * 1024}, {"NOFILE": 40}], ids=["size of files", "open files"])
def test_too_little_of_what_a_process_may_have(place: Place, limits: dict[str, int]) -> None:
    before = contents(place.report)
    run = place.run(limits=limits)
    assert run.code == 1, run.stderr + run.stdout
    is_quiet(run)
    assert contents(place.report) == before
    assert set(place.debris()) <= {"out/not-published"}


# ------------------------------------------------------------------------------------------------- the same once more


def test_what_is_published_already_is_not_touched(same: Place) -> None:
    before, is_counted = traces(same.out), same.warm.faulty_calls is not None
    run = same.run(faults=[] if is_counted else None)
    assert (run.code, run.stderr) == (0, "")
    assert "Already published" in run.stdout
    assert traces(same.out) == before
    assert same.debris() == []
    assert not is_counted or run.calls == []


@pytest.mark.thorough
def test_only_the_quarter_that_is_reported_changes(same: Place) -> None:
    assert same.run("--quarter", "2025-Q3").code == 0
    other, before, old = traces(same.out / "2025-Q3"), traces(same.report), contents(same.report)
    same.change_returns()
    run = same.run()
    is_new = made_from(same.report) == same.hash_of_returns
    assert (run.code, flaws(same.report), is_new) == (0, [], True), run.stderr
    assert traces(same.report) != before
    assert traces(same.out / "2025-Q3") == other
    assert old in [contents(folder) for folder in (same.out / ".earlier" / QUARTER).iterdir()]


CLOCKS = {
    "2019-12-31T23:30:00+00:00": "2019-Q3",
    "2020-03-31T23:30:00+00:00": "2020-Q1",
}
"""The last quarter that has ended in London, where summer time is on from March to October."""

MONTHS = ("2019-05-07", "2019-08-06", "2019-11-05", "2020-02-04")


@pytest.mark.thorough
@pytest.mark.parametrize(("now", "quarter"), CLOCKS.items())
def test_the_last_quarter_is_that_of_london(place: Place, now: str, quarter: str) -> None:
    place.write_returns(1, days=[day for day in MONTHS if day < now])
    write_notebooks(place.notebooks, {OVERVIEW: ["note(quarter)\nraise ValueError"]}, settings='quarter = ""\n')
    run = place.run("--quarter", "latest", environment={"AUDITANALYTICS_NOW": now, "TZ": "America/New_York"})
    assert run.code == 1, run.stderr
    assert [path.name for path in place.notes.iterdir()] == [quarter]


@pytest.mark.thorough
def test_surroundings_change_no_published_byte(same: Place) -> None:
    """Also not what lies in the folder from which the command is called, which may be anybody's."""
    before, old = contents(same.report), traces(same.report)
    leave_hostile_files(same.here)
    surroundings = {"TZ": "America/New_York", "LC_ALL": "tr_TR.ISO8859-9", "PYTHONHASHSEED": "2", "PYTHONTZPATH": ""}
    run = same.run("--force", cold=AS_INSTALLED, environment=surroundings)
    is_published(same, run)
    assert contents(same.report) == before
    assert traces(same.report) != old


# ----------------------------------------------------------------------------------------------- input, and verifying


def test_a_folder_without_returns(place: Place) -> None:
    before = traces(place.out)
    (place.returns / "returns.csv").unlink()
    run = place.run()
    assert (run.code, run.stdout) == (2, "")
    assert "there is no file to read" in run.stderr
    assert traces(place.out) == before


def test_returns_that_may_not_be_read(place: Place) -> None:
    """The command runs as a user whom permissions hold, which they do not hold root."""
    before, held = traces(place.out), ()
    if os.geteuid() == 0:
        held = (tool("setpriv"), "--bounding-set", "-dac_override,-dac_read_search")
    place.returns.chmod(0)
    try:
        run = place.run(cold=held)
    finally:
        place.returns.chmod(0o700)
    assert (run.code, run.stdout) == (2, ""), run.stderr
    assert re.search("cannot be read|may not be read|not readable|Permission denied", run.stderr), run.stderr
    assert traces(place.out) == before


def edit(old: str, new: str) -> Callable[[Path], None]:
    def change(report: Path) -> None:
        said = (report / "run.json").read_text(encoding="utf-8")
        assert old in said
        (report / "run.json").write_text(said.replace(old, new, 1), encoding="utf-8")

    return change


def edit_hash(report: Path) -> None:
    """A table and its hash are made to agree."""
    table = report / "tables" / "checks.csv"
    old = contents(report)["tables/checks.csv"]
    table.write_bytes(table.read_bytes() + b"\n")
    edit(old, contents(report)["tables/checks.csv"])(report)


ALTERATIONS: dict[str, tuple[Callable[[Path], object], str]] = {
    "edited": (lambda report: (report / "index.html").open("a").write(" "), "index.html"),
    "removed": (lambda report: (report / "tables" / "checks.csv").unlink(), "tables/checks.csv"),
    "added": (lambda report: (report / "notes.txt").write_text("mine"), "notes.txt"),
    "a hash": (edit_hash, "run.json"),
    "the quarter": (edit(QUARTER, "2025-Q3"), "run.json"),
    "no record": (lambda report: (report / "run.json").unlink(), "run.json"),
}


@pytest.mark.parametrize(("alter", "name"), ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_report(same: Place, alter: Callable[[Path], object], name: str) -> None:
    alter(same.report)
    run = same.run(words=["verify", same.report])
    assert run.code == 1
    assert name in run.stdout + run.stderr


def test_a_report_that_is_as_it_was(same: Place) -> None:
    run = same.run(words=["verify", same.report])
    assert (run.code, run.stderr) == (0, "")


def test_there_is_nothing_to_verify_where_there_is_no_report(same: Place) -> None:
    for folder in (same.root / "nowhere", same.here, same.out):
        run = same.run(words=["verify", folder])
        assert (run.code, run.stdout) == (2, "")
        assert "there is no report" in run.stderr


# ---------------------------------------------------------------------------------------------------------- network


def test_a_run_without_any_network(place: Place, tmp_path: Path) -> None:
    log, alone = tmp_path / "calls", as_root_of_a_namespace(network=True)
    watch = [tool("strace"), "-f", "-o", log, "-e", "trace=connect,sendto"]
    is_published(place, place.run(cold=[*alone, *watch]))
    said = log.read_text(errors="replace")
    assert "connect(" in said  # the kernels' sockets are seen
    assert [line for line in said.splitlines() if "AF_INET" in line] == []


# ------------------------------------------------------------------------------------------- folders that do not move


@pytest.mark.thorough
@pytest.mark.usefixtures("faulty")
def test_a_report_that_somebody_has_open(place: Place) -> None:
    """As on Windows: its folder cannot be moved until then."""
    before, beside = traces(place.report), place.out / f"{QUARTER}-2"
    run = place.run(faults=[Fault("rename,exchange", ANY, errno.EACCES, path=place.report)])
    assert run.code == 0, run.stderr
    assert beside.name in run.stdout
    assert (flaws(beside), made_from(beside)) == ([], place.hash_of_returns)
    assert traces(place.report) == before
    assert place.debris() == [f"out/{beside.name}"]
    is_published(place, place.run())


@pytest.mark.thorough
@pytest.mark.usefixtures("faulty")
def test_a_kill_between_two_names(place: Place) -> None:
    """Where names cannot be exchanged the old report is set aside; the next run of any kind puts it back."""
    before = contents(place.report)
    cannot = Fault("exchange", ANY, errno.EINVAL)
    run = place.run(faults=[cannot, Fault("rename", 2, KILL, path=place.report)])
    assert run.code == -signal.SIGKILL
    assert not place.report.exists()
    (place.returns / "returns.csv").write_text("Audit ID,Date\n", encoding="utf-8")
    assert place.run().code in (2, 3)
    assert contents(place.report) == before
    place.change_returns()
    is_published(place, place.run(faults=[cannot]))


# ----------------------------------------------------------------------------------------------------- failure pages


def too_many_without_a_date() -> Rows:
    return [*rows(1), *(audit(number, Date="soon") for number in range(90, 99))]


@pytest.mark.thorough
def test_a_failure_page_for_returns_that_do_not_pass_goes_with_the_next_good_run(same: Place) -> None:
    """Which is one that makes again what somebody has altered since."""
    before = contents(same.report)
    text(too_many_without_a_date(), name="returns.csv")(same.returns)
    os.utime(same.returns / "returns.csv", (LONG_AGO, LONG_AGO))
    is_refused(same, same.run(), before, code=3)
    (same.report / "index.html").write_text("<h1>Outstanding</h1>", encoding="utf-8")
    same.write_returns(same.version)
    is_published(same, same.run())
    assert contents(same.report) == before


def test_a_failure_page_for_what_may_name_a_person(place: Place) -> None:
    before = with_cells(place, "print('Quillon')")
    is_refused(place, place.run(), before, code=5)


@pytest.mark.parametrize("words", [["--quarter", "2025-Q9"], ["--set", "nothing=1"]])
def test_no_failure_page_for_an_argument_that_is_wrong(place: Place, words: Sequence[str]) -> None:
    before = traces(place.out)
    run = place.run(*words)
    assert (run.code, run.stdout) == (2, "")
    assert traces(place.out) == before
