"""How good the tests are: the library is changed in one place at a time, and some test ought to fail.

    python tests/mutation.py auditanalytics/grades.py auditanalytics/disclosure --sample 120 --seed 1

A changed module is a mutant. For each one a process is forked, which runs the fast tests that pass through the changed
lines until one fails: those named after the module first, then others, of each the quickest, as many as take --seconds
together. Where the change is inside a function, the process had collected the tests before it was forked, and only the
function's code is exchanged. Where it is not, the process had loaded all but the library, and imports the mutant. So
constants and what is decorated are mutated as well, which `mutmut` leaves alone. Which tests pass through which lines is
found out once, with coverage, and kept beside the repository's own files until the library or those tests change.

What is mutated: comparisons, arithmetic, boolean operators, conditions, numbers, words, True and False, returned and
assigned values, arguments, calls for their effect, break and continue, and methods that have an opposite. What is not:
docstrings, annotations, decorators, imports, what is raised, how a number is formatted, and the inside of regular
expressions. Hypothesis tries the same examples every time and does not look for smaller ones. A mutant that the chosen
tests do not notice has survived, even if a slower test might have noticed it.
"""

import argparse
import ast
import copy
import difflib
import gc
import hashlib
import importlib
import importlib.machinery
import importlib.util
import itertools
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
import types
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY, TESTS = ROOT / "auditanalytics", ROOT / "tests"
KEPT = ROOT / ".coverage.mutation.json"

NAMED_OTHERWISE = {
    "privacy": ("test_redaction", "test_pseudonyms"),
    "publish": ("test_privacy_faults",),
    "summary": ("test_sharing",),
}
"""The test files of a module or package that are not called after it."""

ABOUT_TIME = ("takes_little_time", "costs_no_more", "time_grows")
"""What stands in the names of tests that only measure time, which tells no mutant from a busy machine."""

LONGEST_TEST = 12
"""Seconds; a test that takes longer while it is watched is never used."""

MOST_BYTES = 8_000_000_000

QUIET = ["-q", "-x", "-m", "not slow", "-p", "no:cacheprovider"]

KILLED, TIMED_OUT, SURVIVED = "killed", "timed out", "survived"

# --------------------------------------------------------------------------------------------------------- mutants

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
RECKONED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Div,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.MatMult: ast.Mult,
}  # fmt: skip
OPPOSITES = [
    ("min", "max"), ("any", "all"), ("lstrip", "rstrip"), ("startswith", "endswith"), ("removeprefix", "removesuffix"),
    ("floor", "ceil"), ("upper", "lower"), ("find", "rfind"), ("partition", "rpartition"), ("split", "rsplit"),
    ("ffill", "bfill"), ("head", "tail"), ("idxmin", "idxmax"), ("minimum", "maximum"), ("match", "fullmatch"),
    ("isna", "notna"),
]  # fmt: skip
OPPOSITE = dict(OPPOSITES) | {second: first for first, second in OPPOSITES}

LEFT_ALONE = {"annotation", "returns", "decorator_list", "format_spec", "type_params"}

Lines = tuple[int, int] | None


class Place(NamedTuple):
    """Where a mutant is changed: its line, the lines a test must pass through for it to matter (None: any), and whether
    it is a function's code that is changed, and not what happens when the module is imported.
    """

    line: int
    lines: Lines
    inside: bool


def mutants(tree: ast.Module) -> Iterator[Place]:
    """Change the tree in one place after another, and back again, and say where."""
    yield from _below(tree, lines=None, inside=False)


def _below(parent: ast.AST, *, lines: Lines, inside: bool) -> Iterator[Place]:
    for name, value in ast.iter_fields(parent):
        if name in LEFT_ALONE:
            continue
        nodes = value if isinstance(value, list) else [value]
        for position, node in enumerate(nodes):
            if not isinstance(node, ast.AST) or _is_left_alone(node):
                continue
            within, here = inside or (name == "body" and isinstance(parent, ast.FunctionDef | ast.Lambda)), lines
            if isinstance(node, ast.FunctionDef):
                here = (node.lineno, node.end_lineno or node.lineno)
            elif within and isinstance(node, ast.stmt | ast.ExceptHandler):
                body = getattr(node, "body", None)
                last = body[0].lineno - 1 if isinstance(body, list) else node.end_lineno
                here = (node.lineno, max(node.lineno, last or node.lineno))
            for changed in _variants(node, asked=name in ("test", "ifs")):
                ast.fix_missing_locations(ast.copy_location(changed, node))
                _put(parent, name, position, value, changed)
                yield Place(getattr(node, "lineno", 0), here, within)
                _put(parent, name, position, value, node)
            yield from _below(node, lines=here, inside=within)


