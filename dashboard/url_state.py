"""State of a page in its address: a frozen dataclass of texts, each field a parameter, defaults left out."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

Checks = Mapping[str, Callable[[str], bool]]
"""By parameter: whether a value makes sense."""


def is_code(root: str, known: Callable[[str], bool]) -> Callable[[str], bool]:
    """Check of a division's code: inside the reader's own, and a unit of this installation."""
    return lambda value: value.startswith(root) and known(value)


def is_place(value: str) -> bool:
    """Check of a place's code: a division's or a hexagon's spelling, whether or not there is one."""
    return value.isascii() and value.isalnum() and len(value) <= 16


def checked(params: Mapping[str, str], checks: Checks) -> tuple[dict[str, str], list[str]]:
    """Parameters that make sense, and the others named in `key=value`; parameters without a check are passed over."""
    found, wrong = {}, []
    for key, value in params.items():
        if not value or key not in checks:
            continue
        if checks[key](value):
            found[key] = value
        else:
            wrong.append(f"{key}={value[:20]}")
    return found, wrong


def put(state: Any, default: Any) -> None:
    """Put a state into the address; what is at its default stays out of it."""
    given = {field.name: getattr(state, field.name) for field in fields(default)}
    st.query_params.from_dict({key: value for key, value in given.items() if value and value != getattr(default, key)})
