"""Whatever is tested with the record store is tested with both kinds of it."""

import pytest

STORES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of an engine or pool on SQLite and on PostgreSQL; a test that names its store is left alone."""
    named = any(mark.args[0] in ("store", "store_kind") for mark in metafunc.definition.iter_markers("parametrize"))
    of_a_store = {"engine", "pool_of", "copy_of"} & set(metafunc.fixturenames)
    if of_a_store and "store_kind" in metafunc.fixturenames and not named:
        metafunc.parametrize("store_kind", STORES, indirect=True)
