"""How long coding 100,000 statements to themes takes, beside looking for as many plain words in them.

The plain way compiles one regular expression a theme from the first words of the codebook's terms and looks for each in
each statement: no endings, no gaps, no exclusions, no negation, no misspelling. The statements are the tests' labelled
ones, each with a number, so that none is read twice.
"""

import csv
import platform
import re
import statistics
import time
from itertools import cycle, islice
from pathlib import Path

from auditanalytics.themes import code_statement, load_codebook

STATEMENTS, ROUNDS = 100_000, 3
LABELLED = Path(__file__).parent.parent / "tests" / "labelled_statements.csv"


def statements() -> list[str]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    return [f"{text} {number}" for number, text in enumerate(islice(cycle(texts), STATEMENTS))]


def seconds_of_coding(texts: list[str]) -> float:
    codebook = load_codebook()
    start = time.process_time()
    for text in texts:
        code_statement(text, codebook)
    return time.process_time() - start


def seconds_of_the_plain_way(texts: list[str]) -> float:
    patterns = []
    for theme in load_codebook().themes:
        words = {
            re.split(r"[ |.]", term)[0].strip("=*<>()") for term in (*theme.terms, *theme.strengths, *theme.worries)
        }
        patterns.append(re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(filter(None, words))))})\b", re.IGNORECASE))
    start = time.process_time()
    for text in texts:
        for pattern in patterns:
            pattern.search(text)
    return time.process_time() - start


def main() -> None:
    texts = statements()
    coded = statistics.median(seconds_of_coding(texts) for _ in range(ROUNDS))
    plain = statistics.median(seconds_of_the_plain_way(texts) for _ in range(ROUNDS))
    print(
        f"Python {platform.python_version()}: coded {coded:.1f} s, "
        f"the plain way {plain:.1f} s, ratio {coded / plain:.2f}"
    )
    print(f"of the limit of 20 s: {coded / 20:.0%}")


if __name__ == "__main__":
    main()