def _put(parent: ast.AST, name: str, position: int, value: object, node: ast.AST) -> None:
    if isinstance(value, list):
        value[position] = node
    else:
        setattr(parent, name, node)


def _is_left_alone(node: ast.AST) -> bool:
    words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    exported = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    return words or exported or isinstance(node, ast.Raise | ast.Import | ast.ImportFrom)


def _variants(node: ast.AST, *, asked: bool) -> Iterator[ast.AST]:
    """Give what may stand instead of a node; it is `asked` where it is a condition."""
    match node:
        case ast.Compare():
            for position, operator in enumerate(node.ops):
                yield _with(node, ops=_replaced(node.ops, position, COMPARED[type(operator)]()))
        case ast.BinOp() | ast.AugAssign():
            yield _with(node, op=RECKONED[type(node.op)]())
        case ast.BoolOp():
            yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(node.value + 1)
        case ast.Constant(value=str()):
            yield ast.Constant(f"XX{node.value}XX")
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            yield _with(node, value=ast.Constant("" if _is_none(node.value) else None))
        case ast.Lambda():
            yield _with(node, body=ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Call():
            yield from _calls(node)
    if (
        asked
        and not isinstance(node, ast.Compare)
        and not (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    ):
        yield ast.UnaryOp(ast.Not(), node)


def _calls(node: ast.Call) -> Iterator[ast.Call]:
    for position, argument in enumerate(node.args):
        if not isinstance(argument, ast.Starred) and len(node.args) + len(node.keywords) > 1:
            yield _with(node, args=node.args[:position] + node.args[position + 1 :])
    for position in range(len(node.keywords)):
        yield _with(node, keywords=node.keywords[:position] + node.keywords[position + 1 :])
    match node.func:
        case ast.Name(id=called) if called in OPPOSITE:
            yield _with(node, func=_with(node.func, id=OPPOSITE[called]))
        case ast.Attribute(attr=called) if called in OPPOSITE:
            yield _with(node, func=_with(node.func, attr=OPPOSITE[called]))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _replaced(values: list, position: int, value: object) -> list:
    return [*values[:position], value, *values[position + 1 :]]


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def mutated(path: Path, number: int | None) -> ast.Module:
    """Give the module's tree with one mutation, or with none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if number is not None:
        for position, _ in enumerate(mutants(tree)):
            if position == number:
                return tree
    return tree


def difference(path: Path, number: int) -> str:
    """Say what a mutant changes: the changed line as it was and as it is, as much as can be read."""
    before, after = (ast.unparse(mutated(path, which)).splitlines() for which in (None, number))
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "-+"]
    lines = [line[2:].strip() for line in changed]
    same = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*lines, strict=False))
    start = sum(1 for _ in same)
    return "\n".join(
        f"    {line[0]} {text[max(start - 70, 0) : start + 70]}" for line, text in zip(changed, lines, strict=True)
    )


# ----------------------------------------------------------------------------------------- which test passes where


class Passed(NamedTuple):
    """A test that passes, where it is, how long it takes, and the lines of each module that it passes through."""

    name: str
    file: str
    seconds: float
    lines: dict[str, list[int]]


class _Watch:
    """Notes what each test passes through; what a shared fixture does counts for every test that asks for it."""

    def __init__(self) -> None:
        self.coverage = coverage.Coverage(data_file=None, config_file=False, include=[f"{LIBRARY}/*"])
        self.seconds: dict[str, float] = {}
        self.fixtures: dict[str, list[str]] = {}
        self._context = ""

    def _turn(self, context: str) -> None:
        self._context = context
        self.coverage.switch_context(context)

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if not any(words in item.name for words in ABOUT_TIME)]

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        before = self._context
        if fixturedef.scope != "function":
            self._turn(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            self._turn(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        self._turn(item.nodeid)
        self.fixtures[item.nodeid] = [f"fixture {name}" for name in getattr(item, "fixturenames", [])]
        try:
            return (yield)
        finally:
            self._turn("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        def stop(*_: object) -> None:
            pytest.skip("takes too long")

        signal.signal(signal.SIGALRM, stop)
        signal.alarm(LONGEST_TEST)
        try:
            return (yield)
        finally:
            signal.alarm(0)

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = round(report.duration, 3)

    def passed(self, file: str) -> list[Passed]:
        data = self.coverage.get_data()
        through: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for path in data.measured_files():
            for line, contexts in data.contexts_by_lineno(path).items():
                for context in contexts:
                    through[context][str(Path(path).relative_to(ROOT))].add(line)
        found = []
        for test, seconds in self.seconds.items():
            lines: dict[str, set[int]] = defaultdict(set)
            for context in (test, *self.fixtures[test]):
                for path, numbers in through[context].items():
                    lines[path] |= numbers
            found.append(Passed(test, file, seconds, {path: sorted(numbers) for path, numbers in lines.items()}))
        return found


def watch(file: str) -> list[Passed]:
    """Run the tests of one file in a process of its own, and say what each passes through."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        silence()
        watcher = _Watch()
        watcher.coverage.start()
        pytest.main([argument for argument in QUIET if argument != "-x"] + [file], plugins=[_Steady(), watcher])
        watcher.coverage.stop()
        with os.fdopen(writing, "w") as out:
            json.dump(watcher.passed(file), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    if not text:
        raise RuntimeError(f"{file}: the tests could not be watched")
    return [Passed(*each) for each in json.loads(text)]


def watched(files: Iterable[str]) -> list[Passed]:
    """Give what the tests of each file pass through, from what is kept where nothing has changed since."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    library = _digest(sorted(LIBRARY.rglob("*.py")))
    found = []
    for file in files:
        key = library + _digest([ROOT / file, TESTS / "conftest.py"])
        if kept.get(file, [""])[0] != key:
            kept[file] = [key, watch(file)]
            KEPT.write_text(json.dumps(kept), encoding="utf-8")
        found += [Passed(*each) for each in kept[file][1]]
    return found


def _digest(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


# ----------------------------------------------------------------------------------------------- running the tests


class _Steady:
    """Lets hypothesis try the same examples every time, and be content with the first that fails."""

    def pytest_configure(self, config):
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("steady", settings(), derandomize=True, database=None, phases=phases)
        settings.load_profile("steady")


class _Chosen:
    """Runs chosen tests in the order in which they were chosen, each with a limit to its time."""

    def __init__(self, tests: list[Passed]) -> None:
        self.limits = {test.name: 10 + 10 * test.seconds for test in tests}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        order = {name: position for position, name in enumerate(self.limits)}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, whatever it is doing
        signal.setitimer(signal.ITIMER_REAL, self.limits[item.nodeid])
        return (yield)


class _Exchanged:
    """Instead of running what was collected once, runs for each mutant what was chosen for it, in a process forked for it."""

    def __init__(self, path: Path, waiting: list[tuple[int, list[Passed]]], told: int) -> None:
        self.path, self.waiting, self.told = path, waiting, told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        items = {item.nodeid: item for item in session.items}
        functions = [
            found
            for found in gc.get_objects()
            if isinstance(found, types.FunctionType) and found.__code__.co_filename == str(self.path)
        ]
        gc.freeze()
        for number, tests in self.waiting:
            if not (child := os.fork()):
                try:
                    exchange(functions, compile(mutated(self.path, number), str(self.path), "exec"))
                    os._exit(int(self._run(session, [items[test.name] for test in tests if test.name in items])))
                except BaseException:
                    os._exit(1)
            _, status = os.waitpid(child, 0)
            os.write(self.told, f"{number} {outcome(status)}\n".encode())
        return True

    @staticmethod
    def _run(session: pytest.Session, items: list[pytest.Item]) -> bool:
        """Say whether a test fails."""
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return True
        return False


def exchange(functions: list[types.FunctionType], module: types.CodeType) -> None:
    """Give functions that have been loaded the code they have in another version of their module."""
    codes: dict[tuple[str, int], types.CodeType] = {}
    waiting = [module]
    while waiting:
        code = waiting.pop()
        codes[code.co_qualname, code.co_firstlineno] = code
        waiting += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    for function in functions:
        code = codes.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if code is not None and len(code.co_freevars) == len(function.__code__.co_freevars):
            function.__code__ = code


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a mutant instead of a module."""

    number: int | None = None

    def get_code(self, fullname: str) -> types.CodeType:
        return compile(mutated(Path(self.path), self.number), self.path, "exec")


class _Finder:
    """Finds one module's mutant, and leaves every other module to whoever finds it."""

    def __init__(self, path: Path, number: int | None) -> None:
        self.loader = _Loader(module_name(path), str(path))
        self.loader.number = number

    def find_spec(self, fullname: str, path: object = None, target: object = None):
        if fullname != self.loader.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.loader.path, loader=self.loader)


def module_name(path: Path) -> str:
    """Give the name under which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def silence() -> None:
    """Let nothing of what a test prints be seen."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def outcome(status: int) -> str:
    """Say what became of a mutant from how its process ended."""
    if status == 0:
        return SURVIVED
    return TIMED_OUT if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM else KILLED


def run(tests: list[Passed], *more: object) -> int:
    """Let pytest collect the files of tests and run the tests."""
    with tempfile.TemporaryDirectory(prefix="mutation") as folder:
        files = dict.fromkeys(test.file for test in tests)
        return int(
            pytest.main([*QUIET, f"--basetemp={folder}/tests", *files], plugins=[_Steady(), _Chosen(tests), *more])
        )


def run_imported(path: Path, number: int | None, tests: list[Passed]) -> str:
    """Import a mutant in a process of its own, and run tests on it."""
    if not (child := os.fork()):
        silence()
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        signal.setitimer(signal.ITIMER_REAL, 120)  # for importing it and collecting
        sys.meta_path.insert(0, _Finder(path, number))
        try:
            importlib.import_module(module_name(path))
            os._exit(run(tests))
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return outcome(status)


def run_exchanged(path: Path, waiting: list[tuple[int, list[Passed]]]) -> Iterator[tuple[int, str]]:
    """Collect tests once, in a process of its own, and run them on each mutant of some functions."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        silence()
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        tests = {test.name: test for _, tests in waiting for test in tests}
        try:
            importlib.import_module(module_name(path))
            run(list(tests.values()), _Exchanged(path, waiting, writing))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        for line in told:
            number, _, became = line.strip().partition(" ")
            yield int(number), became
    os.waitpid(child, 0)


def named_after(path: Path) -> tuple[str, ...]:
    """Say how the names begin of the test files of a module."""
    package = path.relative_to(LIBRARY).parts[0].removesuffix(".py")
    return (f"test_{path.stem}", f"test_{package}", *NAMED_OTHERWISE.get(package, ()))


def chosen(path: Path, lines: Lines, tests: list[Passed], seconds: float) -> list[list[Passed]]:
    """Choose the tests that pass through lines of a module: those named after it, then others while there is time.

    What matters when a module is imported may matter to every test of a file that imports the module or is named after it.
    """
    module = str(path.relative_to(ROOT))
    names = named_after(path)
    near = {
        file
        for file in {test.file for test in tests}
        if Path(file).stem.startswith(names) or module_name(path) in (ROOT / file).read_text(encoding="utf-8")
    }
    through = [
        test
        for test in tests
        if (lines is None and test.file in near)
        or any(lines is None or lines[0] <= line <= lines[1] for line in test.lines.get(module, []))
    ]
    through.sort(key=lambda test: test.seconds)
    groups: list[list[Passed]] = []
    for named in (True, False):
        group, left = [], seconds
        for test in through:
            if (test.file == module or Path(test.file).stem.startswith(names)) == named and test.seconds <= left:
                group.append(test)
                left -= test.seconds
        groups.append(group)
    return [group for group in groups if group]


class Fate(NamedTuple):
    """What became of a mutant."""

    number: int
    line: int
    outcome: str


def try_mutants(path: Path, tests: list[Passed], *, among: list[int], seconds: float) -> Iterator[Fate]:
    """Try mutants of a module, one after another."""
    places = list(mutants(ast.parse(path.read_text(encoding="utf-8"))))
    found = {number: chosen(path, places[number].lines, tests, seconds) for number in among}
    exchanged = [number for number in among if places[number].inside and found[number]]
    waiting = [(number, [test for group in found[number] for test in group]) for number in exchanged]
    for number, became in run_exchanged(path, waiting) if waiting else ():
        yield Fate(number, places[number].line, became)
    for number in sorted(set(among) - set(exchanged)):
        outcomes = (run_imported(path, number, group) for group in found[number])
        yield Fate(number, places[number].line, next((each for each in outcomes if each != SURVIVED), SURVIVED))


def load_everything_else() -> None:
    """Load what takes long to load and is not the library, before anything is forked."""
    import hypothesis.extra.numpy
    import matplotlib.pyplot
    import pandas
    import playwright.sync_api
    import pyarrow.parquet
    import pydantic
    import scipy.stats
    import seaborn
    import statsmodels.stats.proportion
    import xlsxwriter

    del hypothesis, matplotlib, pandas, playwright, pyarrow, pydantic, scipy, seaborn, statsmodels, xlsxwriter


def main(arguments: list[str] | None = None) -> int:
    """Mutate modules, say what became of it, and fail where too many mutants survive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="+", type=Path, help="modules or packages of the library")
    parser.add_argument("--sample", type=int, help="as many mutants of each module; all if not given")
    parser.add_argument("--only", type=int, nargs="+", help="these mutants, by their numbers")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seconds", type=float, default=6, help="of tests for each mutant, named after it, and others")
    parser.add_argument(
        "--tests", nargs="+", default=[], help="more test files than those named after a module, or: all"
    )
    parser.add_argument("--least", type=float, default=0, help="fail where less than this share is killed")
    options = parser.parse_args(arguments)

    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(TESTS)]
    load_everything_else()
    paths = [
        path
        for given in options.modules
        for path in (sorted(given.resolve().rglob("*.py")) if given.is_dir() else [given.resolve()])
    ]
    files = [str(path.relative_to(ROOT)) for path in paths]
    for test in sorted(TESTS.glob("test_*.py")):
        if "all" in options.tests or any(test.stem.startswith(named_after(path)) for path in paths):
            files.append(str(test.relative_to(ROOT)))
    files += [each for each in options.tests if each not in ("all", *files)]
    tests = watched(files)
    total: Counter[str] = Counter()
    for path in paths:
        everything = range(sum(1 for _ in mutants(ast.parse(path.read_text(encoding="utf-8")))))
        among = options.only or list(everything)
        if options.sample is not None and options.sample < len(among):
            among = sorted(random.Random(f"{options.seed} {path.name}").sample(among, options.sample))
        for group in chosen(path, None, tests, options.seconds):
            if run_imported(path, None, group) != SURVIVED:
                print(f"{path.relative_to(ROOT)}: the tests fail before anything is changed", file=sys.stderr)
                return 2
        began, found = time.monotonic(), Counter()
        for fate in try_mutants(path, tests, among=among, seconds=options.seconds):
            found[fate.outcome] += 1
            if fate.outcome != KILLED:
                print(f"{path.relative_to(ROOT)}:{fate.line}: mutant {fate.number} {fate.outcome}")
                print(difference(path, fate.number), flush=True)
        print(
            f"== {path.relative_to(ROOT)}: {told(found, of=len(everything))}; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        total += found
    print(f"== in all: {told(total)}")
    return int(caught(total) < options.least)


def caught(found: Counter[str]) -> float:
    """Give the share of mutants that did not survive."""
    return 1 - found[SURVIVED] / max(found.total(), 1)


def told(found: Counter[str], *, of: int | None = None) -> str:
    """Say what became of mutants."""
    outcomes = ", ".join(f"{found[outcome]} {outcome}" for outcome in (KILLED, TIMED_OUT, SURVIVED))
    whole = "" if of is None else f" of {of}"
    return f"{found.total()}{whole} mutants: {outcomes}; {100 * caught(found):.1f}% caught"


if __name__ == "__main__":
    sys.exit(main())
