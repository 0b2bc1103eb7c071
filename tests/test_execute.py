"""Notebooks are run strictly: each way of not running to the end is a failure, never a page. Kernels are real."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from conftest import EXAMPLE, ROOT
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from auditanalytics.errors import ArgumentError, ChoiceError, NotebookError
from auditanalytics.execute import NotebookRun, check_parameters, declared_parameters, run_notebooks
from auditanalytics.run_settings import Limits

PROOF = {"run": "abc", "audits": 96, "judgements": 1536}
CLOSE = """
from IPython.display import display
display({"application/vnd.auditanalytics.fragment+json": {"run": run, "audits": 96, "judgements": 1536}}, raw=True)
"""
PARAMETERS = 'run = ""\nquarter = "latest"\nlimit = 3'


def write(path: Path, *cells: str, parameters: str | None = PARAMETERS) -> Path:
    made = [new_markdown_cell("# A question?")]
    if parameters is not None:
        made.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    nbformat.write(new_notebook(cells=made + [new_code_cell(cell) for cell in cells]), path)
    return path


def run(path: Path, **parameters: object) -> nbformat.NotebookNode:
    given = {"run": "abc", "quarter": "2019-Q4", "limit": 3} | parameters
    return run_notebooks([NotebookRun(path, given)], proof=PROOF, limits=Limits(30))[0]


class TestParameters:
    """All of this is decided before a kernel starts."""

    @pytest.fixture(autouse=True)
    def no_kernel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object, **options: object) -> None:
            raise AssertionError("a kernel was started")

        monkeypatch.setattr("papermill.execute_notebook", refuse)

    def test_a_notebook_without_a_parameters_cell_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match="must have one cell tagged 'parameters'; it has 0"):
            run(write(tmp_path / "a.ipynb", CLOSE, parameters=None))

    @pytest.mark.parametrize(
        "source", ["run = f()", "import os", "run = 1; print(run)", "run =", "a.b = 1", "a, b = 1, 2"]
    )
    def test_parameters_that_are_not_literal_are_refused(self, tmp_path: Path, source: str) -> None:
        with pytest.raises(ArgumentError, match="must only set names to literal values"):
            run(write(tmp_path / "a.ipynb", CLOSE, parameters=source))

    def test_an_unknown_parameter_is_refused_with_those_there_are(self, tmp_path: Path) -> None:
        with pytest.raises(ChoiceError, match=r"parameter of a\.ipynb must be run, quarter or limit; not 'quater'"):
            run(write(tmp_path / "a.ipynb", CLOSE), quater="2019-Q3")

    def test_a_missing_parameter_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match=r"parameter quarter of a\.ipynb must be given"):
            check_parameters(NotebookRun(write(tmp_path / "a.ipynb", CLOSE), {"run": "abc", "limit": 3}))

    @pytest.mark.parametrize(("name", "value"), [("limit", "3"), ("limit", True), ("quarter", 2019), ("quarter", None)])
    def test_a_parameter_of_another_type_is_refused(self, tmp_path: Path, name: str, value: object) -> None:
        with pytest.raises(ArgumentError, match=rf"parameter {name} of .* must be (int|str); not"):
            run(write(tmp_path / "a.ipynb", CLOSE), **{name: value})

    @pytest.mark.parametrize("content", ["", "not a notebook", "{}"])
    def test_what_is_no_notebook_is_refused(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "a.ipynb").write_text(content, encoding="utf-8")
        with pytest.raises(ArgumentError, match=r"a\.ipynb"):
            run(tmp_path / "a.ipynb")


@pytest.mark.slow
class TestRuns:
    def test_a_notebook_that_runs_to_its_end_is_handed_back_with_its_parameters(self, tmp_path: Path) -> None:
        done = run(write(tmp_path / "a.ipynb", "assert (quarter, limit) == ('2019-Q4', 3)", CLOSE))
        assert [cell.execution_count for cell in done.cells if cell.cell_type == "code"] == [1, 3, 4]

    @pytest.mark.parametrize(
        "leave", ["import sys; sys.exit()", "import sys; sys.exit(0)", "exit()", "raise SystemExit(0)"]
    )
    def test_leaving_half_way_is_a_failure(self, tmp_path: Path, leave: str) -> None:
        with pytest.raises(NotebookError, match="did not run to its end"):
            run(write(tmp_path / "a.ipynb", leave, CLOSE))

    def test_a_dead_kernel_is_a_failure(self, tmp_path: Path) -> None:
        with pytest.raises(NotebookError, match="died"):
            run(write(tmp_path / "a.ipynb", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", CLOSE))

    def test_a_cell_that_takes_too_long_is_a_failure(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.ipynb", "while True: pass", CLOSE)
        with pytest.raises(NotebookError, match="took longer than 2 seconds"):
            run_notebooks([NotebookRun(path, {"run": "abc", "quarter": "", "limit": 3})], proof=PROOF, limits=Limits(2))

    def test_an_error_names_the_cell_and_its_kind_and_nothing_it_says(self, tmp_path: Path) -> None:
        with pytest.raises(NotebookError) as caught:
            run(write(tmp_path / "a.ipynb", "raise ValueError('Canary Wharfinger')", CLOSE))
        assert str(caught.value) == "cell 3 of a.ipynb failed (ValueError)"
        assert caught.value.__cause__ is None

    def test_an_empty_slice_is_a_failure(self, tmp_path: Path) -> None:
        source = f"""
