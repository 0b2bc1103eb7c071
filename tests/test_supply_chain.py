"""The supply chain: an audit that was none never says so, the bill holds the lock, every licence is known."""

import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import supply_chain
from conftest import ROOT
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from requests.adapters import HTTPAdapter
from supply_chain import (
    BILL,
    BUNDLED,
    KNOWN_BAD,
    NOT_EVERYWHERE,
    PAGE,
    READ_BY_HAND,
    THREE_CLAUSES,
    Database,
    Locked,
    SupplyChainError,
    asks_for,
    audit,
    bill_of_materials,
    databases,
    describe,
    hold_to_the_schema,
    licence_in,
    licences_page,
    read_lock,
    run_time_names,
)  # fmt: skip

PACKAGES = read_lock()
NEEDED = run_time_names(PACKAGES)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CLEAN = "no known vulnerabilities"


def run_job(*arguments: object, before: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, str(ROOT / "tests" / "supply_chain.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )


def installed(name: str) -> Any:
    try:
        return metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None


# What the lock says


def test_every_line_of_the_lock_is_read_with_its_hashes_and_its_reason() -> None:
    pinned = re.findall(r"^([a-z0-9-]+)==([^ \n]+)", supply_chain.LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(each.name, each.version) for each in PACKAGES] == pinned
    assert all(each.hashes and each.wanted_by for each in PACKAGES)


def test_what_the_checks_need_is_locked_within_its_bounds() -> None:
    for wanted in map(Requirement, PROJECT["dependency-groups"]["supply"]):
        versions = [each.version for each in PACKAGES if each.name == wanted.name]
        assert versions, f"{wanted.name}; run: make lock"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted.name}; run: make lock"


def test_what_runs_is_what_the_installed_packages_ask_for() -> None:
    if others := {each.name for each in PACKAGES if installed(each.name)} - {
        each.name for each in PACKAGES if installed(each.name) and metadata.version(each.name) == each.version
    }:
        pytest.skip(f"not the lock's versions are installed here, but others: {', '.join(sorted(others))}")
    wanted, seen = [(each, "") for each in PROJECT["project"]["dependencies"]], set()
    while wanted:
        text, extra = wanted.pop()
        asked = Requirement(text)
        if asked.marker and not asked.marker.evaluate({"extra": extra}):
            continue
        for each in {"", *asked.extras}:
            name = canonicalize_name(asked.name)
            if (name, each) not in seen:
                seen.add((name, each))
                wanted += [(line, each) for line in metadata.requires(name) or []]
    here = {each.name for each in PACKAGES if not each.marker or Marker(each.marker).evaluate()}
    assert {name for name, _ in seen} == NEEDED & here


def test_a_file_that_is_no_lock_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "empty.lock").write_text("# nothing\n")
    with pytest.raises(SupplyChainError, match="make lock"):
        read_lock(tmp_path / "empty.lock")


# Licences


def test_the_page_is_what_the_lock_and_the_packages_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == licences_page(PACKAGES), "run: make licences"


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_no_licence_is_unknown_or_asks_for_the_whole(name: str) -> None:
    assert asks_for(describe(name).licence) in ("notice", "files")


