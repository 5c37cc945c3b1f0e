// One session: camera, tracker and server, from the click to the results.
import { Camera, CameraError } from "./camera";
import { FrameRate, SLOW_FPS } from "./pace";
import type { Notices } from "./notices";
import type { Catalogue, Command, Frame, FromServer, Item, Now, Result, RoutineItem } from "./protocol";
import { Recorder } from "./recorder";
import { Connection, type Link } from "./socket";
import type { TabLock } from "./tab_lock";
import { OTHER, PROBLEMS } from "./texts";
import { BASE } from "./base";
import { Tracker } from "./tracker";
import type { Choice } from "./tracker_messages";

export interface SessionEvents {
  choosing: () => void;
  chosen: (choice: Choice) => void;
  item: (item: Item) => void;
  now: (now: Now) => void;
  frame: (frame: Frame | null) => void;
  result: (item: Item, result: Result) => void;
  forgotten: () => void;
  /** A last problem, after which nothing more comes. */
  over: (text: string) => void;
}

/** After so long without a tick the computer was asleep. */
const ASLEEP_S = 15;
/** How long it is shown that the device is slow: the room is needed. */
const SLOW_TOLD_S = 20;
/** A problem of the line is told only when it lasts. */
const TELL_LINK_S = 2.5;

type Reason = "hidden" | "camera" | "tab";

