"""How long the four kinds of brief take in three formats, from returns that are read and with everything imported."""

import platform
import statistics
import time

from auditanalytics.briefs.kinds import learning_brief
from auditanalytics.briefs.pdf import pdf_document
from auditanalytics.briefs.web import web_document
from auditanalytics.briefs.word import word_document
from auditanalytics.returns import AuditReturns, read_returns

ROUNDS, LIMIT = 3, 10
BRIEFS = {
    "monthly": ("2019-05", ""),
    "themed": ("2019-Q4", "planning"),
    "quarterly": ("2019-Q4", ""),
    "annual": ("2019", ""),
}


def seconds_of_all(returns: AuditReturns) -> dict[str, float]:
    seconds = {}
    for kind, (period, theme) in BRIEFS.items():
        start = time.process_time()
        brief = learning_brief(returns, kind, period=period, theme=theme)
        for write in (web_document, word_document, pdf_document):
            write(brief)
        seconds[kind] = time.process_time() - start
    return seconds


def main() -> None:
    returns = read_returns("data/example")
    seconds_of_all(returns)  # warm: fonts, templates, imports
    rounds = [seconds_of_all(returns) for _ in range(ROUNDS)]
    each = {kind: statistics.median(seconds[kind] for seconds in rounds) for kind in BRIEFS}
    total = statistics.median(sum(seconds.values()) for seconds in rounds)
    told = ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in each.items())
    print(
        f"Python {platform.python_version()}: {told}; all {total:.1f} s, {total / LIMIT:.0%} of the limit of {LIMIT} s"
    )


if __name__ == "__main__":
    main()
