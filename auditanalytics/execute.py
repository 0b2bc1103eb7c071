"""Run notebooks strictly: a page exists only if every cell ran to its end with the parameters that were meant.

papermill runs the notebooks, but is too kind for unattended use: it only warns of an unknown parameter and then
reports the default, and it takes ``sys.exit(0)`` half-way for success. So parameters are checked by name and kind
before a kernel starts, and afterwards every cell must have run and the last one must have proved it.
"""

import ast
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from auditanalytics.errors import ArgumentError, ChoiceError, NotebookError
from auditanalytics.kernels import LONGEST_FOLDER, Kernels, allow_open_files
from auditanalytics.reporting.fragments import FRAGMENT
from auditanalytics.run_settings import DEFAULT_LIMITS, Limits
from auditanalytics.scratch import scratch_folder

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
    limits: Limits = DEFAULT_LIMITS,
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
    limits
        How much time and memory they may take.
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
    at_once = min(jobs or os.cpu_count() or 1, max(len(runs), 1))
    allow_open_files(at_once)
    with (
        scratch_folder(longest=LONGEST_FOLDER) as folder,
        Kernels(folder, memory=limits.memory) as kernels,
        ThreadPoolExecutor(at_once) as pool,
    ):
        futures = {pool.submit(_run_notebook, run, kernels, limits): number for number, run in enumerate(runs)}
        try:
            for future in as_completed(futures, timeout=limits.total_seconds):
                number = futures[future]
                executed[number] = future.result()
                check_proof(executed[number], runs[number], proof)
                done(number)
        except TimeoutError:
            raise NotebookError(f"the pages took longer than {limits.total_seconds} seconds together") from None
        finally:  # when one page has failed, or the run is stopped, nobody waits for the others
            kernels.stop()
            pool.shutdown(wait=True, cancel_futures=True)
    return [executed[number] for number in range(len(runs))]


_SLOWEST_START = 60
"""Seconds that a kernel may take to start."""


def _run_notebook(run: NotebookRun, kernels: Kernels, limits: Limits) -> nbformat.NotebookNode:
    name, notebook = run.notebook.name, nbformat.read(run.notebook, as_version=4)
    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters=run.parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            kernel_manager_class=kernels.manager,
            start_timeout=min(_SLOWEST_START, limits.cell_seconds + 5),
            execution_timeout=limits.cell_seconds,
        )
    except papermill.PapermillExecutionError as error:
        injected = next(index for index, cell in enumerate(notebook.cells) if _has_tag(cell, _PARAMETERS_TAG)) + 1
        number = error.cell_index + (error.cell_index < injected)
        raise NotebookError(f"cell {number} of {name} failed ({error.ename})") from None
    except CellTimeoutError:
        raise NotebookError(f"a cell of {name} took longer than {limits.cell_seconds} seconds") from None
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
