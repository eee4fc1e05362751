"""How many examples a law is tried on."""

import os

THOROUGH = bool(os.environ.get("PINGAN_TEST_THOROUGH"))
"""Set by `make drill`."""


def few(examples: int) -> int:
    """All of the examples in a drill, else a third of them and not under eight."""
    return examples if THOROUGH else max(-(-examples // 3), min(examples, 8))
