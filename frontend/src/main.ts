// The page: start, live, result, one after the other.
import { CameraError } from "./camera";
import { h } from "./dom";
import { isForElement, keyMeaning, type Key } from "./keys";
import { Notices } from "./notices";
import type { Catalogue, Command, Item, Now, Result } from "./protocol";
import { LiveScreen } from "./screens/live";
import { ResultScreen } from "./screens/result";
import { StartScreen, type StartChoices } from "./screens/start";
import { LiveSession } from "./session";
import { keepSettings, readSettings, type Settings } from "./settings";
import { Speaker } from "./speech";
import { hasWebGl, lacking, mayUseCamera } from "./support";
import { TabLock } from "./tab_lock";
import { HURT, LIVE, PROBLEMS, SETTINGS, START, TITLE } from "./texts";
import { Tones } from "./tones";
import { BASE } from "./base";

class Page {
  readonly #app: HTMLElement;
  readonly #notices = new Notices();
  readonly #speaker = new Speaker();
  readonly #tones = new Tones();
  readonly #lock = new TabLock();
  #settings: Settings = readSettings();
  #catalogue: Catalogue | null = null;
  #start: StartScreen | null = null;
  #live: LiveScreen | null = null;
  #result: ResultScreen | null = null;
  #session: LiveSession | null = null;
  /** Results of a routine that goes on. */
  readonly #pending: [Item, Result][] = [];
  #leaving = false;

