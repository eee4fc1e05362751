"""Fields of a draft in the session: filled from the template, and filled anew as long as nobody has changed them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from data.letters.letter import Letter
from data.letters.settings import LetterKind
from data.letters.templates import day_text, fill

TEXTS = ("title", "body", "demand")


@dataclass(frozen=True)
class Form:
    """One draft's form: `key` stands before the keys of its fields, so that drafts do not share them."""

    key: str

    def name(self, field: str) -> str:
        """Key of a field."""
        return f"letter-form-{self.key}-{field}"

    def get(self, field: str) -> Any:
        """What stands in a field; None before it is drawn."""
        return st.session_state.get(self.name(field))

    def put(self, field: str, value: Any) -> None:
        """Write into a field; before it is drawn in a run."""
        st.session_state[self.name(field)] = value

    def start(self, values: Mapping[str, Any]) -> None:
        """Write what a form begins with, once."""
        for field, value in values.items():
            st.session_state.setdefault(self.name(field), value)

    def close(self) -> None:
        """Forget everything that was written."""
        for name in [name for name in st.session_state if str(name).startswith(f"letter-form-{self.key}-")]:
            del st.session_state[name]


def start_from(form: Form, letter: Letter) -> None:
    """Begin with what a draft says."""
    draft = letter.draft
    form.start({name: getattr(draft, name) for name in (*TEXTS, "receiver", "due")} | {"kept-due": draft.due})


def refill(form: Form, kind: LetterKind, facts: Mapping[str, str], *, today: dt.date) -> None:
    """Fill in deadline and texts where they still are as they were filled last.

    A text that somebody has changed stays; only the deadline that it names follows the field.
    """
    due = form.get("due")
    if due is None or due == form.get("filled-due"):
        due = today + dt.timedelta(days=kind.days)
        form.put("due", due)
        form.put("filled-due", due)
    known = dict(facts) | {"deadline": day_text(due), "days": str((due - today).days)}
    for name in TEXTS:
        filled = fill(getattr(kind, name), known).strip()
        if form.get(name) is None or form.get(name) == form.get(f"filled-{name}"):
            form.put(name, filled)
        form.put(f"filled-{name}", filled)
    follow_deadline(form)


def follow_deadline(form: Form) -> None:
    """Where texts name the deadline that stood before, let them name the one that stands now."""
    before, due = form.get("kept-due"), form.get("due")
    if before is not None and due is not None and before != due:
        for name in TEXTS:
            form.put(name, str(form.get(name) or "").replace(day_text(before), day_text(due)))
    form.put("kept-due", due)
