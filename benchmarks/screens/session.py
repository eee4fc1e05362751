"""One screen: what a browser sends and receives for the live map, without drawing it."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{}__events"
"""Id under which Streamlit's client sends what a component sets off."""
SIZE = json.dumps({"size": "1600x900"})
PATIENCE = 120.0
_TOTAL = re.compile(r"新增纠纷.*?font-weight:600\">([\d,]+)<", re.DOTALL)


class ScreenFailedError(RuntimeError):
    """The page did not come, or came as something else than the map."""


@dataclass
class Watch:
    """A component that hears of new data: its id, its fragment, and the version that it was told."""

    id: str
    fragment: str
    version: int
    listens: bool


@dataclass
class Screen:
    """A session; `total` is the number on its first tile, `took` the seconds of each refresh of map and figures."""

    stream: ClientConnection
    query: str
    watches: dict[str, Watch] = field(default_factory=dict)
    total: int = -1
    took: list[float] = field(default_factory=list)
    page: str = ""
    size_id: str = ""
    known: dict[str, ForwardMsg] = field(default_factory=dict)

    async def open(self) -> None:
        """Ask for the page, tell the window's size, and wait for the map."""
        await self._run(ClientState(query_string=self.query))
        await self._run(self._state())
        if not self.watches or self.total < 0:
            raise ScreenFailedError(f"no live map came for {self.query!r}")

    async def refresh(self, version: int) -> None:
        """Do what the component does when it hears of another version."""
        for watch in list(self.watches.values()):
            if watch.listens and watch.version != version:
                begun = time.monotonic()
                await self._run(self._state(watch, version))
                self.took.append(time.monotonic() - begun)

    def _state(self, watch: Watch | None = None, version: int = 0) -> ClientState:
        state = ClientState(query_string=self.query, page_script_hash=self.page)
        state.cached_message_hashes.extend(self.known)
        if self.size_id:
            state.widget_states.widgets.append(WidgetState(id=self.size_id, json_value=SIZE))
        if watch is not None:
            told = json.dumps([{"event": "newer", "value": version}])
            state.widget_states.widgets.append(WidgetState(id=TRIGGERS.format(watch.id), json_trigger_value=told))
            state.fragment_id = watch.fragment
        return state

    async def _run(self, state: ClientState) -> None:
        """Send a state and take in everything until the run that it sets off has ended."""
        await self.stream.send(BackMsg(rerun_script=state).SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while True:
                message = ForwardMsg.FromString(bytes(await self.stream.recv()))
                kind = message.WhichOneof("type")
                if kind == "ref_hash":
                    message = self.known[message.ref_hash]
                elif message.metadata.cacheable:
                    self.known[message.hash] = message
                if kind == "new_session":
                    self.page = message.new_session.page_script_hash
                elif kind == "script_finished":
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        return
                elif kind in ("delta", "ref_hash"):
                    self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "bidi_component":
            part = element.bidi_component
            if part.component_name == "viewport":
                self.size_id = part.id
            elif part.component_name == "watch":
                told = json.loads(part.json)
                self.watches[part.id] = Watch(part.id, message.delta.fragment_id, told["version"], told["listens"])
        elif kind == "html" and "新增纠纷" in element.html.body:
            found = _TOTAL.search(element.html.body)
            self.total = int(found[1].replace(",", "")) if found else self.total
        elif kind == "exception":
            raise ScreenFailedError(element.exception.message)


async def open_screen(port: int, query: str) -> Screen:
    """A screen at an address of the map page."""
    stream = await connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=PATIENCE,
        ping_interval=None,
    )
    screen = Screen(stream, query)
    await screen.open()
    return screen
