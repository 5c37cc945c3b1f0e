// What page and server say to each other: docs/live.md.
import type { Points } from "./turn";

export type Side = "left" | "right";
export type Kind = "repetitions" | "hold" | "guided";
export type Stage = "setup" | "countdown" | "active" | "away" | "rest" | "paused" | "finished";
export type Command = "start" | "pause" | "continue" | "next" | "end" | "hurt";
export type Tone = "repetition" | "attempt" | "hold" | "start" | "end";
export type SayKind = "stop" | "cue" | "praise" | "count" | "stage" | "advice";
export type Severity = "major" | "minor" | "info";

export interface Dosage {
  document: string | null;
  sets: number | null;
  times: number | null;
  hold_s: number | null;
  rest_s?: number | null;
  each_side: boolean;
}

/** The map of camera positions: the address of its plot, its text alternative, and the short of it. */
export interface Views {
  plot: string;
  alt: string;
  lines: string[];
}

export interface Exercise {
  id: string;
  name: string;
  kind: Kind;
  sides: Side[];
  summary: string;
  instructions: string[];
  feel: string | null;
  cautions: string[];
  equipment: string[];
  position: string;
  camera: string;
  views: Views | null;
  dosage: Dosage | null;
  picture: string | null;
}

export interface Catalogue {
  exercises: Exercise[];
  safety: string[];
  wasm: string | null;
  models: { full?: string; lite?: string };
}

export interface RoutineItem {
  exercise: string;
  sets: number | null;
  times: number | null;
  hold_s: number | null;
  rest_s: number | null;
}

export interface Item {
  number: number;
  of: number;
  exercise: string;
  name: string;
  kind: Kind;
  sides: Side[];
  sets: number;
  times: number;
  hold_s: number | null;
  rest_s: number | null;
  measure: string | null;
  unit: string | null;
  rest: number | null;
  reach: number | null;
  highest: number | null;
}

export interface Check {
  id: string;
  ok: boolean | null;
  text: string;
  /** Whether the map of camera positions helps with it. */
  map: boolean;
}

export interface Say {
  kind: SayKind;
  text: string;
}

export interface Cue {
  text: string;
  severity: Severity;
}

export interface Now {
  frame: number;
  t: number;
  stage: Stage;
  left_s: number | null;
  checks: Check[];
  in_position: boolean;
  phase: string;
  side: Side | null;
  set: number;
  counts: Partial<Record<Side | "both", number>>;
  todo: number | null;
  attempts: number;
  hold_s: number;
  held_for_s: number | null;
  pace: { contract: boolean; number: number } | null;
  range: number | null;
  value: number | null;
  points: number[];
  cue: Cue | null;
  leave: number | null;
  say: Say[];
  tone: Tone | null;
}

export interface Repetition {
  index: number;
  side: Side | null;
  counted: boolean;
  reason: string | null;
  start_s: number;
  peak_s: number;
  end_s: number;
  rising_s: number | null;
  hold_s: number | null;
  lowering_s: number | null;
  range: number | null;
  peak: Record<string, number | null>;
  faults: string[];
}

export interface Fault {
  id: string;
  name: string;
  severity: Severity;
  message: string;
  side: Side | null;
  start_s: number;
  end_s: number;
  repetition: number | null;
}

export interface Review {
  exercise: string;
  exercise_name: string;
  reps: { total: number; left: number | null; right: number | null; attempts: number };
  repetitions: Repetition[];
  holds: { side: Side | null; start_s: number; end_s: number; held_s: number; ended_by: string }[];
  hold_total_s: number | null;
  hold_best_s: number | null;
  dosage: {
    sets: number;
    often: number;
    hold_s: number | null;
    done: Record<string, number>[];
    beyond: number;
    held_short: number;
    complete: boolean;
  } | null;
  faults: Fault[];
  not_judged: { id: string; name?: string; reason: string }[];
  in_position: [number, number][];
  units: Record<string, string>;
  warnings: string[];
}

export type EndedBy = "dosage" | "you" | "hurt" | "away" | "lost";

export interface Result {
  number: number;
  review: Review | null;
  sentences: string[];
  ended_by: EndedBy;
  saved: string | null;
  next: boolean;
}

export type FromServer =
  | { type: "welcome"; session: string; received: number; item: Item }
  | ({ type: "item" } & Item)
  | ({ type: "now" } & Now)
  | ({ type: "result" } & Result)
  | { type: "forgotten" }
  | { type: "problem"; text: string; final: boolean }
  | { type: "beat" };

export type FromPage =
  | { type: "begin"; token: string; routine: RoutineItem[]; model: string }
  | { type: "resume"; token: string; session: string }
  | { type: "do"; what: Command }
  | { type: "asked"; pain: number | null; effort: number | null }
  | { type: "forget" }
  | { type: "beat" };

const KNOWN = new Set<string>(["welcome", "item", "now", "result", "forgotten", "problem", "beat"]);

/** Read a message; null when it is none that this page knows: a newer server may say more. */
export function parseMessage(text: string): FromServer | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== "object" || message === null || !("type" in message)) return null;
  return KNOWN.has(String(message.type)) ? (message as FromServer) : null;
}

/** The landmarks of one frame; `image` and `world` are null when nobody was found. */
export interface Frame {
  t: number;
  width: number;
  height: number;
  /** 33 × (x, y, z, visibility, presence) */
  image: Float32Array | null;
  /** 33 × (x, y, z), metres */
  world: Float32Array | null;
  /** The same of another person, where there is one who was looked at in this frame. */
  other: Points | null;
  /** Counts up, round and round, with each change of who is followed. */
  whom: number;
}

export const LANDMARKS = 33;
const HEAD_BYTES = 17;
const PERSON_BYTES = LANDMARKS * (5 + 3) * 4;
/** In the byte with what follows: the person, another one, and above that `whom`, round and round. */
const FOUND = 1;
const OTHER = 2;
const WHOM = 4;
export const MOST_WHOM = 64;

export function encodeFrame(number: number, frame: Frame): ArrayBuffer {
  const { image, world, other } = frame;
  const found = image !== null && world !== null;
  const arrays = [...(found ? [image, world] : []), ...(other === null ? [] : [other.image, other.world])];
  const buffer = new ArrayBuffer(HEAD_BYTES + (arrays.length / 2) * PERSON_BYTES);
  const view = new DataView(buffer);
  view.setUint32(0, number, true);
  view.setFloat64(4, frame.t, true);
  view.setUint16(12, frame.width, true);
  view.setUint16(14, frame.height, true);
  view.setUint8(16, (found ? FOUND : 0) + (other === null ? 0 : OTHER) + WHOM * frame.whom);
  let at = HEAD_BYTES;
  for (const values of arrays) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return buffer;
}
