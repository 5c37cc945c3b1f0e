// The tracker's worker, from the page's side: one picture in flight.
import { BASE } from "./base";
import type { Catalogue, Frame } from "./protocol";
import type { Choice, FromWorker, ToWorker } from "./tracker_messages";

declare const WORKER: string; // its file's name, from build.mjs

export class Tracker {
  readonly #worker: Worker;
  #busy = true; // until it is loaded
  onChosen: (choice: Choice) => void = () => undefined;
  onFrame: (frame: Frame, accompanied: boolean) => void = () => undefined;
  onFailed: (reason: string) => void = () => undefined;
  /** Set once it is known how to track: what it said before belongs to trials. */
  choice: Choice | null = null;

  constructor(catalogue: Catalogue) {
    this.#worker = new Worker(new URL(`assets/${WORKER}`, BASE), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      this.#hear(data);
    };
    this.#worker.onerror = (event) => {
      this.onFailed(event.message);
    };
    const absolute = (address: string) => new URL(address, BASE).href;
    const wasm = absolute((catalogue.wasm ?? "").replace(/\/?$/, "/"));
    this.#say({
      type: "load",
      addresses: {
        loader: `${wasm}vision_wasm_module_internal.js`,
        binary: `${wasm}vision_wasm_module_internal.wasm`,
        models: Object.fromEntries(
          Object.entries(catalogue.models).map(([name, address]) => [name, absolute(address)]),
        ),
      },
    });
  }

  get free(): boolean {
    return !this.#busy;
  }

  take(picture: ImageBitmap, t: number): void {
    if (this.#busy) {
      picture.close();
      return;
    }
    this.#busy = true;
    this.#say({ type: "picture", picture, t }, [picture]);
  }

  followOther(leave: number | null = null): void {
    this.#say({ type: "other", leave });
  }

  close(): void {
    this.#worker.terminate();
  }

  #say(message: ToWorker, moved: Transferable[] = []): void {
    this.#worker.postMessage(message, moved);
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case "choosing":
        this.#busy = false;
        break;
      case "chosen":
        this.choice = message.choice;
        this.onChosen(message.choice);
        break;
      case "frame": {
        this.#busy = false;
        const { t, width, height, image, world, other, whom, accompanied } = message;
        if (this.choice !== null) this.onFrame({ t, width, height, image, world, other, whom }, accompanied);
        break;
      }
      case "failed":
        this.#busy = true;
        this.onFailed(message.reason);
        break;
    }
  }
}
