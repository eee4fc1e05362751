"""Whatever is tested with the record store is tested with both kinds of it."""

import pytest

STORES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of an engine on SQLite and on PostgreSQL; a test that names its store itself is left alone."""
    named = any("store" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "engine" in metafunc.fixturenames and "store" in metafunc.fixturenames and not named:
        metafunc.parametrize("store", STORES, indirect=True)