@pytest.mark.parametrize(
    ("licence", "asked"),
    [
        ("MIT", "notice"),
        ("GPL-2.0-or-later OR MIT", "notice"),
        ("MPL-2.0 AND MIT", "files"),
        ("LGPL-2.1-or-later", "files"),
        ("GPL-3.0-only", "whole"),
        ("MIT AND AGPL-3.0-only", "whole"),
        ("GPL-3.0-only OR AGPL-3.0-only", "whole"),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", "whole"),
        ("SSPL-1.0", "unknown"),
        ("MIT AND LicenseRef-anything", "unknown"),
    ],
)
def test_what_a_licence_asks(licence: str, asked: str) -> None:
    assert asks_for(licence) == asked


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        ("License-Expression: GPL-3.0-only", "GPL-3.0-only"),
        ("License: BSD-3-Clause\nClassifier: License :: OSI Approved :: BSD License", "BSD-3-Clause"),
        ("License: BSD 3-Clause License\n        \n        Copyright", "BSD-3-Clause"),
        ("Classifier: License :: OSI Approved :: MIT License", "MIT"),
        ("License: BSD\nClassifier: License :: OSI Approved :: BSD License", ""),
        ("License: Copyright (c) 2015 somebody", ""),
        ("License: UNKNOWN", ""),
        (
            "Classifier: License :: OSI Approved :: MIT License\n"
            "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
            "",
        ),
    ],
)
def test_a_licence_is_taken_from_metadata_only_where_its_words_leave_no_doubt(lines: str, licence: str) -> None:
    from email import message_from_string

    assert licence_in(message_from_string(f"Name: some\n{lines}\n")) == licence


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("License-Expression: GPL-3.0-only", "under GPL-3.0-only, which may not be used"),
        ("License-Expression: SSPL-1.0", "or nobody has looked at it"),
        ("License: see the file", "gives no SPDX licence; read its licence"),
        (None, "in the lock and is not installed"),
    ],
)
def test_a_package_under_a_bad_or_unknown_licence_stops_the_page(tmp_path: Path, line: str | None, said: str) -> None:
    if line:
        (tmp_path / "newcomer-1.0.dist-info").mkdir()
        (tmp_path / "newcomer-1.0.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: newcomer\nVersion: 1.0\n{line}\n"
        )
    lock = tmp_path / "some.lock"
    lock.write_text("newcomer==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via auditanalytics (pyproject.toml)\n")
    done = run_job("licences", "--lock", lock, "--out", tmp_path / "page.md", PYTHONPATH=str(tmp_path))
    assert (done.returncode, (tmp_path / "page.md").exists()) == (2, False)
    assert said in done.stderr


@pytest.mark.parametrize("name", READ_BY_HAND)
def test_only_what_had_to_be_read_by_hand_was(name: str) -> None:
    assert name in {each.name for each in PACKAGES}, "it is no longer in the lock"
    if not (about := installed(name)):
        pytest.skip(f"{name} is not for this system")
    assert licence_in(about) == "", "its metadata says it now"
    texts = licence_texts(name)
    assert texts or name == "colorama"
    licence, why = READ_BY_HAND[name]
    clauses = any(re.search(r"neither\s+the\s+names?\s", text, re.IGNORECASE) for text in texts)
    assert clauses == (why == THREE_CLAUSES)
    assert licence != "BSD-3-Clause" or why == THREE_CLAUSES


def licence_texts(name: str) -> list[str]:
    named = [each for each in metadata.files(name) or [] if re.search(r"dist-info/.*LICEN[CS]E", str(each))]
    return [each.read_text(encoding="utf-8") for each in named]


@pytest.mark.parametrize("name", NOT_EVERYWHERE)
def test_what_is_known_of_packages_for_other_systems_is_what_they_say(name: str) -> None:
    assert name in {each.name for each in PACKAGES}, "it is no longer in the lock"
    if not installed(name):
        pytest.skip(f"{name} is not for this system")
    assert describe(name) == supply_chain.Described(*NOT_EVERYWHERE[name])


def test_every_package_that_is_not_installed_everywhere_is_known() -> None:
    systems = [("posix", "linux", "Linux"), ("posix", "darwin", "Darwin"), ("nt", "win32", "Windows")]
    environments = [
        default_environment()
        | {"os_name": os_name, "sys_platform": platform, "platform_system": system}
        | {"python_full_version": version, "python_version": ".".join(version.split(".")[:2])}
        for os_name, platform, system in systems
        for version in ("3.11.4", "3.11.9", "3.12.4", "3.13.1", "3.14.0")
    ]
    markers: dict[str, list[str]] = {}
    for each in PACKAGES:
        markers.setdefault(each.name, []).append(each.marker)
    missing = {
        name
        for name, choices in markers.items()
        for environment in environments
        if not any(not each or Marker(each).evaluate(environment) for each in choices)
    }
    assert missing == set(NOT_EVERYWHERE)


def test_compiled_libraries_under_licences_of_gnu_are_named() -> None:
    found = {
        name
        for name in NEEDED
        if installed(name)
        for text in licence_texts(name)
        if re.search(r"^License: .*GPL", text, re.MULTILINE)
    }
    assert found == set(BUNDLED)


# The bill of materials


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return json.loads(bill_of_materials(PACKAGES))


def test_the_bill_holds_every_locked_package_with_its_hashes_and_its_licence(bill: dict[str, Any]) -> None:
    components = {each["purl"]: each for each in bill["components"]}
    assert set(components) == {each.purl for each in PACKAGES}
    for each in PACKAGES:
        component = components[each.purl]
        assert sorted(one["content"] for one in component["hashes"]) == sorted(each.hashes)
        assert {one["alg"] for one in component["hashes"]} == {"SHA-256"}
        stated = component["licenses"][0]
        said = stated.get("expression") or stated["license"].get("id") or stated["license"]["name"]
        assert said == describe(each.name).licence
        assert component["scope"] == ("required" if each.name in NEEDED else "excluded")


