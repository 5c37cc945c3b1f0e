import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, LANDMARKS, parseMessage } from "../src/protocol";

test("a frame without anybody is its head alone", () => {
  const view = new DataView(encodeFrame(7, { t: 1.25, width: 640, height: 480, image: null, world: null }));
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
  const view = new DataView(encodeFrame(1, { t: 0, width: 2, height: 2, image, world }));
  assert.equal(view.byteLength, 17 + 1056);
  assert.equal(view.getUint8(16), 1);
  assert.equal(view.getFloat32(17 + 4 * 3, true), 3);
  assert.equal(view.getFloat32(17 + 4 * (5 * LANDMARKS + 2), true), -2);
});

test("what is no message, or not known here, is passed over", () => {
  for (const text of ["", "nonsense", "null", "3", "{}", '{"type":"tomorrow"}']) assert.equal(parseMessage(text), null);
  assert.deepEqual(parseMessage('{"type":"beat"}'), { type: "beat" });
});
