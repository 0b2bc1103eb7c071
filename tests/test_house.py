"""The rules of the house that a machine can check."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted((ROOT / "auditanalytics").rglob("*.py"))


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize("check", [["lint-imports"], ["ruff", "check", "."], ["ruff", "format", "--check", "."]])
def test_imports_run_downwards_and_style_holds(check: list[str]) -> None:
    command = [str(Path(sys.executable).parent / check[0]), *check[1:]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_committed_file_names_a_package_index_host() -> None:
    hosts = re.compile(
        "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "ana" + r"conda\.(?:org|com)"])
    )
    assert [path.name for path in committed() if hosts.search(text_of(path))] == []


def test_no_committed_file_names_a_place_on_somebodys_machine() -> None:
    places = re.compile(
        "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", "/tm" + "p/[a-z]", r"C:\\Us" + "ers"])
    )
    assert [path.name for path in committed() if path.suffix != ".xlsx" and places.search(text_of(path))] == []


ONLY_FROM_PIP = ("typst",)
"""What an environment of conda takes from pip, with the project itself."""


def requirements(lines: list[str]) -> dict[str, str]:
    """Bounds by name; conda knows no extras, and writes some names with an underscore where pip writes a hyphen."""
    found = (re.fullmatch(r"([a-z0-9_-]+)(?:\[[a-z]+\])?(.*)", line.replace(" ", "")) for line in lines)
    return {match[1].replace("_", "-"): match[2] for match in found if match}


def test_conda_gets_the_names_and_bounds_of_pip() -> None:
    listed = re.findall(r"^  - ([a-z][^\s:]*)$", text_of(ROOT / "environment.yml"), re.MULTILINE)
    channels, packages = listed[:2], requirements([name for name in listed[2:] if name != "pip"])
    assert channels == ["conda-forge", "nodefaults"]
    assert packages.pop("python") == PROJECT["project"]["requires-python"]
    wanted = requirements(PROJECT["project"]["dependencies"])
    assert packages == {name: bound for name, bound in wanted.items() if name not in ONLY_FROM_PIP}
    assert "- pip:\n      - -e ." in text_of(ROOT / "environment.yml")


def test_the_lock_pins_every_dependency_with_a_hash_and_within_its_bound() -> None:
    from packaging.requirements import Requirement

    lock = text_of(ROOT / "requirements.lock")
    pinned = re.findall(
        r"^([a-z0-9._-]+)==([^ \\;]+)([^\n]*)\n((?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n?)+)", lock, re.MULTILINE
    )
    assert len(pinned) == len(re.findall(r"^[a-z]", lock, re.MULTILINE))
    groups = PROJECT["dependency-groups"]
    for text in [*PROJECT["project"]["dependencies"], *groups["test"], *groups["build"]]:
        wanted = Requirement(text)
        versions = [version for name, version, *_ in pinned if name == wanted.name]
        assert versions, f"{wanted.name} is not in the lock; run: make lock"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted.name}; run: make lock"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1
    assert re.fullmatch(r"# .*\?", notebook.cells[0].source.splitlines()[0])
    for cell in code:
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.For, ast.While))
            if isinstance(node, ast.ImportFrom):
                assert node.module == "auditanalytics"
    assert notebook.metadata.kernelspec.name == "python3"
    assert "conclude" in notebook.cells[-2].source


def test_the_facade_has_what_notebooks_need_and_every_name_exists() -> None:
    import auditanalytics

    for name in auditanalytics.__all__:
        assert getattr(auditanalytics, name).__doc__


def test_modules_open_with_prose_and_are_not_long() -> None:
    for path in MODULES:
        source = text_of(path)
        assert ast.get_docstring(ast.parse(source)), path
        assert len(source.splitlines()) <= 400, path
        assert path.stem not in ("utils", "helpers", "core", "common", "misc")


def test_public_functions_have_types_and_say_what_they_take_and_give() -> None:
    for path in MODULES:
        for node in ast.parse(text_of(path)).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                doc = ast.get_docstring(node) or ""
                arguments = [*node.args.args, *node.args.kwonlyargs]
                assert node.returns is not None, (path.name, node.name)
                assert all(argument.annotation for argument in arguments), (path.name, node.name)
                if path.name not in ("cli.py",):
                    assert not arguments or "Parameters\n---" in doc, (path.name, node.name)


def test_nothing_in_the_project_speaks_of_how_it_was_made() -> None:
    words = re.compile(r"issue \d|session \d|acceptance|DEVELOPERS|\bCEO\b", re.IGNORECASE)
    found = [
        path.name
        for path in committed()
        if path.suffix in (".py", ".md", ".toml", ".ipynb", ".yml", ".j2")
        and path != Path(__file__)
        and words.search(text_of(path))
    ]
    assert found == []


def test_the_files_that_the_readme_points_to_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "docs/frameworks.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", text_of(ROOT / document)):
            assert ((ROOT / document).parent / target).exists(), (document, target)


def test_the_readme_tree_is_true() -> None:
    tree = text_of(ROOT / "README.md").split("## The tree")[1].split("```")[1]
    for name in re.findall(r"^([a-z]+)/", tree, re.MULTILINE):
        assert (ROOT / name).is_dir(), name


def test_notebooks_are_json_as_git_shows_it_best() -> None:
    for path in NOTEBOOKS:
        text = text_of(path)
        assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n", path.name
