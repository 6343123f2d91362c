"""The charts as Vega-Lite specifications, written with Altair; the page fills in their rows, texts and colours.

Every chart reads named data sets that the page supplies: `rows`, and `bands` for ranges of provisional and of
left-censored days. Days are in column `t` as milliseconds since 1970 in UTC, so that the reader's time zone does not
shift them. A title that begins with @ is the key of a translated text. Colours, fonts and the styles `provisional` and
`censored` come from the page's configuration, which follows its light or dark theme.
"""

from __future__ import annotations

from typing import Any

import altair as alt

SERIES = 5
SEGMENTS = ("light", "medium", "regular", "core")
_ROWS = alt.NamedData("rows")
_BANDS = alt.NamedData("bands")
_UTC = alt.Scale(type="utc")
_NUMBER = "percent ? format(datum.value, '.3~%') : format(datum.value, '.3~s')"


def _day(last: str = "t") -> alt.X:
    axis = alt.Axis(title=None, format="%m-%d", grid=False, labelOverlap=True, tickCount=6, labelFlush=True)
    return alt.X(f"{last}:T", scale=_UTC, axis=axis)


def _amount(field: str = "value", **more: Any) -> alt.Y:
    axis = alt.Axis(title=None, labelExpr=_NUMBER, tickCount=4, domain=False, ticks=False)
    return alt.Y(f"{field}:Q", axis=axis, **more)


def _percent(value: bool = False) -> alt.Parameter:
    return alt.param(name="percent", value=value)


def _series(field: str = "series", count: int = SERIES) -> alt.Color:
    scale = alt.Scale(domain=list(range(count)), range="category")
    return alt.Color(f"{field}:O", scale=scale, legend=None)


def _tooltip(*names: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(f"{field}:N", title=f"@{word}") for field, word in (name.split("=") for name in names)
    ]


def _bands() -> list[alt.Chart]:
    """Shaded ranges of days behind a chart; the page's legend explains them."""
    base = alt.Chart(_BANDS).encode(x=_day("t0"), x2="t1:T")
    return [
        base.transform_filter(f"datum.kind == '{kind}'").mark_rect(style=kind, tooltip=None)
        for kind in ("censored", "provisional")
    ]


def _sized(chart: Any, height: int) -> alt.TopLevelMixin:
    sized: alt.TopLevelMixin = chart.properties(width="container", height=height)
    return sized


def lines() -> alt.TopLevelMixin:
    """One line per series over days; provisional days are dashed, and the point nearest to the pointer shows its number."""
    hover = alt.selection_point(
        name="hover", nearest=True, on="pointerover", clear="pointerout", fields=["t", "series"], empty=False
    )
    base = alt.Chart(_ROWS).encode(x=_day())
    dashes = alt.StrokeDash(
        "state:N", scale=alt.Scale(domain=["closed", "provisional"], range=[[1, 0], [4, 3]]), legend=None
    )
    line = base.mark_line().encode(y=_amount(), color=_series(), strokeDash=dashes, detail="series:N")
    shown = alt.when(hover).then(alt.value(1)).otherwise(alt.value(alt.expr("dots ? 1 : 0")))
    points = base.mark_point(filled=True, size=60).encode(
        y=_amount(), color=_series(), opacity=shown,
        tooltip=_tooltip("day=day", "name=member", "label=reading", "said=state"),
    ).add_params(hover)  # fmt: skip
    layers = alt.layer(*_bands(), line, points)
    return _sized(layers.add_params(_percent(), alt.param(name="dots", value=False)), 240)


def segments() -> alt.TopLevelMixin:
    """Users of the last 28 days by how often they were active, as stacked areas."""
    area = alt.Chart(_ROWS).mark_area(line=False).encode(
        x=_day(), y=_amount(stack="zero"), color=_ordered(), order="series:Q",
        tooltip=_tooltip("name=member"),
    )  # fmt: skip
    return _sized(alt.layer(area, *_bands()).add_params(_percent()), 200)


def _ordered() -> alt.Color:
    scale = alt.Scale(domain=list(range(len(SEGMENTS))), range="ordinal")
    return alt.Color("series:O", scale=scale, legend=None)


def histogram() -> alt.TopLevelMixin:
    """Users by their number of active days within 28 days."""
    axis = alt.Axis(title=None, labelAngle=0, values=[1, 7, 14, 21, 28], ticks=False)
    chart = alt.Chart(_ROWS).mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X("active_days:O", axis=axis, scale=alt.Scale(paddingInner=0.2)), y=_amount(), color=_ordered(),
        tooltip=_tooltip("active_days=active_days", "label=reading"),
    )  # fmt: skip
    return _sized(chart.add_params(_percent()), 200)