from auditanalytics import domain_trend, read_returns
returns = read_returns({str(EXAMPLE / "audit-returns-2019-01.xlsx")!r}, framework="south-gloucestershire")
returns.judgements["grade"] = None
returns.judgements["moderated_grade"] = None
domain_trend(returns, "risk", quarter="2019-Q1")
"""
        with pytest.raises(NotebookError, match="EmptySliceError"):
            run(write(tmp_path / "a.ipynb", source, CLOSE))

    @pytest.mark.parametrize(
        ("last", "message"),
        [
            ("1 + 1", "does not close the page"),
            (CLOSE.replace("96", "95"), "made from other returns"),
            (CLOSE.replace('"run": run', '"run": ""'), "made from other returns"),
        ],
    )
    def test_a_last_cell_that_does_not_prove_the_run_is_a_failure(
        self, tmp_path: Path, last: str, message: str
    ) -> None:
        with pytest.raises(NotebookError, match=message):
            run(write(tmp_path / "a.ipynb", last))

    def test_one_failure_among_several_is_a_failure(self, tmp_path: Path) -> None:
        good, bad = write(tmp_path / "good.ipynb", CLOSE), write(tmp_path / "bad.ipynb", "1 / 0", CLOSE)
        parameters = {"run": "abc", "quarter": "", "limit": 3}
        with pytest.raises(NotebookError, match=r"cell 3 of bad\.ipynb failed \(ZeroDivisionError\)"):
            run_notebooks([NotebookRun(path, parameters) for path in (good, bad)], proof=PROOF, jobs=2)

    def test_what_a_user_starts_ipython_with_is_not_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        startup = tmp_path / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "00.py").write_text("intruder = 1", encoding="utf-8")
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
        run(write(tmp_path / "a.ipynb", "assert 'intruder' not in globals()", CLOSE))
        assert os.environ["IPYTHONDIR"] == str(tmp_path)

    @pytest.mark.skipif(os.name != "posix", reason="other systems have no sockets in folders")
    def test_a_kernel_is_spoken_to_through_a_folder_that_is_the_users_alone(self, tmp_path: Path) -> None:
        through = """
import json, os
from pathlib import Path
from ipykernel.connect import get_connection_info
connection = get_connection_info(unpack=True)
assert connection["transport"] == "ipc"
assert Path(connection["ip"]).parent.stat().st_mode & 0o077 == 0
"""
        run(write(tmp_path / "a.ipynb", through, CLOSE))

    @pytest.mark.skipif(os.name != "posix", reason="other systems have no sockets in folders")
    def test_a_folder_for_temporary_files_with_a_name_too_long_for_a_socket(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / ("temporary-files-of-a-scheduler-" * 4)
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        run(write(tmp_path / "a.ipynb", CLOSE))
        assert list(folder.iterdir()) == []


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))])
def test_every_notebook_runs_with_its_defaults_as_jupyterlab_would(name: str) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(ROOT / "notebooks")}}, timeout=120).execute()
    declared = declared_parameters(ROOT / "notebooks" / name)
    assert declared.get("quarter", declared.get("period")) == "latest"


@pytest.mark.slow
def test_importing_the_library_does_not_import_what_draws_or_runs() -> None:
    heavy = "{'matplotlib', 'papermill', 'scipy', 'pandas', 'nbconvert'}"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, auditanalytics; assert not {heavy} & set(sys.modules)"], check=False
    )
    assert done.returncode == 0
