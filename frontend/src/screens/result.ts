// After: what was done, how, and what could not be judged.
import { h, list, newId, setText, show } from "../dom";
import { rangePlot, repetitionLabels } from "../plot";
import type { Fault, Item, Result, Review } from "../protocol";
import { HURT, RESULT } from "../texts";
import { amount, capital, clock, plainName, plainNumber, times } from "../words";

export interface Done {
  item: Item;
  result: Result;
}

export interface ResultEvents {
  asked: (pain: number | null, effort: number | null) => void;
  forget: () => void;
  again: () => void;
}

export interface Video {
  blob: Blob;
  extension: string;
}

const NARROW_PX = 600;
/** How long the server may take to say that it has deleted. */
const FORGET_S = 8;

export class ResultScreen {
  readonly element = h("div", { class: "result" });
  readonly #hurt = h(
    "section",
    { class: "safety stop", role: "alert" },
    h("h2", {}, HURT.heading),
    ...HURT.lines.map((line) => h("p", {}, line)),
  );
  readonly #results = h("div", { class: "results" });
  readonly #waiting = h("p", { class: "note", role: "status" }, RESULT.waiting);
  readonly #downloads = h("ul", { class: "downloads" });
  readonly #savedText = h("p", {}, RESULT.notSaved);
  readonly #forget: HTMLButtonElement;
  readonly #noted = h("p", { class: "note", role: "status" });
  #pain: number | null = null;
  #effort: number | null = null;
  #shown = new Set<number>();
  #saved = 0;
  #forgetting: number | undefined;
  #sure = false;

  constructor(
    hurt: boolean,
    private readonly safety: readonly string[],
    private readonly events: ResultEvents,
  ) {
    this.#forget = h("button", { type: "button", click: () => { this.#clickForget(); } }, RESULT.forget);
    show(this.#forget, false);
    show(this.#hurt, hurt);
    this.element.append(
      h("h1", { tabindex: -1 }, RESULT.heading),
      this.#hurt,
      this.#waiting,
      this.#results,
      h(
        "section",
        { class: "card" },
        scale(RESULT.pain, RESULT.painEnds, (value) => {
          this.#pain = value;
          this.#ask();
        }),
        scale(RESULT.effort, RESULT.effortEnds, (value) => {
          this.#effort = value;
          this.#ask();
        }),
        this.#noted,
      ),
      h("section", { class: "card" }, h("h2", {}, "To keep, or not"), this.#downloads, this.#savedText, this.#forget),
      h(
        "p",
        { class: "row" },
        h("button", { type: "button", class: "primary large", click: () => { this.events.again(); } }, RESULT.again),
      ),
      h("p", { class: "note" }, RESULT.notice),
    );
  }

  add({ item, result }: Done): void {
    if (this.#shown.has(item.number)) return;
    this.#shown.add(item.number);
    const { review } = result;
    if (result.ended_by === "hurt") show(this.#hurt, true);
    show(this.#waiting, result.next);
    this.#results.append(exercise(item, result, this.safety));
    if (review === null) return;
    const json = new Blob([`${JSON.stringify(review, null, 1)}\n`], { type: "application/json" });
    this.#download(json, `${review.exercise}-${stamp()}.json`, RESULT.download(review.exercise_name));
    if (result.saved !== null) {
      this.#saved += 1;
      setText(this.#savedText, RESULT.saved(this.#saved));
      show(this.#forget, true);
    }
  }

  /** Nothing more will come. */
  complete(): void {
    show(this.#waiting, false);
  }

  /** What is to be known of all that is told here. */
  addNote(text: string): void {
    this.#results.before(h("p", { class: "caution" }, text));
  }

  addVideo({ blob, extension }: Video): void {
    this.#download(blob, `formcheck-${stamp()}.${extension}`, `${RESULT.video} (${size(blob.size)})`);
    this.#downloads.append(h("li", { class: "note" }, RESULT.videoNote));
  }

  forgotten(): void {
    window.clearTimeout(this.#forgetting);
    this.#saved = 0;
    show(this.#forget, false);
    setText(this.#savedText, RESULT.forgotten);
  }

  #clickForget(): void {
    if (!this.#sure) {
      this.#sure = true;
      setText(this.#forget, RESULT.forgetSure);
      return;
    }
    this.#forget.disabled = true;
    setText(this.#savedText, RESULT.forgetting);
    this.events.forget();
    this.#forgetting = window.setTimeout(() => {
      this.#forget.disabled = false;
      setText(this.#savedText, RESULT.forgetUnsure);
    }, 1000 * FORGET_S);
  }

  #ask(): void {
    this.events.asked(this.#pain, this.#effort);
    setText(this.#noted, RESULT.noted);
  }

  #download(blob: Blob, name: string, text: string): void {
    this.#downloads.append(h("li", {}, h("a", { href: URL.createObjectURL(blob), download: name }, text)));
  }
}

function exercise(item: Item, result: Result, safety: readonly string[]): HTMLElement {
  const { review, ended_by } = result;
  // The advice to stop and ask has its own place, on top.
  const sentences = result.sentences.filter((one) => !safety.includes(one));
  if (review === null) {
    return h("section", { class: "card" }, h("h2", {}, item.name), ...sentences.map((one) => h("p", {}, one)));
  }
  const plot = rangePlot(review, item, window.innerWidth < NARROW_PX);
  return h(
    "section",
    { class: "card exercise" },
    h("h2", {}, review.exercise_name),
    figures(item, review),
    h("p", {}, RESULT.endedBy[ended_by]),
    // Form errors have their own list below, with their times.
    ...sentences
      .filter((sentence) => !review.faults.some(({ message }) => sentence.endsWith(message)))
      .map((sentence) => h("p", {}, sentence)),
    review.faults.length > 0 && h("h3", {}, RESULT.workOn),
    review.faults.length > 0 && faults(review),
    plot !== null && h("h3", {}, RESULT.repetitions),
    plot !== null && h("figure", {}, plot),
    repetitionTable(review, item),
    holdTable(review),
    notJudged(review),
    review.warnings.length > 0 && list(review.warnings),
  );
}

/** The few large figures: done against asked for, by side. */
function figures(item: Item, review: Review): HTMLElement {
  const { reps, dosage } = review;
  const asked = item.sets * item.times;
  const shown: [string, string][] = [];
  const of = (number: number) => `${number} of ${asked}`;
  if (item.kind === "repetitions") {
    if (reps.left !== null && reps.right !== null) {
      shown.push([of(reps.left), "left"], [of(reps.right), "right"]);
    } else {
      shown.push([of(reps.total), "repetitions"]);
    }
    if (reps.attempts > 0) shown.push([String(reps.attempts), "not whole, not counted"]);
    if (dosage?.held_short && item.hold_s) shown.push([String(dosage.held_short), `held for less than ${plainNumber(item.hold_s)} s`]);
  } else if (item.kind === "guided") {
    shown.push([`${plainNumber(review.hold_total_s ?? 0)} s`, "in the posture"]);
  } else {
    shown.push([`${plainNumber(review.hold_best_s ?? 0)} s`, item.hold_s ? `longest hold, of ${plainNumber(item.hold_s)} s` : "longest hold"]);
    shown.push([`${plainNumber(review.hold_total_s ?? 0)} s`, "total hold"]);
  }
  return h(
    "dl",
    { class: "figures" },
    ...shown.map(([value, name]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function faults(review: Review): HTMLElement {
  const groups = new Map<string, Fault[]>();
  const order = { major: 0, minor: 1, info: 2 };
  for (const fault of [...review.faults].sort((a, b) => order[a.severity] - order[b.severity] || a.start_s - b.start_s)) {
    groups.set(fault.id, [...(groups.get(fault.id) ?? []), fault]);
  }
  return h(
    "ul",
    { class: "faults" },
    ...[...groups.values()].map((group) => {
      const [first] = group;
      if (first === undefined) return null;
      const start = beginning(review);
      return h(
        "li",
        { "data-severity": first.severity },
        h("strong", {}, first.name.replace(/\.$/, "")),
        first.severity === "major" && h("span", { class: "tag" }, "important"),
        h("p", {}, first.message),
        h(
          "p",
          { class: "when" },
          `${times(group.length, "time")}, at ${group
            .map((fault) => `${clock(fault.start_s - start)}${fault.side === null ? "" : ` (${fault.side})`}`)
            .join(", ")}`,
        ),
      );
    }),
  );
}

/** Times are told from when the position was taken; the camera's clock began long before. */
function beginning(review: Review): number {
  return Math.min(...review.in_position.map(([start]) => start), ...review.repetitions.map((one) => one.start_s));
}

function table(caption: string, columns: string[], rows: string[][]): HTMLElement {
  const id = newId("table");
  return h(
    "details",
    {},
    h("summary", { id }, caption),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": id },
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
        h(
          "tbody",
          {},
          ...rows.map((row) =>
            h("tr", {}, ...row.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell)))),
          ),
        ),
      ),
    ),
  );
}

function repetitionTable(review: Review, item: Item): HTMLElement | null {
  if (review.repetitions.length === 0) return null;
  const labels = repetitionLabels(review);
  const start = beginning(review);
  const { measure, unit } = item;
  return table(
    "All repetitions as a table",
    ["", "At", "Out", "At the far end", "Back", measure === null ? "" : capital(plainName(measure)), "Range", "Note"],
    review.repetitions.map((one, i) => [
      capital(labels[i] ?? ""),
      clock(one.peak_s - start),
      amount(one.rising_s, "s"),
      amount(one.hold_s, "s"),
      amount(one.lowering_s, "s"),
      measure === null ? "" : amount(one.peak[measure], unit ?? ""),
      amount(one.range, unit ?? ""),
      one.reason ?? one.faults.map((id) => review.faults.find((fault) => fault.id === id)?.name ?? plainName(id)).join(" "),
    ]),
  );
}

function holdTable(review: Review): HTMLElement | null {
  if (review.holds.length === 0) return null;
  const start = beginning(review);
  return table(
    "All holds as a table",
    ["From", "Side", "Held for", "Ended because"],
    review.holds.map(({ start_s, side, held_s, ended_by }) => [
      clock(start_s - start),
      side ?? "",
      amount(held_s, "s"),
      ended_by,
    ]),
  );
}

function notJudged(review: Review): HTMLElement | null {
  if (review.not_judged.length === 0) return null;
  return h(
    "details",
    {},
    h("summary", {}, `${RESULT.notJudged}: ${times(review.not_judged.length, "thing")}`),
    list(review.not_judged.map(({ id, name, reason }) => `${capital((name ?? plainName(id)).replace(/\.$/, ""))}: ${reason}`)),
  );
}

/** Eleven numbers to choose one from. */
function scale(question: string, [least, most]: string[], chosen: (value: number) => void): HTMLElement {
  const name = newId("scale");
  const box = h(
    "div",
    { class: "scale" },
    ...Array.from({ length: 11 }, (_, value) =>
      h(
        "label",
        {},
        h("input", { type: "radio", name, value, change: () => { chosen(value); } }),
        h("span", {}, String(value)),
      ),
    ),
  );
  return h(
    "fieldset",
    {},
    h("legend", {}, question),
    box,
    h("p", { class: "ends" }, h("span", {}, `0: ${least ?? ""}`), h("span", {}, `10: ${most ?? ""}`)),
  );
}

function stamp(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}`;
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
