"""The prose of notebooks as HTML in which nothing can run, be fetched or be hidden.

Whoever writes a notebook of their own writes its prose, and Markdown lets any HTML through. So the prose keeps only
what a text is made of, and links that lead to a page of the report, to a secure site or to a mailbox. That is a list of
what is allowed: what is not on it is dropped, whether anybody has thought of it or not.
"""

import re

import nh3

NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters of which one alone, in a title that somebody wrote, leaves a picture or document that nothing opens."""

_KEPT = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "em", "strong", "sub", "sup", "a"),
    *("code", "pre", "blockquote", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}
_DROPPED_WITH_THEIR_CONTENT = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"}
_SAFE_ADDRESS = re.compile(r"https://[^\s\\]+|mailto:[^\s\\]+|#[\w-]+|[\w][\w./-]*(?:#[\w-]+)?")


def sanitised(html: str) -> str:
    """Keep of HTML what prose needs.

    Parameters
    ----------
    html
        HTML that somebody else wrote.

    Returns
    -------
    str
        HTML that holds nothing else.

    Examples
    --------
    >>> sanitised('<h2 onclick="x()">A<script>x()</script></h2><a href="javascript:x()">b</a><img src="//c">')
    '<h2>A</h2><a>b</a>'
    >>> sanitised('<a href="overview.html">all</a> <a href="https://example.org/">one</a>')
    '<a href="overview.html">all</a> <a href="https://example.org/">one</a>'
    """
    return nh3.clean(
        html,
        tags=_KEPT,
        attributes={"a": {"href"}, "th": {"scope"}, "ol": {"start"}},
        attribute_filter=_safe_attribute,
        clean_content_tags=_DROPPED_WITH_THEIR_CONTENT,
        url_schemes={"https", "mailto"},
        link_rel=None,
    )


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    """A link may not lead to another place by leaving out its scheme, as ``//site`` and ``/folder`` do."""
    return value if name != "href" or _SAFE_ADDRESS.fullmatch(value) else None
