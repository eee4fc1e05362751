import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.asked import Asked, read_asked

TODAY = dt.date(2026, 11, 25)


def read(**params: str):
    return read_asked(params, root="62", known=lambda code: code in ("62", "6201"))


def test_an_empty_address_asks_for_the_root_and_the_last_28_days():
    asked, wrong = read()
    assert asked == Asked("62")
    assert wrong == []
    assert asked.period(TODAY).start == dt.date(2026, 10, 29)
    assert asked.period(TODAY).end == dt.date(2026, 11, 26)


def test_every_field_is_read():
    asked, wrong = read(
        code="6201", type="D06", source="police", channel="court", status="closed", window="ytd", shape="cells"
    )
    assert wrong == []
    wanted = asked.filter(scope="62", today=TODAY)
    assert (wanted.division, wanted.dispute_types, wanted.sources) == ("6201", ("D06",), ("police",))
    assert wanted.period.start == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    "params",
    [
        {"code": "63"},
        {"type": "D42"},
        {"window": "custom"},
        {"window": "custom", "start": "2026-02-01", "end": "2026-01-01"},
    ],
)
def test_what_makes_no_sense_is_left_out_and_named(params):
    asked, wrong = read(**params)
    assert asked == Asked("62")
    assert wrong


@given(
    st.dictionaries(
        st.sampled_from(["code", "type", "start", "end", "window", "shape", "measure", "x"]), st.text(max_size=12)
    )
)
def test_no_address_breaks_the_page(params):
    asked, _ = read(**params)
    wanted = asked.filter(scope="62", today=TODAY)
    assert wanted.division in ("62", "6201")
    assert wanted.period.days >= 1
    assert all(asked.words())
