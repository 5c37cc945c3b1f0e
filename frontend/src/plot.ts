// How far each repetition went, as a small picture.
import { s } from "./dom";
import type { Item, Review, Side } from "./protocol";
import { amount, capital, plainName, times } from "./words";

export interface Bar {
  label: string;
  number: number;
  side: Side | null;
  counted: boolean;
  value: number;
}

/** Number repetitions and attempts, each for itself, by side, as one would count them aloud. */
export function numbers(review: Review): number[] {
  const counts = new Map<string, number>();
  return review.repetitions.map(({ counted, side }) => {
    const key = `${String(counted)} ${side ?? ""}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return number;
  });
}

export function repetitionLabels(review: Review): string[] {
  const numbered = numbers(review);
  return review.repetitions.map(
    ({ counted, side }, i) =>
      `${side === null ? "" : `${side} `}${counted ? "repetition" : "attempt"} ${numbered[i] ?? 0}`,
  );
}

export function bars(review: Review, measure: string): Bar[] {
  const labels = repetitionLabels(review);
  const numbered = numbers(review);
  return review.repetitions.flatMap(({ side, counted, peak }, i) => {
    const value = peak[measure];
    if (value === null || value === undefined) return [];
    return [{ label: labels[i] ?? "", number: numbered[i] ?? 0, side, counted, value }];
  });
}

/** Round limits around the values, with a round step, for the axis. */
export function axis(values: readonly number[], most = 5): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = Math.max(high - low, Math.abs(high) * 0.05, 1e-6);
  const rough = span / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.floor(low / step + 1e-9); tick <= Math.ceil(high / step - 1e-9); tick++) ticks.push(tick * step);
  if (ticks.length === 1) ticks.push((ticks[0] ?? 0) + step);
  return ticks;
}

const SIZE = { height: 260, left: 62, right: 16, top: 22, bottom: 40 };
/** Its width in CSS pixels, so that its letters are as large as the page's. */
const WIDE = 640;
const NARROW = 320;

export function rangePlot(review: Review, item: Item, narrow: boolean): SVGSVGElement | null {
  const { measure, unit, reach, rest } = item;
  if (measure === null || unit === null) return null;
  const shown = bars(review, measure);
  if (shown.length === 0) return null;
  const { height, left, right, top, bottom } = SIZE;
  const width = narrow ? NARROW : WIDE;
  const known = [...shown.map(({ value }) => value), ...[reach, rest].filter((one) => one !== null)];
  const ticks = axis(known);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const y = (value: number) => top + ((high - value) / (high - low)) * (height - top - bottom);
  const step = (width - left - right) / shown.length;
  const x = (i: number) => left + (i + 0.5) * step;
  // Bars begin on the side of rest, whichever way the movement goes.
  const base = reach !== null && rest !== null && reach < rest ? top : height - bottom;
  const wide = Math.min(28, 0.6 * step);
  const name = capital(plainName(measure));
  const description = [
    `${name} at the far end of ${times(shown.length, "movement")}`,
    reach === null ? "" : `, wanted ${amount(reach, unit)}`,
    `: ${shown.map(({ label, value }) => `${label} ${amount(value, unit)}`).join(", ")}.`,
  ].join("");
  const every = Math.ceil(shown.length / (narrow ? 8 : 16));
  return s(
    "svg",
    { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": description },
    s("text", { class: "plot-title", x: left, y: 13 }, `${name}, at the far end`),
    ...ticks.flatMap((tick) => [
      s("line", { class: "plot-grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      s("text", { class: "plot-tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, amount(tick, unit)),
    ]),
    ...shown.map(({ side, counted, value }, i) =>
      s("rect", {
        class: `plot-bar ${side ?? "both"}${counted ? "" : " attempt"}`,
        x: x(i) - wide / 2,
        y: Math.min(base, y(value)),
        width: wide,
        height: Math.max(2, Math.abs(y(value) - base)),
        rx: 3,
      }),
    ),
    ...shown.map(({ side, counted, number }, i) =>
      i % every === 0
        ? s(
            "text",
            { class: "plot-tick", x: x(i), y: height - 20, "text-anchor": "middle" },
            `${side === null ? "" : side.charAt(0).toUpperCase()}${counted ? number : "×"}`,
          )
        : null,
    ),
    reach === null
      ? null
      : s("line", { class: "plot-target", x1: left, x2: width - right, y1: y(reach), y2: y(reach) }),
    reach === null
      ? null
      : s("text", { class: "plot-target-name", x: width - right, y: y(reach) - 5, "text-anchor": "end" }, "wanted"),
    s(
      "text",
      { class: "plot-tick", x: left, y: height - 4 },
      legend(shown),
    ),
  );
}

function legend(shown: readonly Bar[]): string {
  return [
    shown.some(({ side }) => side !== null) ? "L left, R right" : "",
    shown.some(({ counted }) => !counted) ? "× an attempt, not counted" : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}
