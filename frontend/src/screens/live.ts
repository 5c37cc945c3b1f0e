// During: made for somebody who lies three metres away.
import { Caption } from "../caption";
import { h, s, setText, show } from "../dom";
import { Skeleton } from "../draw";
import { RangeMeter, Ring } from "../gauges";
import type { Check, Command, Frame, Item, Now, Say, Side, Views } from "../protocol";
import type { Settings } from "../settings";
import { LIVE, SETTINGS } from "../texts";
import { plainNumber } from "../words";

export interface LiveEvents {
  command: (what: Command) => void;
  settings: (settings: Settings) => void;
  /** The map of camera positions of an exercise, where there is one. */
  views: (exercise: string) => Views | null;
}

/** The server's countdown, and its pause between two exercises. */
const COUNTDOWN_S = 3;
const BETWEEN_S = 15;
const SIDE_NAME: Record<Side, string> = { left: LIVE.left, right: LIVE.right };
/** What a screen reader is told at most so often, in seconds. */
const STATUS_S = 1.5;

const seconds = (): number => performance.now() / 1000;

export class LiveScreen {
  readonly element = h("div", { class: "live", "data-stage": "setup" });
  readonly #stage = h("div", { class: "stage" });
  readonly #skeleton = new Skeleton();
  readonly #ring = new Ring();
  readonly #meter = new RangeMeter();
  readonly #captionSign = h("span", { class: "sign", "aria-hidden": "true" });
  readonly #captionText = h("span", {});
  readonly #captionBox = h("div", { class: "caption", "aria-hidden": "true" }, this.#captionSign, this.#captionText);
  readonly #caption = new Caption();
  readonly #name = h("h1", { class: "name", tabindex: -1 }, LIVE.gettingReady);
  readonly #place = h("p", { class: "place" });
  readonly #side = h("p", { class: "side" });
  readonly #state = h("p", { class: "state" });
  readonly #tally = h("p", { class: "tally" });
  readonly #checks = h("ul", { class: "checks" });
  readonly #views = h("img", { class: "stage-views", hidden: true });
  readonly #setup: HTMLElement;
  readonly #status = h("p", { class: "hidden", role: "status" });
  readonly #buttons: Partial<Record<Command | "mute", HTMLButtonElement>> = {};
  readonly #controls: HTMLElement;
  readonly #volume: HTMLInputElement;
  readonly #captions: HTMLInputElement;
  #item: Item | null = null;
  #now: Now | null = null;
  #status_s = -Infinity;
  #paceSince = 0;
  #spoken = true;

