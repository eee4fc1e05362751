import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ways import address


@pytest.mark.parametrize(
    ("page", "params", "found"),
    [
        ("alerts", {"alert": "YJ-2026-0001"}, "alerts?alert=YJ-2026-0001"),
        ("map", {"code": "6201"}, "./?code=6201"),
        ("map", {}, "./"),
        ("letters", {"kind": "a&b"}, "letters?kind=a%26b"),
    ],
)
def test_the_map_is_the_page_without_a_name_and_values_are_quoted(page, params, found):
    assert address(page, params) == found


def two_pages() -> None:
    import streamlit as st

    from dashboard.ways import keep_pages, show_way

    def here() -> None:
        st.session_state["name"] = "王敏"
        show_way("去预警", "alerts", {"alert": "YJ-1", "type": ""}, key="go")

    def there() -> None:
        st.write(f"{st.session_state['name']} {st.query_params.to_dict()}")

    pages = {
        "map": st.Page(here, title="map", url_path="map", default=True),
        "alerts": st.Page(there, title="alerts", url_path="alerts"),
    }
    keep_pages(pages)
    st.navigation(list(pages.values())).run()


def test_a_way_leads_on_within_the_session_and_leaves_empty_parameters_out():
    app = AppTest.from_function(two_pages, default_timeout=30).run()
    app.button(key="go").click().run()
    assert not app.exception
    assert app.markdown[0].value == "王敏 {'alert': 'YJ-1'}"
