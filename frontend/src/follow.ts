// Following one person, with second attempts while nobody is found: people on the floor are lost
// otherwise. The same as `PoseTracker` of formcheck/pose/tracker.py, where its numbers come from.
import { moved, type Points, type Turn } from "./turn";

export const CONFIDENCE = 0.5;
export const LOW_CONFIDENCE = 0.3;
const PATIENCE_S = 0.5;
const RETRY_S = 0.5;
const TURNS: readonly Turn[] = [3, 1, 2, 0];
const STEADY = 0.01;
const LOOKS = 4;
const LOOK_MS = 33;

/** MediaPipe: look at the picture turned so many times; the time is in whole milliseconds. */
export interface Looker<Picture> {
  look(picture: Picture, ms: number, turn: Turn): Points | null;
  forget(ms: number): void;
}

/** A looker with a clock that always goes on, and may run ahead of the stream's. */
export class Clocked<Picture> {
  #last = -1;
  #ahead = 0;

  constructor(private readonly looker: Looker<Picture>) {}

  find(picture: Picture, t: number, turn: Turn = 0): Points | null {
    return this.looker.look(picture, this.#ms(t), turn);
  }

  /** Landmarks that stay where they are when the picture is looked at again. */
  findSteady(picture: Picture, t: number, turn: Turn): Points | null {
    let before: Points | null = null;
    let points: Points | null = null;
    for (let look = 0; look < LOOKS; look++) {
      // Its clock goes on as between pictures, else it would smooth the movement away.
      if (look > 0) this.#ahead += LOOK_MS;
      before = points;
      points = this.find(picture, t, turn);
      if (points === null) return null;
    }
    if (before !== null && points !== null && moved(before, points) < STEADY) return points;
    this.forget(t);
    return null;
  }

  forget(t: number): void {
    this.#ahead += LOOK_MS;
    this.looker.forget(this.#ms(t));
  }

  #ms(t: number): number {
    this.#last = Math.max(Math.round(1000 * t) + this.#ahead, this.#last + 1);
    return this.#last;
  }
}

export class Follower<Picture> {
  #second: Clocked<Picture> | null = null;
  #followingSecond = false;
  #turn: Turn = 0;
  #attempts = 0;
  #nextLook = -Infinity;
  #nobodySince: number | null = null;

  /** `second` makes the looker with the lower confidence, when it is first needed. */
  constructor(
    private readonly first: Clocked<Picture>,
    private readonly second: () => Promise<Clocked<Picture>>,
  ) {}

  /** Follow no more; the sure looker, which may know the person still, is free for others. */
  leave(t: number): Clocked<Picture> {
    if (this.#followingSecond) this.#second?.forget(t);
    this.#followingSecond = false;
    return this.first;
  }

  async find(picture: Picture, t: number): Promise<Points | null> {
    if (this.#followingSecond) {
      const points = this.#followSecond(picture, t);
      if (points !== null) return points;
    }
    const points = this.first.find(picture, t);
    if (points !== null) {
      this.#nobodySince = null;
      return points;
    }
    if (this.#nobodySince === null) {
      this.#nobodySince = t;
      this.#attempts = 0;
      this.#nextLook = t + PATIENCE_S;
    }
    return t < this.#nextLook ? null : await this.#attempt(picture, t);
  }

  /** Look with less confidence, each time with the picture turned another way. */
  async #attempt(picture: Picture, t: number): Promise<Points | null> {
    this.#nextLook = t + RETRY_S;
    this.#turn = TURNS[this.#attempts % TURNS.length] ?? 0;
    this.#attempts += 1;
    this.#second ??= await this.second();
    const points = this.#second.findSteady(picture, t, this.#turn);
    this.#followingSecond = points !== null;
    return points;
  }

  /** Keep to what an attempt found, but go back to the sure way once that sees someone. */
  #followSecond(picture: Picture, t: number): Points | null {
    const second = this.#second;
    if (second === null) return null;
    if (t >= this.#nextLook) {
      this.#nextLook = t + RETRY_S;
      const points = this.first.find(picture, t);
      if (points !== null) {
        second.forget(t);
        this.#followingSecond = false;
        this.#nobodySince = null;
        return points;
      }
    }
    const points = second.find(picture, t, this.#turn);
    if (points === null) {
      this.#followingSecond = false;
      this.#nobodySince = null;
    }
    return points;
  }
}
