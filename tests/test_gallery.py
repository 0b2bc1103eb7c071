"""The committed pictures are those that are drawn now, and each is of the kind that its name says."""

import pytest
from gallery import GALLERY, draw_gallery, gallery_readme
from test_charts import words

from auditanalytics.reporting.canvas import Chart


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return draw_gallery()


def test_the_committed_pictures_say_what_is_drawn_now(charts: dict[str, Chart]) -> None:
    for name, chart in charts.items():
        assert words((GALLERY / f"{name}.svg").read_bytes()) == words(chart.wide), f"{name}: run make gallery"
        assert words((GALLERY / f"{name}-phone.svg").read_bytes()) == words(chart.narrow), f"{name}: run make gallery"
    assert (GALLERY / "README.md").read_text(encoding="utf-8") == gallery_readme(charts), "run make gallery"
    assert {path.stem.removesuffix("-phone") for path in GALLERY.glob("*.svg")} == set(charts)


@pytest.mark.parametrize(
    ("name", "key", "absent"),
    [
        ("dots", "95% interval", "median"),
        ("dots-beside-published", "as published", "median"),
        ("run-chart", "median", "control limits"),
        ("run-chart-of-months", "median", "control limits"),
        ("run-chart-of-few-audits", "median", "control limits"),
        ("p-chart", "control limits", "95% interval"),
        ("p-chart-rebased", "control limits", "95% interval"),
    ],
)
def test_every_rung_has_its_own_marks(charts: dict[str, Chart], name: str, key: str, absent: str) -> None:
    for svg in (charts[name].wide, charts[name].narrow):
        assert key in words(svg)
        assert absent not in words(svg)


def test_what_is_drawn_as_more_than_chance_is_said(charts: dict[str, Chart]) -> None:
    assert "latest: special cause, for the better" in words(charts["p-chart"].wide)
    assert "more than chance, for the better" in charts["p-chart"].alternative
    assert "latest: common cause" in words(charts["p-chart-rebased"].wide)
    assert "since the new baseline (New audit form, 1 July 2018)" in charts["p-chart-rebased"].alternative


def test_an_event_has_its_letter_over_both_panels(charts: dict[str, Chart]) -> None:
    assert words(charts["run-chart"].wide).count("A") == 2
    assert "Marked: A: New audit form, 10 February 2016." in charts["run-chart"].alternative