def test_the_bill_says_what_needs_what(bill: dict[str, Any]) -> None:
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    direct = {canonicalize_name(Requirement(each).name) for each in PROJECT["project"]["dependencies"]}
    assert {re.split("[/@]", ref)[1] for ref in needs["auditanalytics"]} == direct
    assert len([ref for ref in needs["auditanalytics"] if "/numpy@" in ref]) == 2
    tqdm = next(each for each in PACKAGES if each.name == "tqdm")
    assert tqdm.purl in needs[next(each.purl for each in PACKAGES if each.name == "papermill")]
    assert bill["metadata"]["component"]["version"] == PROJECT["project"]["version"]


@pytest.mark.slow  # the schema's grammar of addresses takes seconds
def test_the_bill_fits_the_schema_and_the_schema_can_refuse(bill: dict[str, Any]) -> None:
    assert hold_to_the_schema(json.dumps(bill))
    with pytest.raises(SupplyChainError, match="'type' is a required property"):
        hold_to_the_schema(json.dumps({**bill, "components": [{"name": "no type"}], "dependencies": []}))


def test_the_bill_holds_no_time_and_its_number_follows_from_what_it_holds(bill: dict[str, Any]) -> None:
    assert "timestamp" not in bill["metadata"]
    some = [[each for each in PACKAGES if each.name in names] for names in ({"click"}, {"click", "tqdm"})]
    numbers = {json.loads(bill_of_materials(packages))["serialNumber"] for packages in some}
    assert len(numbers | {bill["serialNumber"]}) == 3


@pytest.mark.slow
def test_the_same_lock_gives_the_same_bytes() -> None:
    program = "import supply_chain as s; print(s.bill_of_materials(s.read_lock()))"
    bills = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT / "tests",
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert bills[0] == bills[1]
    assert len(json.loads(bills[0])["components"]) == len(PACKAGES)


def test_the_bill_is_written_where_git_does_not_look() -> None:
    done = subprocess.run(["git", "check-ignore", "-q", str(BILL)], cwd=ROOT, check=False)
    if done.returncode == 128:
        pytest.skip("this is not a git checkout")
    assert done.returncode == 0


# The audit


def alone() -> tuple[str, ...]:
    """What runs a command without a network, where that is permitted."""
    words = ("unshare", "--map-root-user", "--net")
    if not shutil.which("unshare") or subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a network namespace of its own is not permitted here")
    return words


ADVISORY = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fixed_in": ["9.9"], "summary": "bad", "withdrawn": None}
BAD = {(each.name, each.version) for each in KNOWN_BAD}
Answers = Callable[[str, str], tuple[int, Any]]


def honest(name: str, version: str) -> tuple[int, Any]:
    """An index that knows every package and what is known against it."""
    return 200, {"info": {}, "vulnerabilities": [ADVISORY] if (name, version) in BAD else []}


def vulnerable(name: str, version: str) -> tuple[int, Any]:
    return (200, {"vulnerabilities": [ADVISORY]}) if name == "tqdm" else honest(name, version)


def without_the_field_for_one(name: str, version: str) -> tuple[int, Any]:
    return (200, {"info": {}}) if name == "tqdm" else honest(name, version)


def without_one(name: str, version: str) -> tuple[int, Any]:
    return (404, {}) if name == "tqdm" else honest(name, version)


def vulnerable_then_silent(name: str, version: str) -> tuple[int, Any]:
    return (500, {}) if name == "zipp" else vulnerable(name, version)


def forgets(name: str, version: str) -> tuple[int, Any]:
    """An index that lets its advisories run dry on the way."""
    return honest(name, version) if (name, version) == ("jinja2", "2.10") else (200, {"vulnerabilities": []})


