"""What `streamlit run` is given: screens and HTTP routes on one port.

The script lives in dashboard/frame.py, so that Streamlit finds no `pages/` folder beside it and every address runs
the frame.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pandas as pd
import streamlit as st
from anyio import to_thread

from api.desk import Desk
from api.publishing import Publishing
from api.routes import routes
from data.settings import read_settings

settings = read_settings()
publishing = Publishing(settings)
desk = Desk(settings, now=lambda: pd.Timestamp.now(settings.timezone).floor("s"), published=publishing.wake)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the pool before the first visitor comes, who would otherwise wait for it; publish what is posted."""
    from dashboard.warm_up import warm_up

    warm_up()
    publishing.start()
    yield
    await to_thread.run_sync(desk.close)
    await to_thread.run_sync(publishing.stop)


# Streamlit puts its own addresses below the base path, but not those it is handed.
app = st.App(
    "dashboard/frame.py", lifespan=lifespan, routes=routes(desk, base_path=str(st.get_option("server.baseUrlPath")))
)
