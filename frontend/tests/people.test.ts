import assert from "node:assert/strict";
import { test } from "node:test";
import { around, pixels, shares, type Box } from "../src/box";
import type { Looker } from "../src/follow";
import { LOOK_EVERY_S, OTHER_EVERY, People, SEEN_S, SLOWEST_MS, type Everyone } from "../src/people";
import { LANDMARKS } from "../src/protocol";
import type { Points } from "../src/turn";

/** Who is where, from `x` on and `size` wide and high; those in view, and what of the frame is painted over. */
interface Scene {
  people: { x: number; size: number; clear: boolean }[];
  covered: ((x: number) => boolean) | null;
}

const scene = (...people: [x: number, clear?: boolean, size?: number][]): Scene => ({
  people: people.map(([x, clear = true, size = 0.2]) => ({ x, size, clear })),
  covered: null,
});

function body(x: number, size: number, clear: boolean): Points {
  const image = new Float32Array(5 * LANDMARKS);
  for (let i = 0; i < LANDMARKS; i++) {
    const share = i / (LANDMARKS - 1);
    image.set([x + size * share, 0.3 + size * share, 0, clear ? 0.9 : 0.2, 0.9], 5 * i);
  }
  return { image, world: new Float32Array(3 * LANDMARKS) };
}

/** Sees the first person whose right end is not covered; keeps to the one it knows, or leaps to another. */
class Fake implements Looker<Scene> {
  looks = 0;
  covered = 0;
  forgotten = 0;
  #at: number | null = null;

  constructor(private readonly clock: Clock = new Clock()) {}

