"""What people write stays text: payloads in every field that takes any, through the real command, in a real browser."""

import csv
import itertools
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from base64 import b64decode
from pathlib import Path

import nbformat
import pytest
import xlsxwriter
from conftest import CHROMIUM, ROOT, run_command, words_in, write_rows
from playwright.sync_api import Browser, Page

from auditanalytics.reporting.pages import Link, export_page
from auditanalytics.reporting.pages import Page as Surroundings
from auditanalytics.reporting.sanitised import sanitised

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")

MARKUP = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "' onmouseover='alert(4)' autofocus onfocus='alert(4)",
    "javascript:alert(5)",
    '<a href="javascript:alert(6)">six</a>',
    '<iframe srcdoc="<script>alert(7)</script>"></iframe>',
    '<meta http-equiv=refresh content="0;url=https://example.org/">',
    "<link rel=attachment href=file:///etc/passwd>",
    "<base href=https://example.org/><style>@import url(https://example.org/)</style>",
    "--><!-- <script>alert(8)</script>",
    "{{ 7 * 7 }}{% include 'style.css' %}",
    "$\\href{javascript:alert(9)}{nine}$",
    "$x_{1}^2$ and $\\frac{a}{b}$",
    "\\input{/etc/passwd}",
    "\\write18{id}",
    "&lt;script&gt;alert(10)&lt;/script&gt;",
    "]]></style><script>alert(11)</script>",
    "%3Cscript%3Ealert(12)%3C/script%3E",
]
FORMULAS = ["=cmd|'/C calc'!A0", "+1+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("https://example.org/")']
STRANGE = [
    "bell\x07 and _x0007_ _x0000_",
    "right \u202eto left",
    "\ttab first",
    "zero\u200bwidth \u00a0 space",
    "two\nlines",
]
PATHS = [
    "../../etc/cron.d/x",
    "/etc/cron.d/x",
    "CON",
    "a/b",
    "..",
    "C:\\x",
    "x" * 300,
    "new\nline",
    "nul.xlsx",
    ".hidden",
]
PAYLOADS = MARKUP + FORMULAS + STRANGE

TITLES = {
    "risk": MARKUP[0],
    "plans": '$x_{1}^2$ & "><img src=x onerror=alert(13)>',
    "voice": "=cmd|'/C calc'!A0 <b>\\input{x}",
}
FRAMEWORK = f"""
name = {json.dumps("Small <script>alert(14)</script> $a_1$ audit")}
quarters = "calendar"
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
not_graded = ["N/A"]
[columns]
audit_id = ["Audit ID"]
child = ["Child"]
worker = ["Worker"]
auditor = ["Auditor"]
audited_on = ["Date"]
team = ["Team"]
service = ["Service"]
audit_type = ["Type"]
topic = ["Topic"]
next_step = ["Next step"]
""" + "".join(
    f"""
[[domains]]
id = "{name}"
title = {json.dumps(title)}
comments = {{ worried_about = ["{name}: worries"] }}
categories = [{{ id = "{name}-one", title = {json.dumps(title)}, headers = ["{name} grade"] }}]
"""
    for name, title in TITLES.items()
)  # fmt: skip
HEADER = ["Audit ID", "Child", "Worker", "Auditor", "Date", "Team", "Service", "Type", "Topic", "Next step"] + [
    f"{name} {what}" if what == "grade" else f"{name}: {what}" for name in TITLES for what in ("grade", "worries")
]


def rows_of(
    payloads: list[str], *, first: int = 1, extra: tuple[str, ...] = (), private: bool = False
) -> list[list[str]]:
    """A return whose audits hold payloads: in the fields that a report may show, or in those that it never shows."""
    rows = []
    for at, (payload, grade) in enumerate(zip(payloads, itertools.cycle(["Good", "Inadequate", "RI?"])), first):
        day, hidden = f"{at % 28 + 1:02}/{at % 3 + 1:02}/2025", payload if private else ""
        shown = "North" if private else payload
        people = [f"A-{at:05}{hidden}", f"Child {hidden}", f"Worker {hidden}", f"Auditor {hidden}"]
        graded = [(payload if (at, domain) == (4, "risk") else grade, f"{hidden} was seen") for domain in TITLES]
        texts = [shown, shown, shown, hidden, f"{hidden} next"]
        rows.append([*people, day, *texts, *itertools.chain(*graded), *[payload for _ in extra]])
    return [[*HEADER, *extra], *rows]


def write_workbook(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of returns in which every name that may be shown is a payload, written often enough to be shown."""
    folder = tmp_path_factory.mktemp("hostile") / "in"
    folder.mkdir()
    write_rows(
        folder / "<img src=x onerror=alert(20)>.csv", rows_of(PAYLOADS * 3, extra=("<b onclick=alert(21)>", "=1+1"))
    )
    write_rows(folder / "=cmd '$x_1$'.csv", rows_of(PATHS * 3, first=200))
    sheets = {"<svg onload=alert(22)>": rows_of(MARKUP, first=400), '=1+1 "><svg onload=a>': [["nothing", "here"]]}
    write_workbook(folder / "{{ 7 * 7 }}<iframe srcdoc=x>.xlsx", sheets)
    events = [["Date", "Label"], *([f"{at + 1:02}/02/2025", each] for at, each in enumerate([*MARKUP[:14], *FORMULAS]))]
    write_rows(folder / "events.csv", events)
    (folder.parent / "framework.toml").write_text(FRAMEWORK, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hostile_report(hostile: Path) -> Path:
    out = hostile.parent / "out"
    done = run_command("report", hostile, "--framework", hostile.parent / "framework.toml", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    (report,) = [path for path in out.iterdir() if path.is_dir()]
    return report


@pytest.fixture(scope="module")
def hostile_comments_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of returns whose comments, people and references are payloads: none of them may be shown."""
    place = tmp_path_factory.mktemp("comments")
    (place / "framework.toml").write_text(FRAMEWORK, encoding="utf-8")
    (place / "in").mkdir()
    write_rows(place / "in" / "a.csv", rows_of([*PAYLOADS, *PATHS], private=True))
    write_workbook(place / "in" / "b.xlsx", {"Returns": rows_of([*PAYLOADS, *PATHS], first=400, private=True)})
    done = run_command("report", place / "in", "--framework", place / "framework.toml", "--out", place / "out")
    assert done.returncode == 0, done.stderr
    (report,) = [path for path in (place / "out").iterdir() if path.is_dir()]
    return report


def opened(browser: Browser, path: Path) -> tuple[Page, list[str]]:
    """A page, and everything it did besides standing there."""
    page = browser.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda popup: trouble.append(f"popup {popup.url}"))
    page.on("download", lambda download: trouble.append(f"download {download.url}"))
    page.on("framenavigated", lambda frame: trouble.append(frame.url) if frame.url != path.as_uri() else None)
    asked = lambda request: request.url != path.as_uri() and not request.url.startswith("data:image/")  # noqa: E731
    page.on("request", lambda request: trouble.append(request.url) if asked(request) else None)
    page.goto(path.as_uri())
    page.wait_for_timeout(200)
    return page, trouble


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def charts_of(path: Path) -> list[str]:
    packed = re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", path.read_text(encoding="utf-8"))
    return [b64decode(each).decode() for each in packed]


@pytest.mark.thorough
@in_browser
@pytest.mark.slow
class TestInTheBrowser:
    def test_nothing_runs_nothing_is_asked_for_and_nothing_is_there_but_what_we_made(
        self, browser: Browser, hostile_report: Path, hostile_comments_report: Path
    ) -> None:
        pages = sorted([*hostile_report.glob("*.html"), *hostile_comments_report.glob("*.html")])
        assert len(pages) == 2 * (5 + len(TITLES))
        for path in pages:
            page, trouble = opened(browser, path)
            assert trouble == [], path.name
            made = (
                "script, iframe, object, embed, base, link, svg, math, form, input, video, audio, [srcdoc], [autofocus]"
            )
            assert page.locator(made).count() == 0
            assert page.locator("meta[http-equiv]").count() == 1
            handlers = (
                "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => /^on/.test(n))"
            )
            assert page.evaluate(handlers) == []
            links = page.eval_on_selector_all("a", "links => links.map(link => link.getAttribute('href'))")
            assert [link for link in links if link != "#main" and not (path.parent / link).is_file()] == []
            page.close()

    def test_pages_hold_when_every_element_is_pointed_at(self, browser: Browser, hostile_report: Path) -> None:
        page, trouble = opened(browser, hostile_report / "returns.html")
        page.evaluate("""() => { for (const e of document.querySelectorAll('*'))
            for (const kind of ['mouseover', 'focus', 'click', 'error', 'load'])
                if (e.tagName !== 'A') e.dispatchEvent(new Event(kind)) }""")
        assert trouble == []
        page.close()

    def test_text_is_seen_as_it_was_written(self, browser: Browser, hostile_report: Path) -> None:
        page, _ = opened(browser, hostile_report / "returns.html")
        seen = plain(page.inner_text("body"))
        for payload in [*MARKUP, *FORMULAS, "../../etc/cron.d/x", "a/b"]:
            assert plain(payload) in seen  # the name of a team
        for name in (
            "<img src=x onerror=alert(20)>.csv",
            "{{ 7 * 7 }}<iframe srcdoc=x>.xlsx",
            "<svg onload=alert(22)>",
        ):
            assert name in seen
        page.close()
        for domain, title in TITLES.items():
            page, _ = opened(browser, hostile_report / f"domain-{domain}.html")
            seen = plain(page.inner_text("body"))
            assert title in seen
            assert "Small <script>alert(14)</script> $a_1$ audit" in seen
            assert title in page.title()
            assert [each for each in MARKUP[:14] if plain(each) not in seen] == []  # labels of events
            page.close()

    def test_alternatives_of_charts_are_text(self, browser: Browser, hostile_report: Path) -> None:
        page, _ = opened(browser, hostile_report / "overview.html")
        words = " ".join(image.get_attribute("alt") or "" for image in page.locator("img").all())
        assert all(title in words for title in TITLES.values())
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        page.close()


@pytest.mark.slow
class TestFiles:
    def test_charts_are_pictures_without_script_link_or_mathematics(self, hostile_report: Path) -> None:
        words = ""
        for chart in [chart for path in hostile_report.glob("*.html") for chart in charts_of(path)]:
            drawn = ET.fromstring(chart)
            names = {element.tag.rpartition("}")[2] for element in drawn.iter()}
            assert not names & {"script", "a", "foreignObject", "iframe", "animate", "set", "handler"}
            assert not [name for element in drawn.iter() for name in element.attrib if name.lower().startswith("on")]
            refers = [value for each in drawn.iter() for name, value in each.attrib.items() if name.endswith("href")]
            assert all(value.startswith(("#", "data:image/png")) for value in refers)
            words += plain(" ".join(drawn.itertext())) + " "
        joined = words.replace(" ", "")
        for title in TITLES.values():
            assert title.replace(" ", "") in joined

    def test_no_cell_of_a_table_is_a_formula(self, hostile_report: Path, hostile_comments_report: Path) -> None:
        assert_no_formula(hostile_report / "tables")
        assert_no_formula(hostile_comments_report / "tables")

    def test_comments_and_people_are_nowhere(self, hostile_comments_report: Path) -> None:
        for path in hostile_comments_report.rglob("*"):
            if path.is_file():
                text = words_in(path)
                assert not re.search(r"onmouseover|HYPERLINK|file:///|cron\.d|alert\((?!1\)|13\)|14\))", text), (
                    path.name
                )

    def test_files_have_the_names_that_we_gave_them(self, hostile: Path, hostile_report: Path) -> None:
        names = {path.relative_to(hostile_report).as_posix() for path in hostile_report.rglob("*")}
        assert all(re.fullmatch(r"(?:tables/)?[a-z0-9-]+(?:\.(?:html|csv|json|docx|pdf))?", name) for name in names)
        assert {path.name for path in hostile.parent.iterdir()} <= {"in", "out", "framework.toml", "checked"}

    def test_what_a_check_writes_lies_in_its_folder_and_holds_no_formula(self, hostile: Path) -> None:
        out = hostile.parent / "checked"
        before = everything_in(hostile.parent) - everything_in(out)
        done = run_command("check", hostile, "--framework", hostile.parent / "framework.toml", "--out", out)
        assert done.returncode in (0, 3), done.stderr
        assert everything_in(hostile.parent) - everything_in(out) - {out} == before
        for path in everything_in(out):
            name = path.relative_to(out).as_posix()
            assert re.fullmatch(r"(?:[a-z-]+/)?[\w-][\w .-]{0,120}", name)
            assert path.stem.upper() not in ("CON", "NUL", "AUX", "PRN")
        assert_no_formula(out)


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def assert_no_formula(folder: Path) -> None:
    """No cell of a CSV file or a workbook is a formula or a link to a spreadsheet, and none holds control characters."""
    tables = sorted(folder.rglob("*.csv"))
    assert tables
    for path in tables:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cell in itertools.chain.from_iterable(csv.reader(file)):
                if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
                    float(cell)
                assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", cell), path.name
    for path in folder.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as workbook:
            for sheet in (name for name in workbook.namelist() if name.startswith("xl/worksheets/sheet")):
                tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(workbook.read(sheet)).iter()]
                assert not {"f", "hyperlink"} & set(tags)


