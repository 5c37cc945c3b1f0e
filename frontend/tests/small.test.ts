import assert from "node:assert/strict";
import { test } from "node:test";
import { cameraProblem } from "../src/camera";
import { Caption } from "../src/caption";
import { contain } from "../src/draw";
import { keyMeaning } from "../src/keys";
import { FrameRate } from "../src/pace";
import { axis, repetitionLabels } from "../src/plot";
import type { Exercise, Repetition, Review } from "../src/protocol";
import { gentlest, inWords, moveItem, readAmount } from "../src/routine";
import { chooseVoice, SayQueue } from "../src/speech";
import { fastest, isSoftware, nextWay, Trial } from "../src/trial";
import { amount, clock } from "../src/words";

test("what is said keeps to the order of importance, and a newer one replaces an older", () => {
  const queue = new SayQueue();
  queue.add({ kind: "advice", text: "Come closer." }, 0);
  queue.add({ kind: "count", text: "3" }, 0);
  queue.add({ kind: "cue", text: "Higher." }, 0);
  queue.add({ kind: "count", text: "4" }, 0.5);
  assert.deepEqual([1, 1, 1, 1].map((t) => queue.take(t)?.text), ["Higher.", "4", "Come closer.", undefined]);
});

test("what waited for too long is not said any more, but for stop", () => {
  const queue = new SayQueue();
  queue.add({ kind: "count", text: "3" }, 0);
  queue.add({ kind: "stop", text: "Stop." }, 0);
  assert.equal(queue.take(10)?.text, "Stop.");
  assert.equal(queue.take(10), null);
});

test("a voice that sends the text away is never chosen", () => {
  const voice = (name: string, lang: string, localService: boolean, isDefault = false) =>
    ({ name, lang, localService, default: isDefault }) as SpeechSynthesisVoice;
  const far = voice("far", "en-US", false, true);
  const german = voice("de", "de-DE", true, true);
  const english = voice("en", "en-GB", true);
  assert.equal(chooseVoice([far]), null);
  assert.equal(chooseVoice([far, german])?.name, "de");
  assert.equal(chooseVoice([far, german, english])?.name, "en");
});

test("a caption stays long enough to be read, and an important one comes at once", () => {
  const caption = new Caption();
  const minor = { text: "Higher.", severity: "minor" } as const;
  assert.equal(caption.update(minor, 0)?.text, "Higher.");
  assert.equal(caption.update(null, 1)?.text, "Higher.");
  assert.equal(caption.update({ text: "Slower.", severity: "minor" }, 1)?.text, "Higher.");
  assert.equal(caption.update({ text: "Do not arch.", severity: "major" }, 1.2)?.text, "Do not arch.");
  assert.equal(caption.update(null, 5), null);
});

test("the GPU is kept when it is quick, else the faster way wins, and lite only when both are slow", () => {
  const full = { model: "full" } as const;
  assert.deepEqual(nextWay([], true), { ...full, delegate: "GPU" });
  assert.equal(nextWay([{ ...full, delegate: "GPU", ms: 12 }], true), null);
  assert.deepEqual(nextWay([{ ...full, delegate: "GPU", ms: 900 }], true), { ...full, delegate: "CPU" });
  assert.deepEqual(nextWay([], false), { ...full, delegate: "CPU" });
  assert.equal(nextWay([{ ...full, delegate: "CPU", ms: 50 }], false), null);
  const slow = [
    { ...full, delegate: "GPU", ms: 900 },
    { ...full, delegate: "CPU", ms: 120 },
  ] as const;
  assert.deepEqual(nextWay([...slow], true), { model: "lite", delegate: "CPU" });
  assert.equal(nextWay([...slow, { model: "lite", delegate: "CPU", ms: 60 }], true), null);
  assert.equal(fastest([...slow])?.ms, 120);
});

test("a trial passes over the first pictures, and ends early when it is hopeless", () => {
  const trial = new Trial();
  for (const ms of [500, 300, 20, 22, 21, 24, 20]) trial.add(ms);
  assert.equal(trial.done, false);
  trial.add(23);
  assert.equal(trial.done, true);
  assert.equal(trial.ms, 22);
  const hopeless = new Trial();
  hopeless.add(4000);
  assert.equal(hopeless.done, true);
  assert.equal(hopeless.ms, 4000);
});

