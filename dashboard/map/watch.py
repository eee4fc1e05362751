"""What keeps a page live: a small component that hears of new data, tells the age of what is shown, and keeps time.

The browser asks the server's open health address once a second for the version of the data, which costs the server one
look-up and no run of the page. Only when the version is another one, and never while a refresh is still under way, the
component sets off a run of the fragment that it stands in. So twenty idle screens cost next to nothing, and a server
that falls behind is asked less often by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.states import LATE_AFTER

NEWER, NEXT, STILL = "newer", "next", "still"
"""What the component sets off or states: newer data, the next step of what plays, and that the user wants no motion."""

_JS = """
const screens = new Map()
let timer = 0, failures = 0, latest = null, newest = { version: -1 }

const age = (s) => s < 60 ? `${Math.floor(s)} 秒前` : s < 7200 ? `${Math.floor(s / 60)} 分钟前`
  : s < 172800 ? `${Math.floor(s / 3600)} 小时前` : `${Math.floor(s / 86400)} 天前`

// Every badge says the newest that any part of the page was told, so that it needs no run of its own.
function draw(root, state) {
  if (!state.data.shows) return
  let badge = root.querySelector("span")
  if (!badge) { badge = document.createElement("span"); root.appendChild(badge) }
  const passed = newest.age + (performance.now() - newest.since) / 1000
  const lost = failures > 5
  const late = lost || newest.age < 0 || passed > state.data.lateAfter
  const words = newest.age < 0 ? "暂无数据" : `${newest.until} · ${age(Math.max(0, passed))}`
  badge.className = late ? "late" : "fresh"
  badge.textContent = lost ? "⚠ 连不上服务器,正在重试" : `${late ? "⚠" : "●"} ${words}`
}

function hear() {
  const now = performance.now()
  for (const state of screens.values()) {
    if (!state.data.listens || latest === null || state.data.version === latest) continue
    if (state.told && now - state.told < 10000) continue  // a refresh is under way
    state.told = now
    state.tell("newer", latest)
  }
}

async function look() {
  clearTimeout(timer)
  const any = screens.values().next().value
  if (!any) return
  try {
    const answer = await fetch(new URL("api/v1/health", document.baseURI), { cache: "no-store" })
    const said = await answer.json()
    failures = 0
    if (said.data_version !== undefined) latest = said.data_version
    hear()
  } catch { failures += 1 }
  for (const [root, state] of screens) draw(root, state)
  clearTimeout(timer)
  timer = setTimeout(look, document.hidden ? 5000 : any.data.everyMs)
}

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const known = screens.get(parentElement)
  const state = known ?? { told: 0, step: 0 }
  if (state.data?.version !== data.version) state.told = 0
  Object.assign(state, { data, tell: setTriggerValue })
  screens.set(parentElement, state)
  if (data.version !== newest.version) newest = { ...data, since: performance.now() }
  for (const [root, each] of screens) draw(root, each)
  clearTimeout(state.step)
  if (data.stepMs) state.step = setTimeout(() => setTriggerValue("next", data.at), data.stepMs)
  if (!known) {
    if (data.listens && matchMedia("(prefers-reduced-motion: reduce)").matches) setStateValue("still", true)
    if (screens.size === 1) timer = setTimeout(look, data.everyMs)
  }
  return () => { clearTimeout(state.step); screens.delete(parentElement) }
}
"""
_CSS = """
span { float: right; white-space: nowrap; padding: 3px 8px; border-radius: 6px; font-size: 12px; line-height: 22px }
.fresh { color: var(--st-green-text-color); background: var(--st-green-background-color) }
.late { color: var(--st-orange-text-color); background: var(--st-orange-background-color) }
"""


@dataclass(frozen=True)
class Watch:
    """What the component is told.

    Parameters
    ----------
    version
        Of the data on screen.
    until
        Words of the data's time.
    age
        Seconds since then; below 0 where there are no data.
    step_ms
        Milliseconds until the next step is set off; 0 for none.
    at
        Any text that differs from one step to the next.
    shows
        Whether it draws the age, of the newest data that any part of the page was told; such a one sets nothing off.
    """

    version: int
    until: str = ""
    age: float = 0.0
    step_ms: int = 0
    at: str = ""
    shows: bool = False


EVERY_MS = 1000
BADGE_WIDTH = 206
"""Pixels; enough for a date, a time and an age."""


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("watch", js=_JS, css=_CSS)


def mount_watch(watch: Watch, *, key: str, on_next: Callable[[], None] | None = None) -> bool:
    """Mount the component in the fragment that it shall refresh; whether the user's system asks for no motion."""
    told = {
        "version": watch.version,
        "until": watch.until,
        "age": watch.age,
        "stepMs": watch.step_ms,
        "at": watch.at,
        "everyMs": EVERY_MS,
        "lateAfter": LATE_AFTER.total_seconds(),
        "shows": watch.shows,
        "listens": not watch.shows,
    }
    result = _component()(
        key=key,
        data=told,
        width=BADGE_WIDTH if watch.shows else "content",
        height="content",
        on_newer_change=lambda: None,
        on_next_change=on_next or (lambda: None),
        on_still_change=lambda: None,
    )
    return bool(result.get(STILL))
