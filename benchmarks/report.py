"""How long the report of the example takes, beside the plain way to make the same pages, in one run.

The plain way is what one would do with the same notebooks and no library for running them: papermill's own command
once for each page, one after another, and then nbconvert's command for each.
"""

import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 3
DOMAINS = ("risk", "assessments", "plans", "reviews", "collaboration", "overall")


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, capture_output=True)


def seconds_of_report(folder: Path) -> float:
    start = time.perf_counter()
    run(BIN / "auditanalytics", "report", "--out", folder / "reports")
    return time.perf_counter() - start


def seconds_of_plain_way(folder: Path) -> float:
    pages = [("03_overview", "overview", [])]
    pages += [("02_domain_trend", domain, ["-p", "domain", domain]) for domain in DOMAINS]
    start = time.perf_counter()
    for notebook, page, parameters in pages:
        source, result = ROOT / "notebooks" / f"{notebook}.ipynb", folder / f"{page}.ipynb"
        common = ["-p", "returns", ROOT / "data" / "example", "-p", "quarter", "2019-Q4"]
        run(BIN / "papermill", source, result, *common, *parameters)
    for _, page, _ in pages:
        run(BIN / "jupyter", "nbconvert", "--to", "html", folder / f"{page}.ipynb")
    return time.perf_counter() - start


def main() -> None:
    ours, plain = [], []
    for _ in range(ROUNDS + 1):  # the first round warms the disk and the byte code, and is not counted
        folder = Path(tempfile.mkdtemp(prefix="auditanalytics-"))
        ours.append(seconds_of_report(folder))
        plain.append(seconds_of_plain_way(folder))
        shutil.rmtree(folder)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("papermill", "nbconvert", "pandas"))
    print(f"Python {platform.python_version()}, {versions}; medians of {ROUNDS} rounds side by side")
    report, by_hand = statistics.median(ours[1:]), statistics.median(plain[1:])
    print(f"auditanalytics report:          {report:5.1f} s")
    print(f"papermill 7 times + nbconvert:  {by_hand:5.1f} s")
    print(f"ratio:                          {report / by_hand:5.2f}")


if __name__ == "__main__":
    main()
