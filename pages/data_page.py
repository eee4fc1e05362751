"""数据汇集: what came in, and the import of a file in three steps."""

import streamlit as st

from dashboard.viewport import Viewport


def show(viewport: Viewport) -> None:
    """Show the page."""
    st.title("数据汇集")
