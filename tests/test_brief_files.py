"""`auditanalytics brief`, and the brief that every report holds: the real command, the real notebook, the real files."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pypdf
import pytest
from conftest import EXAMPLE, SMALL_FRAMEWORK, WIDE_HEADER, read_table, run_command, write_rows

from auditanalytics.brief_files import write_brief
from auditanalytics.errors import ArgumentError, PrivacyError, ReturnsError, TemplateError

FORMATS = (".docx", ".pdf", ".html")


@pytest.mark.slow
class TestCommand:
    @pytest.fixture(scope="class")
    @staticmethod
    def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("briefs")
        outs = [part for ending in FORMATS for part in ("--out", folder / f"may{ending}")]
        done = run_command(
            "brief", EXAMPLE, "--kind", "monthly", "--period", "2019-05", *outs, "--reports", folder / "none"
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("may.html: Learning brief: May 2019.\n")
        return folder

    def test_it_writes_each_file_for_its_owner_alone_and_nothing_else(self, written: Path) -> None:
        assert sorted(path.name for path in written.iterdir()) == ["may.docx", "may.html", "may.pdf"]
        assert {path.stat().st_mode & 0o777 for path in written.iterdir()} == {0o600}

    def test_each_file_is_what_its_name_says(self, written: Path) -> None:
        assert zipfile.is_zipfile(written / "may.docx")
        assert pypdf.PdfReader(written / "may.pdf").metadata.title == "Learning brief: May 2019"
        assert (written / "may.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    def test_without_a_path_the_brief_of_the_example_says_that_it_is_one(self, tmp_path: Path) -> None:
        done = run_command("brief", "--kind", "annual", "--out", tmp_path / "year.html", "--reports", tmp_path)
        assert done.returncode == 0, done.stderr
        page = (tmp_path / "year.html").read_text(encoding="utf-8")
        assert "An example: every audit, person and comment behind this brief is invented." in page
        assert "<h1>Annual learning brief: 2019</h1>" in page

    @pytest.mark.parametrize(
        ("arguments", "code", "why"),
        [
            (["--kind", "monthly", "--out", "a.txt"], 2, "--out must end in .docx, .pdf or .html"),
            (
                ["--kind", "weekly", "--out", "a.pdf"],
                2,
                "kind must be monthly, themed, quarterly or annual; not 'weekly'",
            ),
            (["--kind", "themed", "--out", "a.pdf"], 2, "a themed brief needs a theme"),
            (
                ["--kind", "monthly", "--period", "May", "--out", "a.pdf"],
                2,
                "month must be written like 2019-11; not 'May'",
            ),
            (["--kind", "monthly", "--out", "a.pdf", "--template", "b.docx"], 2, "--template must be a .docx"),
            (["--out", "a.pdf"], 2, "Missing option '--kind'"),
        ],
    )
    def test_what_is_wrong_is_one_sentence_and_an_exit_code(
        self, tmp_path: Path, arguments: list[str], code: int, why: str
    ) -> None:
        placed = [str(tmp_path / each) if each.endswith((".txt", ".pdf")) else each for each in arguments]
        done = run_command("brief", EXAMPLE, *placed, "--reports", tmp_path)
        assert done.returncode == code
        assert why in done.stderr and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
class TestReport:
    def test_every_report_holds_the_brief_of_its_quarter_in_three_formats(self, example_report: Path) -> None:
        assert {f"brief{ending}" for ending in FORMATS} <= {path.name for path in example_report.iterdir()}
        index = (example_report / "index.html").read_text(encoding="utf-8")
        assert all(f'href="brief{ending}"' in index for ending in FORMATS)

    def test_the_page_that_the_notebook_made_is_the_brief_that_the_command_writes(
        self, example_report: Path, tmp_path: Path
    ) -> None:
        outs = [tmp_path / f"brief{ending}" for ending in FORMATS]
        write_brief(kind="quarterly", period="2019-Q4", out=outs, reports=tmp_path / "none")
        invented = ("behind this brief is invented", "behind these pages is invented")
        for path in outs:
            ours, theirs = (text_of(each) for each in (path, example_report / path.name))
            assert ours.replace(*invented) == theirs
            assert len(theirs) > 5000

    @pytest.mark.thorough
    def test_a_report_for_sharing_holds_a_brief_for_sharing(self, tmp_path: Path) -> None:
        done = run_command("report", EXAMPLE, "--audience", "shared", "--out", tmp_path)
        assert done.returncode == 0, done.stderr
        texts = [text_of(tmp_path / "2019-Q4" / f"brief{ending}") for ending in FORMATS]
        assert all("For sharing: numbers that stand for fewer than 5 children" in text for text in texts)
        assert not any("What became of the next steps" in text for text in texts)

    @pytest.mark.thorough
    def test_few_children_are_few_in_every_file_of_a_report_for_sharing(self, tmp_path: Path) -> None:
        """What the notebook reads again holds no child, but has to know how many there are."""
        (tmp_path / "small.toml").write_text(
            SMALL_FRAMEWORK.replace('team = ["Team"]', 'child = ["Team"]'), encoding="utf-8"
        )
        rows = [[f"A{n}", "2019-05-10", f"Child {n % 3}", "Good", "RI", "RI"] for n in range(12)]
        returns = write_rows(tmp_path / "a.csv", [WIDE_HEADER, *rows])
        out = tmp_path / "r"
        done = run_command(
            "report", returns, "--framework", tmp_path / "small.toml", "--audience", "shared", "--out", out
        )
        assert done.returncode == 0, done.stderr
        for name in ("index.html", *(f"brief{ending}" for ending in FORMATS)):
            text = text_of(out / "2019-Q2" / name)
            assert "The audits returned for April to June 2019 are of fewer than 5 children." in text, name
            assert "12 audits" not in text, name

    @pytest.mark.thorough
    def test_published_shares_alone_have_no_brief(self, tmp_path: Path) -> None:
        shutil.copy(EXAMPLE / "published-shares-2019.csv", tmp_path / "shares.csv")
        done = run_command(
            "report", tmp_path / "shares.csv", "--framework", "south-gloucestershire", "--out", tmp_path / "r"
        )
        assert done.returncode == 0, done.stderr
        (report,) = (tmp_path / "r").glob("20*")
        assert not list(report.glob("brief.*"))
        assert "brief.html" not in (report / "index.html").read_text(encoding="utf-8")

    @pytest.mark.thorough
    def test_the_brief_says_what_changed_since_the_last_report(self, tmp_path: Path) -> None:
        (tmp_path / "small.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
        rows = [[f"A{n}", f"2019-0{3 + 3 * (n % 2)}-10", "North", "Good", "RI", "Inadequate"] for n in range(24)]
        returns = tmp_path / "a.csv"
        common = ("--framework", tmp_path / "small.toml", "--out", tmp_path / "r")
        write_rows(returns, [WIDE_HEADER, *[row for row in rows if row[1] == "2019-03-10"]])
        assert run_command("report", returns, *common).returncode == 0
        regraded = [[*row[:5], "Good"] if row[0] == "A0" else row for row in rows]
        write_rows(returns, [WIDE_HEADER, *regraded, ["A99", "2019-03-20", "North", "Good", "RI", "RI"]])
        assert run_command("report", returns, *common).returncode == 0
        text = text_of(tmp_path / "r" / "2019-Q2" / "brief.html")
        assert "Plans, January to March 2019, Good or better: 1 of 13, before 0 of 12" in text
        assert re.search(r"0 of 13 \(0%\)\*|1 of 13 \(8%\)\*", text)
        kinds = {row["change"]: row["n"] for row in read_table(tmp_path / "r" / "2019-Q2", "changes-counted")}
        assert (kinds["late"], kinds["re-graded"]) == ("1", "1")


def text_of(path: Path) -> str:
    """The words of a file, whatever its kind."""
    if path.suffix == ".pdf":
        words = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    elif path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
            words = re.sub(r"<[^>]*>", "", parts.read("word/document.xml").decode().replace("</w:p>", " "))
    else:
        words = re.sub(
            r"<[^>]*>", " ", re.sub(r"<head>.*?</head>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        )
    return " ".join(words.split())


# ------------------------------------------------------------------------------------------------------- the library


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
    write_rows(tmp_path / "a.csv", [WIDE_HEADER, ["A1", "2019-05-10", "North", "Good", "RI", "RI"]])
    return tmp_path


def test_nothing_is_written_where_one_of_several_cannot_be_made(small: Path) -> None:
    (small / "house.html").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(TemplateError):
        write_brief(
            [small / "a.csv"],
            kind="monthly",
            out=[small / "brief.pdf", small / "brief.html"],
            framework=small / "small.toml",
            template=small / "house.html",
            reports=small / "none",
        )
    assert not list(small.glob("brief.*"))


def test_returns_that_do_not_pass_make_no_brief(small: Path) -> None:
    write_rows(small / "a.csv", [WIDE_HEADER, ["A1", "soon", "North", "Good", "RI", "RI"]])
    with pytest.raises(ReturnsError):
        write_brief([small / "a.csv"], kind="monthly", out=small / "brief.pdf", framework=small / "small.toml")
    assert not (small / "brief.pdf").exists()


@pytest.fixture
def of_a_child(small: Path) -> Path:
    framework = SMALL_FRAMEWORK.replace('team = ["Team"]', 'child = ["Team"]')
    (small / "small.toml").write_text(framework, encoding="utf-8")
    write_rows(small / "a.csv", [WIDE_HEADER, ["A1", "2019-05-10", "Zebedee Umberfield", "Good", "RI", "RI"]])
    return small


@pytest.mark.parametrize("ending", FORMATS)
def test_a_brief_names_no_child(of_a_child: Path, ending: str) -> None:
    out = of_a_child / f"brief{ending}"
    write_brief(
        [of_a_child / "a.csv"], kind="monthly", out=out, framework=of_a_child / "small.toml", reports=of_a_child
    )
    assert "Umberfield" not in text_of(out)


def test_a_brief_that_would_name_a_child_is_not_written(of_a_child: Path) -> None:
    (of_a_child / "house.html").write_text("About Zebedee Umberfield", encoding="utf-8")
    with pytest.raises(PrivacyError):
        write_brief(
            [of_a_child / "a.csv"],
            kind="monthly",
            out=[of_a_child / "brief.pdf", of_a_child / "brief.html"],
            framework=of_a_child / "small.toml",
            template=of_a_child / "house.html",
            reports=of_a_child,
        )
    assert not list(of_a_child.glob("brief.*"))


@pytest.mark.parametrize(
    ("out", "why"),
    [
        (["a.docx", "b.docx"], "once for each kind of file"),
        ([], "must end in"),
        (["missing/a.pdf"], "does not exist"),
    ],
)
def test_files_that_cannot_be_written_are_refused_before_anything_is_read(
    small: Path, out: list[str], why: str
) -> None:
    with pytest.raises(ArgumentError, match=why):
        write_brief([small / "none.csv"], kind="monthly", out=[small / name for name in out])


def test_a_folder_is_no_file_to_write(small: Path) -> None:
    (small / "brief.pdf").mkdir()
    with pytest.raises(ArgumentError, match="is a folder"):
        write_brief([small / "a.csv"], kind="monthly", out=small / "brief.pdf")


def test_a_template_is_not_overwritten(small: Path) -> None:
    (small / "house.html").write_text("{{ brief.title }}", encoding="utf-8")
    with pytest.raises(ArgumentError, match="the template would be overwritten"):
        write_brief([small / "a.csv"], kind="monthly", out=small / "house.html", template=small / "house.html")
    assert (small / "house.html").read_text(encoding="utf-8") == "{{ brief.title }}"


def test_a_brief_that_was_edited_is_kept_beside_the_new_one(small: Path) -> None:
    def write() -> None:
        write_brief(
            [small / "a.csv"],
            kind="monthly",
            out=small / "b.docx",
            framework=small / "small.toml",
            reports=small / "none",
        )

    write()
    made = (small / "b.docx").read_bytes()
    write()
    assert not (small / "b.earlier.docx").exists()  # nobody had changed it
    (small / "b.docx").write_bytes(b"edited")
    write()
    assert (small / "b.docx").read_bytes() == made
    assert (small / "b.earlier.docx").read_bytes() == b"edited"
