"""The gate: every artefact is searched for everyone and everything that the returns of the run name.

Nothing else in the project may be the only thing that keeps a name out of a report. What goes wrong anywhere, in a
notebook of somebody's own or in a template, is found here, where the finished report still stands in its stage.
"""

from auditanalytics.gate.inspection import GateResult, check_artefacts
from auditanalytics.gate.vocabulary import printed_texts

__all__ = ["GateResult", "check_artefacts", "printed_texts"]
