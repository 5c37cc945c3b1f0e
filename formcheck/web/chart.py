"""The shown measure over time, with what was counted, held and told on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import altair as alt

from formcheck.report.words import clock, plain, repetition_labels
from formcheck.review import Review
from formcheck.spec import AnyOf, Spec

# More points than a wide screen has pixels only make the page slow.
MOST_POINTS = 2000
HEIGHT = 340

TEXT_COLOUR = "#0f1a1a"
# Okabe and Ito's colours, dark enough on white; every mark has its own shape as well.
LINE_COLOURS = {"left": "#b35900", "right": "#0072b2", "": TEXT_COLOUR}
LINE_DASHES = {"left": [1, 0], "right": [6, 3], "": [1, 0]}
REPETITION, ATTEMPT, ERROR = "repetition", "attempt", "form error"
MARK_COLOURS = {REPETITION: "#00735c", ATTEMPT: "#5b6b6a", ERROR: "#b8321f"}
MARK_SHAPES = {REPETITION: "circle", ATTEMPT: "cross", ERROR: "triangle-down"}
TARGET_COLOUR = "#6a3d9a"
HELD_COLOUR = "#00735c"

# Seconds as minutes and seconds, as everywhere else on the page.
_CLOCK = (
    "floor(datum.value / 60) + ':'"
    " + (datum.value % 60 < 10 ? '0' : '') + format(datum.value % 60, '~g')"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A line to reach or to keep within, with the words beside it."""

    value: float
    text: str


def measure_chart(review: Review) -> alt.LayerChart | None:
    """Draw the review's trace.

    Parameters
    ----------
    review
        Any review.

    Returns
    -------
    LayerChart or None
        None when the measure was never known.
    """
    points = _points(review)
    if not any(point["value"] is not None for point in points):
        return None
    unit = _unit(review.trace.unit)
    title = f"{plain(review.spec.show).capitalize()} ({unit})"
    lines = _lines(points, title, sided=review.spec.sides == "each")
    marks = _marks(review)
    # In a layer of their own the marks share one legend.
    layers = [
        *_held(review),
        lines,
        *_targets(review.spec),
        *([alt.LayerChart(layer=marks)] if marks else []),
    ]
    # Sides and marks have each their own colours, and their own legend.
    return alt.LayerChart(
        layer=layers,
        height=HEIGHT,
        description=describe(review),
        resolve=alt.Resolve(
            scale=alt.ScaleResolveMap(
                color="independent", shape="independent", strokeDash="independent"
            )
        ),
    )


def targets(spec: Spec) -> list[Target]:
    """Return the limits of the shown measure: what a repetition must reach, or a hold must keep."""
    if spec.repetition is not None and spec.repetition.measure == spec.show:
        return [Target(spec.repetition.reach.value, "counts from here")]
    found = []
    for condition in spec.hold.conditions if spec.hold is not None else ():
        if isinstance(condition, AnyOf) or condition.measure != spec.show:
            continue
        if condition.at_least is not None:
            found.append(Target(condition.at_least, "hold: not below"))
        if condition.at_most is not None:
            found.append(Target(condition.at_most, "hold: not above"))
    return found


def describe(review: Review) -> str:
    """Say in one sentence what the chart shows, for those who do not see it."""
    known = [v for series in review.trace.values.values() for v in series if math.isfinite(v)]
    unit = _unit(review.trace.unit)
    text = f"{review.spec.name}: {plain(review.spec.show)} over time"
    if known:
        text += f", between {min(known):.0f} and {max(known):.0f} {unit}"
    peaks = [clock(r.peak_s) for r in review.repetitions if r.counted]
    if peaks:
        text += f"; repetitions at {', '.join(peaks)}"
    return text + "."


def _unit(unit: str) -> str:
    unit, per, time = unit.partition("/")
    name = {"deg": "degrees", "s": "seconds", "m": "metres"}.get(unit, f"{plain(unit)} lengths")
    return f"{name} per second" if per and time == "s" else name


def _points(review: Review) -> list[dict[str, object]]:
    """Return the trace as rows; what is not known is a gap in the line."""
    trace = review.trace
    step = math.ceil(len(trace.t) / MOST_POINTS) or 1
    return [
        {
            "t": round(t, 3),
            "value": round(value, 3) if math.isfinite(value) else None,
            "side": side or "",
        }
        for side, series in trace.values.items()
        for t, value in zip(trace.t[::step], series[::step], strict=True)
    ]


