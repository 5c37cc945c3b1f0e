// Where somebody is in a frame (formcheck/box.py, where the number comes from).
import { LANDMARKS } from "./protocol";
import type { Points } from "./turn";

const PAD = 0.15;

/** A place in the frame, as fractions of its width and height. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The box around somebody's landmarks: hands and the top of the head lie beyond them. */
export function around({ image }: Points): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i < LANDMARKS; i++) {
    const [x = NaN, y = NaN] = image.subarray(5 * i, 5 * i + 2);
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  const [x, y] = [PAD * (box.right - box.left), PAD * (box.bottom - box.top)];
  return { left: box.left - x, top: box.top - y, right: box.right + x, bottom: box.bottom + y };
}

function area({ left, top, right, bottom }: Box): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** How much of the smaller box the other covers, 0 to 1. */
export function shares(a: Box, b: Box): number {
  const common = area({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const least = Math.min(area(a), area(b));
  return least > 0 ? common / least : 0;
}

/** The pixels of a box that lie within a frame: left, top, width and height. */
export function pixels(box: Box, width: number, height: number): [number, number, number, number] {
  const within = (share: number, size: number) => Math.min(size, Math.max(0, Math.round(share * size)));
  const [left, top] = [within(box.left, width), within(box.top, height)];
  return [left, top, within(box.right, width) - left, within(box.bottom, height) - top];
}
