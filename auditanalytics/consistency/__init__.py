"""Signs within an audit that a second look is due: which there are, which were found, which could not be asked."""

from auditanalytics.consistency.asking import CONSISTENCY, ask_for_flags, flag_audits
from auditanalytics.consistency.flags import FLAGS, Flag

__all__ = ["CONSISTENCY", "FLAGS", "Flag", "ask_for_flags", "flag_audits"]
