"""Every error the project raises, and the exit code each one means.

A scheduler reads exit codes and a person reads sentences, so an error carries both. The sentence says what was
expected, what was found, where, and what to do; it never repeats a value read from a return, because any cell may
name a child. Nothing in the project raises a bare ``Exception``.
"""

import os
import traceback
from collections.abc import Iterable
from pathlib import Path


class AuditAnalyticsError(Exception):
    """The run failed; the base of every error of this project."""

    exit_code = 1


class ArgumentError(AuditAnalyticsError):
    """An argument is wrong: nothing was read or written because of it."""

    exit_code = 2


class ChoiceError(ArgumentError):
    """An argument is not one of a closed set of values.

    Parameters
    ----------
    what
        The name of the argument, as the user knows it.
    value
        What was given.
    allowed
        The values that would have been accepted.

    Examples
    --------
    >>> print(ChoiceError("domain", "rsk", ["risk", "plans"]))
    domain must be risk or plans; not 'rsk'
    """

    def __init__(self, what: str, value: object, allowed: Iterable[object]) -> None:
        names = [str(name) for name in allowed]
        listed = " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names) or "(none)"
        super().__init__(f"{what} must be {listed}; not {str(value)!r}")


class FrameworkError(ArgumentError):
    """A framework file cannot be used; the sentence names the file, the key and the remedy."""


class CodebookError(ArgumentError):
    """A codebook file cannot be used; the sentence names the file, the key and the remedy."""


class TemplateError(ArgumentError):
    """A council's own template cannot be used."""


class NoInputError(ArgumentError):
    """There is nothing to read: no such path, or an empty folder."""


class DatabaseError(ArgumentError):
    """A database cannot be asked: its URL, the query or the connection is wrong; no value of it is repeated."""


class KeyFileError(ArgumentError):
    """The pseudonym key cannot be used safely, so nothing may be read."""


class ReturnsError(AuditAnalyticsError):
    """The returns did not pass the checks, so nothing may be published."""

    exit_code = 3


class LockedError(AuditAnalyticsError):
    """Another run is publishing into the same folder."""

    exit_code = 4


class PrivacyError(AuditAnalyticsError):
    """Something that may name a person would have been published."""

    exit_code = 5


class PublishingError(AuditAnalyticsError):
    """A report could not be written or put in its place; what was published before stands."""


class VerificationError(AuditAnalyticsError):
    """A published report is not as it was published."""


class NotebookError(AuditAnalyticsError):
    """A notebook did not run to its end, so there is no page."""


class EmptySliceError(AuditAnalyticsError):
    """The slice of the returns that a page would show holds nothing."""


def describe_error(error: BaseException) -> str:
    """Say in a sentence what went wrong, and nothing that a return may hold.

    Parameters
    ----------
    error
        An error that was raised.

    Returns
    -------
    str
        What an error of this project says; of any other only its kind and its place, because its words may repeat a
        row of a return.

    Examples
    --------
    >>> describe_error(ReturnsError("no judgement was graded in any domain"))
    'no judgement was graded in any domain'
    >>> describe_error(ValueError("a name"))
    'an unforeseen error: ValueError; please report it'
    >>> describe_error(KeyboardInterrupt())
    'the run was stopped'
    """
    if isinstance(error, AuditAnalyticsError):
        return str(error)
    if not isinstance(error, Exception):
        return "the run was stopped"
    steps = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(steps[-1].filename).name}, line {steps[-1].lineno}" if steps else ""
    return f"an unforeseen error: {type(error).__name__}{place}; please report it"


def describe_refusal(error: OSError) -> str:
    """Say why the system refused something, and not of what, because the name of a file may be that of a child.

    Parameters
    ----------
    error
        What the system said.

    Returns
    -------
    str
        The reason in the system's words, or the kind of the error where it gives none.

    Examples
    --------
    >>> describe_refusal(OSError(28, "writing Umberfield.csv failed"))
    'No space left on device'
    """
    return os.strerror(error.errno) if error.errno else type(error).__name__
