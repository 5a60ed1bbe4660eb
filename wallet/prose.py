"""Markdown from credentials as HTML that can do no harm: strangers wrote it."""

from typing import Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# No images: a picture from elsewhere would tell its server who reads the badge, and when.
_TAGS: Final = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "br", "a", "hr"}
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})


def prose(markdown: str) -> Markup:
    """`markdown` rendered, and cleaned to text, lists, emphasis and web links."""
    html = nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(html)  # noqa: S704 - cleaned on the line above
