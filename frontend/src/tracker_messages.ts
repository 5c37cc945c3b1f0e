// What the page and the tracker's worker say to each other.
import type { Points } from "./turn";

export type Model = "full" | "lite";
export type Delegate = "GPU" | "CPU";

export interface Choice {
  model: Model;
  delegate: Delegate;
  /** Milliseconds a picture, median. */
  ms: number;
}

export interface Addresses {
  loader: string;
  binary: string;
  models: Partial<Record<Model, string>>;
}

export type ToWorker =
  | { type: "load"; addresses: Addresses }
  | { type: "picture"; picture: ImageBitmap; t: number }
  /** Follow the other person from now on; where `leave` is given, only if that one is followed still. */
  | { type: "other"; leave: number | null };

export type FromWorker =
  | { type: "choosing" }
  | { type: "chosen"; choice: Choice }
  | {
      type: "frame";
      t: number;
      width: number;
      height: number;
      image: Float32Array | null;
      world: Float32Array | null;
      other: Points | null;
      accompanied: boolean;
      whom: number;
      ms: number;
    }
  | { type: "failed"; reason: string };
