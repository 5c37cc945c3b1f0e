// Frames that the server has not acknowledged yet: sent again after a lost connection.

export interface Kept {
  number: number;
  t: number;
  data: ArrayBuffer;
}

export class Backlog {
  #kept: Kept[] = [];
  /** How many frames were given up because the connection was away for too long. */
  dropped = 0;

  constructor(private readonly longest_s = 60) {}

  get size(): number {
    return this.#kept.length;
  }

  /** The time of the oldest frame that was not acknowledged; null when all were. */
  get oldest(): number | null {
    return this.#kept[0]?.t ?? null;
  }

  add(number: number, t: number, data: ArrayBuffer): void {
    this.#kept.push({ number, t, data });
    let old = 0;
    while (t - (this.#kept[old]?.t ?? t) > this.longest_s) old += 1;
    this.dropped += old;
    this.#kept.splice(0, old);
  }

  acknowledge(number: number): void {
    const first = this.#kept.findIndex((kept) => kept.number > number);
    this.#kept.splice(0, first < 0 ? this.#kept.length : first);
  }

  /** The kept frames after the one with this number, oldest first. */
  after(number: number): Kept[] {
    return this.#kept.filter((kept) => kept.number > number);
  }

  clear(): void {
    this.#kept = [];
  }
}
