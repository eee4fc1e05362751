"""The city of the forecasts' tests."""

from tests.data.forecasts.conftest import city, order, pool, record_store

__all__ = ["city", "order", "pool", "record_store"]
