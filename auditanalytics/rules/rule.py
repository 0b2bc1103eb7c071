"""What a rule is."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Rule(NamedTuple):
    """What a code means."""

    severity: Severity
    message: str
    outcome: str
    remedy: str = ""


AS_DATE = "write the date as dd/mm/yyyy"
