"""The kinds of panel the board is made of."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.builders import common as shape
from grafana_foundation_sdk.builders import statetimeline, table, timeseries
from grafana_foundation_sdk.models import common, dashboard

from dashboards.boards.influx import SOURCE, InfluxQL
from detectors.domain.site import Limit

FULL, HALF, THIRD, HEIGHT = 24, 12, 8, 8  # of Grafana's grid of 24 columns
_RED, _ORANGE, _CLEAR = "red", "orange", "transparent"


def course(title: str, unit: str, targets: Sequence[InfluxQL], span: int = THIRD) -> timeseries.Panel:
    """Lines over time."""
    panel = timeseries.Panel().title(title).datasource(SOURCE).unit(unit).height(HEIGHT).span(span)
    panel = panel.line_width(1).fill_opacity(8).span_nulls(3_600_000).show_points(common.VisibilityMode.AUTO)
    panel = panel.tooltip(shape.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI))
    return panel.targets(list(targets))


def bars(title: str, targets: Sequence[InfluxQL], span: int = HALF) -> timeseries.Panel:
    """Stacked counts over time."""
    panel = course(title, "short", targets, span).draw_style(common.GraphDrawStyle.BARS).fill_opacity(70)
    return panel.stacking(shape.StackingConfig().mode(common.StackingMode.NORMAL))


def grid(title: str, target: InfluxQL, nothing: str, span: int = FULL) -> table.Panel:
    """Rows and columns."""
    return (
        table.Panel()
        .title(title)
        .datasource(SOURCE)
        .height(HEIGHT)
        .span(span)
        .no_value(nothing)
        .show_header(True)
        .targets([target])
    )


def states(title: str, target: InfluxQL, names: Mapping[str, tuple[str, str]], span: int = FULL) -> statetimeline.Panel:
    """A strip for each course; `names` give what a value is called, and its colour."""
    shown = {value: dashboard.ValueMappingResult(text=text, color=colour) for value, (text, colour) in names.items()}
    panel = statetimeline.Panel().title(title).datasource(SOURCE).height(HEIGHT).span(span).targets([target])
    panel = panel.mappings([dashboard.ValueMap(options=shown)]).merge_values(True).show_value(common.VisibilityMode.AUTO)
    return panel.row_height(0.8)


def unit_of(unit: str) -> str:
    """A unit of the registry as Grafana writes it behind a number."""
    return "none" if unit == "1" else f"suffix: {unit}"


def draw_limits(panel: timeseries.Panel, limits: Mapping[str, Sequence[Limit]]) -> timeseries.Panel:
    """Draw limits as lines, by the name of the course they belong to; they show while that course is drawn."""
    for name, own in limits.items():
        style = {"mode": common.GraphTresholdsStyleMode.DASHED}
        properties = [
            dashboard.DynamicConfigValue(id_val="custom.thresholdsStyle", value=style),
            dashboard.DynamicConfigValue(id_val="thresholds", value={"mode": "absolute", "steps": steps(own)}),
        ]
        panel = panel.override_by_name(name, properties)
    return panel


def steps(limits: Sequence[Limit]) -> list[dict[str, object]]:
    """Grafana's threshold steps: from each value upwards a colour, the lowest without a value.

    Below the highest lower limit and above the lowest upper one the colour warns; between them it is clear.
    """
    low = sorted(limit.below for limit in limits if limit.below is not None)
    high = sorted(limit.above for limit in limits if limit.above is not None)
    found: list[dict[str, object]] = [{"color": _RED if low else _CLEAR, "value": None}]
    found += [{"color": _ORANGE, "value": value} for value in low[:-1]]
    found += [{"color": _CLEAR, "value": value} for value in low[-1:]]
    found += [{"color": _ORANGE, "value": value} for value in high[:-1]]
    return [*found, *({"color": _RED, "value": value} for value in high[-1:])]


def mark_flagged(panel: timeseries.Panel, ref: str) -> timeseries.Panel:
    """Show the readings of a target as red points without a line."""
    drawn = {
        "custom.drawStyle": common.GraphDrawStyle.POINTS,
        "custom.pointSize": 7,
        "color": {"mode": "fixed", "fixedColor": _RED},
    }
    return panel.override_by_query(ref, [dashboard.DynamicConfigValue(id_val=name, value=value) for name, value in drawn.items()])