# ---------------------------------------------------------------------------------------------------------------- prose


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ("<p onclick='x()' style='color:red' class=a id=b>a</p>", "<p>a</p>"),
        ("<img src=https://example.org/a.png onerror=x()>", ""),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>b", "b"),
        ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", ""),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "'&gt;"),
        ("<iframe src=file:///etc/passwd></iframe><object data=x></object><embed src=x>", ""),
        ("<meta http-equiv=refresh content='0;url=//a'><base href=//a><link rel=attachment href=file:///x>", ""),
        ("<form action=//a><input autofocus onfocus=x()><button>go</button></form>", "go"),
        ("<a href='https://example.org/a?b=c'>a</a>", '<a href="https://example.org/a?b=c">a</a>'),
        ("<a href='mailto:a@example.org'>a</a>", '<a href="mailto:a@example.org">a</a>'),
        ("<a href='tables/quarterly-grades.csv'>a</a>", '<a href="tables/quarterly-grades.csv">a</a>'),
        ("<a href='#main'>a</a>", '<a href="#main">a</a>'),
        ("<h1>Good &lt;b&gt; &amp; — ‘x’</h1>", "<h1>Good &lt;b&gt; &amp; — ‘x’</h1>"),
        ("<table><thead><tr><th scope=col>a</th></tr></thead></table>",
         '<table><thead><tr><th scope="col">a</th></tr></thead></table>'),
    ],
)  # fmt: skip
def test_prose_keeps_what_a_text_is_made_of(written: str, kept: str) -> None:
    assert sanitised(written) == kept


