import base64
import hashlib
import hmac
import os
import re
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest

from auditanalytics.errors import KeyFileError
from auditanalytics.privacy import pseudonym_key, pseudonymise
from auditanalytics.privacy.pseudonyms import KINDS, fingerprints

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


@pytest.mark.parametrize(
    ("content", "refused"), [(b"k" * 31, True), (b"k" * 32, False), (b" " + b"k" * 31 + b"\n", True)]
)
def test_a_key_has_at_least_thirty_two_bytes_and_what_is_around_it_is_no_part_of_it(
    configuration: Path, content: bytes, refused: bool
) -> None:
    pseudonym_key()
    key_file(configuration).write_bytes(content)
    if refused:
        with pytest.raises(KeyFileError, match="empty or cut short"):
            pseudonym_key()
    else:
        assert pseudonym_key() == content
        key_file(configuration).write_bytes(content + b"\n")
        assert pseudonym_key() == content


def test_the_key_is_made_whether_the_folder_of_the_configuration_is_there_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "not" / "yet" / "there"
    for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    key = pseudonym_key()
    key_file(folder).unlink()
    assert pseudonym_key() != key  # the folder is there by now, and a new key is made in it


def test_of_two_first_runs_at_once_the_first_to_write_has_made_the_key_of_both(
    configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = b"t" * 64

    def come_first(draft: Path, path: Path) -> NoReturn:
        path.write_bytes(theirs)
        path.chmod(0o600)
        raise FileExistsError

    monkeypatch.setattr(os, "link", come_first)
    assert pseudonym_key() == theirs
    assert [path.name for path in configuration.rglob("*") if path.is_file()] == ["pseudonym.key"]


def test_where_there_are_no_hard_links_the_key_is_made_all_the_same(
    configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(draft: Path, path: Path) -> NoReturn:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    key = pseudonym_key()
    assert re.fullmatch(rb"[0-9a-f]{64}", key)
    assert [path.name for path in configuration.rglob("*") if path.is_file()] == ["pseudonym.key"]
    assert pseudonym_key() == key


def keyed(text: str) -> str:
    """Ten bytes of an HMAC by SHA-256, as letters and digits of base 32."""
    return base64.b32encode(hmac.new(KEY, text.encode(), hashlib.sha256).digest()[:10]).decode().lower()


def test_pseudonyms_and_fingerprints_are_the_same_in_every_version_of_the_project() -> None:
    """Written out from their definition: whoever keeps a key finds a person again, whatever made the report."""
    assert KINDS == ("audit", "child", "worker", "auditor")
    written = pd.Series(["C1", None, "c1", "C2"], index=[7, 8, 9, 10])
    for kind in KINDS:
        names = ["-".join([kind, keyed("\0".join([kind, word]))[:12]]) for word in ("c1", "c2")]
        made = pseudonymise(written, kind, key=KEY)
        assert made.drop(8).tolist() == [names[0], names[0], names[1]]
        assert made[8] is None
        assert made.index.tolist() == [7, 8, 9, 10]
    texts = ["a comment", "A comment"]
    assert fingerprints(pd.Series(texts), key=KEY).tolist() == [keyed("fingerprint\0" + text) for text in texts]


def test_where_nothing_identifies_anybody_there_are_no_pseudonyms() -> None:
    assert pseudonymise(pd.Series([None, None], dtype=object), "child", key=KEY).tolist() == [None, None]
    assert pseudonymise(pd.Series([], dtype=object), "child", key=KEY).empty


def test_half_a_character_as_a_broken_file_may_have_is_a_name_like_any_other() -> None:
    made = pseudonymise(pd.Series(["Jane\ud83d", "Jane", "Jane\ud83d"], dtype=object), "child", key=KEY)
    assert made[0] == made[2] != made[1]
