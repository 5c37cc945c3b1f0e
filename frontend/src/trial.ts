// Which way to track is quick enough on this device: each is tried on a few pictures.
import type { Choice, Delegate, Model } from "./tracker_messages";

export interface Way {
  model: Model;
  delegate: Delegate;
}

/** The first pictures are slow everywhere: programs are compiled, memory is taken. */
export const WARM_UP = 2;
const LOOKS = 6;
/** A way that has not shown what it can do after so long is too slow. */
const BUDGET_MS = 3000;
/** Quick enough that nothing else needs to be tried: 25 pictures a second and more. */
export const QUICK_MS = 33;
/** Below 12 pictures a second the smaller model is worth a look. */
export const SLOW_MS = 80;

/** Times of one way's pictures. */
export class Trial {
  #times: number[] = [];
  #spent = 0;

  add(ms: number): void {
    this.#times.push(ms);
    this.#spent += ms;
  }

  get done(): boolean {
    return this.#times.length >= WARM_UP + LOOKS || this.#spent > BUDGET_MS;
  }

  /** Median of a picture, without the warm-up where there is more than that. */
  get ms(): number {
    const counted = this.#times.slice(Math.min(WARM_UP, Math.max(0, this.#times.length - 1)));
    counted.sort((a, b) => a - b);
    return counted[counted.length >> 1] ?? Infinity;
  }
}

/** What to try next after these; null when the choice is made. A way that failed has Infinity. */
export function nextWay(tried: Choice[], gpu: boolean): Way | null {
  const of = (model: Model, delegate: Delegate) =>
    tried.find((one) => one.model === model && one.delegate === delegate);
  if (gpu && of("full", "GPU") === undefined) return { model: "full", delegate: "GPU" };
  if ((of("full", "GPU")?.ms ?? Infinity) <= QUICK_MS) return null;
  if (of("full", "CPU") === undefined) return { model: "full", delegate: "CPU" };
  const best = fastest(tried.filter((one) => one.model === "full"));
  if (best === null || best.ms <= SLOW_MS) return null;
  const { delegate } = best.ms < Infinity ? best : { delegate: "CPU" as const };
  return of("lite", delegate) === undefined ? { model: "lite", delegate } : null;
}

export function fastest(tried: Choice[]): Choice | null {
  return tried.reduce<Choice | null>((best, one) => (best === null || one.ms < best.ms ? one : best), null);
}

/** Whether the browser draws with the processor: it then is slower still at tracking. */
export function isSoftware(renderer: string): boolean {
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
