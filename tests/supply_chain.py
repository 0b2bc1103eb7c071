"""What the project is built of: whether any of it is known to be broken, its bill of materials, its licences.

`make audit` asks an advisory database about every locked package, and says "Not audited" wherever it got no answer that
counts. `make sbom` and `make licences` need no network: requirements.lock says what is installed and why, the installed
packages say under which licence. tests/test_supply_chain.py holds all three to what they claim.
"""

import argparse
import functools
import hashlib
import re
import sys
import tempfile
import textwrap
import time
import tomllib
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
BILL = ROOT / "build" / "auditanalytics.cdx.json"
PAGE = ROOT / "docs" / "licences.md"

AUDITED, VULNERABLE, NOT_AUDITED = 0, 1, 3

# What metadata says in words, where the words leave no doubt. "BSD License" leaves one: it has two, three or four clauses.
SPDX_OF_WORDS = {
    "2-clause bsd": "BSD-2-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
}

THREE_CLAUSES = "the metadata says BSD; its licence file has three clauses"

# Licences that no metadata gives as SPDX, read by hand, with the reason.
READ_BY_HAND = {
    "colorama": ("BSD-3-Clause", THREE_CLAUSES),
    "cycler": ("BSD-3-Clause", THREE_CLAUSES),
    "ipython-pygments-lexers": ("BSD-3-Clause", THREE_CLAUSES),
    "jinja2": ("BSD-3-Clause", THREE_CLAUSES),
    "jupyterlab": ("BSD-3-Clause", THREE_CLAUSES),
    "jupyterlab-pygments": ("BSD-3-Clause", THREE_CLAUSES),
    "jupyterlab-server": ("BSD-3-Clause", THREE_CLAUSES),
    "kiwisolver": ("BSD-3-Clause", THREE_CLAUSES),
    "matplotlib": ("LicenseRef-matplotlib", "a licence of its own, permissive, worded after PSF-2.0; SPDX has no name for it"),
    "nest-asyncio2": ("BSD-2-Clause", "the metadata says BSD; its licence file has two clauses"),
    "papermill": ("BSD-3-Clause", THREE_CLAUSES),
    "prompt-toolkit": ("BSD-3-Clause", THREE_CLAUSES),
    "scipy": ("BSD-3-Clause", THREE_CLAUSES),
    "seaborn": ("BSD-3-Clause", THREE_CLAUSES),
    "tinycss2": ("BSD-3-Clause", THREE_CLAUSES),
    "webencodings": ("BSD-3-Clause", THREE_CLAUSES),
}  # fmt: skip

# What is not installed on every system and every Python, so that its metadata cannot always be asked.
NOT_EVERYWHERE = {
    "aiohappyeyeballs": ("PSF-2.0", "https://github.com/aio-libs/aiohappyeyeballs"),
    "aiohttp": ("Apache-2.0 AND MIT", "https://github.com/aio-libs/aiohttp"),
    "aiosignal": ("Apache-2.0", "https://github.com/aio-libs/aiosignal"),
    "appnope": ("BSD-2-Clause", "https://github.com/minrk/appnope"),
    "colorama": ("BSD-3-Clause", "https://github.com/tartley/colorama"),
    "frozenlist": ("Apache-2.0", "https://github.com/aio-libs/frozenlist"),
    "multidict": ("Apache-2.0", "https://github.com/aio-libs/multidict"),
    "overrides": ("Apache-2.0", "https://github.com/mkorpela/overrides"),
    "pexpect": ("ISC", "https://pexpect.readthedocs.io/"),
    "propcache": ("Apache-2.0", "https://github.com/aio-libs/propcache"),
    "ptyprocess": ("ISC", "https://github.com/pexpect/ptyprocess"),
    "pywinpty": ("MIT", "https://github.com/andfoy/pywinpty"),
    "yarl": ("Apache-2.0", "https://github.com/aio-libs/yarl"),
}

# Licences that ask for no more than that their text is handed on.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LicenseRef-matplotlib", "MIT", "MIT-0",
    "MIT-CMU", "PSF-2.0", "Zlib",
}  # fmt: skip
OF_FILES = ("MPL-", "LGPL-")
OF_THE_WHOLE = ("GPL-", "AGPL-")

