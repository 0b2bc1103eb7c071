"""Somebody who has a published table and nothing else, and wants to know what is hidden in it."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from auditanalytics.frameworks import Framework


def read_as_text(path: Path) -> pd.DataFrame:
    """Read a published table as it is written."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def attack(table: pd.DataFrame, framework: Framework) -> list[tuple[float, float]]:
    """Bound every hidden count of a published table by linear programming, knowing nothing of how it was made."""
    found = []
    for (domain, _), rows in table.groupby(["domain", "quarter"]):
        scale = framework.scale(str(domain))
        cells = [*rows["grade"], "of"]
        values = [*rows["n"], rows["of"].iloc[0]]
        sums = {"of": scale.grades} | scale.tails
        matrix = np.array([[(cell == total) - float(cell in parts) for cell in cells] for total, parts in sums.items()])
        bounds = [(0, 10_000) if value == "c" else (int(value), int(value)) for value in values]
        for at, value in enumerate(values):
            if value == "c":
                ends = [
                    linprog(sign * np.eye(len(cells))[at], A_eq=matrix, b_eq=np.zeros(len(sums)), bounds=bounds)
                    for sign in (1, -1)
                ]
                assert all(end.success for end in ends)
                found.append((ends[0].fun, -ends[1].fun))
    return found
