"""How disputes are settled: at which level, through which channel, how soon."""

from functools import partial

import pandas as pd

from dashboard.trends.bars import Bar, bar_layers
from dashboard.trends.chart import FAINT, PICKED, Chart, Spec, framed, values
from dashboard.trends.screen import TrendsScreen
from dashboard.wording import SMALLEST_BASE, count_text, interval_text, is_missing, share_counts, share_text
from data.trends.figures import UNKNOWN_LEVEL, Durations, Part
from risk.incident import CHANNELS, RESOLVED_LEVELS
from risk.proportion import wilson_interval

HEIGHT = 240
LOWER = ("village", "township")
"""小事不出村、大事不出镇."""


def _share(part: object, whole: int) -> float:
    return 0.0 if is_missing(part) or not whole else int(part) / whole  # type: ignore[call-overload]


def levels_chart(screen: TrendsScreen) -> Chart:
    """At which level disputes were settled."""
    levels = screen.settling.levels
    kept = [code for code in levels.index if code or levels.loc[code, "incident_count"] != 0]
    known = not levels["incident_count"].isna().any()
    total = int(levels["incident_count"].sum()) if known else 0
    earlier = int(levels["previous_count"].sum()) if not levels["previous_count"].isna().any() else 0
    names = {**RESOLVED_LEVELS, UNKNOWN_LEVEL: "未注明"}
    bars = []
    for code in kept:
        now, before = levels.loc[code, "incident_count"], levels.loc[code, "previous_count"]
        share = f" · {share_text(now, total)}" if known and total >= SMALLEST_BASE else ""
        value = None if is_missing(now) else float(now)
        tick = total * _share(before, earlier) if known and earlier >= SMALLEST_BASE else None
        bars.append(Bar(code, names[code], value, f"{count_text(now, below=screen.below)} 件{share}", tick))
    low = levels.loc[list(LOWER), "incident_count"]
    lower = None if low.isna().any() or not known else int(low.sum())
    words = f"村、乡镇两级化解 {share_text(lower, total)}({share_counts(lower, total)})" if total else "没有办结的件"
    reading = f"所选时段内办结 · {words if known else '少量数字不显示'} · 竖线:上期占比 · 点一条筛选"
    spec = framed(
        bar_layers(bars, screen.palette, chosen=screen.asked.settled), screen.palette, height=HEIGHT, picks=("code",)
    )
    alt = f"{screen.place}化解层级,{words if known else '少量数字不显示'}"
    return Chart("levels", "化解层级", reading, spec, alt, partial(_levels_table, screen, names), ("code",))


def _levels_table(screen: TrendsScreen, names: dict[str, str]) -> pd.DataFrame:
    levels = screen.settling.levels
    return pd.DataFrame(
        {
            "化解层级": [names[code] for code in levels.index],
            "本期办结": [count_text(each, below=screen.below) for each in levels["incident_count"]],
            "上期办结": [count_text(each, below=screen.below) for each in levels["previous_count"]],
        }
    )


def channels_chart(screen: TrendsScreen) -> Chart:
    """Mediation success by channel with its interval and the published figure; channels are never pooled."""
    rows = [_channel(screen, code) for code in screen.references.success]
    palette = screen.palette
    told = [row for row in rows if row["share"] is not None]
    lows = [row["low"] for row in told] + list(screen.references.success.values())
    least = max(0.0, min(lows) // 0.05 * 0.05 - 0.05)
    x = {"type": "quantitative", "scale": {"domain": [least, 1.0], "nice": False, "zero": False}}
    x["axis"] = {"format": ".0%", "title": None, "tickCount": 5, "domain": False, "ticks": False}
    axis = {"title": None, "ticks": False, "domain": False, "labelFontSize": 13, "labelPadding": 6}
    y = {"field": "name", "type": "ordinal", "sort": [row["name"] for row in rows], "axis": axis}
    faded = {"condition": {"test": "datum.faded", "value": FAINT}, "value": 1}
    colour = {"color": palette.accent}
    text = {"type": "text", "dy": -20, "fontSize": 12, "color": palette.text}
    tip = [
        {"field": field, "title": title} for field, title in (("name", "渠道"), ("words", "成功率"), ("tip", "区间"))
    ]
    layers: list[Spec] = [
        {
            "data": values(rows),
            "mark": {"type": "tick", "color": palette.late, "thickness": 2, "height": 22},
            "encoding": {"x": {"field": "reference", **x}, "y": y},
        },
        {
            "data": values(told),
            "mark": {"type": "rule", "strokeWidth": 3, **colour},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y, "opacity": faded},
        },
        {
            "name": PICKED,
            "data": values(told),
            "mark": {"type": "point", "filled": True, "size": 160, "cursor": "pointer", **colour},
            "encoding": {"x": {"field": "share", **x}, "y": y, "opacity": faded, "tooltip": tip},
        },
        {
            "data": values(rows),
            "mark": text,
            "encoding": {"x": {"field": "label_at", **x}, "y": y, "text": {"field": "words"}},
        },
    ]
    spec = framed(layers, palette, height=HEIGHT, picks=("code",))
    alt = f"{screen.place}三调对接成功率:" + ";".join(f"{row['plain']} {row['words']}" for row in rows)
    reading = f"圆点:成功率 · 横线:95% 区间 · 橙色竖线:{screen.references.label}(参考,不是目标) · 渠道不合并"
    return Chart("channels", "三调对接成功率", reading, spec, alt, partial(_channels_table, screen), ("code",))


