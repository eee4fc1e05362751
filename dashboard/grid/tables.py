"""Tables that print as they stand: plain HTML, every text escaped, links to pages of this server only."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from dashboard.palette import Palette


def link_html(page: str, words: str, palette: Palette, **params: str) -> str:
    """HTML of a link to another page with its state in the address."""
    address = f"{page}?{urlencode(params)}"
    return f'<a href="{escape(address)}" style="color:{palette.accent};text-decoration:none">{escape(words)}</a>'


def table_html(heads: Sequence[str], rows: Sequence[Sequence[str]], palette: Palette) -> str:
    """HTML of a table; cells are HTML already (`escape`, `link_html`), heads are plain words."""
    cell = f"padding:3px 10px 3px 0;border-bottom:1px solid {palette.border};text-align:left;vertical-align:top"
    head = "".join(f'<th style="{cell};color:{palette.muted};font-weight:400">{escape(word)}</th>' for word in heads)
    lines = ("".join(f'<td style="{cell}">{each}</td>' for each in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    style = f"border-collapse:collapse;width:100%;font-size:13px;line-height:1.5;color:{palette.text}"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
