"""What `streamlit run` is given: screens and HTTP routes on one port.

The script lives in dashboard/frame.py, so that Streamlit finds no `pages/` folder beside it and every address runs
the frame.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the pool before the first visitor comes, who would otherwise wait for it."""
    from dashboard.warm_up import warm_up

    warm_up()
    yield


app = st.App("dashboard/frame.py", lifespan=lifespan)
