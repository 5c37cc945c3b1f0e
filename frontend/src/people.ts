// Who is in view: whom the tracker follows, and one other person, whom it must not leap to. As
// `PeopleTracker` of formcheck/pose/people.py, where the first four numbers come from, but for its cost: the
// other person is looked at in some of the frames only.
import { around, shares, type Box } from "./box";
import { Clocked, Follower, type Looker } from "./follow";
import { LANDMARKS, MOST_WHOM } from "./protocol";
import type { Points } from "./turn";

export const LOOK_EVERY_S = 2;
const SAME = 0.6;
const CLEARLY = 0.5;
const LOST_S = 2;
/** Whoever walks past is in view for less time than this (formcheck/people.py). */
export const SEEN_S = 2;
/** The other person is looked at in every fourth frame: a quarter more work. */
export const OTHER_EVERY = 4;
/**
 * With more milliseconds per frame than this, nobody else is looked for: a look takes about as long as a frame,
 * and would take more than 7 % of the time.
 */
export const SLOWEST_MS = 140;
/** How much the last frame counts in the running mean of those milliseconds. */
const LAST_SHARE = 0.05;

/** The frame with boxes painted grey, but for somebody's own; valid until the next call. */
export type Cover<Picture> = (picture: Picture, box: Box, own: Box | null) => Picture;

interface Other {
  box: Box;
  since: number;
  found: number;
}

export interface Everyone {
  /** Of the person who is followed. */
  points: Points | null;
  /** Of the other person, in those frames in which they are looked at. */
  other: Points | null;
  /** Whether another person has been in view for a while. */
  accompanied: boolean;
  /** Counts up, round and round, with each change of who is followed. */
  whom: number;
}

export class People<Picture> {
  #follower: Follower<Picture>;
  #spare: Clocked<Picture>;
  readonly #second: () => Promise<Clocked<Picture>>;
  #own: Box | null = null;
  #ownFound = -Infinity;
  #other: Other | null = null;
  #nextLook = -Infinity;
  #frames = 0;
  #ms: number;
  #whom = 0;
  #change = false;

  /**
   * `first` follows the person, `spare` looks for another; `second` makes the looker with the lower
   * confidence. `ms` is how long a frame takes at first.
   */
  constructor(
    first: Looker<Picture>,
    spare: Looker<Picture>,
    second: () => Promise<Looker<Picture>>,
    private readonly cover: Cover<Picture>,
    ms: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    let made: Promise<Clocked<Picture>> | null = null;
    this.#second = () => (made ??= second().then((looker) => new Clocked(looker)));
    this.#follower = new Follower(new Clocked(first), this.#second);
    this.#spare = new Clocked(spare);
    this.#ms = ms;
  }

  /**
   * From the next frame on, follow the other person, where there is one. Whoever asks for it late, or twice,
   * says whom to `leave`: if somebody else is followed by now, nothing changes.
   */
  followOther(leave: number | null = null): void {
    if (leave === null || leave === this.#whom) this.#change = true;
  }

  async look(picture: Picture, t: number): Promise<Everyone> {
    if (this.#change) this.#exchange(t);
    const start = this.now();
    const other = this.#other;
    const points = await this.#follower.find(
      other === null ? picture : this.cover(picture, other.box, this.#own),
      t,
    );
    this.#ms += LAST_SHARE * (this.now() - start - this.#ms);
    if (points !== null) {
      this.#own = around(points);
      this.#ownFound = t;
    }
    const others = this.#lookForOther(picture, t);
    const accompanied = this.#other !== null && t - this.#other.since >= SEEN_S;
    return { points, other: others, accompanied, whom: this.#whom };
  }

  #lookForOther(picture: Picture, t: number): Points | null {
    const own = this.#own;
    if (own === null || !this.#isDue(t)) return null;
    const other = this.#other;
    const points = this.#spare.find(this.cover(picture, own, other?.box ?? null), t);
    if (points === null) {
      if (other !== null && t - other.found >= LOST_S) this.#other = null;
      return null;
    }
    const box = around(points);
    const same = this.#ownFound === t && shares(box, own) >= SAME;
    if (same || (other === null && !isClear(points))) {
      this.#spare.forget(t);
      this.#other = null;
      return null;
    }
    this.#other = { box, since: other?.since ?? t, found: t };
    return points;
  }

  #isDue(t: number): boolean {
    if (this.#other !== null) {
      this.#frames += 1;
      return this.#frames % OTHER_EVERY === 0;
    }
    if (this.#ownFound !== t || t < this.#nextLook || this.#ms > SLOWEST_MS) return false;
    this.#nextLook = t + LOOK_EVERY_S;
    return true;
  }

  /** Each goes on to be seen by the looker that knows them. */
  #exchange(t: number): void {
    this.#change = false;
    if (this.#other === null) return;
    const { box, found } = this.#other;
    const spare = this.#follower.leave(t);
    this.#follower = new Follower(this.#spare, this.#second);
    this.#spare = spare;
    this.#other = this.#own === null ? null : { box: this.#own, since: -Infinity, found: this.#ownFound };
    this.#own = box;
    this.#ownFound = found;
    this.#whom = (this.#whom + 1) % MOST_WHOM;
  }
}

/** Whether most of somebody is clearly seen, within the frame. */
function isClear({ image }: Points): boolean {
  let clear = 0;
  for (let i = 0; i < LANDMARKS; i++) {
    const [x = NaN, y = NaN, , visibility = 0, presence = 0] = image.subarray(5 * i, 5 * i + 5);
    if (Math.min(visibility, presence) > CLEARLY && x > 0 && x < 1 && y > 0 && y < 1) clear += 1;
  }
  return clear > CLEARLY * LANDMARKS;
}