def curve() -> alt.TopLevelMixin:
    """Retention over all cohorts by days since the cohort date, one line per series."""
    days = alt.Axis(title=None, grid=False, labelExpr="'D' + datum.value", values=[1, 3, 7, 14, 30])
    chart = alt.Chart(_ROWS).mark_line(point=alt.OverlayMarkDef(size=50, filled=True)).encode(
        x=alt.X("window_day:Q", axis=days, scale=alt.Scale(domain=[0, 31], nice=False)), y=_amount(), color=_series(),
        tooltip=_tooltip("name=member", "window=window", "label=reading", "cohorts=cohorts", "users=cohort_size"),
    )  # fmt: skip
    return _sized(chart.add_params(_percent(True)), 240)


def _day_axis() -> alt.Axis:
    """The day axis below bars, labelled without the year."""
    return alt.Axis(
        title=None, labelExpr="slice(datum.label, 5)", labelOverlap=True, labelSeparation=8, labelAngle=0, ticks=False,
    )  # fmt: skip


def bars() -> alt.TopLevelMixin:
    """One bar per day; provisional days are pale."""
    chart = alt.Chart(_ROWS).mark_bar(cornerRadiusEnd=1).encode(
        x=alt.X("day:O", axis=_day_axis(), scale=alt.Scale(paddingInner=0.25)), y=_amount(),
        opacity=alt.when("datum.state == 'provisional'").then(alt.value(0.35)).otherwise(alt.value(1)),
        tooltip=_tooltip("day=day", "label=reading", "said=state"),
    )  # fmt: skip
    return _sized(chart.add_params(_percent()), 130)


def spark() -> alt.TopLevelMixin:
    """A small line without axes, with a point on its last day."""
    base = alt.Chart(_ROWS).encode(
        x=alt.X("t:T", scale=_UTC, axis=None), y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, nice=False)),
        tooltip=_tooltip("day=day", "label=reading"),
    )  # fmt: skip
    last = base.transform_filter("datum.is_last").mark_point(filled=True, size=36)
    return _sized(alt.layer(base.mark_line(strokeWidth=1.5), last), 34)


def closing() -> alt.TopLevelMixin:
    """One bar per table: its closed days, then the provisional ones."""
    state = alt.Color(
        "state:N", scale=alt.Scale(domain=["closed", "provisional"], range="category"), legend=None
    )
    chart = alt.Chart(_ROWS).mark_bar(height=12, cornerRadius=2).encode(
        y=alt.Y("table:N", axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=150)),
        x=_day("t0"), x2="t1:T", color=state, tooltip=_tooltip("table=table", "said=state", "span=day"),
    )  # fmt: skip
    return chart.properties(width="container")


def gates() -> alt.TopLevelMixin:
    """Number of gates by table and result."""
    result = alt.Color(
        "result:N", scale=alt.Scale(domain=["passed", "warning", "critical"], range="category"), legend=None
    )
    chart = alt.Chart(_ROWS).mark_bar(height=12).encode(
        y=alt.Y("table:N", axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=150)),
        x=alt.X("value:Q", axis=alt.Axis(title=None, tickMinStep=1, tickCount=5)), color=result,
        tooltip=_tooltip("table=table", "said=result", "value=reading"),
    )  # fmt: skip
    return chart.properties(width="container")


def reasons() -> alt.TopLevelMixin:
    """Refused records by arrival day and reason."""
    chart = alt.Chart(_ROWS).mark_bar().encode(
        x=alt.X("day:O", axis=_day_axis(), scale=alt.Scale(paddingInner=0.2)), y=_amount(stack="zero"),
        color=_series(count=SERIES + 1), order="series:Q",
        tooltip=_tooltip("day=day", "name=reason", "value=records"),
    )  # fmt: skip
    return _sized(chart.add_params(_percent()), 200)


CHARTS = (lines, segments, histogram, curve, bars, spark, closing, gates, reasons)


def specifications() -> dict[str, dict[str, Any]]:
    """Every chart by its name, without data and without configuration."""
    specs_by_name = {chart.__name__: chart().to_dict() for chart in CHARTS}
    for spec in specs_by_name.values():
        spec.pop("config", None)
    return specs_by_name
