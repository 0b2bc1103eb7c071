import csv
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redaction_set

from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.redacting import redact_file

HEADER = ["ID", "Child", "Comment", "Grade"]
ROWS = [
    ["1", "Jane Doe", 'She said "no", Jane did.\nThen, on 12/03/2019, left', "Good"],
    ["2", "O'Brien, Sean", "", "N/A"],
    ["007", "", "N/A", ""],
    ["4", "Tom Roe", "=cmd|'/C calc'!A0 by Tom", "RI"],
    ["5", "Tom Roe", " spaced  ", "=1+1"],
]


def write(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", ","), ("utf-8", "|")]
)
def test_every_row_and_column_comes_back(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [*ROWS, ["6", "Zoë", "café with ZOE", "Good"]]
    source = write(tmp_path / "in.csv", [HEADER, *rows], encoding=encoding, delimiter=delimiter)
    done = redact_file(source, text="Comment", names="Child", out=tmp_path / "out.csv", report=tmp_path / "n.csv")
    header, *made = read(tmp_path / "out.csv")
    assert header == HEADER
    assert [[row[0], row[1], row[3]] for row in made] == [[row[0], row[1], row[3]] for row in rows]
    assert [row[2] for row in made] == [
        'She said "no", [name] did.\nThen, on 12/03/2019, left',
        "",
        "N/A",
        "'=cmd|'/C calc'!A0 by [name]",
        " spaced  ",
        "café with [name]",
    ]
    assert (done.rows, done.rows_changed) == (6, 3)
    assert str(done) == "Rows: 6, changed: 3.\nHidden: [name] 3."
    assert read(tmp_path / "n.csv") == [["kind", "n"], ["name", "3"]]
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "n.csv", "out.csv"]


def test_several_text_columns_names_with_commas_and_names_left_out(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.csv", [["What, said", "Child", "More", "Child"], ["Jane", "Jane Doe", "Tom", "Tom Roe"]]
    )
    redact_file(source, text="What, said", names="Child", out=tmp_path / "out.csv", drop_names=True)
    assert read(tmp_path / "out.csv") == [["What, said", "More"], ["[name]", "Tom"]]
    source = write(tmp_path / "in.csv", [["A", "Child", "B"], ["Jane", "Jane Doe", "Doe"]])
    redact_file(source, text="A, B", names="Child", out=tmp_path / "out.csv")
    assert read(tmp_path / "out.csv") == [["A", "Child", "B"], ["[name]", "Jane Doe", "[name]"]]


def test_a_blank_line_stays_and_a_file_of_a_header_alone_does_too(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Comment\n\nJane said so\n")
    assert redact_file(tmp_path / "in.csv", text="Comment", out=tmp_path / "out.csv").rows == 2
    assert read(tmp_path / "out.csv") == [["Comment"], [], ["[name] said so"]]
    (tmp_path / "in.csv").write_text("Comment\n")
    assert str(redact_file(tmp_path / "in.csv", text="Comment", out=tmp_path / "out.csv")).endswith("Hidden: nothing.")


def test_a_cell_longer_than_any_comment_is_hidden_whole(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["Comment", "ID"], ["x" * 200_000 + " Jane Doe", "1"]])
    redact_file(source, text="Comment", out=tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[1] == ["[text too long to redact]", "1"]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", " =", "\t", "\n=", "\uff1d", "\uff0b"])
def test_a_text_that_may_be_taken_for_a_formula_is_made_inert(tmp_path: Path, beginning: str) -> None:
    source = write(tmp_path / "in.csv", [["Comment", "ID"], [f"{beginning}1+1", "1"]])
    redact_file(source, text="Comment", out=tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[1][0].startswith("'")


@pytest.mark.skipif(os.name != "posix", reason="there are no named pipes")
def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [HEADER, *ROWS])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArgumentError, match="'pipe' is a device and not a file"):
        redact_file(source, text="Comment", out=tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.skipif(os.name != "posix", reason="how long a name may be differs")
def test_a_file_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [HEADER, *ROWS])
    long = "x" * 300
    for path, out in [(source, f"{long}.csv"), (source, f"{long}/out.csv"), (tmp_path / long, "out.csv")]:
        with pytest.raises(ArgumentError, match="cannot be used"):
            redact_file(path, text="Comment", out=tmp_path / out)
    redact_file(source, text="Comment", out=tmp_path / ("x" * 250))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "x" * 250]


