// The connection to the server. It comes back by itself after it was lost, and says everything again
// that the server may not have heard.
import { Backlog } from "./backlog";
import {
  encodeFrame,
  parseMessage,
  type Command,
  type Frame,
  type FromPage,
  type FromServer,
  type RoutineItem,
} from "./protocol";

export const BEAT_S = 5;
export const SILENCE_S = 6;
/** A client that cannot reach the server waits this long, longer each time, between two attempts. */
export const WAITS_S = [0.3, 1, 2, 3, 5];
/** Answered later than this, every second frame is left out. */
const BEHIND_S = 1;
// When more than this waits to be sent, the line is too slow, and frames are kept for later.
const CONGESTED_BYTES = 4 * 1024 * 1024;

export type Link = "connecting" | "open" | "lost" | "closed";

export interface Listener {
  message(message: FromServer): void;
  link(link: Link): void;
}

export interface Session {
  url: string;
  token: string;
  routine: RoutineItem[];
  model: string;
}

/** What of the browser is used, so that tests can give their own. */
export interface World {
  open(url: string): WebSocket;
  now(): number;
  after(seconds: number, call: () => void): number;
  cancel(timer: number): void;
}

export const BROWSER: World = {
  open: (url) => new WebSocket(url),
  now: () => performance.now() / 1000,
  after: (seconds, call) => window.setTimeout(call, 1000 * seconds),
  cancel: (timer) => {
    window.clearTimeout(timer);
  },
};

const OPEN = 1;

export class Connection {
  #socket: WebSocket | null = null;
  #session: string | null = null;
  #welcomed = false;
  #attempt = 0;
  #number = 0;
  #sentUpTo = 0;
  #heard = 0;
  #sent = 0;
  #watch: number | null = null;
  #retry: number | null = null;
  #over = false;
  #skipped = false; // whether the last frame was left out
  #unsaid: FromPage[] = []; // commands given while the connection was away
  readonly backlog = new Backlog();

  constructor(
    private readonly what: Session,
    private readonly listener: Listener,
    private readonly world: World = BROWSER,
  ) {}

  open(): void {
    this.#connect();
  }

  /** Send a frame, or keep it until the connection is back. */
  frame(frame: Frame): void {
    if (this.#over) return;
    // A server that is behind judges all that it gets: it catches up when it gets less.
    const behind = this.#welcomed && frame.t - (this.backlog.oldest ?? frame.t) > BEHIND_S;
    this.#skipped = behind && !this.#skipped;
    if (this.#skipped) return;
    this.#number += 1;
    const data = encodeFrame(this.#number, frame);
    this.backlog.add(this.#number, frame.t, data);
    this.#flush();
  }

  command(what: Command): void {
    this.say({ type: "do", what });
  }

  say(message: FromPage): void {
    if (this.#over) return;
    if (this.#welcomed && this.#socket?.readyState === OPEN) this.#send(JSON.stringify(message));
    else this.#unsaid.push(message);
  }

  /** Look after the connection at once, as when the network or the computer is back. */
  wake(): void {
    if (this.#over || this.#welcomed) return;
    this.#attempt = 0;
    if (this.#socket === null) this.#connect();
  }

  close(): void {
    this.#over = true;
    this.#stopTimers();
    this.#drop();
    this.listener.link("closed");
  }

  #connect(): void {
    if (this.#over || this.#socket !== null) return;
    this.#stopTimers();
    this.listener.link(this.#session === null ? "connecting" : "lost");
    let socket: WebSocket;
    try {
      socket = this.world.open(this.what.url);
    } catch {
      this.#later();
      return;
    }
    this.#socket = socket;
    this.#heard = this.#sent = this.world.now();
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      const { token, routine, model } = this.what;
      this.#send(
        JSON.stringify(
          this.#session === null
            ? { type: "begin", token, routine, model }
            : { type: "resume", token, session: this.#session },
        ),
      );
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (typeof event.data === "string") this.#hear(event.data);
    };
    socket.onclose = () => {
      this.#lost(socket);
    };
    this.#beat(socket);
  }

  #hear(text: string): void {
    this.#heard = this.world.now();
    const message = parseMessage(text);
    if (message === null || message.type === "beat") return;
    if (message.type === "welcome") {
      this.#session = message.session;
      this.#welcomed = true;
      this.#attempt = 0;
      this.#number = Math.max(this.#number, message.received);
      this.backlog.acknowledge(message.received);
      this.#sentUpTo = message.received;
      this.#flush();
      this.listener.link("open");
      const unsaid = this.#unsaid;
      this.#unsaid = [];
      for (const one of unsaid) this.say(one);
    } else if (message.type === "now") {
      this.backlog.acknowledge(message.frame);
    } else if (message.type === "problem" && message.final) {
      this.#over = true;
      this.#stopTimers();
    }
    this.listener.message(message);
  }

  /** Send what was not sent yet, in order, as long as the line takes it. */
  #flush(): void {
    if (!this.#welcomed) return;
    for (const { number, data } of this.backlog.after(this.#sentUpTo)) {
      if ((this.#socket?.bufferedAmount ?? Infinity) > CONGESTED_BYTES) return;
      this.#send(data);
      this.#sentUpTo = number;
    }
  }

  #send(data: string | ArrayBuffer): void {
    if (this.#socket?.readyState !== OPEN) return;
    this.#socket.send(data);
    this.#sent = this.world.now();
  }

  #beat(socket: WebSocket): void {
    this.#watch = this.world.after(1, () => {
      if (socket !== this.#socket) return;
      const now = this.world.now();
      if (now - this.#heard > SILENCE_S) {
        this.#lost(socket);
        return;
      }
      if (this.#welcomed && now - this.#sent >= BEAT_S - 1) {
        this.#send(JSON.stringify({ type: "beat" }));
      }
      this.#beat(socket);
    });
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#drop();
    if (!this.#over) this.#later();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #later(): void {
    this.#stopTimers();
    const wait = WAITS_S[Math.min(this.#attempt, WAITS_S.length - 1)] ?? 5;
    this.#attempt += 1;
    this.listener.link(this.#session === null ? "connecting" : "lost");
    this.#retry = this.world.after(wait, () => {
      this.#connect();
    });
  }

  #stopTimers(): void {
    for (const timer of [this.#watch, this.#retry]) if (timer !== null) this.world.cancel(timer);
    this.#watch = this.#retry = null;
  }
}