NOTHING = [
    ("without the field", lambda name, version: (200, {"info": {"name": name}}), "without a word about vulnerabilities"),
    ("field is null", lambda name, version: (200, {"vulnerabilities": None}), "without a word about vulnerabilities"),
    ("without it for one", without_the_field_for_one, "without a word about vulnerabilities"),
    ("empty for all", lambda name, version: (200, {"vulnerabilities": []}), "holds no advisories"),
    ("runs dry", forgets, "nothing against pyyaml 5.3"),
    ("knows no version", lambda name, version: (404, {}), "does not know jinja2 2.10"),
    ("knows one not", without_one, "does not know tqdm"),
    ("a page for people", lambda name, version: (200, "<html>sign in</html>"), "not JSON"),
    ("a list", lambda name, version: (200, []), "without a word about vulnerabilities"),
    ("refused", lambda name, version: (403, {}), "answered 403"),
    ("broken", lambda name, version: (503, {}), "answered 503"),
]  # fmt: skip


class Index(http.server.BaseHTTPRequestHandler):
    """An imitation of the package index, and of a proxy before it, as `answers` of its server says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_CONNECT(self) -> None:
        if self.server.certificate is None:
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self) -> None:
        *_, name, version, _ = self.path.split("/")
        self._answer(*self.server.answers(name, version))

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(*self.server.answers(asked["package"]["name"], asked["version"]))

    def _answer(self, status: int, body: Any) -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    servers = []

    def start(answers: Answers, certificate: Path | None = None) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
        server.answers, server.certificate = answers, certificate
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class Elsewhere(HTTPAdapter):
    """Sends what is meant for the package index to another address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def send(self, request: Any, **options: Any) -> Any:
        request.url = self.address + request.path_url
        return super().send(request, **options | {"proxies": {}})


def index_at(address: str) -> Database:
    index = databases()[0]

    def service(**options: Any) -> Any:
        made = index.service(**options)
        made.session.mount("https://", Elsewhere(address))
        return made

    return Database(index.name, service, index.speaks)


def osv_at(address: str) -> Database:
    osv = databases()[1]
    return Database(osv.name, lambda **options: osv.service(osv_url=address, **options), osv.speaks)


ASKED = [each for each in PACKAGES if each.name in ("click", "numpy", "pytest", "tqdm")]
Said = tuple[int, str]


def audited(*asked: Database, packages: list[Locked] = ASKED, timeout: int = 10, total: int = 60) -> Said:
    return audit(packages, list(asked), timeout=timeout, total=total)


def test_an_audit_says_how_many_packages_it_asked_about_and_whom(serve: Callable[..., str]) -> None:
    code, said = audited(index_at(serve(honest)))
    assert (code, said) == (0, f"Audited 5 locked packages against the package index's advisories: {CLEAN}.")


@pytest.mark.parametrize(("answers", "why"), [each[1:] for each in NOTHING], ids=[each[0] for each in NOTHING])
def test_an_index_that_tells_nothing_has_audited_nothing(serve: Callable[..., str], answers: Answers, why: str) -> None:
    code, said = audited(index_at(serve(answers)))
    assert code == 3
    assert said.startswith("Not audited: ")
    assert why in said
    assert CLEAN not in said


def test_what_is_vulnerable_is_listed_with_what_mends_it(serve: Callable[..., str]) -> None:
    code, said = audited(index_at(serve(vulnerable)))
    version = next(each.version for each in ASKED if each.name == "tqdm")
    assert code == 1
    assert "Audited 5 locked packages" in said
    assert "1 with known vulnerabilities" in said
    assert f"tqdm {version}" in said
    assert "PYSEC-1, CVE-1; mended in 9.9" in said
    assert CLEAN not in said


def test_what_only_tests_need_is_told_from_what_reports_need(serve: Callable[..., str]) -> None:
    everywhere = index_at(serve(lambda name, version: (200, {"vulnerabilities": [ADVISORY]})))
    said = audited(everywhere, packages=PACKAGES)[1].splitlines()
    assert sum("(reports need it)" in line for line in said) == sum(each.name in NEEDED for each in PACKAGES)
    assert (
        next(line for line in said if line.startswith("  pytest ")).count("only tests, builds or checks need it") == 1
    )


def test_what_was_found_before_the_answers_ended_is_not_lost(serve: Callable[..., str]) -> None:
    last = Locked("zipp", "1.0", "", (), ())
    code, said = audited(index_at(serve(vulnerable_then_silent)), packages=[*ASKED, last])
    assert code == 1
    assert said.startswith("Not audited: ")
    assert "(5 of 6 answered)" in said
    assert "PYSEC-1" in said


