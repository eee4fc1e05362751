"""Can people tell it apart: CIEDE2000 under dichromacies of Machado et al. (2009), and WCAG."""

import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dashboard.palette import DARK, LIGHT, Palette, contrast, ink_on, of_theme, rgb

# Severity 1.0, on linear RGB (Machado, Oliveira, Fernandes 2009).
SIGHT = {
    "normal": np.eye(3),
    "deuteranope": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanope": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE_POINT = np.array([0.95047, 1.0, 1.08883])
BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)


def lab_of(colour: str, sight: str) -> np.ndarray:
    value = np.array(rgb(colour)) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    ratio = TO_XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / WHITE_POINT
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Colour difference of Sharma, Wu and Dalal (2005)."""
    c_mean = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    g = 0.5 * (1 - np.sqrt(c_mean**7 / (c_mean**7 + 25**7)))
    (l1, a1, b1), (l2, a2, b2) = (np.array([lab[0], lab[1] * (1 + g), lab[2]]) for lab in (one, other))
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = 1 - 0.17 * np.cos(np.radians(hm - 30)) + 0.24 * np.cos(np.radians(2 * hm))
    t += 0.32 * np.cos(np.radians(3 * hm + 6)) - 0.20 * np.cos(np.radians(4 * hm - 63))
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -2 * np.sqrt(cm**7 / (cm**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2))))
    return float(np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh)))


def test_the_difference_formula_gives_the_published_test_values():
    one, other = np.array([50, 2.6772, -79.7751]), np.array([50, 0, -82.7485])
    assert ciede2000(one, other) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000(np.array([50, 2.5, 0]), np.array([56, -27, -3])) == pytest.approx(31.9030, abs=1e-4)


@BOTH
@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("ramp", ["count", "rate", "change"])
def test_neighbouring_classes_can_be_told_apart(palette: Palette, sight: str, ramp: str):
    colours = [lab_of(colour, sight) for colour in getattr(palette, ramp)]
    assert min(ciede2000(one, other) for one, other in pairwise(colours)) >= 6


@BOTH
@pytest.mark.parametrize("sight", SIGHT)
def test_more_and_fewer_are_never_mistaken_for_each_other(palette: Palette, sight: str):
    colours = [lab_of(colour, sight) for colour in palette.change]
    assert min(ciede2000(one, other) for one in colours[:3] for other in colours[4:]) >= 15


@BOTH
@pytest.mark.parametrize("ramp", ["count", "rate", "change"])
def test_a_name_on_any_fill_is_readable(palette: Palette, ramp: str):
    fills = (*getattr(palette, ramp), palette.not_counted, palette.land)
    assert min(contrast(ink_on(fill), fill) for fill in fills) >= 4.5


@BOTH
def test_words_on_the_page_and_on_panels_are_readable(palette: Palette):
    words = (
        palette.text,
        palette.muted,
        palette.accent,
        palette.worse,
        palette.better,
        palette.more,
        palette.fewer,
    )
    assert min(contrast(word, ground) for word in words for ground in (palette.page, palette.panel)) >= 4.5


@BOTH
@pytest.mark.parametrize("ramp", ["count", "rate"])
def test_ramps_only_go_one_way_in_lightness(palette: Palette, ramp: str):
    lightness = [lab_of(colour, "normal")[0] for colour in getattr(palette, ramp)]
    assert lightness == sorted(lightness, reverse=palette is LIGHT)


@BOTH
def test_the_page_is_painted_with_the_same_tokens(palette: Palette):
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][palette.name]
    painted = [theme[key] for key in ("backgroundColor", "secondaryBackgroundColor", "textColor", "borderColor")]
    assert painted == [palette.page, palette.panel, palette.text, palette.border]
    assert theme["primaryColor"] == palette.accent


def test_an_unknown_theme_is_drawn_light():
    assert of_theme(None) is LIGHT
    assert of_theme("dark") is DARK
