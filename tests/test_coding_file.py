import csv
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auditanalytics.coding_file import code_file
from auditanalytics.errors import ArgumentError, CodebookError, ReturnsError

HEADER = ["ID", "Box", "Domain", "Said", "Codes"]
ROWS = [
    ["1", "working well", "risk", "No chronology on file, but visits are timely.", ""],
    ["007", "Worried about", "plans", "=cmd|'/C calc'!A0 drift", ""],
    ["N/A", "next_step", "", "See above", ""],
    ["4", "", "", "", ""],
    ["5", "other things", "", "There is drift.\nMinutes late", "voice; Case recording"],
    ["6", "", "", "There is drift.", "none"],
]


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_row_comes_back_with_its_themes_and_the_words_that_made_them(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [HEADER, *ROWS])
    done = code_file(
        source, text="Said", kind="Box", domain="Domain", by_hand="Codes", out=tmp_path / "out.csv"
    )  # fmt: skip
    header, *rows = read(tmp_path / "out.csv")
    assert header == [*HEADER, "themes", "matched"]
    assert [row[:5] for row in rows] == ROWS
    assert [row[5:] for row in rows] == [
        ["timeliness;history;visiting", "timeliness: timely; history: no chronology; visiting: visits"],
        ["timeliness", "timeliness: drift"],
        ["", ""],
        ["", ""],
        ["voice;recording", "voice: by hand; recording: by hand"],
        ["", ""],
    ]
    assert (done.rows, done.without_text, done.without_theme, done.of_unknown_kind) == (6, 1, 2, 1)
    assert done.counts.loc["Timeliness and drift"].tolist() == [1, 1, 0, 0]
    assert done.counts.loc["History and chronology"].tolist() == [0, 1, 0, 0]  # in the box for what works well
    assert done.counts.loc["Case recording"].tolist() == [0, 0, 0, 1]
    assert "Rows whose kind is none of worked_well, worried_about, next_step, comment: 1, read as" in str(done)
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600


def test_a_theme_by_hand_that_is_not_known_is_counted(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["T", "C"], ["There is drift", "weather; voice"], ["There is drift", "rain"]])
    done = code_file(source, text="T", by_hand="C", out=tmp_path / "out.csv")
    assert [row[2] for row in read(tmp_path / "out.csv")[1:]] == ["voice", "timeliness"]
    assert done.of_unknown_theme == 2 and "that the codebook does not have: 2." in str(done)


def test_phrases_in_common_are_suggested_and_no_name_is_among_them(tmp_path: Path) -> None:
    said = [f"{name} has a kitchen garden at rose brook, says hughes" for name in ("Jo", "Al", "Em", "Bo", "Di", "Di")]
    done = code_file(write(tmp_path / "in.csv", [["T"], *([each] for each in said)]), text="T", out=tmp_path / "o.csv")
    assert "kitchen garden" in dict(done.phrases)
    assert not {"hughes", "brook", "name"} & {word for phrase, _ in done.phrases for word in phrase.split()}
    assert "kitchen garden (" in str(done)


def test_a_text_that_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["T"], ["drift " * 6000]])
    with pytest.raises(ReturnsError, match="row 2 is longer than 32,767"):
        code_file(source, text="T", out=tmp_path / "out.csv")


def test_wrong_arguments_write_nothing(tmp_path: Path) -> None:
    source, out = write(tmp_path / "in.csv", [HEADER, *ROWS]), tmp_path / "out.csv"
    for wrong in ({"text": "Sad"}, {"text": "Said", "kind": "Boxes"}, {"text": "Said", "by_hand": "x"}):
        with pytest.raises(ArgumentError, match="there is no column"):
            code_file(source, out=out, **wrong)
    with pytest.raises(ArgumentError, match="overwritten"):
        code_file(source, text="Said", out=source)
    with pytest.raises(CodebookError, match=r"none\.toml"):
        code_file(source, text="Said", out=out, codebook=tmp_path / "none.toml")
    with pytest.raises(ReturnsError, match="quotation mark"):
        code_file(write(tmp_path / "q.csv", []) and _broken(tmp_path), text="Said", out=out)
    again = write(tmp_path / "again.csv", [[*HEADER, "themes"], *([*row, ""] for row in ROWS)])
    with pytest.raises(ArgumentError, match="'themes' already"):
        code_file(again, text="Said", out=out)
    assert not out.exists()


def _broken(folder: Path) -> Path:
    path = folder / "broken.csv"
    path.write_text('Said\n"one" two\n"three\n', encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [HEADER, *ROWS])
    command = [str(Path(sys.executable).parent / "auditanalytics"), "themes", "in.csv", "--text", "Said", "--out"]
    done = subprocess.run([*command, "out.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Rows: 6, without text: 1, without a theme: 1 (20% of those with text).\n")
    assert "Timeliness and drift " in done.stdout
    assert len(read(tmp_path / "out.csv")) == 7
    wrong = subprocess.run([*command, "in.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1 and "overwritten" in wrong.stderr
