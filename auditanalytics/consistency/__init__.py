"""Signs within an audit that a second look is due: which there are, which were found, which could not be asked."""

from auditanalytics.consistency.asking import ask_for_flags
from auditanalytics.consistency.flags import FLAGS, Flag

__all__ = ["FLAGS", "Flag", "ask_for_flags"]