def test_wrong_arguments_write_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [HEADER, *ROWS])
    before = source.read_bytes()
    out = tmp_path / "out.csv"
    with pytest.raises(
        ArgumentError, match="there is no column 'Coment'; the file has 'ID', 'Child', 'Comment', 'Grade'"
    ):
        redact_file(source, text="Coment", out=out)
    with pytest.raises(ArgumentError, match="--names: there is no column 'Kid'"):
        redact_file(source, text="Comment", names="Child,Kid", out=out)
    with pytest.raises(ArgumentError, match="both --text and --names"):
        redact_file(source, text="Comment", names="Comment", out=out)
    (tmp_path / "link.csv").symlink_to(source)
    os.link(source, tmp_path / "hard.csv")
    for same in (source, tmp_path / "link.csv", tmp_path / "hard.csv", tmp_path / "." / "in.csv"):
        with pytest.raises(ArgumentError, match="overwritten"):
            redact_file(source, text="Comment", out=same)
    for wrong in (tmp_path, tmp_path / "none" / "out.csv"):
        with pytest.raises(ArgumentError):
            redact_file(source, text="Comment", out=wrong)
    with pytest.raises(ArgumentError, match="same file"):
        redact_file(source, text="Comment", out=out, report=out)
    for missing in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(ArgumentError):
            redact_file(missing, text="Comment", out=out)
    assert source.read_bytes() == before
    assert not out.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"ID,Comment\n1,She said so, then Jane left\n",
        b"ID,Comment,Grade\n1,She said\nJane left,Good\n",
        b'ID,Comment\n1,"Jane left\n2,Tom stayed\n',
        b'ID,Comment\n1,"Jane left\n2,Tom",x "stayed"\n',
        b"ID,Comment\n1,\x81\x00\n",
        b"\n",
        b"",
    ],
)
def test_a_file_of_irregular_rows_is_refused_and_says_no_value(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises((ReturnsError, ArgumentError)) as raised:
        redact_file(tmp_path / "in.csv", text="Comment", out=tmp_path / "out.csv")
    assert not {"Jane", "Tom", "said", "stayed"} & set(str(raised.value).split())
    assert not (tmp_path / "out.csv").exists()


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "auditanalytics", "redact", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_command_leaves_no_known_identifier_and_keeps_the_words(tmp_path: Path) -> None:
    comments = redaction_set.prose_comments()
    rows = [[str(at), each.child, each.worker, each.carers, each.text] for at, each in enumerate(comments)]
    source = write(tmp_path / "in.csv", [["ID", "Child", "Worker", "Carers", "Comment"], *rows])
    done = command(source, "--text", "Comment", "--names", "Child,Worker,Carers", "--out", tmp_path / "out.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Rows: 200, changed: ")
    made = read(tmp_path / "out.csv")[1:]
    assert [row[:4] for row in made] == [row[:4] for row in rows]
    figures = redaction_set.measure(comments, [row[4].removeprefix("'") for row in made])
    assert figures.known_left == []
    assert figures.share_kept >= 0.99, figures.words_lost
    assert len(figures.unknown_left) <= 0.1 * figures.unknown, figures.unknown_left


@pytest.mark.slow
def test_the_command_fails_in_one_sentence(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [HEADER, *ROWS])
    done = command(source, "--text", "Nothing", "--out", tmp_path / "out.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "there is no column 'Nothing'" in done.stderr
    assert command(source, "--text", "Comment", "--out", source).returncode == 2
    assert command(source, "--text", "Comment").returncode == 2
