"""Pages are run by Streamlit's own test runner on the frame, with real stores."""

import inspect
import json
import sys

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from tests.pages.evaluated import evaluated_demo


def _script(page: str) -> None:
    import importlib

    from dashboard.viewport import Viewport

    importlib.import_module(f"pages.{page}").show(Viewport(known=True))


def forget_all() -> None:
    """Empty Streamlit's caches, as a new server would."""
    _remembered.clear()
    st.cache_data.clear()
    st.cache_resource.clear()


_remembered: set[Settings] = set()
"""The one installation that the caches are of."""


@pytest.fixture
def open_page(request, monkeypatch, tmp_path):
    """Open a page of an installation: `open_page(settings, page="data_page", code="6201")`.

    What was read of an installation that tests share, as of a server, is kept for the next test of the same one; a
    test with an installation of its own, or that patches the code, finds and leaves nothing.
    """
    opened: set[Settings] = set()

    def open_(settings: Settings, *, page: str = "map_page", **params: str) -> AppTest:
        if not opened and (patches or _remembered != {settings}):
            forget_all()
        opened.add(settings)
        _remembered.add(settings)
        monkeypatch.setenv("PINGAN_VAR", str(settings.var))
        monkeypatch.setenv("DATABASE_URL", settings.database_url)
        app = AppTest.from_function(_script, default_timeout=120, kwargs={"page": page})
        for key, value in params.items():
            app.query_params[key] = value
        return app.run()

    patches = "monkeypatch" in inspect.signature(request.function).parameters
    main = sys.modules["__main__"]
    yield open_
    # The runner leaves its script as the main module, which a process started later would run again.
    sys.modules["__main__"] = main
    own = any(tmp_path in settings.var.parents for settings in opened)
    if patches or own or len(opened) > 1:
        forget_all()


@pytest.fixture(scope="session")
def evaluated(demo, built_once) -> Settings:
    """A copy of the demo that was foretold, and whose forecast was tested; not to be written to."""
    return Settings(var=built_once("evaluated", lambda folder: evaluated_demo(demo, folder)))


def deck_of(app: AppTest) -> dict:
    """The map's JSON."""
    (chart,) = app.get("deck_gl_json_chart")
    return json.loads(chart.proto.json)


def texts(app: AppTest) -> str:
    """All words on the page."""
    parts = [
        element.value
        for kind in ("markdown", "caption", "info", "warning", "error", "success")
        for element in app.get(kind)
    ]
    parts += [element.proto.body for element in app.get("html")]
    return "\n".join(str(part) for part in parts)
