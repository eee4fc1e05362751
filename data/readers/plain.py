"""Texts in the plain forms that nearly all feeds write, read a column at a time; others need careful readers."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_WHOLE = r"^-?[0-9]{1,18}$"
_DECIMAL = r"^-?[0-9]{1,9}(\.[0-9]{1,17})?$"
_CONTROL = bytes(set(range(32)) - {9, 10, 13})


class Moments(NamedTuple):
    """Seconds since 1970, whether they are UTC (the text states its offset) or local, and whether they were read."""

    seconds: Ints
    utc: Bools
    known: Bools


def arrow(values: pd.Series) -> pa.LargeStringArray:
    """Texts as one Arrow array."""
    texts = pa.array(values, pa.large_string())
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def control_characters(values: pd.Series) -> Bools:
    """Which texts hold control characters other than tab and line ends."""
    buffer = arrow(values).buffers()[2]
    data = buffer.to_pybytes() if buffer else b""
    if len(data) == len(data.translate(None, _CONTROL)):
        return np.zeros(len(values), bool)
    return values.str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", regex=True).to_numpy(bool)


def whole_numbers(values: pd.Series) -> pd.Series:
    """Whole numbers (Int64) of texts of at most 18 digits; NA for anything else."""
    return _numbers(values, _WHOLE, pa.int64()).astype("Int64")


def decimals(values: pd.Series) -> NDArray[np.float64]:
    """Numbers of texts; NaN where blank, not understood or infinite."""
    found = _numbers(values, _DECIMAL, pa.float64()).to_numpy(np.float64, na_value=np.nan, copy=True)
    rest = np.flatnonzero(np.isnan(found) & (values != "").to_numpy(bool))
    if len(rest):
        careful = pd.to_numeric(values.iloc[rest], errors="coerce").to_numpy(np.float64)
        found[rest] = np.where(np.isfinite(careful), careful, np.nan)
    return found


def _numbers(values: pd.Series, form: str, kind: pa.DataType) -> pd.Series:
    texts = arrow(values)
    plain = pc.if_else(pc.match_substring_regex(texts, form), texts, None)
    return pd.Series(pd.arrays.ArrowExtensionArray(plain.cast(kind)), index=values.index)


def moments(values: pd.Series) -> Moments:
    """Moments written year first with two digits for all else, as 2026-01-02 03:04:05 or 2026/01/02T03:04+08:00.

    An impossible day or hour is not read.
    """
    texts = arrow(values)
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    found = Moments(np.zeros(len(texts), np.int64), np.zeros(len(texts), bool), np.zeros(len(texts), bool))
    for length in (10, 16, 19, 20, 24, 25):
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            picked = texts if len(rows) == len(texts) else texts.take(pa.array(rows))
            found.seconds[rows], found.known[rows] = _read(_characters(picked, length))
            found.utc[rows] = length >= 20
    return found


def _characters(texts: pa.LargeStringArray, length: int) -> NDArray[np.uint8]:
    """Bytes of texts of one length, shape (length, rows)."""
    start = np.frombuffer(texts.buffers()[1], np.int64, count=1, offset=8 * texts.offset)[0]
    data = np.frombuffer(texts.buffers()[2], np.uint8, count=length * len(texts), offset=int(start))
    return np.ascontiguousarray(data.reshape(len(texts), length).T)


def _read(text: NDArray[np.uint8]) -> tuple[Ints, Bools]:
    length = len(text)
    digits = text - np.uint8(ord("0"))  # anything but a digit becomes more than 9
    fine = ((text[4] == ord("-")) | (text[4] == ord("/"))) & (text[7] == text[4])
    year, month, day = _number(digits, range(4), fine), _number(digits, (5, 6), fine), _number(digits, (8, 9), fine)
    fine &= (month >= 1) & (month <= 12)
    months = np.where(fine, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    first, after = (each.astype("datetime64[D]").astype(np.int64) for each in (months, months + 1))
    fine &= (day >= 1) & (day <= after - first)
    seconds = (first + day - 1) * 86_400
    if length >= 16:
        fine &= ((text[10] == ord(" ")) | (text[10] == ord("T"))) & (text[13] == ord(":"))
        hour, minute = _number(digits, (11, 12), fine), _number(digits, (14, 15), fine)
        fine &= (hour < 24) & (minute < 60)
        seconds += hour * 3600 + minute * 60
    if length >= 19:
        second = _number(digits, (17, 18), fine)
        fine &= (text[16] == ord(":")) & (second < 60)
        seconds += second
    if length == 20:
        fine &= text[19] == ord("Z")
    elif length > 20:
        seconds -= _offset(text, digits, fine)
    return seconds, fine


def _offset(text: NDArray[np.uint8], digits: NDArray[np.uint8], fine: Bools) -> Ints:
    """Seconds that a local time is ahead of UTC, from the sixth last character on: +08:00, or +0800."""
    minutes_at = (22, 23)
    if len(text) == 25:
        fine &= text[22] == ord(":")
        minutes_at = (23, 24)
    fine &= (text[19] == ord("+")) | (text[19] == ord("-"))
    hours, minutes = _number(digits, (20, 21), fine), _number(digits, minutes_at, fine)
    fine &= (hours < 24) & (minutes < 60)
    return np.where(text[19] == ord("-"), -1, 1) * (hours * 3600 + minutes * 60)


def _number(digits: NDArray[np.uint8], positions: Iterable[int], fine: Bools) -> Ints:
    number = np.zeros(digits.shape[1], np.int64)
    for position in positions:
        fine &= digits[position] <= 9
        number = number * 10 + digits[position]
    return number
