"""Surroundings and limits of kernels, as a real kernel sees them."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from auditanalytics import kernel_guard
from auditanalytics.errors import NotebookError
from auditanalytics.execute import NotebookRun, run_notebooks
from auditanalytics.kernels import allow_open_files
from auditanalytics.run_settings import DEFAULT_LIMITS, GIGABYTE, Limits

CLOSE = """
from IPython.display import display
display({"application/vnd.auditanalytics.fragment+json": {"run": run}}, raw=True)
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looked up in /proc, which only Linux has")


def run(folder: Path, *cells: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """What the first cell of a notebook prints."""
    notebook = new_notebook(cells=[new_code_cell('run = ""', metadata={"tags": ["parameters"]})])
    notebook.cells += [new_code_cell(cell) for cell in [*cells, CLOSE]]
    nbformat.write(notebook, folder / "a.ipynb")
    executed = run_notebooks([NotebookRun(folder / "a.ipynb", {"run": "abc"})], proof={"run": "abc"}, limits=limits)
    return "".join(output.text for output in executed[0].cells[1].outputs)


def processes(mark: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def gone_within(seconds: float, mark: str) -> bool:
    deadline = time.monotonic() + seconds
    while processes(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not processes(mark)


@pytest.mark.slow
class TestSurroundings:
    def test_what_a_kernel_does_not_need_it_does_not_get(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        given = {"PGPASSWORD": "secret", "TZ": "America/New_York", "LC_ALL": "tr_TR", "PYTHONSTARTUP": "/x", "PYTHONHASHSEED": "7", "AUDITANALYTICS_NOW": "2020-01-01T00:00:00+00:00"}  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        got = json.loads(run(tmp_path, "import json, os; print(json.dumps(dict(os.environ)))"))
        assert {name: got.get(name) for name in given} == {
            "PGPASSWORD": None, "TZ": "Europe/London", "LC_ALL": "C.UTF-8", "PYTHONSTARTUP": None, "PYTHONHASHSEED": "0", "AUDITANALYTICS_NOW": "2020-01-01T00:00:00+00:00",
        }  # fmt: skip
        assert got["PATH"] == os.environ["PATH"]

    def test_modules_beside_the_user_are_not_those_of_the_library(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "pandas.py").write_text("raise SystemExit('the wrong pandas')", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert "site-packages" in run(tmp_path, "import pandas; print(pandas.__file__)")

    def test_modules_that_the_user_points_to_from_the_current_folder_are_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "own_council.py").write_text("name = 'ours'", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PYTHONPATH", ".")
        assert run(tmp_path, "import own_council; print(own_council.name)") == "ours\n"

    def test_settings_of_matplotlib_are_not_the_users(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "matplotlibrc").write_text("lines.linewidth: 17", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
        assert run(tmp_path, "import matplotlib; print(matplotlib.rcParams['lines.linewidth'])") == "1.5\n"

    def test_a_kernel_of_the_same_name_that_the_user_has_is_not_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "data" / "kernels" / "python3"
        own.mkdir(parents=True)
        (own / "kernel.json").write_text(
            json.dumps({"argv": ["/bin/false"], "display_name": "x", "language": "python"})
        )
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
        assert run(tmp_path, "import sys; print(sys.executable)") == f"{sys.executable}\n"


@pytest.mark.slow
@LINUX
class TestLimits:
    @pytest.fixture(autouse=True)
    def mark(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        """What the environment of every process of this test says."""
        monkeypatch.setenv("AUDITANALYTICS_MARK", tmp_path.name)
        return f"AUDITANALYTICS_MARK={tmp_path.name}"

    def test_a_cell_that_asks_for_too_much_memory_fails_and_another_does_not(self, tmp_path: Path) -> None:
        limits = Limits(60, memory=GIGABYTE)
        assert run(tmp_path, "print(len(bytearray(10**8)))", limits=limits) == "100000000\n"
        with pytest.raises(NotebookError, match=r"cell 2 of a\.ipynb failed \(MemoryError\)"):
            run(tmp_path, "x = bytearray(2 * 10**9)", limits=limits)

    @pytest.mark.parametrize(
        "cell",
        [
            "while True: pass",
            "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
            "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "import subprocess; subprocess.Popen(['sleep', '1000'])\nwhile True: pass",
        ],
        ids=["loop", "expression that never ends", "stopped", "deaf loop", "loop with a child"],
    )
    def test_a_cell_that_does_not_end_is_ended_with_all_it_started(self, tmp_path: Path, cell: str, mark: str) -> None:
        began = time.monotonic()
        with pytest.raises(NotebookError, match=r"a cell of a\.ipynb took longer than 2 seconds"):
            run(tmp_path, cell, limits=Limits(2))
        assert processes(mark) == []
        assert time.monotonic() - began < 2 + 15

    def test_a_child_that_outlives_its_page_is_ended(self, tmp_path: Path, mark: str) -> None:
        run(tmp_path, "import subprocess; print(subprocess.Popen(['sleep', '1000']).pid)")
        assert gone_within(3, mark)

    def test_all_pages_together_are_timed_too(self, tmp_path: Path, mark: str) -> None:
        with pytest.raises(NotebookError, match="the pages took longer than 3 seconds together"):
            run(tmp_path, "import time; time.sleep(600)", limits=Limits(600, total_seconds=3))
        assert processes(mark) == []

    @pytest.mark.parametrize(
        "cell",
        ["import re; re.match(r'(a+)+$', 'a' * 60 + 'b')", "import subprocess; subprocess.run(['sleep', '1000'])"],
        ids=["expression that never ends", "child"],
    )
    def test_a_kernel_does_not_outlive_its_run_however_busy_it_is(self, tmp_path: Path, mark: str, cell: str) -> None:
        """Nobody clears up after a run that is killed; a kernel that holds the interpreter hears nothing."""
        notebook = new_notebook(cells=[new_code_cell('run = ""', metadata={"tags": ["parameters"]})])
        notebook.cells.append(new_code_cell(f"open({str(tmp_path / 'busy')!r}, 'w').close()\n{cell}"))
        nbformat.write(notebook, tmp_path / "a.ipynb")
        program = (
            "from pathlib import Path; from auditanalytics.execute import *\n"
            f"run_notebooks([NotebookRun(Path({str(tmp_path / 'a.ipynb')!r}), {{'run': 'abc'}})], proof={{}})"
        )
        child = subprocess.Popen([sys.executable, "-c", program])
        deadline = time.monotonic() + 60
        while not (tmp_path / "busy").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        child.kill()
        child.wait()
        assert (tmp_path / "busy").exists()
        assert gone_within(5, mark)


@pytest.mark.skipif(os.name != "posix", reason="groups of processes are POSIX")
class TestGuard:
    """It is alone with what it was told when the run is gone, and ends what is left of that and nothing else."""

    def guard(self, *told: str) -> None:
        command = [sys.executable, "-I", kernel_guard.__file__]
        done = subprocess.run(command, input="".join(f"{line}\n" for line in told), text=True, check=False, timeout=30)
        assert done.returncode == 0

    def test_it_ends_the_groups_that_are_left(self) -> None:
        left, ended = (subprocess.Popen(["sleep", "1000"], start_new_session=True) for _ in range(2))
        try:
            self.guard(f"+{left.pid}", f"+{ended.pid}", f"-{ended.pid}")
            assert left.wait(timeout=10) == -9
            assert ended.poll() is None
        finally:
            ended.kill()
            ended.wait()

    def test_a_group_that_is_gone_meanwhile_does_not_keep_it_from_the_next(self) -> None:
        gone, left = (subprocess.Popen(["sleep", "1000"], start_new_session=True) for _ in range(2))
        gone.kill()
        gone.wait()
        self.guard(f"+{gone.pid}", f"+{left.pid}")
        assert left.wait(timeout=10) == -9

    def test_it_goes_when_nothing_is_left(self) -> None:
        self.guard()


@pytest.mark.skipif(os.name != "posix", reason="limits of open files are POSIX")
class TestOpenFiles:
    @pytest.fixture
    def limit(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, int]]:
        import resource

        now = {"files": (1024, 1024)}
        monkeypatch.setattr(resource, "getrlimit", lambda what: now["files"])
        monkeypatch.setattr(resource, "setrlimit", lambda what, limits: now.update(files=limits))
        return now

    @pytest.mark.parametrize(
        ("before", "after"),
        [((1024, 4096), (1024, 4096)), ((100, 4096), (120, 4096)), ((100, -1), (120, -1)), ((-1, -1), (-1, -1)), ((120, 120), (120, 120))],
    )  # fmt: skip
    def test_the_limit_is_raised_where_it_may_be(
        self, limit: dict[str, tuple[int, int]], before: tuple[int, int], after: tuple[int, int]
    ) -> None:
        limit["files"] = before
        allow_open_files(2)
        assert limit["files"] == after

    def test_where_it_may_not_be_no_kernel_is_started(self, limit: dict[str, tuple[int, int]]) -> None:
        limit["files"] = (40, 119)
        with pytest.raises(
            NotebookError, match=r"may have 119 files open, and 2 notebooks at once need 120;.*ulimit -n 120"
        ):
            allow_open_files(2)
