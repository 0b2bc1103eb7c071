"""Statistical disclosure control: what of a set of linked counts may be shown, and what two versions of it give away.

It knows counts, the sums that link them and a policy, and nothing of audits or reports: whatever is published is built
from cells that went through here. `suppress` hides, `attack` tries to find out, `difference_attack` compares two
versions, and `pooled_attack` adds them up.
"""

from auditanalytics.disclosure.attack import attack, exposures
from auditanalytics.disclosure.differencing import difference_attack
from auditanalytics.disclosure.linked import Complement, LinkedCounts
from auditanalytics.disclosure.policy import Policy
from auditanalytics.disclosure.pooling import pooled_attack
from auditanalytics.disclosure.suppression import Suppression, suppress

__all__ = [
    "Complement",
    "LinkedCounts",
    "Policy",
    "Suppression",
    "attack",
    "difference_attack",
    "exposures",
    "pooled_attack",
    "suppress",
]