export class LiveSession {
  readonly camera: Camera;
  readonly #recorder = new Recorder();
  readonly #rate = new FrameRate();
  #tracker: Tracker | null = null;
  #connection: Connection | null = null;
  #item: Item | null = null;
  readonly #items = new Map<number, Item>();
  #now: Now | null = null;
  #wake: WakeLockSentinel | null = null;
  #clock: number | undefined;
  #linkTimer: number | undefined;
  #ticked = Date.now();
  #reasons = new Set<Reason>(); // why it has paused by itself
  #slowTold = false;
  /** The fewest pictures a second that were followed, where these were too few. */
  slowest: number | null = null;
  #resumes = false; // whether it goes on by itself
  #over = false;
  #closed = false;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly token: string,
    private readonly routine: RoutineItem[],
    private readonly keepVideo: boolean,
    private readonly lock: TabLock,
    private readonly notices: Notices,
    private readonly events: SessionEvents,
  ) {
    this.camera = new Camera();
  }

  /** Begin with the camera; its refusal is thrown as a `CameraError`. */
  async begin(): Promise<void> {
    await this.camera.open();
    this.camera.onEnded = () => {
      this.#cameraGone();
    };
    this.#watch();
    if (this.keepVideo && this.camera.stream !== null) this.#recorder.start(this.camera.stream);
    const tracker = new Tracker(this.catalogue);
    this.#tracker = tracker;
    tracker.onChosen = (choice) => {
      this.events.chosen(choice);
      this.#connect(choice);
    };
    tracker.onFrame = (frame, accompanied) => {
      this.#take(frame);
      this.#tellAccompanied(accompanied);
    };
    tracker.onFailed = (reason) => {
      console.error(`tracker: ${reason}`);
      this.notices.set("tracker", PROBLEMS.tracker);
    };
    this.events.choosing();
    this.#pictures();
  }

  command(what: Command): void {
    // Who pauses or goes on by hand decides from here on.
    if (what === "pause") this.#resumes = false;
    this.#connection?.command(what);
    if (what === "hurt" || what === "end") this.#stopCamera();
  }

  asked(pain: number | null, effort: number | null): void {
    this.#connection?.say({ type: "asked", pain, effort });
  }

  forget(): void {
    this.#connection?.say({ type: "forget" });
  }

  get stage(): Now["stage"] | null {
    return this.#now?.stage ?? null;
  }

  /** Whether something would be lost if the page were closed now. */
  get busy(): boolean {
    return this.#connection !== null && !this.#over;
  }

  /** End what the camera does, and return the video when one was kept. */
  async video(): Promise<{ blob: Blob; extension: string } | null> {
    const video = await this.#recorder.stop();
    this.#stopCamera();
    return video;
  }

  close(): void {
    this.#closed = true;
    this.#stopCamera();
    this.#connection?.close();
    window.clearTimeout(this.#linkTimer);
    window.clearInterval(this.#clock);
    document.removeEventListener("visibilitychange", this.#visibility);
    window.removeEventListener("online", this.#online);
    navigator.mediaDevices.removeEventListener("devicechange", this.#devices);
    this.notices.clearAll();
  }

  /** Another tab has taken the camera. */
  taken(useHere: () => void): void {
    if (this.#over) return;
    this.#pauseFor("tab");
    this.camera.close();
    this.notices.set("tab", PROBLEMS.taken, { label: PROBLEMS.useHere, run: useHere });
  }

  /** The camera is this tab's again. */
  async back(): Promise<void> {
    await this.#reopen("tab");
  }

  // -- pictures ------------------------------------------------------------------------------------

  #pictures(): void {
    this.#rate.clear();
    this.camera.pictures(
      () => this.#tracker?.free === true && !this.#over,
      (picture, t) => {
        this.#tracker?.take(picture, t);
      },
    );
  }

  #take(frame: Frame): void {
    if (this.#over) return;
    // What is no number would be refused: then nobody was found.
    const isSane = ({ image, world }: { image: Float32Array | null; world: Float32Array | null }) =>
      image?.every(Number.isFinite) === true && world?.every(Number.isFinite) === true;
    const told = isSane(frame) ? { ...frame } : { ...frame, image: null, world: null };
    if (told.other !== null && !isSane(told.other)) told.other = null;
    this.#connection?.frame(told);
    this.events.frame(told);
    this.#rate.add(frame.t);
    const { fps } = this.#rate;
    if (fps === null || document.visibilityState !== "visible") return;
    if (fps >= 1.25 * SLOW_FPS) this.notices.clear("slow");
    if (fps >= SLOW_FPS) return;
    if (this.slowest === null) {
      window.setTimeout(() => {
        this.notices.clear("slow"); // it is told with the result, too
        this.#slowTold = true;
      }, 1000 * SLOW_TOLD_S);
    }
    this.slowest = Math.min(this.slowest ?? Infinity, Math.floor(fps));
    if (this.#slowTold) return;
    this.notices.set("slow", PROBLEMS.slow(Math.floor(fps)), {
      label: PROBLEMS.close,
      run: () => {
        this.#slowTold = true;
        this.notices.clear("slow");
      },
    });
  }

  #tellAccompanied(accompanied: boolean): void {
    if (!accompanied || this.#over) {
      this.notices.clear("other");
      return;
    }
    this.notices.mention("other", OTHER.inView, {
      label: OTHER.follow,
      run: () => this.#tracker?.followOther(),
    });
  }

  #stopCamera(): void {
    this.#over = true;
    this.camera.close();
    this.#tracker?.close();
    this.#tracker = null;
    void this.#wake?.release().catch(() => undefined);
    this.#wake = null;
    this.lock.release();
    this.notices.clear("camera", "tab", "hidden", "asleep", "slow", "tracker", "other");
  }

  // -- the server ----------------------------------------------------------------------------------

  #connect(choice: Choice): void {
    if (this.#connection !== null || this.#closed) return;
    const url = new URL("socket", BASE);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#connection = new Connection(
      { url: url.href, token: this.token, routine: this.routine, model: choice.model },
      {
        message: (message) => {
          this.#hear(message);
        },
        link: (link) => {
          this.#link(link);
        },
      },
    );
    this.#connection.open();
  }

  #hear(message: FromServer): void {
    switch (message.type) {
      case "welcome":
        this.#setItem(message.item);
        break;
      case "item":
        this.#setItem(message);
        break;
      case "now":
        this.#now = message;
        if (message.leave !== null) this.#tracker?.followOther(message.leave);
        this.events.now(message);
        break;
      case "result":
        this.#result(message);
        break;
      case "forgotten":
        this.events.forgotten();
        break;
      case "problem":
        if (message.final) {
          window.clearTimeout(this.#linkTimer);
          this.notices.clear("link");
          this.#stopCamera();
          this.events.over([message.text, this.#countedSoFar()].join(" ").trim());
        } else {
          this.notices.set(`problem ${message.text}`, message.text, {
            label: PROBLEMS.close,
            run: () => {
              this.notices.clear(`problem ${message.text}`);
            },
          });
        }
        break;
      case "beat":
        break;
    }
  }

  /** When the server has lost the session, at least the page still knows. */
  #countedSoFar(): string {
    const counts = Object.entries(this.#now?.counts ?? {}).filter(([, count]) => count > 0);
    if (this.#item === null || counts.length === 0) return "";
    const parts = counts.map(([side, count]) => (side === "both" ? String(count) : `${side} ${count}`));
    return PROBLEMS.counted(this.#item.name, parts.join(", "));
  }

  #setItem(item: Item): void {
    if (this.#item?.number === item.number) return; // told again after the connection was lost
    this.#item = item;
    this.#items.set(item.number, item);
    this.#now = null;
    this.events.item(item);
  }

  #result(result: Result): void {
    const item = this.#items.get(result.number);
    if (item === undefined) return;
    if (!result.next) this.#stopCamera();
    this.events.result(item, result);
  }

  #link(link: Link): void {
    if (link === "open" || link === "closed") {
      window.clearTimeout(this.#linkTimer);
      this.#linkTimer = undefined;
      this.notices.clear("link");
      if (link === "open") this.#tellDropped();
      return;
    }
    this.#linkTimer ??= window.setTimeout(() => {
      this.notices.set("link", link === "lost" ? PROBLEMS.lost : PROBLEMS.unreachable, {
        label: PROBLEMS.retry,
        run: () => {
          this.#connection?.wake();
        },
      });
    }, 1000 * TELL_LINK_S);
  }

  #tellDropped(): void {
    const backlog = this.#connection?.backlog;
    if (backlog === undefined || backlog.dropped === 0) return;
    backlog.dropped = 0;
    this.notices.set("dropped", PROBLEMS.dropped, {
      label: PROBLEMS.close,
      run: () => {
        this.notices.clear("dropped");
      },
    });
  }

  // -- what may happen meanwhile -------------------------------------------------------------------

  #watch(): void {
    document.addEventListener("visibilitychange", this.#visibility);
    window.addEventListener("online", this.#online);
    navigator.mediaDevices.addEventListener("devicechange", this.#devices);
    this.#ticked = Date.now();
    this.#clock = window.setInterval(() => {
      this.#tick();
    }, 1000);
    void this.#stayAwake();
  }

  /** Nobody touches the screen while lying on a mat: without this it would go dark. */
  async #stayAwake(): Promise<void> {
    try {
      this.#wake = await navigator.wakeLock.request("screen");
    } catch {
      this.#wake = null; // not every browser has it
    }
  }

  #tick(): void {
    const now = Date.now();
    const asleep_s = (now - this.#ticked) / 1000;
    this.#ticked = now;
    if (asleep_s > ASLEEP_S && document.visibilityState === "visible" && !this.#over) {
      this.notices.set("asleep", PROBLEMS.asleep, {
        label: PROBLEMS.close,
        run: () => {
          this.notices.clear("asleep");
        },
      });
      this.#connection?.wake();
      if (this.camera.stream?.active !== true) void this.#reopen("camera");
    }
  }

  readonly #visibility = (): void => {
    if (this.#over) return;
    if (document.visibilityState === "hidden") {
      this.#pauseFor("hidden");
      return;
    }
    // The message stays until somebody has had time to read it.
    if (this.#reasons.has("hidden")) {
      this.notices.set("hidden", PROBLEMS.hidden);
      window.setTimeout(() => {
        this.notices.clear("hidden");
      }, 8000);
    }
    this.#ticked = Date.now();
    this.#connection?.wake();
    void this.#stayAwake();
    this.#goOn("hidden");
  };

  readonly #online = (): void => {
    this.#connection?.wake();
  };

  readonly #devices = (): void => {
    if (this.#reasons.has("camera")) void this.#reopen("camera");
  };

  #cameraGone(): void {
    if (this.#over) return;
    this.camera.close();
    this.#pauseFor("camera");
    this.notices.set("camera", PROBLEMS.unplugged, {
      label: PROBLEMS.retry,
      run: () => {
        void this.#reopen("camera");
      },
    });
  }

  async #reopen(reason: Reason): Promise<void> {
    if (this.#over) return;
    try {
      await this.camera.open();
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      this.notices.clear("camera", "tab");
      this.#pauseFor("camera");
      this.notices.set("camera", error.problem === "none" ? PROBLEMS.unplugged : PROBLEMS[error.problem], {
        label: PROBLEMS.retry,
        run: () => {
          void this.#reopen("camera");
        },
      });
      return;
    }
    this.notices.clear("camera", "tab");
    this.#pictures();
    this.#goOn(reason, "camera");
  }

  /** Pause because nothing can be seen for now. */
  #pauseFor(reason: Reason): void {
    this.events.frame(null);
    const running = this.stage === "active" || this.stage === "away" || this.stage === "countdown";
    if (this.#reasons.size === 0) this.#resumes = running;
    this.#reasons.add(reason);
    if (running) this.#connection?.command("pause");
  }

  /** Go on by itself, as nobody may be near enough to press anything. */
  #goOn(...reasons: Reason[]): void {
    for (const reason of reasons) this.#reasons.delete(reason);
    if (this.#reasons.size > 0 || !this.#resumes) return;
    this.#resumes = false;
    this.#connection?.command("continue");
  }
}
