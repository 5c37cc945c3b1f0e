// How many pictures a second are followed.

export const SLOW_FPS = 8;
const WINDOW_S = 5;
const GAP_S = 4;

export class FrameRate {
  #times: number[] = [];

  add(t: number): void {
    // After a pause it begins anew: nothing was followed because nothing was to be.
    if (t - (this.#times.at(-1) ?? t) > GAP_S) this.#times = [];
    this.#times.push(t);
    while (t - (this.#times[0] ?? t) > WINDOW_S) this.#times.shift();
  }

  clear(): void {
    this.#times = [];
  }

  /** Pictures a second over the last seconds; null when it is too early to say. */
  get fps(): number | null {
    const [first] = this.#times;
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined || last - first < 0.8 * WINDOW_S) return null;
    return (this.#times.length - 1) / (last - first);
  }
}