def _channel(screen: TrendsScreen, code: str) -> Spec:
    now = screen.settling.channels.get(code, (Part(0, 0), Part(0, 0)))[0]
    share, low, high = _estimated(now)
    reference = screen.references.success[code]
    chosen = screen.asked.channel
    return {
        "code": code,
        "plain": CHANNELS[code],
        "name": f"▸ {CHANNELS[code]}" if code == chosen else CHANNELS[code],
        "share": share,
        "low": low,
        "high": high,
        "reference": reference,
        "label_at": min(0.93, reference if share is None else share),
        "words": f"{share_text(now.part, now.whole)}  {share_counts(now.part, now.whole)}",
        "tip": "" if low is None or high is None else interval_text(low, high),
        "faded": bool(chosen) and code != chosen,
    }


def _estimated(part: Part) -> tuple[float | None, float | None, float | None]:
    """Share and both ends of its interval; nothing where the whole is small or a count is withheld."""
    if part.part is None or part.whole is None or part.whole < SMALLEST_BASE:
        return None, None, None
    return part.part / part.whole, *wilson_interval(part.part, part.whole)


def _channels_table(screen: TrendsScreen) -> pd.DataFrame:
    """Channels with a published figure first, then the others."""
    codes = [*screen.references.success, *(code for code in CHANNELS if code not in screen.references.success)]
    rows = []
    for code in codes:
        pair = screen.settling.channels.get(code, (Part(0, 0), Part(0, 0)))
        _, low, high = _estimated(pair[0])
        reference = screen.references.success.get(code)
        row = {"渠道": CHANNELS[code]}
        for when, part in zip(("本期", "上期"), pair, strict=True):
            row |= {f"{when}成功": count_text(part.part, below=screen.below), f"{when}办结": count_text(part.whole)}
            row[f"{when}成功率"] = share_text(part.part, part.whole)
        row["95%区间"] = "" if low is None or high is None else f"{100 * low:.1f}–{100 * high:.1f}%"
        row[f"参考:{screen.references.label}"] = "" if reference is None else f"{100 * reference:.1f}%"
        rows.append(row)
    return pd.DataFrame(rows)


def durations_chart(screen: TrendsScreen) -> Chart:
    """How soon disputes were settled."""
    now, before = screen.settling.durations, screen.settling.previous_durations
    total = now.count or 0
    scale = total / before.count if before.count else 0.0
    bars = []
    for name, count in now.bands.items():
        share = f" · {share_text(count, total)}" if total >= SMALLEST_BASE and not is_missing(count) else ""
        words = f"{count_text(count, below=screen.below)} 件{share}"
        earlier = before.bands[name]
        tick = float(earlier) * scale if scale and not is_missing(earlier) else None
        bars.append(Bar(str(name), str(name), None if is_missing(count) else float(count), words, tick))
    words = quantile_words(now, before)
    spec = framed(bar_layers(bars, screen.palette), screen.palette, height=HEIGHT)
    reading = f"受理到办结的天数 · {words} · 竖线:上期占比"
    return Chart(
        "durations", "办结用时", reading, spec, f"{screen.place}办结用时,{words}", partial(_days_table, screen)
    )


def _days_table(screen: TrendsScreen) -> pd.DataFrame:
    now, before = screen.settling.durations.bands, screen.settling.previous_durations.bands
    return pd.DataFrame(
        {
            "受理到办结": list(now.index),
            "本期办结": [count_text(each, below=screen.below) for each in now],
            "上期办结": [count_text(each, below=screen.below) for each in before],
        }
    )


def quantile_words(now: Durations, before: Durations) -> str:
    """`中位 8 天(上期 10 天),四分之三在 14 天内,九成在 23 天内`."""
    if not now.quantiles:
        return "办结的件太少,不计算天数"
    earlier = f"(上期 {before.quantiles[0.5]} 天)" if before.quantiles else ""
    return (
        f"中位 {now.quantiles[0.5]} 天{earlier},四分之三在 {now.quantiles[0.75]} 天内,九成在 {now.quantiles[0.9]} 天内"
    )
