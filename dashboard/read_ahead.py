"""Start the tiles' reads while the map is being put together: the engine counts without holding Python up."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from data.store import PoolUnavailableError

_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read-ahead")


def read_ahead(*reads: Callable[[], Any]) -> None:
    """Run cached reads in the background; whoever asks for one meanwhile waits for it instead of counting twice."""
    context = get_script_run_ctx(suppress_warning=True)
    for read in reads:
        _workers.submit(_read, read, context)


def _read(read: Callable[[], Any], context: Any) -> None:
    add_script_run_ctx(threading.current_thread(), context)
    try:
        read()
    except PoolUnavailableError:
        return  # the page asks again and says so
