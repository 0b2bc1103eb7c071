import io
import os
import signal
import threading
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from auditanalytics.parsing.archive import parse_xml
from auditanalytics.parsing.client import Parser
from auditanalytics.parsing.limits import RefusedError
from auditanalytics.parsing.text import decode, parse_text

ROWS = b"a,b\n1,2\n"


def test_one_child_serves_many_files() -> None:
    with Parser() as parser:
        child = parser._child
        assert [parser.parse(".csv", ROWS).sheets[0].cells.tolist() for _ in range(3)] == [[["a", "b"], ["1", "2"]]] * 3
        assert parser._child is child


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_file_that_kills_the_child_costs_itself_only() -> None:
    with Parser() as parser:
        child = parser._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        threading.Timer(0.3, child.kill).start()
        assert parser.parse(".csv", ROWS).refused == "too_large"
        assert parser.parse(".csv", ROWS).refused == ""
    assert child.poll() is not None


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_file_that_takes_too_long_is_refused_and_its_child_is_gone() -> None:
    with Parser(seconds=0.5) as parser:
        child = parser._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        assert parser.parse(".csv", ROWS).refused == "took_too_long"
        assert child.poll() is not None


def test_no_child_is_left_behind_when_reading_fails() -> None:
    with pytest.raises(RuntimeError), Parser() as parser:
        child = parser._child
        raise RuntimeError
    assert child is not None
    assert child.poll() is not None


def test_a_module_beside_the_returns_is_not_taken_for_pythons_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Parser() as parser:
        assert parser.parse(".csv", ROWS).refused == ""


@pytest.mark.parametrize(("data", "line"), [(b"a\n\x81\n", "2"), (b"a\n\nb\0", "3"), ("a\nb".encode("utf-16-le"), "1")])
def test_text_of_no_known_encoding_names_the_line(data: bytes, line: str) -> None:
    with pytest.raises(RefusedError) as refused:
        decode(data)
    assert (refused.value.code, refused.value.details) == ("encoding", {"line": line})


def test_a_field_without_an_end_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        parse_text(b'a,b\n"' + b"x" * 11_000_000 + b'",2\n')
    assert refused.value.code == "too_large"


def test_an_entity_is_never_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    with pytest.raises(RefusedError) as refused:
        parse_xml(f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}]><a>&e29;</a>'.encode())
    assert refused.value.code == "dtd_forbidden"


@pytest.mark.parametrize("rows", [b"a\n" * 500_001, b"," * 299 + b"\n" + (b"," * 299 + b"\n") * 20_001])
def test_a_text_with_more_rows_or_cells_than_can_be_held_is_refused(rows: bytes) -> None:
    with Parser() as parser:
        assert parser.parse(".csv", rows).refused == "too_large"


def test_a_cell_far_away_within_the_limits_is_refused_and_does_not_hang() -> None:
    """Its address lies, and calamine asks for more memory than there is for all the cells before it."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    far = io.BytesIO()
    with zipfile.ZipFile(data) as sound, zipfile.ZipFile(far, "w") as changed:
        for name in sound.namelist():
            changed.writestr(name, sound.read(name).replace(b'r="B1"', b'r="KN200000"'))
    with Parser(seconds=60) as parser:
        assert parser.parse(".xlsx", far.getvalue()).refused in ("too_large", "damaged")
        assert parser.parse(".csv", ROWS).refused == ""