test("software that plays a graphics processor is known by name", () => {
  assert.ok(isSoftware("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)"));
  assert.ok(isSoftware("llvmpipe (LLVM 15.0.6, 256 bits)"));
  assert.ok(!isSoftware("ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)"));
});

test("pictures a second are told after some seconds, and anew after a pause", () => {
  const rate = new FrameRate();
  for (let i = 0; i < 60; i++) rate.add(i / 10);
  assert.ok(Math.abs((rate.fps ?? 0) - 10) < 0.3);
  rate.add(100);
  assert.equal(rate.fps, null);
});

test("a typed amount stays within what the server takes", () => {
  assert.equal(readAmount("times", "12"), 12);
  assert.equal(readAmount("times", "0"), 1);
  assert.equal(readAmount("sets", "99"), 20);
  assert.equal(readAmount("hold_s", "2,5"), 2.5);
  assert.equal(readAmount("hold_s", "much"), null);
  assert.equal(readAmount("rest_s", ""), null);
});

test("a routine begins with the gentlest dosage, and says it in words", () => {
  const exercise = {
    id: "bird_dog",
    kind: "repetitions",
    dosage: { document: "002", sets: 2, times: 3, hold_s: 5, rest_s: 30, each_side: true },
  } as Exercise;
  const item = gentlest(exercise);
  assert.deepEqual(item, { exercise: "bird_dog", sets: 2, times: 3, hold_s: 5, rest_s: 30 });
  assert.equal(inWords(item, true), "2 sets of 3 times on each side, held for 5 s, 30 s of rest between");
  assert.deepEqual(moveItem([1, 2, 3], 0, 1), [2, 1, 3]);
  assert.deepEqual(moveItem([1, 2, 3], 0, -1), [1, 2, 3]);
});

test("each side's repetitions have their own numbers, and so have attempts", () => {
  const one = (side: "left" | "right", counted: boolean) => ({ side, counted }) as Repetition;
  const review = { repetitions: [one("left", true), one("right", true), one("left", false), one("left", true)] } as Review;
  assert.deepEqual(repetitionLabels(review), [
    "left repetition 1",
    "right repetition 1",
    "left attempt 1",
    "left repetition 2",
  ]);
});

test("an axis has a few round numbers around all values", () => {
  for (const values of [[152, 160, 176.6], [0, 1.3], [-40, 12], [5]]) {
    const ticks = axis(values);
    assert.ok(ticks.length >= 2 && ticks.length <= 7, ticks.join(" "));
    assert.ok((ticks[0] ?? 0) <= Math.min(...values) && (ticks.at(-1) ?? 0) >= Math.max(...values), ticks.join(" "));
  }
});

test("a picture lies whole in its box", () => {
  assert.deepEqual(contain(640, 480, 1280, 480), { x: 320, y: 0, width: 640, height: 480 });
  assert.deepEqual(contain(640, 480, 320, 480), { x: 0, y: 120, width: 320, height: 240 });
});

test("keys mean what the page says", () => {
  assert.deepEqual(
    [" ", "S", "n", "E", "h", "Escape", "m", "x"].map(keyMeaning),
    ["pause or continue", "start", "next", "end", "hurt", "hurt", "mute", null],
  );
});

test("numbers are told as formcheck tells them elsewhere", () => {
  assert.equal(clock(75.25), "1:15");
  assert.equal(clock(-0.2), "0:00");
  assert.equal(amount(148.31, "deg"), "148°");
  assert.equal(amount(0.4567, "trunk"), "0.46 trunk lengths");
  assert.equal(amount(0.5, "s"), "0.5 s");
  assert.equal(amount(null, "deg"), "not known");
});

test("a camera that is refused, missing or busy is told apart", () => {
  assert.deepEqual(
    ["NotAllowedError", "NotFoundError", "NotReadableError", "Oops"].map(cameraProblem),
    ["denied", "none", "busy", "camera"],
  );
});