  look({ people, covered }: Scene): Points | null {
    this.clock.ms += this.clock.look_ms;
    this.looks += 1;
    if (covered !== null) this.covered += 1;
    const seen = people.filter(({ x, size }) => covered?.(x + size) !== true);
    const known = seen.find(({ x }) => this.#at !== null && Math.abs(x - this.#at) < 0.1);
    const one = known ?? seen[0];
    this.#at = one?.x ?? null;
    return one === undefined ? null : body(one.x, one.size, one.clear);
  }

  forget(): void {
    this.forgotten += 1;
    this.#at = null;
  }
}

class Clock {
  ms = 0;
  look_ms = 0;
}

const within = (x: number, { left, right }: Box) => x > left && x < right;

function cover(picture: Scene, box: Box, own: Box | null): Scene {
  return { ...picture, covered: (x) => within(x, box) && !(own !== null && within(x, own)) };
}

interface Watched {
  people: People<Scene>;
  first: Fake;
  spare: Fake;
  t: number;
}

function watched(clock = new Clock(), ms = 20): Watched {
  const [first, spare] = [new Fake(clock), new Fake(clock)];
  const second = () => Promise.resolve({ look: () => null, forget: () => undefined });
  return { people: new People<Scene>(first, spare, second, cover, ms, () => clock.ms), first, spare, t: 0 };
}

/** Show a scene for some seconds, 30 frames per second. */
async function show(it: Watched, what: Scene, seconds: number): Promise<Everyone[]> {
  const seen: Everyone[] = [];
  for (let i = 0; i < Math.round(30 * seconds); i++) {
    it.t += 1 / 30;
    seen.push(await it.people.look(what, it.t));
  }
  return seen;
}

const at = (points: Points | null | undefined): number | null => {
  const x = points?.image[0];
  return x === undefined ? null : Math.round(100 * x) / 100;
};

test("somebody alone is shown as ever, and others are looked for every two seconds", async () => {
  const it = watched();
  const seen = await show(it, scene([0.1]), 10);
  assert.equal(it.first.looks, 300);
  assert.equal(it.first.covered, 0);
  assert.equal(it.spare.looks, 10 / LOOK_EVERY_S);
  assert.equal(it.spare.covered, it.spare.looks);
  assert.ok(seen.every(({ points, other, accompanied }) => at(points) === 0.1 && other === null && !accompanied));
});

test("once somebody else is there, the followed person is shown with them covered", async () => {
  const it = watched();
  await show(it, scene([0.6]), 1);
  const seen = await show(it, scene([0.1], [0.6]), 6);
  assert.ok(seen.every(({ points }) => at(points) === 0.6));
  const looked = seen.filter(({ other }) => other !== null);
  assert.ok(looked.every(({ other }) => at(other) === 0.1));
  assert.ok(Math.abs(looked.length - (30 * 5) / OTHER_EVERY) <= 2, String(looked.length));
  // The followed person leaves: the tracker would leap to the other one, and does not.
  const alone = await show(it, scene([0.1]), 5);
  assert.ok(alone.every(({ points }) => points === null));
});

test("somebody else is reported after a while, and no more when they have left", async () => {
  const it = watched();
  await show(it, scene([0.6]), 1);
  const seen = await show(it, scene([0.6], [0.1]), 6);
  const first = seen.findIndex(({ accompanied }) => accompanied);
  const found = seen.findIndex(({ other }) => other !== null);
  assert.ok(found >= 0 && Math.abs((first - found) / 30 - SEEN_S) < 0.2);
  const after = await show(it, scene([0.6]), 6);
  const gone = after.findIndex(({ accompanied }) => !accompanied);
  assert.ok(gone > 0 && gone < 30 * 2.5);
  assert.ok(after.slice(gone).every(({ accompanied, points }) => !accompanied && at(points) === 0.6));
});

test("a coat on a chair, and the same person found twice, are nobody else", async () => {
  for (const other of [[0.1, false] as const, [0.68] as const]) {
    const it = watched();
    await show(it, scene([0.6]), 1);
    // What sticks out of the grey box is taken for somebody.
    const seen = await show(it, scene([0.6], [...other]), 6);
    assert.ok(it.spare.forgotten > 0);
    assert.ok(seen.every(({ other, points }) => other === null && at(points) === 0.6), String(other));
  }
});

test("on a slow computer nobody else is looked for, and again when it is quick", async () => {
  const clock = new Clock();
  clock.look_ms = SLOWEST_MS + 10;
  const it = watched(clock, SLOWEST_MS + 10);
  await show(it, scene([0.6]), 6);
  const slow = it.spare.looks;
  clock.look_ms = 20;
  await show(it, scene([0.6]), 6);
  assert.deepEqual([slow, it.spare.looks > 0], [0, true]);
});

test("the other person is followed from the next frame on, by the looker that knows them", async () => {
  const it = watched();
  await show(it, scene([0.6]), 1);
  it.people.followOther(); // there is nobody yet
  await show(it, scene([0.6], [0.1]), 4);
  it.people.followOther();
  const looks = it.spare.looks;
  const seen = await show(it, scene([0.6], [0.1]), 4);
  assert.equal(it.spare.looks - looks, 30 * 4);
  assert.ok(seen.every(({ points, whom, accompanied }) => at(points) === 0.1 && whom === 1 && accompanied));
  assert.ok(seen.some(({ other }) => at(other) === 0.6));
  it.people.followOther(0); // it has changed since
  await show(it, scene([0.6], [0.1]), 0.2);
  it.people.followOther(1);
  const back = await show(it, scene([0.6], [0.1]), 4);
  assert.ok(back.every(({ points, whom }) => at(points) === 0.6 && whom === 2));
});

test("a box lies around the landmarks, with room for hands and head", () => {
  const box = around(body(0.2, 0.4, true));
  for (const [side, value] of Object.entries({ left: 0.14, right: 0.66, top: 0.24, bottom: 0.76 })) {
    assert.ok(Math.abs(box[side as keyof Box] - value) < 1e-6, side);
  }
  const half = { ...box, right: (box.left + box.right) / 2 };
  assert.ok(Math.abs(shares(box, half) - 1) < 1e-6);
  assert.ok(Math.abs(shares(half, { ...box, left: box.left + 0.13 }) - 0.5) < 1e-6);
  assert.equal(shares(box, { left: 0.7, top: 0, right: 1, bottom: 1 }), 0);
  assert.deepEqual(pixels({ left: -0.5, top: 0.25, right: 0.5, bottom: 1.5 }, 640, 480), [0, 120, 320, 360]);
});