  constructor(app: HTMLElement) {
    this.#app = app;
    app.before(this.#notices.element);
    document.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.#session?.busy === true) event.preventDefault();
    });
    this.#lock.onTaken = () => {
      this.#session?.taken(() => {
        void this.#takeBack();
      });
    };
    this.#speaker.onSay = (say) => {
      this.#live?.said(say);
    };
    this.#speaker.onVoices = () => {
      this.#voices();
    };
    this.#apply();
  }

  async open(): Promise<void> {
    this.#notices.clear("page");
    const missing = lacking();
    if (missing !== null) {
      this.#turnAway(window.isSecureContext ? PROBLEMS.old(missing) : PROBLEMS.insecure);
      return;
    }
    if (!hasWebGl()) {
      this.#turnAway(PROBLEMS.webGl);
      return;
    }
    if (!mayUseCamera()) this.#notices.set("page", PROBLEMS.insecure);
    try {
      const answer = await fetch(new URL("exercises.json", BASE));
      if (!answer.ok) throw new Error(String(answer.status));
      this.#catalogue = (await answer.json()) as Catalogue;
    } catch {
      this.#notices.set("page", PROBLEMS.catalogue, {
        label: PROBLEMS.retry,
        run: () => {
          void this.open();
        },
      });
      return;
    }
    this.#showStart(new URLSearchParams(location.search).get("exercise"));
  }

  // -- screens -------------------------------------------------------------------------------------

  #showStart(chosen: string | null): void {
    if (this.#catalogue === null) return;
    this.#start ??= new StartScreen(this.#catalogue, chosen, this.#settings, {
      begin: (choices) => {
        this.#begin(choices).catch((error: unknown) => {
          console.error(error);
          this.#notices.set("start", PROBLEMS.camera);
        });
      },
      settings: (settings) => {
        this.#change(settings);
      },
      trySound: () => {
        this.#tones.unlock();
        this.#tones.play("repetition");
        this.#speaker.say({ kind: "stage", text: SETTINGS.sample });
      },
    });
    this.#live = this.#result = null;
    this.#voices();
    this.#show("start", this.#start.element);
  }

  /** Say why this page cannot be used here, and lead to the other one. */
  #turnAway(why: string): void {
    this.#notices.set("page", why);
    const other = h("a", { href: new URL("../", BASE).href }, START.review);
    this.#show("start", h("div", { class: "start" }, h("h1", {}, TITLE), h("p", {}, other)));
  }

  #show(screen: "start" | "live" | "result", element: HTMLElement): void {
    document.documentElement.dataset.screen = screen;
    this.#app.replaceChildren(element);
    scrollTo(0, 0);
    // Keyboard and screen reader begin where the eye does.
    if (screen !== "start") element.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  async #begin(choices: StartChoices, steal = false): Promise<void> {
    if (this.#catalogue === null || this.#start === null) return;
    this.#notices.clearAll();
    this.#leaving = false;
    this.#pending.length = 0;
    this.#tones.unlock();
    this.#start.setBusy(true);
    try {
      if (!(await this.#lock.acquire(steal))) {
        this.#notices.set("start", PROBLEMS.otherTab, {
          label: PROBLEMS.useHere,
          run: () => {
            void this.#begin(choices, true);
          },
        });
        return;
      }
      const token = document.querySelector<HTMLMetaElement>("meta[name=formcheck-token]")?.content ?? "";
      const session = new LiveSession(
        this.#catalogue,
        token,
        choices.routine,
        choices.keepVideo,
        this.#lock,
        this.#notices,
        {
          choosing: () => this.#live?.wait(LIVE.tracker),
          chosen: ({ model, delegate, ms }) => {
            console.debug(`tracker: ${model} on ${delegate}, ${Math.round(ms)} ms a picture`);
            this.#live?.wait(LIVE.starting);
          },
          item: (item) => this.#live?.setItem(item),
          now: (now) => {
            this.#now(now);
          },
          frame: (frame) => this.#live?.frame(frame),
          result: (item, result) => {
            this.#take(item, result);
          },
          forgotten: () => this.#result?.forgotten(),
          over: (text) => {
            this.#over(text);
          },
        },
      );
      const { exercises } = this.#catalogue;
      this.#live = new LiveScreen(session.camera.video, this.#settings, {
        views: (exercise) => exercises.find(({ id }) => id === exercise)?.views ?? null,
        command: (what) => {
          this.#command(what);
        },
        settings: (settings) => {
          this.#change(settings);
        },
      });
      this.#session = session;
      this.#voices();
      try {
        await session.begin();
      } catch (error) {
        session.close();
        this.#session = null;
        this.#live = null;
        const problem = error instanceof CameraError ? error.problem : "camera";
        this.#notices.set("start", PROBLEMS[problem], {
          label: PROBLEMS.retry,
          run: () => {
            void this.#begin(choices);
          },
        });
        return;
      }
      this.#result = null;
      this.#show("live", this.#live.element);
      if (!this.#speaker.available) this.#sayNoVoice();
    } finally {
      this.#start.setBusy(false);
    }
  }

  #showResult(hurt: boolean): ResultScreen {
    if (this.#result === null) {
      this.#result = new ResultScreen(hurt, this.#catalogue?.safety ?? [], {
        asked: (pain, effort) => this.#session?.asked(pain, effort),
        forget: () => this.#session?.forget(),
        again: () => {
          this.#session?.close();
          this.#session = null;
          this.#showStart(null);
        },
      });
    }
    if (document.documentElement.dataset.screen !== "result") {
      this.#show("result", this.#result.element);
      const result = this.#result;
      const slowest = this.#session?.slowest ?? null;
      if (slowest !== null) result.addNote(PROBLEMS.wasSlow(slowest));
      void this.#session?.video().then((video) => {
        if (video !== null) result.addVideo(video);
      });
    }
    return this.#result;
  }

  // -- what the server says ------------------------------------------------------------------------

  #now(now: Now): void {
    this.#live?.update(now);
    for (const say of now.say) this.#speaker.say(say);
    if (now.tone !== null) this.#tones.play(now.tone);
  }

  #take(item: Item, result: Result): void {
    // A result is told again after the connection was lost, and when nothing comes after it after all.
    const known = this.#pending.findIndex(([{ number }]) => number === item.number);
    if (known >= 0) this.#pending.splice(known, 1);
    this.#pending.push([item, result]);
    const hurt = result.ended_by === "hurt";
    if (result.next && this.#result === null) return; // the next exercise begins
    const screen = this.#showResult(hurt);
    for (const [one, its] of this.#pending.splice(0)) screen.add({ item: one, result: its });
    // Who ended it does not wait for the rest of the routine.
    if (!result.next || this.#leaving) screen.complete();
  }

  #over(text: string): void {
    const reload = {
      label: PROBLEMS.reload,
      run: () => {
        location.reload();
      },
    };
    this.#notices.set("over", text, reload);
    if (this.#pending.length > 0 || this.#result !== null) {
      const screen = this.#showResult(false);
      for (const [one, its] of this.#pending.splice(0)) screen.add({ item: one, result: its });
      screen.complete();
    } else {
      this.#session?.camera.close();
      this.#showStart(null);
    }
  }

  // -- what the person does ------------------------------------------------------------------------

  #command(what: Command): void {
    if (this.#session?.busy !== true && (what === "end" || what === "hurt")) {
      this.#session?.close(); // nothing has begun yet
      this.#session = null;
      if (what === "end") {
        this.#showStart(null);
        return;
      }
    }
    this.#leaving = what === "end" || what === "hurt";
    this.#session?.command(what);
    if (what === "hurt") {
      this.#speaker.silence();
      this.#tones.play("end");
      const screen = this.#showResult(true);
      if (this.#session === null) screen.complete();
      this.#speaker.say({ kind: "stop", text: HURT.spoken });
    } else if (what === "end") {
      this.#showResult(false);
    }
  }

  #key(event: KeyboardEvent): void {
    if (this.#session === null || document.documentElement.dataset.screen !== "live") return;
    if (event.repeat || isForElement(event)) return;
    const meaning: Key | null = keyMeaning(event.key);
    if (meaning === null) return;
    event.preventDefault();
    if (meaning === "mute") this.#change({ ...this.#settings, sound: !this.#settings.sound });
    else if (meaning === "pause or continue") this.#command(this.#session.stage === "paused" ? "continue" : "pause");
    else this.#command(meaning);
  }

  async #takeBack(): Promise<void> {
    await this.#lock.acquire(true);
    await this.#session?.back();
  }

  // -- sound ---------------------------------------------------------------------------------------

  #change(settings: Settings): void {
    this.#settings = settings;
    keepSettings(settings);
    this.#apply();
  }

  #apply(): void {
    const { sound, volume } = this.#settings;
    this.#speaker.mute(!sound);
    this.#speaker.volume = this.#tones.volume = volume;
    this.#tones.muted = !sound;
    this.#live?.setSettings(this.#settings);
    this.#voices();
  }

  #voices(): void {
    const { available } = this.#speaker;
    this.#start?.setVoice(available);
    this.#live?.setSpoken(available && this.#settings.sound);
    if (available) this.#notices.clear("voice");
  }

  #sayNoVoice(): void {
    this.#notices.set("voice", PROBLEMS.noVoice, {
      label: PROBLEMS.close,
      run: () => {
        this.#notices.clear("voice");
      },
    });
    window.setTimeout(() => {
      this.#notices.clear("voice");
    }, 10_000);
  }
}

const app = document.getElementById("app") ?? document.body.appendChild(h("main", { id: "app" }));
void new Page(app).open();
