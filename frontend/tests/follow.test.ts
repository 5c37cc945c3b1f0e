import assert from "node:assert/strict";
import { test } from "node:test";
import { Clocked, Follower, type Looker } from "../src/follow";
import { LANDMARKS } from "../src/protocol";
import { moved, turnBack, type Points, type Turn } from "../src/turn";

function somebody(shift = 0): Points {
  return {
    image: Float32Array.from({ length: 5 * LANDMARKS }, (_, i) => ((i * 37) % 100) / 100 + (i % 5 < 2 ? shift : 0)),
    world: Float32Array.from({ length: 3 * LANDMARKS }, (_, i) => ((i * 13) % 50) / 50),
  };
}

/** Sees somebody in pictures that are `true`; remembers how it was asked. */
class Fake implements Looker<boolean> {
  asked: { ms: number; turn: Turn }[] = [];
  forgotten = 0;

  constructor(private readonly found: (picture: boolean, turn: Turn, look: number) => Points | null) {}

  look(picture: boolean, ms: number, turn: Turn): Points | null {
    this.asked.push({ ms, turn });
    return this.found(picture, turn, this.asked.length);
  }

  forget(ms: number): void {
    this.asked.push({ ms, turn: 0 });
    this.forgotten += 1;
  }
}

async function run(follower: Follower<boolean>, picture: boolean, from: number, to: number): Promise<(Points | null)[]> {
  const found: (Points | null)[] = [];
  for (let i = Math.round(10 * from); i < Math.round(10 * to); i++) found.push(await follower.find(picture, i / 10));
  return found;
}

const late = () => Promise.reject(new Error("not needed"));

test("whom the sure way sees is followed, with one look a picture", async () => {
  const first = new Fake((picture) => (picture ? somebody() : null));
  const found = await run(new Follower(new Clocked(first), late), true, 0, 2);
  assert.ok(found.every((one) => one !== null));
  assert.equal(first.asked.length, 20);
});

test("after half a second without anybody, turned pictures are tried, one way after the other", async () => {
  const second = new Fake((_, turn) => (turn === 2 ? somebody() : null));
  const follower = new Follower(new Clocked(new Fake(() => null)), () => Promise.resolve(new Clocked(second)));
  const found = await run(follower, false, 0, 3);
  assert.ok(found[4] === null && found.at(-1) !== null);
  assert.deepEqual([...new Set(second.asked.map(({ turn }) => turn))], [3, 1, 2]);
  const times = second.asked.map(({ ms }) => ms);
  assert.ok(times.every((ms, i) => i === 0 || ms > (times[i - 1] ?? 0)), "its clock goes on");
});

test("a find that moves when it is looked at again is not believed, and forgotten", async () => {
  const second = new Fake((_, _turn, look) => somebody(look % 2 ? 0.2 : 0));
  const follower = new Follower(new Clocked(new Fake(() => null)), () => Promise.resolve(new Clocked(second)));
  const found = await run(follower, false, 0, 1.2);
  assert.ok(found.every((one) => one === null));
  assert.ok(second.forgotten > 0);
});

test("once the sure way sees someone, the doubtful find is left", async () => {
  const first = new Fake((picture) => (picture ? somebody() : null));
  const second = new Fake(() => somebody());
  const follower = new Follower(new Clocked(first), () => Promise.resolve(new Clocked(second)));
  await run(follower, false, 0, 2);
  const looks = second.asked.length;
  await run(follower, true, 2, 4);
  assert.equal(second.forgotten, 1);
  assert.ok(second.asked.length - looks < 10);
});

test("turning back and forth is where one began", () => {
  const heightByWidth = 0.75;
  for (const [there, back] of [
    [1, 3],
    [3, 1],
    [2, 2],
  ] as const) {
    const points = somebody();
    turnBack(points, there, heightByWidth);
    turnBack(points, back, 1 / heightByWidth);
    assert.ok(moved(points, somebody()) < 1e-5);
    assert.ok(points.image.every((value, i) => Math.abs(value - (somebody().image[i] ?? NaN)) < 1e-5));
    assert.ok(points.world.every((value, i) => Math.abs(value - (somebody().world[i] ?? NaN)) < 1e-6));
  }
});

test("a point at the top right of a picture is found again after a turn counter-clockwise", () => {
  // It then lies at the top left: x 0.1, y 0.1 there is x 0.9, y 0.1 upright.
  const points = somebody();
  points.image.set([0.1, 0.1], 0);
  turnBack(points, 1, 1);
  assert.ok(Math.abs((points.image[0] ?? 0) - 0.9) < 1e-6 && Math.abs((points.image[1] ?? 0) - 0.1) < 1e-6);
});
