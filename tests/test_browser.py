"""Pages opened in a real browser: nothing runs, nothing is fetched, nothing is cut off, everything has its words."""

import itertools
from pathlib import Path

import pytest
from conftest import CHROMIUM
from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


def pages_of(report: Path) -> list[Path]:
    return sorted(report.glob("*.html"))


def opened(browser: Browser, path: Path, size: str = "desktop") -> tuple[Page, list[str]]:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: trouble.append(request.url) if not request.url.startswith(("file:", "data:")) else None,
    )
    page.goto(path.as_uri())
    return page, trouble


@pytest.mark.parametrize("size", SIZES)
def test_no_page_is_wider_than_the_window_or_says_anything_to_the_console(
    browser: Browser, example_report: Path, published_report: Path, size: str
) -> None:
    for path in pages_of(example_report) + pages_of(published_report):
        page, trouble = opened(browser, path, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0], path.name
        assert trouble == [], path.name
        page.close()


def test_every_picture_is_drawn_and_described(browser: Browser, example_report: Path) -> None:
    for path in pages_of(example_report):
        page, _ = opened(browser, path)
        for image in page.locator("img").all():
            assert len(image.get_attribute("alt") or "") > 100
            assert image.evaluate("image => image.complete && image.naturalWidth > 400")
            assert image.evaluate(
                "image => image.closest('figure').querySelector('figcaption').textContent.length > 40"
            )
        page.close()


def test_a_phone_gets_the_narrow_picture(browser: Browser, example_report: Path) -> None:
    sources = set()
    for size in SIZES:
        page, _ = opened(browser, example_report / "domain-risk.html", size)
        sources.add(page.locator("img").first.evaluate("image => image.currentSrc"))
        page.close()
    assert len(sources) == 2


def test_headings_are_in_order_and_the_first_stop_is_the_skip_link(browser: Browser, example_report: Path) -> None:
    for path in pages_of(example_report):
        page, _ = opened(browser, path)
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert page.locator("html").get_attribute("lang") == "en-GB"
        page.close()


def test_every_table_has_a_caption_and_headed_rows_and_columns(browser: Browser, example_report: Path) -> None:
    for path in pages_of(example_report):
        page, _ = opened(browser, path)
        for table in page.locator("table").all():
            assert table.locator("caption").count() == 1
            assert table.locator("thead th[scope]").count() == table.locator("thead th").count()
            rows = table.locator("tbody tr").count()
            assert rows == table.locator("tbody th[scope=row]").count() > 0
        page.close()


def test_links_lead_to_files_of_the_report(browser: Browser, example_report: Path) -> None:
    for path in pages_of(example_report):
        page, _ = opened(browser, path)
        for target in page.eval_on_selector_all("a", "links => links.map(link => link.getAttribute('href'))"):
            assert target == "#main" or (example_report / target).is_file(), target
        page.close()


def test_text_is_dark_enough_to_read(browser: Browser, example_report: Path) -> None:
    """WCAG 2.2 contrast of at least 4.5 to 1 for every text on its background."""
    contrast = """() => {
      const channel = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
      const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
      const rgb = text => text.match(/[0-9.]+/g).map(Number);
      const behind = element => {
        for (; element; element = element.parentElement) {
          const colour = rgb(getComputedStyle(element).backgroundColor);
          if (colour.length < 4 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
      };
      return [...document.querySelectorAll('body *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && !e.matches('.skip'))
        .map(e => [light(rgb(getComputedStyle(e).color)), light(behind(e)), e.textContent.trim().slice(0, 40)])
        .map(([a, b, text]) => [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), text])
        .filter(([ratio]) => ratio < 4.5);
    }"""
    for path in pages_of(example_report):
        page, _ = opened(browser, path)
        assert page.evaluate(contrast) == []
        page.close()


def test_a_page_prints_on_a4_with_nothing_cut_off(browser: Browser, example_report: Path) -> None:
    page, _ = opened(browser, example_report / "domain-risk.html")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # the width between the margins of A4 at 96 dots an inch
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert not page.locator("nav").is_visible()
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
