from pathlib import Path

from streamlit.testing.v1 import AppTest

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


def test_the_frame_lists_the_pages_and_waits_for_the_size_of_the_window(demo, monkeypatch):
    monkeypatch.setenv("PINGAN_VAR", str(demo.var))
    app = AppTest.from_file(FRAME, default_timeout=120).run()
    assert not app.exception
    assert not app.get("deck_gl_json_chart")
    app.run()
    assert not app.exception
    assert app.get("deck_gl_json_chart")