# Packages whose wheels hold compiled libraries under a licence of the GNU family: what, and why it binds nobody here.
BUNDLED = {
    "matplotlib": "FreeType, under FTL OR GPL-2.0-or-later: FTL is taken",
    "numpy": "libgfortran, under GPL-3.0-or-later WITH GCC-exception-3.1, which lets any program use it; libquadmath, as scipy",
    "scipy": "libgfortran, as numpy; libquadmath, under LGPL-2.1-or-later, in a file of its own that can be replaced",
}


class SupplyChainError(Exception):
    """Something about a package is not known; the sentence says what to do."""


@dataclass(frozen=True)
class Locked:
    """A package at one version, as the lock has it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


@dataclass(frozen=True)
class Described:
    """What a package says of itself: its licence as SPDX, and where it lives."""

    licence: str
    home: str


def read_lock(path: Path = LOCK) -> list[Locked]:
    """Every package of the lock; one that has two versions, each for some Pythons, is there twice."""
    found = []
    for block in re.split(r"^(?=[a-z0-9])", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if head := re.match(r"([a-z0-9-]+)==(\S+)(?: ; ([^\\\n]+))?", block):
            hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
            reasons = re.findall(r"^    #(?: via|  ) (.+)$", block, re.MULTILINE)
            found.append(Locked(head[1], head[2], (head[3] or "").strip(), tuple(hashes), tuple(reasons)))
    if not found:
        raise SupplyChainError(f"{path.name} holds no locked package; run: make lock")
    return found


def run_time_names(packages: Iterable[Locked]) -> set[str]:
    """The packages that a report needs: what the project depends on, and what that depends on, and so on."""
    packages, names, before = list(packages), {"auditanalytics (pyproject.toml)"}, 0
    while len(names) > before:
        before = len(names)
        names |= {each.name for each in packages if names.intersection(each.wanted_by)}
    return names - {"auditanalytics (pyproject.toml)"}


# Licences and homes


@functools.cache
def describe(name: str) -> Described:
    """The licence and the home of a package, from its metadata or, failing that, from the tables above."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        if name in NOT_EVERYWHERE:
            return Described(*NOT_EVERYWHERE[name])
        remedy = "run: make .venv/ready; if it is for other systems, read its metadata and add it to NOT_EVERYWHERE"
        raise SupplyChainError(f"{name} is in the lock and is not installed; {remedy}") from None
    licence = READ_BY_HAND[name][0] if name in READ_BY_HAND else licence_in(about)
    if not licence:
        raise SupplyChainError(
            f"the metadata of {name} gives no SPDX licence; read its licence and add it to READ_BY_HAND"
        )
    return Described(licence, _home_in(about))


@functools.cache
def _licensing() -> Any:
    """SPDX's licences, which take long to load."""
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


