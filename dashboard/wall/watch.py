"""A script in the browser that sees whether the server still answers, says so, and reloads the page when it is back.

Streamlit's own client reconnects after some failures, but a page whose session is gone may then stand still, or show a
message that nobody in the room will click away. A screen in a hall has no mouse.
"""

from typing import Any

import streamlit as st

from dashboard.palette import DARK
from dashboard.wall.header import BEAT
from dashboard.wall.look import TITLE

KEY = "wall-watch"
LOST_AFTER, SILENT_AFTER, LOOK_EVERY = 8, 90, 2
"""Seconds without a beat until the screen says so; until it is loaded anew though the server answers; between looks."""
_JS = """
const SAID = "pingan-wall-lost"

export default function () {
  const home = window.location.pathname.replace(/wall\\/?$/, "")
  const clock = () => document.querySelector(".BEAT")
  let last = "", since = Date.now(), wasDown = false, answered = 0, busy = false

  const say = (seconds) => {
    let said = document.getElementById(SAID)
    if (!said) {
      said = document.createElement("div")
      said.id = SAID
      said.setAttribute("role", "alert")
      said.style.cssText = "position:fixed;left:0;right:0;bottom:0;z-index:2000000;padding:1.6vh 2vh;" +
        "text-align:center;background:PANEL;border-top:.4vh solid LATE;color:LATE;font-size:SIZEvh;" +
        "font-weight:700;line-height:1.3"
      document.body.appendChild(said)
    }
    const age = seconds < 120 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分钟`
    said.textContent = `▲ 与服务器断开 ${age},画面停在 ${clock()?.textContent ?? ""};恢复后自动继续`
  }
  const unsay = () => document.getElementById(SAID)?.remove()

  const look = async () => {
    const beat = clock()?.dataset.beat ?? ""
    if (beat !== last) { last = beat; since = Date.now(); wasDown = false; answered = 0; unsay(); return }
    const silent = Math.floor((Date.now() - since) / 1000)
    if (silent < LOST || busy) return
    if (last) say(silent)
    busy = true
    try {
      const answer = await fetch(`${home}_stcore/health`, { cache: "no-store", signal: AbortSignal.timeout(5000) })
      answered = answer.ok ? answered + 1 : 0
      wasDown ||= !answer.ok
    } catch { wasDown = true; answered = 0 }
    busy = false
    // Twice in succession: a server that is just starting may answer once and be too busy for a page.
    if (answered >= 2 && (wasDown || silent > SILENT)) window.location.reload()
  }
  const timer = setInterval(look, EVERY * 1000)
  return () => { clearInterval(timer); unsay() }
}
"""


def script() -> str:
    """The script with its figures and colours filled in."""
    filled = {
        "BEAT": BEAT,
        "PANEL": DARK.panel,
        "LATE": DARK.late,
        "SIZE": str(TITLE),
        "LOST": str(LOST_AFTER),
        "SILENT": str(SILENT_AFTER),
        "EVERY": str(LOOK_EVERY),
    }
    text = _JS
    for word, value in filled.items():
        text = text.replace(word, value)
    return text


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("wall-watch", js=script())


def watch_connection() -> None:
    """Mount the script; it takes no room. Before anything that may fail, so that it also watches over failures."""
    with st.container(key=KEY):
        _component()(key="watch")