def test_the_next_database_is_asked_where_one_fails(serve: Callable[..., str]) -> None:
    def osv(name: str, version: str) -> tuple[int, Any]:
        return 200, {"vulns": [{"id": "PYSEC-1", "affected": []}]} if (name, version) in BAD else {}

    failing = index_at(serve(lambda name, version: (404, {})))
    assert audited(failing, osv_at(serve(osv))) == (0, f"Audited 5 locked packages against OSV: {CLEAN}.")


@pytest.mark.parametrize("body", [{}, {"vulns": []}, [], {"vulns": None}, {"message": "hello"}], ids=repr)
def test_a_database_that_finds_nothing_wrong_with_anything_has_audited_nothing(
    serve: Callable[..., str], body: Any
) -> None:
    code, said = audited(osv_at(serve(lambda name, version: (200, body))))
    assert code == 3
    assert CLEAN not in said


def test_an_index_that_keeps_silent_is_not_waited_for(serve: Callable[..., str]) -> None:
    finished = threading.Event()

    def silent(name: str, version: str) -> tuple[int, Any]:
        finished.wait(20)
        return honest(name, version)

    code, said = audited(index_at(serve(silent)), timeout=1)
    finished.set()
    assert code == 3
    assert "did not answer in time" in said


def test_an_index_that_is_slow_throughout_is_given_up(serve: Callable[..., str]) -> None:
    code, said = audited(index_at(serve(honest)), total=0)
    assert code == 3
    assert "longer than 0 seconds" in said


@pytest.mark.slow
def test_without_a_network_nothing_is_audited() -> None:
    done = run_job("audit", before=alone())
    assert done.returncode == 3
    assert done.stdout.startswith("Not audited: ")
    assert done.stdout.count("could not be reached") == 2
    assert CLEAN not in done.stdout


@pytest.mark.slow
def test_the_bill_and_the_page_need_no_network(tmp_path: Path) -> None:
    few = tmp_path / "few.lock"
    few.write_text("click==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via auditanalytics (pyproject.toml)\n")
    for job, lock in (("sbom", few), ("licences", supply_chain.LOCK)):
        done = run_job(job, "--lock", lock, "--out", tmp_path / job, before=alone())
        assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "sbom").read_text())["components"]
    assert (tmp_path / "licences").read_bytes() == PAGE.read_bytes()


@pytest.mark.slow
def test_behind_a_proxy_that_refuses_nothing_is_audited(serve: Callable[..., str]) -> None:
    done = run_job("audit", HTTPS_PROXY=serve(honest), NO_PROXY="")
    assert done.returncode == 3
    assert done.stdout.count("the proxy let nothing through") == 2
    assert CLEAN not in done.stdout


@pytest.mark.slow
def test_without_pip_audit_nothing_is_audited(tmp_path: Path) -> None:
    (tmp_path / "pip_audit").mkdir()
    (tmp_path / "pip_audit" / "__init__.py").write_text("")
    done = run_job("audit", PYTHONPATH=str(tmp_path))
    assert done.returncode == 3
    assert done.stdout.startswith("Not audited: pip-audit cannot be used")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for the hosts that are asked, for a proxy that answers in their name."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here to make a certificate")
    hosts = ",".join(f"DNS:{host}" for host in ("py" + "pi.org", "api.osv.dev"))
    key, made, both = (tmp_path / name for name in ("key.pem", "made.pem", "both.pem"))
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=imitation", "-days", "2"]
    subprocess.run(
        ["openssl", *words, "-addext", f"subjectAltName={hosts}", "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    both.write_text(key.read_text() + made.read_text())
    return both


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        (honest, 0, f"Audited {len(PACKAGES)} locked packages"),
        (vulnerable, 1, "1 with known vulnerabilities"),
        (lambda name, version: (200, {"info": {"name": name}}), 3, "without a word about vulnerabilities"),
        (lambda name, version: (200, {}), 3, "OSV: it has nothing against jinja2 2.10"),
        (lambda name, version: (404, {}), 3, "it does not know jinja2 2.10"),
    ],
    ids=["honest", "vulnerable", "without the field", "empty", "unknown"],
)
def test_the_command_behind_a_registry_that_answers_for_the_index(
    serve: Callable[..., str], certificate: Path, answers: Answers, code: int, said: str
) -> None:
    proxy = serve(answers, certificate)
    done = run_job("audit", HTTPS_PROXY=proxy, NO_PROXY="", REQUESTS_CA_BUNDLE=str(certificate))
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout
    assert (CLEAN in done.stdout) == (code == 0)