def licence_in(about: Any) -> str:
    """The licence that metadata gives as SPDX or in words that leave no doubt; nothing if it gives none."""
    said = [about.get("License-Expression"), about.get("License")]
    classified = [each for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
    if len(classified) == 1:
        said.append(classified[0].split(" :: ")[-1])
    # some put the whole licence into the field: its first line is its name, or nothing that is in the tables
    for words in (each.strip().split("\n")[0] for each in said if each):
        if words.lower() in SPDX_OF_WORDS:
            return SPDX_OF_WORDS[words.lower()]
        if re.fullmatch(r"[A-Za-z0-9.+() -]+", words) and not _licensing().validate(words).errors:
            return words
    return ""


def _home_in(about: Any) -> str:
    named = dict(each.split(", ", 1) for each in about.get_all("Project-URL") or [])
    by_label = {re.sub("[^a-z]", "", label.lower()): address for label, address in named.items()}
    places = [by_label.get("homepage"), about.get("Home-page")]
    places += [by_label.get(each) for each in ("source", "repository", "sourcecode", "code", "github", "githubrepo")]
    return next((place for place in places if place and not _IS_OF_AN_INDEX.search(place)), "")


_IS_OF_AN_INDEX = re.compile(r"//(?:www\.)?py" + r"pi\.")
"""Where a package is fetched from is no home: each council has an index of its own, or a mirror."""


def asks_for(licence: str) -> str:
    """What a licence asks of those who hand the package on: "notice", "files" or "whole"; "unknown" if nobody looked."""
    from license_expression import LicenseWithExceptionSymbol

    order = ["notice", "files", "whole", "unknown"]

    def weight(node: Any) -> int:
        if node.args:
            weights = [weight(each) for each in node.args]
            return min(weights) if node.operator.strip() == "OR" else max(weights)
        key = (node.license_symbol if isinstance(node, LicenseWithExceptionSymbol) else node).key
        if key in PERMISSIVE:
            return 0
        return 1 if key.startswith(OF_FILES) else 2 if key.startswith(OF_THE_WHOLE) else 3

    return order[weight(_licensing().parse(licence))]


def licences_page(packages: list[Locked]) -> str:
    """docs/licences.md: every package that a report needs, with its licence, and what the licences ask."""
    needed = run_time_names(packages)
    versions = {name: " or ".join(each.version for each in packages if each.name == name) for name in sorted(needed)}
    described = {name: describe(name) for name in versions}
    counts = Counter(each.licence for each in described.values()).most_common()
    counted = [f"| {licence} | {number} |" for licence, number in sorted(counts, key=lambda each: (-each[1], each[0]))]
    rows = [
        f"| {name} | {versions[name]} | {about.licence} | {f'<{about.home}>' if about.home else 'none given'} |"
        for name, about in described.items()
    ]
    for name, about in described.items():
        if asks_for(about.licence) in ("whole", "unknown"):
            raise SupplyChainError(
                f"{name} is under {about.licence}, which may not be used, or nobody has looked at it"
            )
    of_files, of_libraries = (
        [f"{name} ({about.licence})" for name, about in described.items() if prefix in about.licence]
        for prefix in OF_FILES
    )
    by_hand = [f"| {name} | {licence} | {why} |" for name, (licence, why) in READ_BY_HAND.items() if name in needed]
    bundled = [f"| {name} | {what} |" for name, what in BUNDLED.items() if name in needed]
    return _PAGE.format(
        packages=len(described),
        counted="\n".join(counted),
        of_files=_in_sentence(of_files),
        of_libraries=_in_sentence(of_libraries),
        by_hand="\n".join(by_hand),
        bundled="\n".join(bundled),
        rows="\n".join(rows),
    )


def _in_sentence(packages: list[str]) -> str:
    return textwrap.fill(f"Here: {', '.join(packages)}. auditanalytics changes none.", 120)


_PAGE = """# Licences

What `auditanalytics report` runs on, for whoever has to approve it: {packages} packages, with the versions of
`requirements.lock`, on every system and every Python that is supported. What only the tests and the build need is not
here. `make licences` writes this page from the lock and from what the packages say of themselves; a test holds it to
them. `make sbom` writes the same as a CycloneDX bill of materials, with the hash of every file.

auditanalytics itself is under MIT. Nothing it runs on is under the GPL or the AGPL alone, and every licence is known.

| licence | packages |
|---|---|
{counted}

## What they ask

Whoever uses the packages inside a council owes nothing. Whoever hands them on hands on their licences with them.

**MPL-2.0** asks one thing more: whoever changes a file of such a package and hands it on gives the changed file under
MPL-2.0 too. It does not reach the files beside it.
{of_files}

**LGPL** asks that the package can be replaced by another version of it, which Python always allows.
{of_libraries}
The wheel of psycopg-binary also holds libkeyutils and libcrypt, under LGPL-2.1-or-later, in files of their own that
can be replaced. The wheels of some others hold compiled libraries that are under a licence of GNU:

| package | holds |
|---|---|
{bundled}

JupyterLab's wheel also holds JavaScript packages for its own windows; `third-party-licenses.json` inside it lists them.
One, elkjs, is under EPL-2.0, which asks what the MPL asks. Reports hold no JavaScript.

## Read by hand

The metadata of these gives no SPDX licence.

| package | licence | why |
|---|---|---|
{by_hand}

## Every package

| package | version | licence | home |
|---|---|---|---|
{rows}
"""


# The bill of materials


def bill_of_materials(packages: list[Locked]) -> str:
    """A CycloneDX bill of the lock as JSON: the same lock gives the same bytes.

    What only the tests, the build and these checks need is in it too, because one lock installs all; its scope says
    "excluded", CycloneDX's word for what is not part of what runs.
    """
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.output.json import JsonV1Dot6

    needed = run_time_names(packages)
    components = {each: _component(each, needed) for each in packages}
    note = "the hashes of a component are those of the files of the release that the lock allows, one for each system"
    bill = Bom(components=components.values(), properties=[Property(name="auditanalytics:hashes", value=note)])
    bill.metadata.component = _project()
    # neither the time nor a random number: whoever compares two bills sees what changed and nothing else
    bill.metadata.timestamp = None
    bill.serial_number = uuid.UUID(int=0)
    _link(bill, components)
    digest = hashlib.sha256(JsonV1Dot6(bill).output_as_string().encode()).hexdigest()
    bill.serial_number = uuid.uuid5(uuid.NAMESPACE_OID, digest)
    return JsonV1Dot6(bill).output_as_string(indent=2) + "\n"


def hold_to_the_schema(bill: str) -> str:
    """The bill, if it fits CycloneDX's own schema."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill):
        raise SupplyChainError(f"the bill of materials does not fit the CycloneDX schema: {wrong.data.message}")
    return bill


def _component(package: Locked, run_time: set[str]) -> Any:
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
    from cyclonedx.model.component import Component, ComponentScope
    from packageurl import PackageURL

    about = describe(package.name)
    homes = [ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(about.home))] if about.home else []
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=package.purl,
        purl=PackageURL.from_string(package.purl),
        scope=ComponentScope.REQUIRED if package.name in run_time else ComponentScope.EXCLUDED,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes],
        licenses=[LicenseFactory().make_from_string(about.licence)],
        external_references=homes,
        properties=[Property(name="auditanalytics:installed-where", value=package.marker)] if package.marker else [],
    )


def _project() -> Any:
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model.component import Component, ComponentType

    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licences = [LicenseFactory().make_from_string(about["license"])]
    return Component(
        name=about["name"],
        version=about["version"],
        bom_ref=about["name"],
        type=ComponentType.APPLICATION,
        licenses=licences,
        description=about["description"],
    )


def _link(bill: Any, components: dict[Locked, Any]) -> None:
    """Say in the bill which package needs which; the lock says it the other way round."""
    project = bill.metadata.component
    for wanted_by in [project, *components.values()]:
        name = "auditanalytics (pyproject.toml)" if wanted_by is project else wanted_by.name
        bill.register_dependency(wanted_by, [one for each, one in components.items() if name in each.wanted_by])


# Known vulnerabilities


@dataclass
class Answer:
    """What a database said of the packages: what is wrong with which, how many it was asked about, why it stopped."""

    database: str
    asked: int = 0
    found: dict[Locked, list[Any]] = field(default_factory=dict)
    failure: str = ""


@dataclass(frozen=True)
class Database:
    """An advisory database: pip-audit's service for it, and whether an answer is one that can hold advisories."""

    name: str
    service: Callable[..., Any]
    speaks: Callable[[Any], bool]


# Versions with advisories that are years old. A database that knows of nothing against them knows of nothing at all.
KNOWN_BAD = (Locked("jinja2", "2.10", "", (), ()), Locked("pyyaml", "5.3", "", (), ()))


def databases() -> list[Database]:
    """The databases that are asked, one after the other, until one answers to the end."""
    # Its command would take an answer without advisories, or a package that the index does not know, for a clean one,
    # so its services are asked one package at a time. The lock pins it; where it is missing nothing is audited.
    from pip_audit._service import OsvService, PyPIService

    return [
        Database(
            "the package index's advisories",
            PyPIService,
            lambda body: isinstance(body, dict) and isinstance(body.get("vulnerabilities"), list),
        ),
        Database("OSV", OsvService, lambda body: isinstance(body, dict) and isinstance(body.get("vulns", []), list)),
    ]


def ask(database: Database, packages: list[Locked], *, timeout: int, total: int) -> Answer:
    """Ask one database about every package, and about two that are known to be bad, one before and one after."""
    answer, started = Answer(database.name), time.monotonic()
    try:
        # a cache of its own: what was answered yesterday is not an answer
        with tempfile.TemporaryDirectory() as cache:
            service = database.service(cache_dir=Path(cache), timeout=timeout)
            service.session.hooks["response"].append(_only_answers_that_speak(database))
            for package in [KNOWN_BAD[0], *packages, KNOWN_BAD[1]]:
                if time.monotonic() - started > total:
                    raise SupplyChainError(f"it took longer than {total} seconds")
                _ask_about(service, package, answer)
    # Whatever went wrong, the packages were not audited; pip-audit and requests have many ways of saying so.
    except Exception as error:
        answer.failure = _sentence(error)
    return answer


def _ask_about(service: Any, package: Locked, answer: Answer) -> None:
    from packaging.version import Version
    from pip_audit._service import ResolvedDependency

    spec, found = service.query(ResolvedDependency(package.name, Version(package.version)))
    if spec.is_skipped():
        raise SupplyChainError(f"it does not know {package.name} {package.version}")
    if package in KNOWN_BAD:
        if not found:
            raise SupplyChainError(
                f"it has nothing against {package.name} {package.version}, which is known to be vulnerable, "
                "so it holds no advisories"
            )
        return
    answer.asked += 1
    if found:
        answer.found[package] = found


def _only_answers_that_speak(database: Database) -> Callable[..., None]:
    def hook(response: Any, **_: Any) -> None:
        if response.ok and not response.is_redirect and not database.speaks(response.json()):
            raise SupplyChainError("it answered without a word about vulnerabilities")

    return hook


def _sentence(error: BaseException) -> str:
    """What went wrong in one sentence; the errors of requests hold addresses and the names of objects."""
    if isinstance(error, SupplyChainError):
        return str(error)
    kinds = " ".join(each.__name__ for each in type(error).__mro__)
    cause = error.__cause__
    if "Timeout" in kinds:
        return "it did not answer in time"
    if "ProxyError" in kinds:
        return "the proxy let nothing through"
    if cause is not None and "HTTPError" in type(cause).__name__:
        return f"it answered {cause.response.status_code}"
    if "JSONDecodeError" in kinds:
        return "it answered something that is not JSON"
    if "ConnectionError" in kinds:
        return "it could not be reached"
    return f"the answer could not be used ({type(error).__name__})"


def audit(packages: list[Locked], asked: list[Database], *, timeout: int, total: int) -> tuple[int, str]:
    """The exit code and what is to be said of the packages."""
    answers = []
    for database in asked:
        answers.append(answer := ask(database, packages, timeout=timeout, total=total))
        if not answer.failure:
            return _said_to_the_end(answer, packages)
    lines = ["Not audited: whether a locked package has known vulnerabilities could not be found out."]
    lines += [f"  {each.database}: {each.failure} ({each.asked} of {len(packages)} answered)" for each in answers]
    found = [line for each in answers for line in _listed(each, packages)]
    return (VULNERABLE if found else NOT_AUDITED), "\n".join([*lines, *found])


def _said_to_the_end(answer: Answer, packages: list[Locked]) -> tuple[int, str]:
    head = f"Audited {answer.asked} locked packages against {answer.database}:"
    if not answer.found:
        return AUDITED, f"{head} no known vulnerabilities."
    return VULNERABLE, "\n".join(
        [f"{head} {len(answer.found)} with known vulnerabilities.", *_listed(answer, packages)]
    )


def _listed(answer: Answer, packages: list[Locked]) -> list[str]:
    needed, lines = run_time_names(packages), []
    for package, found in answer.found.items():
        use = "reports need it" if package.name in needed else "only tests, builds or checks need it"
        for each in found:
            names = ", ".join([each.id, *sorted(each.aliases)])
            mended = ", ".join(map(str, each.fix_versions)) or "no version yet"
            lines.append(f"  {package.name} {package.version} ({use}): {names}; mended in {mended}")
    return lines


# The command


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return f"Written: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}"


def main() -> int:
    """Do one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=["audit", "sbom", "licences"])
    parser.add_argument("--lock", type=Path, default=LOCK, help="the lock, if not requirements.lock")
    parser.add_argument("--out", type=Path, help="where to write, if not the usual place")
    parser.add_argument("--timeout", type=int, default=15, help="how many seconds to wait for one answer")
    parser.add_argument("--total-timeout", type=int, default=600, help="how many seconds to ask one database")
    options = parser.parse_args()
    try:
        packages = read_lock(options.lock)
        if options.job == "audit":
            try:
                asked = databases()
            except Exception as error:
                print(f"Not audited: pip-audit cannot be used ({type(error).__name__}); run: make .venv/ready")
                return NOT_AUDITED
            code, said = audit(packages, asked, timeout=options.timeout, total=options.total_timeout)
            print(said)
            return code
        if options.job == "sbom":
            print(_write(options.out or BILL, hold_to_the_schema(bill_of_materials(packages))))
        else:
            print(_write(options.out or PAGE, licences_page(packages)))
    except SupplyChainError as error:
        print(f"supply_chain: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
