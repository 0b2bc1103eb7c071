"""Keyed pseudonyms for children, workers, auditors and audits.

A plain hash of a six-digit case number is reversed in half a second by hashing every number. A pseudonym here is an
HMAC under a key that is made on first use, lives in the user's own configuration folder, is readable by that user
alone, and never travels with data or reports. Without a usable key nothing is read: there is no unkeyed fallback.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd
import platformdirs

from auditanalytics.errors import KeyFileError
from auditanalytics.grades import fold_label

KEY_FILE_VARIABLE = "AUDITANALYTICS_KEY_FILE"
"""The environment variable that names a key file other than the user's own, for a team that shares one."""

_KEY_BYTES = 32
_LETTERS = 12
"""Letters of a pseudonym: 60 bits, so that a million people are told apart with near certainty."""

_BYTES_OF_DIGEST, _LETTERS_OF_DIGEST = 10, 16
"""What is encoded of a digest; five bytes make eight letters."""

Kind = Literal["audit", "child", "worker", "auditor"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def pseudonym_key() -> bytes:
    """Read the pseudonym key, making it on first use.

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    KeyFileError
        If a configured key file is missing, or a key file is empty or can be read by others.
    """
    configured = os.environ.get(KEY_FILE_VARIABLE)
    path = Path(configured) if configured else Path(platformdirs.user_config_dir("auditanalytics")) / "pseudonym.key"
    if not configured and not path.exists():
        _make_key(path)
    try:
        key = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as error:
        raise KeyFileError(
            f"the pseudonym key file {path} cannot be read ({error.strerror}); restore it from its "
            f"backup, or unset {KEY_FILE_VARIABLE} to use your own"
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise KeyFileError(f"the pseudonym key file {path} can be read by others; run: chmod 600 '{path}'")
    if len(key.strip()) < _KEY_BYTES:
        raise KeyFileError(f"the pseudonym key file {path} is empty or cut short; restore it from its backup")
    return key.strip()


def _make_key(path: Path) -> None:
    """Write a new key so that two first runs at once end with one key, whole, and only this user can read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def pseudonymise(values: pd.Series, kind: Kind, *, key: bytes) -> pd.Series:
    """Replace what identifies a person or an audit with its pseudonym.

    Parameters
    ----------
    values
        Names or numbers as written; missing stays missing. Spellings that differ by case, spacing or invisible
        characters get the same pseudonym.
    kind
        What they identify; the same value of another kind gets another pseudonym.
    key
        The key, from `pseudonym_key`.

    Returns
    -------
    pandas.Series
        Pseudonyms such as ``child-k3jq5a7rm2xw``.

    Examples
    --------
    >>> made = pseudonymise(pd.Series(["123456", " 123456", None]), "child", key=b"an example key, not a real one")
    >>> bool(made[0] == made[1]), made.isna().tolist()
    (True, [False, False, True])
    """
    codes, distinct = pd.factorize(values.to_numpy(dtype=object))
    digests = [_digest(f"{kind}\0{fold_label(value)}", key) for value in distinct]
    # One encoding for all: two groups of five bytes are sixteen letters, whatever stands before and after them.
    letters = base64.b32encode(b"".join(digests)).decode().lower()
    starts = range(0, len(letters), _LETTERS_OF_DIGEST)
    names = np.array([*(f"{kind}-{letters[at : at + _LETTERS]}" for at in starts), None], dtype=object)
    return pd.Series(names[codes], index=values.index, dtype=object)


def fingerprints(texts: pd.Series, *, key: bytes) -> pd.Series:
    """Give a keyed digest of each text, by which a later run can see whether it changed and nobody can read it.

    Parameters
    ----------
    texts
        Texts.
    key
        The key, from `pseudonym_key`.

    Returns
    -------
    pandas.Series
        Sixteen letters and digits each.

    Examples
    --------
    >>> made = fingerprints(pd.Series(["a", "b", "a"]), key=b"an example key, not a real one")
    >>> bool(made[0] == made[2]), bool(made[0] == made[1])
    (True, False)
    """
    return texts.map(lambda text: base64.b32encode(_digest(f"fingerprint\0{text}", key)).decode().lower())


def _digest(text: str, key: bytes) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)[:_BYTES_OF_DIGEST]
