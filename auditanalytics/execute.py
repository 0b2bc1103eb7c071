"""Run notebooks strictly: a page exists only if every cell ran to its end with the parameters that were meant.

papermill runs the notebooks, but is too kind for unattended use: it only warns of an unknown parameter and then
reports the default, and it takes ``sys.exit(0)`` half-way for success. So parameters are checked by name and kind
before a kernel starts, and afterwards every cell must have run and the last one must have proved it.
"""

import ast
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from auditanalytics.errors import ArgumentError, ChoiceError, NotebookError
from auditanalytics.reporting.fragments import FRAGMENT

DEFAULT_TIMEOUT = 600
"""Seconds that one cell may take."""

_PARAMETERS_TAG, _INJECTED_TAG = "parameters", "injected-parameters"


@dataclass(frozen=True)
class NotebookRun:
    """One notebook to run, with the value of every parameter."""

    notebook: Path
    parameters: dict[str, Any]


def declared_parameters(notebook: Path) -> dict[str, Any]:
    """Read the parameters that a notebook declares, with their defaults.

    Parameters
    ----------
    notebook
        The file of a notebook.

    Returns
    -------
    dict
        The default of each parameter, by its name.

    Raises
    ------
    ArgumentError
        If there is no such notebook, it has not exactly one cell tagged ``parameters``, or that cell holds anything
        but names set to literal values.

    Examples
    --------
    >>> sorted(declared_parameters(Path("notebooks/02_domain_trend.ipynb")))
    ['domain', 'framework', 'points', 'quarter', 'returns', 'run']
    """
    if not notebook.is_file():
        raise ArgumentError(f"there is no notebook '{notebook}'")
    try:
        cells = nbformat.read(notebook, as_version=4).cells
    except (OSError, ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        raise ArgumentError(f"the notebook {notebook.name} cannot be read ({type(error).__name__})") from None
    tagged = [cell for cell in cells if _has_tag(cell, _PARAMETERS_TAG)]
    if len(tagged) != 1:
        raise ArgumentError(f"{notebook.name} must have one cell tagged 'parameters'; it has {len(tagged)}")
    try:
        statements = ast.parse(tagged[0].source).body
        return {statement.targets[0].id: ast.literal_eval(statement.value) for statement in statements}
    except (SyntaxError, AttributeError, ValueError):
        raise ArgumentError(f"the parameters cell of {notebook.name} must only set names to literal values") from None


def check_parameters(run: NotebookRun) -> None:
    """Check the parameters of a run against those that its notebook declares.

    Parameters
    ----------
    run
        A notebook with its parameters.

    Raises
    ------
    ChoiceError
        If a parameter is not one of the notebook's.
    ArgumentError
        If one is missing or of another type than its default.
    """
    declared = declared_parameters(run.notebook)
    for name, value in run.parameters.items():
        if name not in declared:
            raise ChoiceError(f"parameter of {run.notebook.name}", name, declared)
        if type(value) is not type(declared[name]):
            expected, found = type(declared[name]).__name__, type(value).__name__
            raise ArgumentError(f"parameter {name} of {run.notebook.name} must be {expected}; not {found}")
    missing = sorted(declared.keys() - run.parameters.keys())
    if missing:
        raise ArgumentError(f"parameter {missing[0]} of {run.notebook.name} must be given")


def run_notebooks(
    runs: Sequence[NotebookRun],
    *,
    proof: dict[str, Any],
    jobs: int | None = None,
    timeout: int = DEFAULT_TIMEOUT,
    done: Callable[[int], None] = lambda number: None,
) -> list[nbformat.NotebookNode]:
    """Run notebooks, each in a kernel of its own.

    Parameters
    ----------
    runs
        Notebooks with their parameters.
    proof
        What the last cell of each must say of the run and of what it was made from.
    jobs
        How many to run at once; as many as there are processors if None.
    timeout
        Seconds that one cell may take.
    done
        Called with the number of each run as it ends.

    Returns
    -------
    list of nbformat.NotebookNode
        The executed notebooks, in the order of the runs.

    Raises
    ------
    ArgumentError
        If parameters do not fit; no kernel is started then.
    NotebookError
        If a notebook did not run to its end. The sentence names the notebook, the cell and the kind of error, and
        nothing that the error says, which may hold a row of a return.
    """
    for run in runs:
        check_parameters(run)
    executed: dict[int, nbformat.NotebookNode] = {}
    with _own_jupyter(), ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        futures = {pool.submit(_run_notebook, run, timeout): number for number, run in enumerate(runs)}
        try:
            for future in as_completed(futures):
                number = futures[future]
                executed[number] = future.result()
                check_proof(executed[number], runs[number], proof)
                done(number)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [executed[number] for number in range(len(runs))]


_LONGEST_SOCKET = 107 if sys.platform == "linux" else 103
"""Characters that the path of a socket may have."""

_ADDED = len("/auditanalytics-12345678/12345678-5")
"""What is added to the folder for temporary files in the path of a socket."""


class _QuietKernelManager(AsyncKernelManager):
    """Kernels that only this user can talk to, and that cannot write into anybody's log."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        place = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / secrets.token_hex(4)
        self.connection_file = f"{place}.json"
        if os.name == "posix" and len(f"{place}-5") <= _LONGEST_SOCKET:
            self.transport, self.ip = "ipc", str(place)

    async def start_kernel(self, **settings: Any) -> None:
        await super().start_kernel(**settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def _own_jupyter() -> Iterator[None]:
    """Kernels of this installation, with none of the user's start-up files, history or kernels of the same name."""
    usual = tempfile.gettempdir()
    short = usual if len(usual) + _ADDED <= _LONGEST_SOCKET or not os.access("/tmp", os.W_OK) else "/tmp"
    with tempfile.TemporaryDirectory(prefix="auditanalytics-", dir=short) as folder:
        ours = {
            "IPYTHONDIR": folder,
            "JUPYTER_RUNTIME_DIR": folder,
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        startup = Path(folder) / "profile_default" / "startup"
        startup.mkdir(parents=True)
        # IPython's own exit() ends the kernel a moment later, when the cells after it may already have run.
        (startup / "exit.py").write_text("import sys\nexit = quit = sys.exit\ndel sys\n", encoding="utf-8")
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _run_notebook(run: NotebookRun, timeout: int) -> nbformat.NotebookNode:
    name, notebook = run.notebook.name, nbformat.read(run.notebook, as_version=4)
    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters=run.parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            kernel_manager_class=_QuietKernelManager,
            execution_timeout=timeout,
        )
    except papermill.PapermillExecutionError as error:
        injected = next(index for index, cell in enumerate(notebook.cells) if _has_tag(cell, _PARAMETERS_TAG)) + 1
        number = error.cell_index + (error.cell_index < injected)
        raise NotebookError(f"cell {number} of {name} failed ({error.ename})") from None
    except CellTimeoutError:
        raise NotebookError(f"a cell of {name} took longer than {timeout} seconds") from None
    except DeadKernelError:
        raise NotebookError(f"the kernel of {name} died") from None
    except Exception as error:
        raise NotebookError(f"{name} could not be run ({type(error).__name__})") from None
    # Without the cell that papermill put in, cells have the numbers that people see in the file.
    executed.cells = [cell for cell in executed.cells if not _has_tag(cell, _INJECTED_TAG)]
    return executed


def _has_tag(cell: nbformat.NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def check_proof(notebook: nbformat.NotebookNode, run: NotebookRun, proof: dict[str, Any]) -> None:
    """Check that every cell of an executed notebook ran and that its last cell proves it.

    Parameters
    ----------
    notebook
        An executed notebook.
    run
        The run it comes from.
    proof
        What its last code cell must say.

    Raises
    ------
    NotebookError
        If a cell did not run, or the proof is missing or another.
    """
    name = run.notebook.name
    code = [
        (number, cell)
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    for number, cell in code:
        if cell.execution_count is None or any(output.output_type == "error" for output in cell.outputs):
            raise NotebookError(f"cell {number} of {name} did not run to its end")
    shown = [output.data[FRAGMENT] for output in code[-1][1].outputs if FRAGMENT in output.get("data", {})]
    if not shown or not shown[-1]:
        raise NotebookError(f"the last cell of {name} does not close the page; it must call close_page")
    if shown[-1] != proof:
        raise NotebookError(f"{name} was made from other returns than this run read")
