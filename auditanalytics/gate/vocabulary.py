"""What the product prints whatever the data: its own words, which no search can tell from a name.

A child called May stands in every report that has a month of May. So the gate is told what the product itself writes,
and leaves out an identifier that is nothing but such words. They are gathered from where they are written: the
sentences in the library, its templates, and the prose of the notebooks that come with it.
"""

import ast
import calendar
from collections.abc import Iterator
from pathlib import Path

import nbformat

_PACKAGE = Path(__file__).parent.parent
_NEVER_PRINTED = (Path("samples.py"), Path("privacy"))
"""Where names are listed: what is made up for the example, and what redaction looks for."""

_TEMPLATES = (".j2", ".css")

_OF_DRAWING = """
Arial Liberation Sans Helvetica Courier Times Roman DejaVu serif figure patch axes matplotlib line2D LineCollection text
legend xtick ytick tick bold normal stroke linejoin linecap dasharray dashoffset miterlimit fill opacity butt miter
round square bevel none middle start end anchor clip clipPath path rect rule nonzero evenodd defs use svg xlink href
type css style width height viewBox version encoding standalone DOCTYPE PUBLIC DTD Graphics W3C xmlns metadata image
still StillImage work format creator agent title rdf dc cc purl elements resource syntax dcmitype creativecommons ns
org www http baseline inherit auto optimizeSpeed transform translate scale matrix rotate points data src srcset picture
source Kids Root Count Rotate Flags Widths Font Page Pages Catalog Names
"""
"""What libraries write into every picture and every PDF."""


def printed_texts(notebooks: Path) -> list[str]:
    """Give the texts that stand in a report whatever the data.

    Parameters
    ----------
    notebooks
        The folder of the notebooks that come with the library. Those of somebody else are no place for a name either,
        so they are not to be given here.

    Returns
    -------
    list of str
        Texts.

    Examples
    --------
    >>> texts = printed_texts(Path("notebooks"))
    >>> "May" in texts, any("may conclude" in text for text in texts)
    (True, True)
    """
    texts = [*calendar.month_name[1:], *calendar.month_abbr[1:], *calendar.day_name, *calendar.day_abbr]
    texts += _OF_DRAWING.split("\n")
    for path in sorted(_PACKAGE.rglob("*")):
        own = path.relative_to(_PACKAGE)
        if any(each in (own, *own.parents) for each in _NEVER_PRINTED):
            continue
        if path.suffix == ".py":
            texts += _sentences(path)
        elif path.suffix in _TEMPLATES:
            texts.append(path.read_text(encoding="utf-8"))
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        texts += [path.name, *(cell.source for cell in notebook.cells)]
    return texts


def _sentences(path: Path) -> Iterator[str]:
    """Every text in a module but those that only its readers see."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            yield node.value
