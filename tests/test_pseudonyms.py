import os
import re
from pathlib import Path

import pandas as pd
import pytest

from auditanalytics.errors import KeyFileError
from auditanalytics.privacy import pseudonym_key, pseudonymise

KEY = b"0123456789abcdef0123456789abcdef"
posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has no key yet."""
    for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def key_file(configuration: Path) -> Path:
    return next(configuration.rglob("*.key"))


def test_the_key_is_made_once_and_stays(configuration: Path) -> None:
    key = pseudonym_key()
    assert len(key) == 64
    assert pseudonym_key() == key
    assert [path.name for path in configuration.rglob("*") if path.is_file()] == ["pseudonym.key"]


def test_two_users_have_two_keys(configuration: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    key = pseudonym_key()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("another")))
    assert pseudonym_key() != key


@posix_only
def test_only_its_owner_can_read_the_key(configuration: Path) -> None:
    pseudonym_key()
    assert key_file(configuration).stat().st_mode & 0o777 == 0o600
    assert key_file(configuration).parent.stat().st_mode & 0o777 == 0o700


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(configuration: Path, mode: int) -> None:
    pseudonym_key()
    key_file(configuration).chmod(mode)
    with pytest.raises(KeyFileError, match="can be read by others; run: chmod 600"):
        pseudonym_key()


@pytest.mark.parametrize("content", [b"", b"\n", b"short"])
def test_a_key_that_is_cut_short_is_refused(configuration: Path, content: bytes) -> None:
    pseudonym_key()
    key_file(configuration).write_bytes(content)
    with pytest.raises(KeyFileError, match="empty or cut short"):
        pseudonym_key()


def test_a_configured_key_that_is_missing_is_not_made(configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITANALYTICS_KEY_FILE", str(configuration / "team.key"))
    with pytest.raises(KeyFileError, match="cannot be read"):
        pseudonym_key()
    assert not list(configuration.iterdir())


def test_a_pseudonym_is_the_same_for_the_same_person_and_says_nothing_else() -> None:
    written = pd.Series(["Ó Briain", "ó  briain", "O\u0301 Briain", "O Brien", None])
    made = pseudonymise(written, "worker", key=KEY)
    assert made[0] == made[1] == made[2] != made[3]
    assert made.isna().tolist() == [False] * 4 + [True]
    assert all(re.fullmatch(r"worker-[a-z2-7]{12}", name) for name in made.dropna())


def test_kinds_and_keys_keep_pseudonyms_apart() -> None:
    names = pd.Series(["123456"])
    made = {
        pseudonymise(names, kind, key=key)[0].split("-")[1]
        for kind in ("child", "worker", "auditor", "audit")
        for key in (KEY, KEY[::-1])
    }
    assert len(made) == 8


def test_a_hundred_thousand_case_numbers_have_as_many_pseudonyms() -> None:
    assert pseudonymise(pd.Series(range(100_000)).astype(str), "child", key=KEY).nunique() == 100_000
