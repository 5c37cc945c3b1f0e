// The ring with the big number, and the range meter.
import { h, s, setText, show } from "./dom";
import { LIVE } from "./texts";

const RADIUS = 92;
const ROUND = 2 * Math.PI * RADIUS;

/** A number as large as the screen allows, in a ring that fills. */
export class Ring {
  readonly element: SVGSVGElement;
  readonly #fill = s("circle", { class: "ring-fill", cx: 100, cy: 100, r: RADIUS });
  readonly #track = s("circle", { class: "ring-track", cx: 100, cy: 100, r: RADIUS });
  readonly #number = s("text", { class: "ring-number", x: 100, y: 100 });
  readonly #below = s("text", { class: "ring-below", x: 100, y: 158 });

  constructor() {
    this.element = s(
      "svg",
      { class: "ring", viewBox: "0 0 200 200", "aria-hidden": "true" },
      this.#track,
      this.#fill,
      this.#number,
      this.#below,
    );
  }

  /** `share` of the ring is filled; null leaves it away. */
  set(number: string, below: string, share: number | null): void {
    setText(this.#number, number);
    setText(this.#below, below);
    const length = number.length > 4 ? "long" : number.length > 2 ? "three" : number.length === 2 ? "two" : "one";
    if (this.element.dataset.length !== length) this.element.dataset.length = length;
    // Without a ring there is more room for the number.
    const box = share === null ? "28 22 144 156" : "0 0 200 200";
    if (this.element.getAttribute("viewBox") !== box) this.element.setAttribute("viewBox", box);
    this.#track.toggleAttribute("data-off", share === null);
    const filled = Math.min(1, Math.max(0, share ?? 0));
    this.#fill.toggleAttribute("data-off", share === null || filled === 0);
    this.#fill.toggleAttribute("data-full", filled >= 1);
    this.#fill.style.strokeDasharray = `${filled * ROUND} ${ROUND}`;
  }
}

/** The meter's ends: nothing, and somewhat more than the target. */
const MOST = 1.3;

/** How far the movement has come, all the time, with the target marked. */
export class RangeMeter {
  readonly #fill = h("div", { class: "meter-fill" });
  readonly #track = h("div", { class: "meter-track" }, this.#fill);
  readonly element = h(
    "div",
    { class: "meter", "aria-hidden": "true" },
    h("span", { class: "meter-name" }, LIVE.range),
    this.#track,
  );

  constructor() {
    const mark = h("div", { class: "meter-mark" }, h("span", {}, LIVE.target));
    mark.style.setProperty("--at", String(1 / MOST));
    this.#track.append(mark);
  }

  set(range: number | null, any: boolean): void {
    show(this.element, any);
    const share = Math.min(1, Math.max(0, (range ?? 0) / MOST));
    this.#fill.style.setProperty("--share", share.toFixed(3));
    this.#fill.toggleAttribute("data-reached", (range ?? 0) >= 1);
  }
}
