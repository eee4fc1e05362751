"""One holder of a name at a time, whoever asks, and none for ever."""

import threading

import pytest
from sqlalchemy import text

from data.locks import HeldElsewhereError, only_one
from data.store import PoolUnavailableError, open_store

HOLDER = text(
    "SELECT pid FROM pg_locks JOIN pg_database ON database = pg_database.oid"
    " WHERE locktype = 'advisory' AND datname = current_database()"
)


def test_a_second_holder_waits_for_the_first(engine, settings):
    inside, seen = threading.Lock(), []

    def hold() -> None:
        for _ in range(5):
            with only_one(engine, settings, "publish"):
                seen.append(inside.acquire(blocking=False))
                inside.release()

    threads = [threading.Thread(target=hold) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 15


def test_who_does_not_wait_is_told_so_and_other_names_are_free(engine, settings):
    other = open_store(settings)
    with only_one(engine, settings, "publish"):
        with pytest.raises(HeldElsewhereError), only_one(other, settings, "publish", wait=False):
            pass
        with only_one(other, settings, "assess", wait=False):
            pass
    other.dispose()


def test_a_holder_that_fails_lets_go(engine, settings):
    with pytest.raises(ZeroDivisionError), only_one(engine, settings, "publish"):
        raise ZeroDivisionError
    with only_one(engine, settings, "publish", wait=False):
        pass


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_holder_that_the_server_lost_lets_go_and_is_told(engine, settings):
    def lose_and_hold_again() -> None:
        with engine.connect() as connection:
            pid = connection.execute(HOLDER).scalar_one()
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with only_one(engine, settings, "publish", wait=False):
            pass

    with pytest.raises(PoolUnavailableError), only_one(engine, settings, "publish"):
        lose_and_hold_again()
