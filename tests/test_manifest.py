import json
import os
from pathlib import Path

import pytest

from auditanalytics.errors import ArgumentError
from auditanalytics.manifest import MANIFEST, read_manifest, sha256_of, verify_report, write_manifest

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    folder = tmp_path / "2019-Q4"
    (folder / "tables").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Whole</h1>", encoding="utf-8")
    (folder / "tables" / "empty.csv").touch()
    write_manifest(folder, {"quarter": "2019-Q4", "title": "Naïve – “quoted”", "files": sha256_of(folder)})
    return folder


def found(folder: Path) -> list[list[str]]:
    verification = verify_report(folder)
    assert verification.is_whole == (not any((verification.altered, verification.missing, verification.added)))
    return [verification.altered, verification.missing, verification.added]


def test_hashes_are_those_of_the_files(report: Path) -> None:
    (report / "index.html").unlink()
    (report / MANIFEST).unlink()
    assert sha256_of(report) == {"tables/empty.csv": EMPTY}


def test_what_was_written_is_read(report: Path) -> None:
    about = read_manifest(report)
    assert about == {"quarter": "2019-Q4", "title": "Naïve – “quoted”", "files": about["files"] if about else None}


def test_a_report_as_it_was_published_is_whole(report: Path) -> None:
    assert found(report) == [[], [], []]
    assert verify_report(report).files == 3


def test_every_file_that_is_not_as_it_was_is_named(report: Path) -> None:
    (report / "index.html").write_text("<h1>Whole!</h1>", encoding="utf-8")
    (report / "tables" / "empty.csv").unlink()
    (report / "tables" / "more.csv").touch()
    assert found(report) == [["index.html"], ["tables/empty.csv"], ["tables/more.csv"]]


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX")
@pytest.mark.parametrize("to", ["the same words elsewhere", "nothing"])
def test_a_link_in_place_of_a_file_is_not_the_file(report: Path, to: str) -> None:
    elsewhere = report.parent / "elsewhere.html"
    if to != "nothing":
        (report / "index.html").rename(elsewhere)
    else:
        (report / "index.html").unlink()
    (report / "index.html").symlink_to(elsewhere)
    assert found(report) == [["index.html"], [], []]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_is_named_and_not_waited_for(report: Path) -> None:
    os.mkfifo(report / "pipe")
    assert found(report) == [[], [], ["pipe"]]


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("2019-Q4", "2019-Q3"),
        lambda text: text.replace(EMPTY, "0" * 64),
        lambda text: text[:-20],
        lambda text: "[]",
        lambda text: "",
        lambda text: json.dumps({name: value for name, value in json.loads(text).items() if name != "seal"}),
        lambda text: '{"inputs": 3, "seal": ""}',
    ],
    ids=["another quarter", "another hash", "cut short", "a list", "nothing", "no seal", "no inputs"],
)
def test_an_edited_manifest_is_named(report: Path, edit: "object") -> None:
    path = report / MANIFEST
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    assert found(report) == [[MANIFEST], [], []]
    assert read_manifest(report) is None


def test_the_hash_of_an_input_is_the_only_thing_that_is_not_sealed(tmp_path: Path) -> None:
    """A name that is put right in a return changes its hash, and nothing else that is published."""
    seals = []
    for digest, encoding in (("aa", "utf-8"), ("bb", "utf-8"), ("bb", "cp1252")):
        write_manifest(tmp_path, {"files": {}, "inputs": [{"file": "a.csv", "sha256": digest, "encoding": encoding}]})
        seals.append(json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))["seal"])
    assert seals[0] == seals[1] != seals[2]


def test_a_manifest_laid_out_anew_is_the_same(report: Path) -> None:
    """What counts is what it says, not the blanks between."""
    path = report / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert found(report) == [[], [], []]


def test_a_report_without_its_manifest_is_not_whole(report: Path) -> None:
    (report / MANIFEST).unlink()
    assert found(report) == [[], [MANIFEST], []]


@pytest.mark.parametrize("name", ["", "none", "2019-Q4/index.html"])
def test_where_there_is_no_report_it_is_said_and_where_there_is_one(report: Path, name: str) -> None:
    with pytest.raises(ArgumentError, match="there is no report in the folder") as refused:
        verify_report(report.parent / name)
    assert (str(report) in str(refused.value).removeprefix(f"there is no report in the folder {report}")) == (
        name == ""
    )
