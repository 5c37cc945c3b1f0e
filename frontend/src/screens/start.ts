// Before: what to do, how it is done, where the camera goes, and what is heard.
import { h, list, newId, setText, show, wantsStillness } from "../dom";
import type { Catalogue, Exercise, Kind, RoutineItem, Views } from "../protocol";
import { Recorder } from "../recorder";
import { gentlest, inWords, LIMITS, moveItem, readAmount, type Amount } from "../routine";
import type { Settings } from "../settings";
import { BASE } from "../base";
import { KEYS, KINDS, LEAD, PRIVACY, SETTINGS, START, TITLE } from "../texts";
import { capital } from "../words";

export interface StartChoices {
  routine: RoutineItem[];
  keepVideo: boolean;
}

export interface StartEvents {
  begin: (choices: StartChoices) => void;
  settings: (settings: Settings) => void;
  trySound: () => void;
}

const NAMES: Record<Amount, string> = {
  sets: "Sets",
  times: "Times",
  hold_s: "Hold, s",
  rest_s: "Rest, s",
};

export class StartScreen {
  readonly element = h("div", { class: "start" });
  readonly #exercises: Map<string, Exercise>;
  #routine: RoutineItem[];
  #shown = 0;
  readonly #rows = h("ol", { class: "routine" });
  readonly #detail = h("section", { class: "card detail" });
  readonly #camera = h("ul", { class: "camera-places" });
  readonly #views = h("div", { class: "views" });
  readonly #begin: HTMLButtonElement;
  readonly #noVoice = h("p", { class: "note" }, SETTINGS.noVoice);
  readonly #keep = h("input", { type: "checkbox", id: "keep-video" });
  #detailOf = "";

