"""Models on the command line."""

import pytest
from typer.testing import CliRunner

import manage
from data.forecasts.models import keep_model, model_in_use
from data.forecasts.order import ForecastOrder
from data.store import open_store
from risk.forecast.pooled import PooledForecaster

runner = CliRunner()


@pytest.fixture
def run(monkeypatch, settings):
    def run_(*words: str):
        monkeypatch.setenv("PINGAN_VAR", str(settings.var))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        return runner.invoke(manage.app, list(words))

    return run_


@pytest.fixture
def two_models(settings, as_of):
    """Two models of the province, the second in use."""
    engine = open_store(settings)
    order = ForecastOrder("62", as_of.date())
    model = PooledForecaster()
    model.method_ = "map and season"
    kept = [keep_model(engine, settings, model, order, {}, data_version=n, moment=1_764_000_000 + n) for n in (1, 2)]
    yield engine, kept
    engine.dispose()


def test_models_are_listed_with_the_one_in_use(run, two_models):
    said = run("model", "list", "--scope", "62").stdout
    assert "in use" in said
    assert "earlier" in said


def test_going_back_takes_the_model_before(run, two_models, settings):
    engine, (first, _) = two_models
    done = run("model", "back", "--scope", "62")
    assert done.exit_code == 0, done.output
    assert model_in_use(engine, settings, "62").id == first.id
    assert "set aside" in run("model", "list", "--scope", "62").stdout


def test_going_back_from_the_last_model_leaves_none_and_then_is_refused(run, two_models):
    run("model", "back", "--scope", "62")
    assert "No model is left" in run("model", "back", "--scope", "62").stdout
    assert run("model", "back", "--scope", "62").exit_code == 2


def test_a_pause_that_makes_no_sense_is_refused(run):
    assert run("assess", "--every", "often").exit_code == 2
