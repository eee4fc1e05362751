"""A button that saves a chart as it is drawn, with its title, filter and time of the data, as PNG.

The browser draws it: nothing leaves the machine, and the picture has the fonts of the screen.
"""

from typing import Any

import streamlit as st

from dashboard.palette import Palette

_HTML = '<button type="button" title="保存为图片"></button>'
_CSS = """
button{font:400 12px/1.6 'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;
cursor:pointer;border:0;background:transparent;color:var(--st-text-color);padding:2px 4px;border-radius:4px}
button:hover,button:focus-visible{color:var(--st-primary-color)}
"""
_JS = """
const drawing = async (chart) => {
  const canvas = chart.querySelector("canvas")
  if (canvas) return [canvas, canvas.clientWidth, canvas.clientHeight]
  const svg = chart.querySelector("svg.marks")
  if (!svg) return null
  const box = svg.getBoundingClientRect(), copy = svg.cloneNode(true)
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  copy.setAttribute("width", box.width * 2)
  copy.setAttribute("height", box.height * 2)
  const image = new Image()
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy))
  await image.decode()
  return [image, box.width, box.height]
}
const lines = (pen, text, width) => {
  const found = [""]
  for (const sign of text) {
    if (pen.measureText(found[found.length - 1] + sign).width > width) found.push("")
    found[found.length - 1] += sign
  }
  return found
}
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.setAttribute("aria-label", data.title + " " + data.label)
  button.onclick = async () => {
    const found = await drawing(document.querySelector(".st-key-" + data.chart))
    if (!found) return
    const [image, width, height] = found, scale = 2, edge = 14, canvas = document.createElement("canvas")
    const pen = canvas.getContext("2d"), font = (size, weight) => `${weight} ${size}px ${data.font}`
    pen.font = font(12, 400)
    const notes = [...lines(pen, data.reading, width), ...lines(pen, data.stamp, width)]
    canvas.width = (width + 2 * edge) * scale
    canvas.height = (height + 2 * edge + 26 + notes.length * 18) * scale
    pen.scale(scale, scale)
    pen.fillStyle = data.page
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.fillStyle = data.text
    pen.font = font(15, 600)
    pen.textBaseline = "top"
    pen.fillText(data.title, edge, edge)
    pen.drawImage(image, edge, edge + 26, width, height)
    pen.fillStyle = data.muted
    pen.font = font(12, 400)
    notes.forEach((line, at) => pen.fillText(line, edge, edge + 30 + height + at * 18))
    const link = document.createElement("a")
    link.download = data.file
    link.href = canvas.toDataURL("image/png")
    link.click()
  }
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("save_picture", html=_HTML, css=_CSS, js=_JS)


def show_save_picture(chart: str, words: dict[str, str], palette: Palette) -> None:
    """Show the button.

    Parameters
    ----------
    chart
        Key of the container that holds the chart.
    words
        `title`, `reading`, `stamp` (filter and time of the data) and `file` name.
    """
    colours = {"page": palette.page, "text": palette.text, "muted": palette.muted}
    fonts = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
    _component()(
        key=f"picture-{chart}",
        data={"chart": chart, "label": "图片", "font": fonts, **words, **colours},
        width="content",
    )