  constructor(
    private readonly catalogue: Catalogue,
    chosen: string | null,
    private settings: Settings,
    private readonly events: StartEvents,
  ) {
    this.#exercises = new Map(catalogue.exercises.map((one) => [one.id, one]));
    const first = this.#exercises.get(chosen ?? "") ?? catalogue.exercises[0];
    if (first === undefined) throw new Error("no exercises");
    this.#routine = [gentlest(first)];
    this.#begin = h(
      "button",
      {
        type: "button",
        class: "primary large",
        click: () => {
          this.#go();
        },
      },
      START.begin,
    );
    this.element.append(
      h(
        "header",
        {},
        h("h1", { tabindex: -1 }, TITLE),
        h("p", { class: "lead" }, LEAD),
        h("p", {}, h("a", { href: new URL("../", BASE).href }, START.review)),
      ),
      this.#safety(),
      h(
        "section",
        { class: "card", "aria-labelledby": "routine-heading" },
        h("h2", { id: "routine-heading" }, START.routine),
        this.#rows,
        h("div", { class: "row" }, h("button", { type: "button", click: () => { this.#add(); } }, `+ ${START.add}`)),
        h("p", { class: "note" }, START.dosageNote),
      ),
      this.#detail,
      h(
        "section",
        { class: "card" },
        h("h2", {}, START.camera),
        this.#camera,
        this.#views,
        h("p", {}, START.light),
        h("p", {}, PRIVACY),
      ),
      this.#soundAndSight(),
      h("div", { class: "begin" }, h("p", {}, START.handsFree), this.#begin),
    );
    this.#draw();
  }

  setBusy(busy: boolean): void {
    this.#begin.disabled = busy;
    setText(this.#begin, busy ? START.beginning : START.begin);
  }

  setVoice(available: boolean): void {
    show(this.#noVoice, !available);
  }

  #go(): void {
    this.events.begin({ routine: this.#routine.map((item) => ({ ...item })), keepVideo: this.#keep.checked });
  }

  #safety(): HTMLElement {
    return h(
      "section",
      { class: "safety", "aria-label": START.safety },
      list(this.catalogue.safety),
    );
  }

  #soundAndSight(): HTMLElement {
    const sound = h("input", { type: "checkbox", id: "sound", checked: this.settings.sound });
    const captions = h("input", { type: "checkbox", id: "captions", checked: this.settings.captions });
    const volume = h("input", {
      type: "range",
      id: "volume",
      min: 0,
      max: 1,
      step: 0.05,
      value: this.settings.volume,
    });
    const changed = () => {
      this.settings = { sound: sound.checked, captions: captions.checked, volume: Number(volume.value) };
      this.events.settings(this.settings);
    };
    for (const input of [sound, captions, volume]) input.addEventListener("change", changed);
    return h(
      "section",
      { class: "card" },
      h("h2", {}, START.sound),
      h("p", { class: "check" }, sound, h("label", { for: "sound" }, SETTINGS.speech)),
      h("p", { class: "check" }, captions, h("label", { for: "captions" }, SETTINGS.captions)),
      h(
        "p",
        { class: "row" },
        h("label", { for: "volume" }, SETTINGS.volume),
        volume,
        h("button", { type: "button", click: () => { this.events.trySound(); } }, SETTINGS.try),
      ),
      this.#noVoice,
      Recorder.available &&
        h(
          "p",
          { class: "check" },
          this.#keep,
          h("label", { for: "keep-video" }, START.keep, h("small", {}, START.keepNote)),
        ),
      h(
        "details",
        {},
        h("summary", {}, "Keys, for a keyboard or a presenter in your hand"),
        h(
          "dl",
          { class: "keys" },
          ...KEYS.flatMap(([key, meaning]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning)]),
        ),
      ),
    );
  }

  #add(): void {
    const last = this.#exercises.get(this.#routine.at(-1)?.exercise ?? "");
    if (last === undefined) return;
    const all = this.catalogue.exercises;
    const next = all[(all.indexOf(last) + 1) % all.length] ?? last;
    this.#routine.push(gentlest(next));
    this.#shown = this.#routine.length - 1;
    this.#draw();
    this.#rows.querySelector<HTMLElement>("li:last-child select")?.focus();
  }

  #draw(): void {
    this.#shown = Math.min(this.#shown, this.#routine.length - 1);
    this.#rows.replaceChildren(...this.#routine.map((item, i) => this.#row(item, i)));
    this.#drawDetail();
    this.#drawCamera();
  }

  #row(item: RoutineItem, i: number): HTMLElement {
    const exercise = this.#exercises.get(item.exercise);
    const words = h("p", { class: "words" });
    const say = () => {
      setText(words, capital(inWords(item, exercise?.dosage?.each_side ?? false)));
    };
    say();
    const many = this.#routine.length > 1;
    const id = newId("exercise");
    const row = h(
      "li",
      { class: "item" },
      h(
        "div",
        { class: "choose" },
        h("label", { for: id }, many ? `Exercise ${i + 1}` : "Exercise"),
        this.#select(item, i, id),
        many &&
          h(
            "span",
            { class: "moves" },
            this.#button("↑", `Move ${exercise?.name ?? ""} up`, i > 0, () => {
              this.#move(i, -1);
            }),
            this.#button("↓", `Move ${exercise?.name ?? ""} down`, i < this.#routine.length - 1, () => {
              this.#move(i, 1);
            }),
            this.#button("✕", `Take ${exercise?.name ?? ""} out`, true, () => {
              this.#routine.splice(i, 1);
              this.#draw();
            }),
          ),
      ),
      h(
        "div",
        { class: "amounts" },
        ...(["sets", "times", "hold_s", "rest_s"] as const).map((amount) => this.#amount(item, amount, say)),
      ),
      words,
    );
    row.toggleAttribute("data-current", many && i === this.#shown);
    row.addEventListener("focusin", () => {
      if (this.#shown === i) return;
      this.#shown = i;
      for (const [j, other] of [...this.#rows.children].entries()) other.toggleAttribute("data-current", j === i);
      this.#drawDetail();
    });
    return row;
  }

  #select(item: RoutineItem, i: number, id: string): HTMLSelectElement {
    const select = h("select", { id });
    for (const kind of Object.keys(KINDS) as Kind[]) {
      const of = this.catalogue.exercises.filter((one) => one.kind === kind);
      if (of.length === 0) continue;
      select.append(
        h(
          "optgroup",
          { label: KINDS[kind] },
          ...of.map((one) => h("option", { value: one.id, selected: one.id === item.exercise }, one.name)),
        ),
      );
    }
    select.addEventListener("change", () => {
      const exercise = this.#exercises.get(select.value);
      if (exercise === undefined) return;
      this.#routine[i] = gentlest(exercise);
      this.#shown = i;
      this.#draw();
      this.#rows.children[i]?.querySelector("select")?.focus();
    });
    return select;
  }

  #amount(item: RoutineItem, amount: Amount, changed: () => void): HTMLElement {
    const id = newId(amount);
    const { least, most } = LIMITS[amount];
    const input = h("input", {
      type: "number",
      id,
      inputmode: "numeric",
      min: least,
      max: most,
      value: item[amount] ?? "",
    });
    const read = () => {
      item[amount] = readAmount(amount, input.value) ?? item[amount];
      changed();
    };
    input.addEventListener("input", read);
    // Only now: who is still typing is not to be corrected.
    input.addEventListener("change", () => {
      read();
      input.value = item[amount] === null ? "" : String(item[amount]);
    });
    return h("div", { class: "amount" }, h("label", { for: id }, NAMES[amount]), input);
  }

  #button(sign: string, label: string, enabled: boolean, click: () => void): HTMLElement {
    return h("button", { type: "button", class: "small", "aria-label": label, disabled: !enabled, click }, sign);
  }

  #move(i: number, by: -1 | 1): void {
    this.#routine = moveItem(this.#routine, i, by);
    this.#shown = i + by;
    this.#draw();
    this.#rows.children[i + by]?.querySelector<HTMLElement>("select")?.focus();
  }

  #drawDetail(): void {
    const exercise = this.#exercises.get(this.#routine[this.#shown]?.exercise ?? "");
    if (exercise === undefined || exercise.id === this.#detailOf) return;
    this.#detailOf = exercise.id;
    this.#detail.replaceChildren(
      h("div", { class: "detail-picture" }, exercise.picture === null ? h("p", { class: "note" }, START.noPicture) : picture(exercise)),
      h(
        "div",
        { class: "detail-text" },
        h("h2", {}, `${exercise.name}: ${START.how.toLowerCase()}`),
        h("p", {}, exercise.summary),
        list(exercise.instructions, true),
        exercise.feel !== null && exercise.feel !== "" && h("p", {}, h("strong", {}, "You should feel: "), exercise.feel),
        ...exercise.cautions.map((one) => h("p", { class: "caution" }, h("strong", {}, "Take care: "), one)),
        exercise.equipment.length > 0 &&
          h("p", {}, h("strong", {}, "You need: "), exercise.equipment.join(", ")),
      ),
    );
  }

  #drawCamera(): void {
    const places = new Map<string, string[]>();
    const exercises = [...new Set(this.#routine.map(({ exercise }) => exercise))]
      .map((id) => this.#exercises.get(id))
      .filter((exercise) => exercise !== undefined);
    for (const exercise of exercises) {
      const names = places.get(exercise.camera) ?? [];
      names.push(exercise.name);
      places.set(exercise.camera, names);
    }
    this.#camera.replaceChildren(
      ...[...places].map(([text, names]) =>
        h("li", {}, places.size > 1 && h("strong", {}, `${names.join(", ")}: `), text),
      ),
    );
    this.#views.replaceChildren(
      ...exercises.flatMap(({ name, views }) =>
        views === null ? [] : [figure(views, exercises.length > 1 ? name : null)],
      ),
    );
  }
}

/** The map of camera positions, headed where there are several. */
function figure({ plot, alt, lines }: Views, heading: string | null): HTMLElement {
  return h(
    "figure",
    {},
    h("img", { src: plot, alt }),
    h("figcaption", {}, heading !== null && h("h3", {}, heading), list(lines)),
  );
}

/** The sample video, over and over; at once only for those who did not ask for less movement. */
function picture(exercise: Exercise): HTMLElement {
  const video = h("video", {
    src: exercise.picture,
    loop: true,
    playsinline: true,
    preload: "auto",
    "aria-label": `${exercise.name}, done right`,
  });
  video.muted = true;
  const button = h("button", { type: "button", class: "small play" });
  const draw = () => {
    setText(button, video.paused ? "▶ Play" : "❚❚ Pause");
  };
  button.addEventListener("click", () => {
    if (video.paused) void video.play();
    else video.pause();
  });
  video.addEventListener("play", draw);
  video.addEventListener("pause", draw);
  draw();
  if (!wantsStillness()) void video.play().catch(() => undefined);
  return h("figure", {}, video, button);
}
