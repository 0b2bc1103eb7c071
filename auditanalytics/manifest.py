"""What a published report consists of, and whether it still does.

``run.json`` is written last. It lists every other file with its SHA-256, and carries a hash of its own words, so that
an edit is seen wherever it was made. This shows accidents and quiet edits; whoever edits a report and then reckons
every hash anew cannot be found out by the report alone.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditanalytics.errors import ArgumentError

MANIFEST = "run.json"
_SEAL = "seal"


@dataclass(frozen=True)
class Verification:
    """What was found of a report: the files that were altered, are missing, or were added since it was published."""

    folder: Path
    files: int
    altered: list[str]
    missing: list[str]
    added: list[str]

    @property
    def is_whole(self) -> bool:
        """Whether the report is as it was published."""
        return not (self.altered or self.missing or self.added)


def sha256_of(folder: Path) -> dict[str, str]:
    """Hash every file of a folder.

    Parameters
    ----------
    folder
        A folder.

    Returns
    -------
    dict of str
        The SHA-256 of each file by its path in the folder, in order; "" for a link and for what cannot be read.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {path.relative_to(folder).as_posix(): _sha256_of_file(path) for path in files}


def _sha256_of_file(path: Path) -> str:
    is_plain = path.is_file() and not path.is_symlink()
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if is_plain else ""
    except OSError:
        return ""


def write_manifest(folder: Path, about: dict[str, Any]) -> None:
    """Write what a report consists of, sealed.

    Parameters
    ----------
    folder
        The folder of the report.
    about
        What it says; ``files`` has the SHA-256 of every other file of the folder.
    """
    text = json.dumps(about | {_SEAL: _seal(about)}, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read what a report says that it consists of.

    Parameters
    ----------
    folder
        The folder of a report.

    Returns
    -------
    dict or None
        What was given to `write_manifest`; None where there is no manifest, or it is not what was written.
    """
    try:
        about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        is_ours = about.pop(_SEAL) == _seal(about)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # not there, or not what we write
    return about if is_ours else None


def _seal(about: dict[str, Any]) -> str:
    """A hash of all that a manifest says but for the hashes of inputs: a name put right there changes nothing here."""
    inputs = [{name: value for name, value in each.items() if name != "sha256"} for each in about.get("inputs", [])]
    about = about | {"inputs": inputs}
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def verify_report(folder: str | Path) -> Verification:
    """Look whether a report is as it was published.

    Parameters
    ----------
    folder
        The folder of a report: ``<out>/<quarter>``.

    Returns
    -------
    Verification
        The files that were altered, are missing or were added. Where the manifest itself was altered or is missing,
        nothing can be said of the others.

    Raises
    ------
    ArgumentError
        If there is no report.

    Examples
    --------
    >>> import tempfile
    >>> report = Path(tempfile.mkdtemp())
    >>> _ = (report / "index.html").write_text("<h1>Good practice</h1>")
    >>> write_manifest(report, {"files": sha256_of(report)})
    >>> verify_report(report).is_whole
    True
    >>> _ = (report / "index.html").write_text("<h1>Outstanding practice</h1>")
    >>> verify_report(report).altered
    ['index.html']
    """
    folder = Path(folder)
    if not folder.is_dir() or not any((folder / name).exists() for name in (MANIFEST, "index.html", "tables")):
        within = [path.parent for path in sorted(folder.glob(f"*/{MANIFEST}"))]
        hint = f"; there is one in {within[-1]}" if within else ""
        raise ArgumentError(f"there is no report in the folder {folder}{hint}")
    about = read_manifest(folder)
    if about is None:
        is_there = (folder / MANIFEST).exists()
        return Verification(folder, 0, [MANIFEST] * is_there, [MANIFEST] * (not is_there), [])
    published, found = about["files"], sha256_of(folder)
    altered = [name for name in published if name in found and found[name] != published[name]]
    missing = [name for name in published if name not in found]
    added = [name for name in found if name not in published and name != MANIFEST]
    return Verification(folder, len(published) + 1, altered, missing, added)
