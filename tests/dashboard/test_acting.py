"""The name an officer acts under, run without a browser."""

from streamlit.testing.v1 import AppTest

from dashboard.acting import NAME_LENGTH, tidy_name


def page() -> None:
    import streamlit as st

    from dashboard.acting import acting_name, show_acting

    if st.toggle("with the field", value=True, key="shown"):
        st.caption(f"shown:{show_acting()}")
    st.caption(f"acting:{acting_name()}")


def words(app: AppTest) -> list[str]:
    return [each.value for each in app.caption]


def test_nobody_acts_before_a_name_is_given():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert "acting:" in words(app)


def test_a_name_lasts_while_pages_without_the_field_are_shown():
    app = AppTest.from_function(page).run()
    app.text_input[0].set_value("  王  敏 ").run()
    assert {"shown:王 敏", "acting:王 敏"} <= set(words(app))
    app.toggle[0].set_value(False).run()
    assert "acting:王 敏" in words(app)
    app.toggle[0].set_value(True).run()
    assert not app.exception
    assert "shown:王 敏" in words(app)
    assert app.text_input[0].value == "王 敏"


def test_a_name_can_be_taken_back():
    app = AppTest.from_function(page).run()
    app.text_input[0].set_value("王敏").run()
    app.text_input[0].set_value("").run()
    assert "acting:" in words(app)


def test_a_name_is_short_and_on_one_line():
    assert tidy_name("王\n敏\x00") == "王 敏"
    assert len(tidy_name("长" * 50)) == NAME_LENGTH
