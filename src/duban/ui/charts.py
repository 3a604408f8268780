"""Charts as plain data: an ECharts option, handed over with `json_script` beside a table of the same numbers.

The floats here only say how long a bar is; what is written beside it comes from the exact number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from duban.ui import shown

INK, SECOND, LINES, WORDS = "#1f4e79", "#c9852b", "#e3e7ec", "#3d4854"
COLOURS = (INK, SECOND)
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Chart:
    """What `ui/_chart.html` needs.

    Args:
        in_words: what a listener hears in place of the picture.
    """

    id: str
    title: str
    in_words: str
    option: Mapping[str, Any]
    rows: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: a value for each series, None where there is nothing to show."""

    label: str
    values: Sequence[Decimal | None]


def bars(
    chart_id: str, bars: Sequence[Bar], *, title: str, series: Sequence[str], unit: str = "", as_percent: bool = False
) -> Chart:
    """Horizontal bars, the first on top, one colour for each series.

    Args:
        chart_id: names the script that holds the option; one on a page.
        bars: from top to bottom.
        title: above the picture.
        series: names in the order of each bar's values; at most two, so that a pair can be told apart in print.
        unit: of the values, unless they are ratios.
        as_percent: values are ratios and are drawn as per cent.
    """
    unit = "%" if as_percent else unit
    option = {
        "animation": False,
        "color": list(COLOURS),
        "grid": {"left": 8, "right": 56, "top": 28 if len(series) > 1 else 8, "bottom": 8, "containLabel": True},
        "legend": {"show": len(series) > 1, "top": 0, "left": 0, "itemWidth": 12, "itemHeight": 8, "icon": "rect"},
        # Tooltips made of HTML carry inline styles, which the content security policy refuses.
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "renderMode": "richText", "confine": True},
        "xAxis": {
            "type": "value",
            "splitLine": {"lineStyle": {"color": LINES}},
            "axisLabel": {"color": WORDS, "formatter": "{value}%" if as_percent else "{value}"},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [bar.label for bar in bars],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": LINES}},
            "axisLabel": {"color": WORDS},
        },
        "series": [
            _series(name, [bar.values[place] for bar in bars], unit, as_percent=as_percent)
            for place, name in enumerate(series)
        ],
    }
    return Chart(chart_id, title, _in_words(title, bars, series, unit, as_percent=as_percent), option, len(bars), unit)


def _series(name: str, values: Sequence[Decimal | None], unit: str, *, as_percent: bool) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": f"{name} ({unit})" if unit and unit != "%" else name,
        "barMaxWidth": 14,
        "barGap": "15%",
        "data": [_point(value, as_percent=as_percent) for value in values],
        "label": {"show": True, "position": "right", "color": WORDS, "fontSize": 11},
    }


def _point(value: Decimal | None, *, as_percent: bool) -> dict[str, Any]:
    # The label is written here, from the exact number; the float only says how long the bar is.
    return {"value": _drawn(value, as_percent=as_percent), "label": {"formatter": _said(value, as_percent=as_percent)}}


def _said(value: Decimal | None, *, as_percent: bool) -> str:
    return shown.percent(value) if as_percent else shown.NOTHING if value is None else f"{value:,}"


def _drawn(value: Decimal | None, *, as_percent: bool) -> float | None:
    return None if value is None else float(round(value * 100 if as_percent else value, 2))


def _in_words(title: str, bars: Sequence[Bar], series: Sequence[str], unit: str, *, as_percent: bool) -> str:
    first = [f"{bar.label} {_said(bar.values[0], as_percent=as_percent)}" for bar in bars[:MOST_WORDS]]
    return _("{title}. {series}: {values}. The table beside it has all the numbers.").format(
        title=title, series=f"{series[0]} ({unit})" if unit and not as_percent else series[0], values=", ".join(first)
    )
