"""What a report was made from, and proof that nothing in it identifies anybody.

``run.json`` says which versions, inputs, parameters and pages a report consists of, each with its hash, so that it can
be made again and be seen to be unaltered. It is written last and searched by the gate with everything else; what the
gate looked for is its last line.
"""

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditanalytics.changes import key_name
from auditanalytics.gate import GateResult, check_artefacts, printed_texts
from auditanalytics.intake import IDENTITY_SEPARATOR
from auditanalytics.manifest import read_manifest, sha256_of, verify_report, write_manifest
from auditanalytics.reporting.check_records import file_records
from auditanalytics.returns import AuditReturns

_LIBRARIES = (
    "auditanalytics",
    "matplotlib",
    "nbconvert",
    "pandas",
    "papermill",
    "python-docx",
    "seaborn",
    "statsmodels",
    "typst",
)


def installed_folder(name: str) -> Path:
    """Find a folder that comes with the library: beside it in the repository, inside it when installed.

    Parameters
    ----------
    name
        ``notebooks`` or ``data``.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def describe_run(
    returns: AuditReturns, quarter: str, pages: dict[str, dict[str, Any]], *, notebooks: Iterable[Path] = ()
) -> dict[str, Any]:
    """Describe all that a report is made from: where nothing of it has changed, nor would the report.

    Parameters
    ----------
    returns
        The audit returns.
    quarter
        The quarter that is reported.
    pages
        By file, the title, the notebook and the parameters of each page.
    notebooks
        The notebooks that are run.

    Returns
    -------
    dict
        What can be written as JSON. No time is in it, and no name of a machine or a folder but the host of a
        database.
    """
    described = {
        "quarter": quarter,
        "audience": returns.audience,
        "hidden": len(returns.hidden),
        "disclosure": asdict(returns.disclosure_policy),
        "key": key_name(),
        "framework": {
            "id": returns.framework.id,
            "name": returns.framework.name,
            "sha256": returns.framework.sha256,
        },
        "codebook": returns.codebook | {"themes": list(returns.themes)},
        "versions": {"python": platform.python_version()} | {name: metadata.version(name) for name in _LIBRARIES},
        "code": _sha256_of_code(notebooks),
        "inputs": _describe_inputs(returns),
        "rows": returns.rows,
        "audits": {"accepted": len(returns.audits), "rejected": returns.rejected_audits},
        "to_mend": returns.to_mend,
        "pages": [{"page": href} | page for href, page in pages.items()],
    }
    return dict(json.loads(json.dumps(described)))


def _sha256_of_code(notebooks: Iterable[Path]) -> str:
    """One hash of this library and of the notebooks."""
    package = Path(__file__).parent
    code = [path for path in package.rglob("*") if path.suffix in _CODE and "data" not in path.parts]
    texts = {path.relative_to(package).as_posix(): path for path in code} | {path.name: path for path in notebooks}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in texts.items()}
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


_CODE = (".py", ".toml", ".j2", ".css", ".typ")


def is_published(place: Path, about: dict[str, Any]) -> bool:
    """Tell whether a report stands whole that was made from the same.

    Parameters
    ----------
    place
        The folder of the report.
    about
        What it would be made from, by `describe_run`.

    Returns
    -------
    bool
        True if so; False also where a file of it was altered, is missing or was added.
    """
    written = read_manifest(place)
    if written is None:
        return False
    pages = [{name: value for name, value in page.items() if name != "sha256"} for page in written["pages"]]
    return about.items() <= (written | {"pages": pages}).items() and verify_report(place).is_whole


def write_record(stage: Path, returns: AuditReturns, about: dict[str, Any]) -> None:
    """Write what a report was made from, and let it pass only if nothing in it identifies anybody.

    Parameters
    ----------
    stage
        The folder of the finished report.
    returns
        The audit returns it was made from.
    about
        What it was made from, by `describe_run`.

    Raises
    ------
    PrivacyError
        If anything in the folder identifies a person or quotes a comment of the returns.
    """
    hashes = sha256_of(stage)
    pages = [page | {"sha256": hashes[page["page"]]} for page in about["pages"]]
    about = about | {"pages": pages, "files": hashes}
    write_manifest(stage, about)  # it is searched like everything else
    write_manifest(stage, about | {"gate": asdict(pass_gate(stage, returns))})


def pass_gate(
    stage: Path, returns: AuditReturns, *, meant: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> GateResult:
    """Search all that is about to be published for everything that identifies somebody in the returns.

    Parameters
    ----------
    stage
        The folder of what is about to be published.
    returns
        The audit returns it was made from.
    meant
        Texts that are meant to stand there, by what they are: ``quote`` (what somebody wrote, redacted), ``moderator``
        (a name that is to be read there) or ``number`` (one that is no case number, such as that of a row).

    Returns
    -------
    GateResult
        What was searched.

    Raises
    ------
    PrivacyError
        If anything in the folder identifies a person or quotes a comment of the returns.
    """
    identifiers = returns.identifiers.assign(text=returns.identifiers["text"].str.replace(IDENTITY_SEPARATOR, " "))
    known = printed_texts(installed_folder("notebooks"))
    # The address A1001, row 10001 and a total of 12,345 rows are printed too, and look like numbers of cases.
    known += [*returns.problems["cell"].dropna().unique(), *returns.problems["row"].dropna().unique()]
    known += [*map(str, returns.rows.values()), *meant.get("number", ())]
    framework = list(_texts(returns.framework.model_dump(exclude={"codebook"})))
    words = [word for text in framework for word in text.split()]
    # The codebook's words are printed as those of the product are. Quotes are printed too, but a name in one is a name.
    known += [*returns.themes.values(), *returns.reminders.values(), *returns.recommendations.values()]
    known += [*([] if returns.is_shared else returns.coded["words"].unique())]
    # A post or a comment may read like a title in the framework; a child's name has no place in one.
    of_cases, comments = identifiers["kind"].isin(["child", "audit"]), identifiers["kind"] == "comment"
    quotes = [*returns.quotes["text"].dropna(), *meant.get("quote", ())]
    at_work = [*framework, *meant.get("moderator", ())]
    found = [
        check_artefacts(stage, identifiers[of_cases], known=[*known, *words]),
        check_artefacts(stage, identifiers[~of_cases & ~comments], known=[*known, *at_work]),
        check_artefacts(stage, identifiers[comments], known=[*known, *framework, *quotes]),
    ]
    searched, not_searchable = (sum(getattr(each, name) for each in found) for name in ("searched", "not_searchable"))
    return GateResult(searched, not_searchable, found[0].artefacts)


def _texts(value: Any) -> Iterator[str]:
    """Every text in nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _describe_inputs(returns: AuditReturns) -> list[dict[str, Any]]:
    """Every file with its hash, its encoding, and where in each of its sheets the header was found."""
    records = file_records(returns)
    return [
        {
            "file": name,
            "sha256": digest,
            "encoding": next((each["encoding"] for each in records if each["file"] == name), ""),
            "sheets": [
                {key: each[key] for key in ("sheet", "kind", "header_row", "hidden_rows")}
                for each in records
                if each["file"] == name and each["kind"] != "not read"
            ],
        }
        for name, digest in returns.sources.items()
    ]
