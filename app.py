"""What `streamlit run` is given: screens and HTTP routes on one port.

The script lives in dashboard/frame.py, so that Streamlit finds no `pages/` folder beside it and every address runs
the frame.
"""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pandas as pd
import streamlit as st
from anyio import to_thread

import pages
from api.desk import Desk
from api.routes import routes
from data.settings import read_settings

settings = read_settings()
desk = Desk(settings, now=lambda: pd.Timestamp.now(settings.timezone).floor("s"), publishes=True)


def import_pages() -> None:
    """Load every page's modules (two to three seconds) before somebody waits for them."""
    for page in pkgutil.iter_modules(pages.__path__):
        importlib.import_module(f"pages.{page.name}")
    # Streamlit looks up once who runs it; for that `inspect` resolves the file of every module, and remembers them.
    inspect.stack()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the pool before the first visitor comes, who would otherwise wait for it, and take posts."""
    from dashboard.warm_up import warm_up

    import_pages()
    warm_up()
    await to_thread.run_sync(desk.warm_up)
    yield
    await to_thread.run_sync(desk.close)


# Streamlit puts its own addresses below the base path, but not those it is handed.
app = st.App(
    "dashboard/frame.py", lifespan=lifespan, routes=routes(desk, base_path=str(st.get_option("server.baseUrlPath")))
)