  constructor(
    video: HTMLVideoElement,
    private settings: Settings,
    private readonly events: LiveEvents,
  ) {
    video.classList.add("camera");
    this.#setup = h(
      "div",
      { class: "setup" },
      h("h2", {}, LIVE.setup),
      this.#checks,
      h("p", {}, LIVE.setupNote),
    );
    this.#stage.append(video, this.#skeleton.canvas, this.#views);
    this.#volume = h("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.05,
      value: settings.volume,
      "aria-label": SETTINGS.volume,
      change: () => {
        this.#changeSettings({ volume: Number(this.#volume.value) });
      },
    });
    this.#captions = h("input", {
      type: "checkbox",
      id: "live-captions",
      checked: settings.captions,
      change: () => {
        this.#changeSettings({ captions: this.#captions.checked });
      },
    });
    this.#controls = h(
      "div",
      { class: "controls", role: "group", "aria-label": "Controls" },
      this.#button("start", LIVE.start, "S"),
      this.#button("pause", LIVE.pause, "Space"),
      this.#button("next", LIVE.next, "N"),
      this.#button("end", LIVE.end, "E"),
      this.#button("mute", LIVE.mute, "M"),
      h("span", { class: "sound" }, this.#volume),
      h("span", { class: "sound" }, this.#captions, h("label", { for: "live-captions" }, "Captions")),
      this.#button("hurt", LIVE.hurt, "H"),
    );
    this.element.append(
      this.#stage,
      this.#meter.element,
      h(
        "div",
        { class: "panel" },
        h("div", { class: "what" }, this.#name, this.#place),
        this.#side,
        this.#setup,
        this.#ring.element,
        this.#state,
        this.#tally,
      ),
      this.#captionBox,
      this.#controls,
      this.#status,
    );
    this.#meter.set(null, false);
    this.setSettings(settings);
    this.wait(LIVE.starting);
  }

  /** Nothing to show yet. */
  wait(text: string): void {
    setText(this.#state, text);
    this.#ring.set("", "", null);
    show(this.#setup, false);
    show(this.#ring.element, false);
    this.#captionBox.toggleAttribute("data-empty", true);
  }

  setItem(item: Item): void {
    this.#item = item;
    this.element.toggleAttribute("data-item", true);
    this.#now = null;
    this.#caption.clear();
    setText(this.#name, item.name);
    this.#meter.set(null, false);
    this.#checks.replaceChildren();
    this.#setViews(this.events.views(item.exercise));
  }

  /** Whether what is said is heard; a screen reader is told it where it is not. */
  setSpoken(spoken: boolean): void {
    this.#spoken = spoken;
  }

  setSettings(settings: Settings): void {
    this.settings = settings;
    const { mute } = this.#buttons;
    if (mute !== undefined) {
      label(mute, settings.sound ? LIVE.mute : LIVE.unmute);
      mute.setAttribute("aria-pressed", String(!settings.sound));
    }
    this.#volume.value = String(settings.volume);
    this.#captions.checked = settings.captions;
  }

  said(say: Say): void {
    if (this.settings.captions) this.#caption.said(say, seconds());
    if (!this.#spoken) this.#tell(say.text);
    this.#drawCaption();
  }

  frame(frame: Frame | null): void {
    this.#skeleton.draw(frame, this.#now?.points ?? []);
  }

  update(now: Now): void {
    const item = this.#item;
    if (item === null) return;
    const { stage, pace } = now;
    const before = this.#now?.pace ?? null;
    if (pace?.contract !== before?.contract || pace?.number !== before?.number) this.#paceSince = now.t;
    this.#now = now;
    if (this.element.dataset.stage !== stage) this.element.dataset.stage = stage;
    show(this.#setup, stage === "setup");
    show(this.#ring.element, stage !== "setup");
    if (stage === "setup") this.#drawChecks(now.checks);
    // Only while it helps: it hides a part of what the camera sees.
    show(this.#views, this.#views.hasAttribute("src") && now.checks.some(({ map }) => map));
    setText(this.#place, place(item, now));
    this.#drawSide(now);
    this.#drawRing(item, now);
    this.#meter.set(now.range, stage !== "setup" && item.kind === "repetitions" && item.reach !== null);
    setText(this.#tally, tally(item, now));
    this.#drawButtons(now);
    this.#drawCaption();
  }

  #drawSide({ side, stage }: Now): void {
    const shown = side !== null && stage !== "finished";
    show(this.#side, shown);
    if (side === null) return;
    setText(this.#side, SIDE_NAME[side]);
    this.#side.dataset.side = side;
  }

  #drawRing(item: Item, now: Now): void {
    const { stage, left_s, hold_s, held_for_s, pace } = now;
    let state = LIVE.stages[stage];
    if (stage === "countdown" || stage === "rest" || stage === "finished") {
      const whole = { countdown: COUNTDOWN_S, rest: item.rest_s ?? 0, finished: BETWEEN_S }[stage];
      const share = left_s === null || whole === 0 ? null : left_s / whole;
      this.#ring.set(left_s === null ? "" : String(Math.ceil(left_s)), stage === "countdown" ? "" : "s", share);
      if (stage === "finished" && left_s !== null) state = LIVE.nextExercise;
    } else if (stage === "setup") {
      this.#ring.set("", "", null);
    } else if (item.kind === "repetitions") {
      const holding = held_for_s !== null && hold_s > 0;
      this.#ring.set(
        String(done(item, now)),
        holding ? `${Math.floor(hold_s)} of ${plainNumber(held_for_s)} s` : `of ${item.times}`,
        held_for_s === null ? null : hold_s / held_for_s,
      );
      if (stage === "active" && holding) state = LIVE.hold;
    } else if (item.kind === "guided") {
      // How long this contraction lasts already; only the person knows whether there is one.
      const contracting = pace?.contract === true && stage === "active";
      const lasts_s = contracting ? now.t - this.#paceSince : 0;
      this.#ring.set(String(pace?.number ?? done(item, now)), `of ${item.times}`, lasts_s / (held_for_s ?? Infinity));
      if (stage === "active" && pace !== null) state = pace.contract ? LIVE.contract : LIVE.relax;
    } else {
      this.#ring.set(
        String(Math.floor(hold_s)),
        held_for_s === null ? "s" : `of ${plainNumber(held_for_s)} s`,
        held_for_s === null ? null : hold_s / held_for_s,
      );
    }
    setText(this.#state, state);
    this.#state.toggleAttribute("data-pace", stage === "active" && state !== "");
  }

  #drawChecks(checks: Check[]): void {
    // What cannot be said yet has no words.
    checks = checks.filter(({ text }) => text !== "");
    const shape = checks.map(({ id }) => id).join(" ");
    if (this.#checks.dataset.shape !== shape) {
      this.#checks.dataset.shape = shape;
      this.#checks.replaceChildren(...checks.map(() => h("li", {}, h("span", { class: "sign" }), h("span", {}))));
    }
    for (const [i, { ok, text }] of checks.entries()) {
      const row = this.#checks.children[i];
      const [sign, words] = row?.children ?? [];
      if (!(row instanceof HTMLElement) || sign === undefined || words === undefined) continue;
      row.dataset.ok = String(ok);
      setText(sign, ok === true ? "✓" : ok === false ? "✗" : "…");
      sign.setAttribute("aria-label", ok === true ? "right" : ok === false ? "not right yet" : "not known yet");
      sign.setAttribute("role", "img");
      setText(words, text);
    }
  }

  #setViews(views: Views | null): void {
    show(this.#views, false);
    this.#views.removeAttribute("src");
    if (views === null) return;
    this.#views.src = views.plot;
    this.#views.alt = views.alt;
  }

  #drawButtons({ stage }: Now): void {
    const { start, pause, next } = this.#buttons;
    if (start !== undefined) show(start, stage === "setup");
    if (pause !== undefined) {
      show(pause, stage !== "setup" && stage !== "finished");
      label(pause, stage === "paused" ? LIVE.go : LIVE.pause);
    }
    if (next !== undefined) {
      const last = this.#item !== null && this.#item.number >= this.#item.of;
      show(next, stage === "rest" || !last);
    }
  }

  #drawCaption(): void {
    const shown = this.#caption.update(this.#now?.stage === "active" ? this.#now.cue : null, seconds());
    this.#captionBox.toggleAttribute("data-empty", shown === null);
    if (shown === null) return; // its text stays, and fades
    setText(this.#captionText, shown.text);
    const severity = shown.severity ?? "none";
    if (this.#captionBox.dataset.severity !== severity) {
      this.#captionBox.dataset.severity = severity;
      this.#captionSign.replaceChildren(...sign(severity));
    }
  }

  /** For screen readers: seldom, and only what is not heard anyway. */
  #tell(text: string): void {
    if (seconds() - this.#status_s < STATUS_S) return;
    this.#status_s = seconds();
    setText(this.#status, text);
  }

  #changeSettings(change: Partial<Settings>): void {
    this.events.settings({ ...this.settings, ...change });
  }

  #button(what: Command | "mute", text: string, key: string): HTMLButtonElement {
    const button = h(
      "button",
      {
        type: "button",
        class: what === "hurt" ? "hurt" : "",
        "aria-keyshortcuts": key,
        "data-always": what === "hurt" || what === "end" || what === "mute", // also before the first exercise
        click: (event) => {
          // The space bar pauses, wherever the mouse was last.
          if (event instanceof MouseEvent && event.detail > 0) button.blur();
          if (what === "mute") this.#changeSettings({ sound: !this.settings.sound });
          else this.events.command(what === "pause" && this.#now?.stage === "paused" ? "continue" : what);
        },
      },
      h("span", { class: "label" }, text),
      h("kbd", { "aria-hidden": "true" }, key),
    );
    this.#buttons[what] = button;
    return button;
  }
}

function label(button: HTMLElement, text: string): void {
  const words = button.querySelector(".label");
  if (words !== null) setText(words, text);
}

/** How often in this set, on this side. */
export function done(item: Item, { todo, counts, side }: Now): number {
  if (todo !== null) return Math.max(0, item.times - todo);
  return (side === null ? counts.both : counts[side]) ?? 0;
}

function place(item: Item, { set }: Now): string {
  return [
    item.of > 1 ? `Exercise ${item.number} of ${item.of}` : "",
    item.sets > 1 ? `Set ${set} of ${item.sets}` : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function tally(item: Item, now: Now): string {
  if (now.stage === "setup" || now.stage === "finished") return "";
  const { counts, attempts } = now;
  const parts: string[] = [];
  if (item.kind === "hold" && item.times > 1) parts.push(`${done(item, now)} of ${item.times} holds`);
  if (counts.left !== undefined || counts.right !== undefined) {
    parts.push(`${LIVE.left} ${counts.left ?? 0}`, `${LIVE.right} ${counts.right ?? 0}`);
  } else if (item.kind === "repetitions" && item.sets > 1 && counts.both !== undefined) {
    parts.push(`${counts.both} in all`);
  }
  if (attempts > 0) parts.push(`${attempts} not whole`);
  return parts.join(" · ");
}

function sign(severity: string): SVGElement[] {
  if (severity === "none") return [];
  const shape =
    severity === "major"
      ? [
          s("path", { d: "M50 8 L96 90 L4 90 Z", class: "sign-major" }),
          s("path", { d: "M50 36 V62 M50 74 V78", class: "sign-mark" }),
        ]
      : [s("circle", { cx: 50, cy: 50, r: 26, class: "sign-minor" })];
  return [s("svg", { viewBox: "0 0 100 100" }, ...shape)];
}
