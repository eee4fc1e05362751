"""Learnt regressions on disk: skops files with a checksum, never a pickle; kept, found again, rolled back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, update

from data.filter import day_number
from data.forecasts.calibration import Calibration, read_calibration
from data.forecasts.order import ForecastOrder
from data.sealed_files import seal
from data.settings import Settings
from data.store import reading, writing
from data.tables import forecast_models
from risk.forecast.pooled import PooledForecaster

TRUSTED = (
    "risk.forecast.pooled.PooledForecaster",
    "risk.forecast.regression.Blend",
    "risk.forecast.regression.Quantised",
)
"""Our own types that a model file may hold beside scikit-learn's; anything else is refused."""


REMEDY = "请重新训练(manage.py assess --refit 0),或退回上一个模型(manage.py model back)。"


class DamagedModelError(RuntimeError):
    """A model file is missing, changed, or holds what it must not hold."""


@dataclass(frozen=True)
class StoredModel:
    """A model in the store; `as_of` is the last day number it has learnt from, `calibration` is by layer."""

    id: int
    scope: str
    data_version: int
    as_of: int
    method: str
    calibration: dict[str, Calibration]
    file: Path
    file_hash: str
    set_aside: bool
    learnt_at: int
    set_aside_by: str = ""
    set_aside_at: int | None = None


def keep_model(
    engine: Engine,
    settings: Settings,
    model: PooledForecaster,
    order: ForecastOrder,
    calibration: Mapping[str, Calibration],
    *,
    data_version: int,
    moment: int,
) -> StoredModel:
    """Write a model beside its checksum; the file is whole before the store names it."""
    import skops.io  # two seconds that nobody who only lists models should wait for

    file, digest = seal(settings.models, ".skops", lambda path: skops.io.dump(model, path))
    values = {
        "scope": order.scope,
        "data_version": data_version,
        "as_of": day_number(order.as_of),
        "method": model.method_,
        "parameters": json.dumps({name: repr(value) for name, value in sorted(model.get_params().items())}),
        "calibration": json.dumps({layer: each.text() for layer, each in calibration.items()}),
        "file_name": file.name,
        "file_hash": digest,
        "learnt_at": moment,
    }
    with writing(engine) as connection:
        made = connection.execute(insert(forecast_models).values(**values).returning(forecast_models.c.id))
        model_id = int(made.scalar_one())
    return next(stored for stored in list_models(engine, settings, order.scope) if stored.id == model_id)


def list_models(engine: Engine, settings: Settings, scope: str) -> list[StoredModel]:
    """Models of a study area, newest first, those set aside included."""
    query = select(forecast_models).where(forecast_models.c.scope == scope).order_by(forecast_models.c.id.desc())
    with reading(engine) as connection:
        return [_stored(row, settings) for row in connection.execute(query)]


def _stored(row: Any, settings: Settings) -> StoredModel:
    calibration = {layer: read_calibration(text) for layer, text in json.loads(row.calibration).items()}
    return StoredModel(
        row.id, row.scope, row.data_version, row.as_of, row.method, calibration, settings.models / row.file_name,
        row.file_hash, bool(row.set_aside), row.learnt_at, row.set_aside_by or "", row.set_aside_at,
    )  # fmt: skip


def model_in_use(engine: Engine, settings: Settings, scope: str) -> StoredModel | None:
    """The newest model that has not been set aside."""
    return next((stored for stored in list_models(engine, settings, scope) if not stored.set_aside), None)


def load_model(stored: StoredModel) -> PooledForecaster:
    """Read a model back after its checksum and its types were found right.

    Raises
    ------
    DamagedModelError
        The file is missing, its content is not what was written, or it holds other types than ours.
    """
    import skops.io

    try:
        with stored.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DamagedModelError(
            f"模型 {stored.id} 的文件读不出来:{stored.file.name}。请重新训练,或退回上一个模型。"
        ) from error
    if digest != stored.file_hash:
        raise DamagedModelError(f"模型 {stored.id} 的文件与登记的校验和不符,已拒绝使用。{REMEDY}")
    unknown = [name for name in skops.io.get_untrusted_types(file=stored.file) if name not in TRUSTED]
    if unknown:
        raise DamagedModelError(f"模型 {stored.id} 的文件里有不认识的类型 {', '.join(unknown)},已拒绝使用。{REMEDY}")
    model: PooledForecaster = skops.io.load(stored.file, trusted=list(TRUSTED))
    return model


def roll_back(
    engine: Engine, settings: Settings, scope: str, *, person: str, moment: int, model_id: int | None = None
) -> StoredModel | None:
    """Set the model in use aside; return the one that is in use now, None if there is none.

    Parameters
    ----------
    person, moment
        Who did it, and when (UTC seconds).
    model_id
        The model that was meant; another one that has come into use meanwhile is left alone.
    """
    now = model_in_use(engine, settings, scope)
    if now is None or model_id not in (None, now.id):
        return now
    done = {"set_aside": True, "set_aside_by": person, "set_aside_at": moment}
    with writing(engine) as connection:
        connection.execute(update(forecast_models).where(forecast_models.c.id == now.id).values(**done))
    return model_in_use(engine, settings, scope)
