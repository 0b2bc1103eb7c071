"""What a run may take, and how what it publishes stands: settings that have a default, each in one place.

They lie apart from what uses them, so that the command can say what it would do without loading what does it.
"""

from dataclasses import dataclass

from auditanalytics.errors import ArgumentError, ChoiceError

GIGABYTE = 10**9


@dataclass(frozen=True)
class Limits:
    """How much making the pages of a report may take.

    Attributes
    ----------
    cell_seconds
        Of one cell.
    total_seconds
        Of all pages together.
    memory
        Bytes of each kernel, where the system can hold it to them.
    """

    cell_seconds: int = 600
    total_seconds: int = 3600
    memory: int = 4 * GIGABYTE


DEFAULT_LIMITS = Limits()

READABLE_BY = {"owner": 0o000, "group": 0o050, "all": 0o055}
"""Who may read what is published, and the permissions of a folder that the owner alone would not give."""

EARLIER = ".earlier"
"""The folder, among the reports, that keeps those that were replaced: a folder a quarter, and in it one a report."""


@dataclass(frozen=True)
class Publishing:
    """How reports stand in their folder.

    Attributes
    ----------
    keep
        How many replaced reports of a quarter are kept.
    keep_days
        How many days they are kept at most, from when they were made; any number of days if None.
    readable_by
        Who may read them beside their owner: ``owner`` (nobody), ``group`` or ``all``. On Windows folders have the
        permissions of the one that they are in.
    """

    keep: int = 3
    keep_days: int | None = None
    readable_by: str = "owner"

    def __post_init__(self) -> None:
        if self.readable_by not in READABLE_BY:
            raise ChoiceError("readable_by", self.readable_by, READABLE_BY)
        for name in ("keep", "keep_days"):
            if (getattr(self, name) or 0) < 0:
                raise ArgumentError(f"{name} must be 0 or more; not {getattr(self, name)}")


DEFAULT_PUBLISHING = Publishing()