def _lines(points: list[dict[str, object]], title: str, sided: bool) -> alt.Chart:
    shown = ["left", "right"] if sided else [""]
    legend = alt.Legend(title=None, orient="bottom", labelColor=TEXT_COLOUR) if sided else None
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=points))
        .mark_line(strokeWidth=2, invalid="break-paths-show-domains")
        .encode(
            x=alt.X(
                "t:Q",
                title="Time (minutes:seconds)",
                axis=alt.Axis(labelExpr=_CLOCK, labelColor=TEXT_COLOUR, titleColor=TEXT_COLOUR),
            ),
            y=alt.Y(
                "value:Q",
                title=title,
                scale=alt.Scale(zero=False),
                axis=alt.Axis(labelColor=TEXT_COLOUR, titleColor=TEXT_COLOUR),
            ),
            color=alt.Color(
                "side:N",
                scale=alt.Scale(domain=shown, range=[LINE_COLOURS[s] for s in shown]),
                legend=legend,
            ),
            strokeDash=alt.StrokeDash(
                "side:N",
                scale=alt.Scale(domain=shown, range=[LINE_DASHES[s] for s in shown]),
                legend=legend,
            ),
        )
    )
    return chart


def _held(review: Review) -> list[alt.Chart]:
    """Shade the holds, from edge to edge."""
    rows = [
        {"start": hold.start_s, "end": hold.end_s, "what": f"held {hold.held_s:.1f} s"}
        for hold in review.holds
    ]
    if not rows:
        return []
    band = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect(color=HELD_COLOUR, opacity=0.12)
        .encode(x="start:Q", x2="end:Q", tooltip=alt.Tooltip("what:N", title="Hold"))
    )
    words = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(middle="(datum.start + datum.end) / 2")
        .mark_text(color=HELD_COLOUR, baseline="bottom", dy=-4, fontSize=12)
        .encode(x="middle:Q", y=alt.value("height"), text="what:N")
    )
    return [band, words]


def _targets(spec: Spec) -> list[alt.Chart]:
    rows = [{"value": target.value, "text": target.text} for target in targets(spec)]
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=rows)).encode(y="value:Q")
    layers = [base.mark_rule(color=TARGET_COLOUR, strokeDash=[8, 4], strokeWidth=1.5)]
    # The words have an edge of white below them: the measure's line may pass behind.
    for colour, edge in (("white", 4), (TARGET_COLOUR, 0)):
        words = base.mark_text(
            align="left", baseline="bottom", dx=4, dy=-3, fontSize=12, color=colour,
            stroke="white", strokeWidth=edge,
        )  # fmt: skip
        layers.append(words.encode(x=alt.value(0), text="text:N"))
    return layers


def _marks(review: Review) -> list[alt.Chart]:
    """Mark repetitions and attempts at their peaks, and form errors where they were seen."""
    shown = review.spec.show
    labels = repetition_labels(review)
    rows = [
        {
            "t": round(repetition.peak_s, 3),
            "value": round(repetition.peak[shown], 3),
            "kind": REPETITION if repetition.counted else ATTEMPT,
            "what": label,
            # "2", or "L2" in an exercise with sides
            "number": (repetition.side or "")[:1].upper() + label.rsplit(" ", 1)[-1],
        }
        for label, repetition in zip(labels, review.repetitions, strict=True)
        if math.isfinite(repetition.peak.get(shown, math.nan))
    ]
    errors = [{"t": round(f.start_s, 3), "kind": ERROR, "what": f.name} for f in review.faults]
    kinds = [kind for kind in MARK_SHAPES if any(row["kind"] == kind for row in [*rows, *errors])]
    if not kinds:
        return []
    legend = alt.Legend(title=None, orient="top", labelColor=TEXT_COLOUR)
    look = {
        "color": alt.Color(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=[MARK_COLOURS[k] for k in kinds]),
            legend=legend,
        ),
        "shape": alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=[MARK_SHAPES[k] for k in kinds]),
            legend=legend,
        ),
        "tooltip": [alt.Tooltip("what:N", title="What"), alt.Tooltip("t:Q", title="Second")],
    }
    layers = []
    if rows:
        peaks = alt.Chart(alt.InlineData(values=rows)).encode(x="t:Q", y="value:Q")
        numbers = peaks.mark_text(dy=-12, fontSize=12, fontWeight="bold", color=TEXT_COLOUR)
        layers += [
            peaks.mark_point(filled=True, size=110, opacity=1).encode(**look),
            numbers.encode(text="number:N"),
        ]
    if errors:
        seen = alt.Chart(alt.InlineData(values=errors)).encode(x="t:Q", y=alt.value(0))
        layers.append(seen.mark_point(filled=True, size=110, opacity=1, yOffset=8).encode(**look))
    return layers