@pytest.mark.parametrize(
    "address",
    ["javascript:x()", "JaVaScRiPt:x()", "java\nscript:x()", "data:text/html,x", "file:///etc/passwd", "http://example.org/",
     "//example.org/", "/etc/passwd", "\\\\example.org\\a", "vbscript:x", "&#106;avascript:x()", "ftp://a", "\x01javascript:x"],
)  # fmt: skip
def test_prose_links_nowhere_else(address: str) -> None:
    assert sanitised(f'<a href="{address}">a</a>') == "<a>a</a>"


def test_prose_of_ones_own_notebook_is_sanitised_on_the_page() -> None:
    prose = "# What?\n\nIt *is* [here](overview.html), not [there](javascript:alert(1)).\n\n" + "\n\n".join(MARKUP)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose)])
    page = Surroundings("a.html", "A", "Report", [Link("a.html", "A")])
    main = export_page(notebook, page).split("<main")[1].split("</main>")[0]
    assert "What?</h1>" in main
    assert '<em>is</em> <a href="overview.html">here</a>' in main
    assert not re.search(r"<(?!/?(?:p|h[1-4]|ul|ol|li|em|strong|a|code|pre|table|div)\b)[a-z]", main.split(">", 1)[1])
    assert not re.search(r"<[^>]*(?:javascript:|\son\w+=|style=)", main)


def test_the_policy_of_a_page_lets_nothing_in_but_pictures_within_it() -> None:
    template = (ROOT / "auditanalytics" / "reporting" / "templates" / "base.html.j2").read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', template)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert template.index("Content-Security-Policy") < template.index("<title>") < template.index("<style>")
