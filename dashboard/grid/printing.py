"""How the page comes out of a printer: one or two clean A4 pages, nothing of the screen's handles on them."""

from datetime import datetime
from html import escape

import streamlit as st

from dashboard.states import DISCLAIMER

# Streamlit's main part scrolls inside the window; on paper it has to be as long as it is.
_CSS = """
<style>
@page { size: A4 portrait; margin: 12mm 12mm 14mm; }
.print-note { display: none; }
@media print {
  [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stStatusWidget"], [data-testid="stDecoration"],
  .st-key-grid-search-box, .st-key-grid-tools, .st-key-vp, .grid-map-link, [data-testid="stElementToolbar"] {
    display: none !important; }
  html, body, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], [data-testid="stMainBlockContainer"] {
    position: static !important; height: auto !important; overflow: visible !important;
    background: #fff !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
  .st-key-grid-page { gap: 6px !important; }
  [data-testid="stHorizontalBlock"] { gap: 10px !important; }
  .st-key-grid-facts span { font-size: 17px !important; }
  .st-key-grid-facts div div { font-size: 10px !important; white-space: normal !important; }
  .st-key-grid-facts img { display: none; }
  img, table, tr { break-inside: avoid; }
  .print-note { display: block; font-size: 11px; color: #444; border-top: 1px solid #999; padding-top: 4px; }
}
</style>
"""


def show_print_rules() -> None:
    """Put the rules into the page; nothing of them shows on the screen."""
    st.html(_CSS)


def show_print_note(now: datetime, place: str, approval: str) -> None:
    """The line at the foot of the printed page: when it was printed, of what, and what it is not."""
    words = f"打印于 {now:%Y-%m-%d %H:%M} · {place} · 审图号:{approval} · {DISCLAIMER}"
    st.html(f'<div class="print-note">{escape(words)}</div>')
