import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, LANDMARKS, parseMessage } from "../src/protocol";

test("a frame without anybody is its head alone", () => {
  const view = new DataView(encodeFrame(7, { t: 1.25, width: 640, height: 480, image: null, world: null, other: null, whom: 0 }));
  assert.equal(view.byteLength, 17);
  assert.equal(view.getUint32(0, true), 7);
  assert.equal(view.getFloat64(4, true), 1.25);
  assert.equal(view.getUint16(12, true), 640);
  assert.equal(view.getUint16(14, true), 480);
  assert.equal(view.getUint8(16), 0);
});

test("a frame with somebody carries both arrays, little-endian, one after the other", () => {
  const image = Float32Array.from({ length: 5 * LANDMARKS }, (_, i) => i);
  const world = Float32Array.from({ length: 3 * LANDMARKS }, (_, i) => -i);
  const view = new DataView(encodeFrame(1, { t: 0, width: 2, height: 2, image, world, other: null, whom: 0 }));
  assert.equal(view.byteLength, 17 + 1056);
  assert.equal(view.getUint8(16), 1);
  assert.equal(view.getFloat32(17 + 4 * 3, true), 3);
  assert.equal(view.getFloat32(17 + 4 * (5 * LANDMARKS + 2), true), -2);
});

test("what is no message, or not known here, is passed over", () => {
  for (const text of ["", "nonsense", "null", "3", "{}", '{"type":"tomorrow"}']) assert.equal(parseMessage(text), null);
  assert.deepEqual(parseMessage('{"type":"beat"}'), { type: "beat" });
});

test("a frame carries another person after the one who is followed, and who that is", () => {
  const points = (value: number) => ({
    image: new Float32Array(5 * LANDMARKS).fill(value),
    world: new Float32Array(3 * LANDMARKS).fill(-value),
  });
  const size = { t: 0, width: 2, height: 2 };
  const both = new DataView(encodeFrame(1, { ...size, ...points(1), other: points(2), whom: 2 }));
  assert.equal(both.byteLength, 17 + 2 * 1056);
  assert.equal(both.getUint8(16), 1 + 2 + 4 * 2);
  assert.equal(both.getFloat32(17, true), 1);
  assert.equal(both.getFloat32(17 + 1056, true), 2);
  const one = new DataView(encodeFrame(1, { ...size, image: null, world: null, other: points(2), whom: 0 }));
  assert.equal(one.byteLength, 17 + 1056);
  assert.equal(one.getUint8(16), 2);
});
