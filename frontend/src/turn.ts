// Landmarks of a picture that was turned, as those of the picture as it was (formcheck/pose/tracker.py).
import { LANDMARKS } from "./protocol";

export interface Points {
  image: Float32Array;
  world: Float32Array;
}

/** Quarter turns, counter-clockwise. */
export type Turn = 0 | 1 | 2 | 3;

/** Turn landmarks back, in place; height by width is that of the picture as it was. */
export function turnBack({ image, world }: Points, turn: Turn, heightByWidth: number): void {
  if (turn === 0) return;
  for (let i = 0; i < LANDMARKS; i++) {
    const [x = NaN, y = NaN, z = NaN] = image.subarray(5 * i, 5 * i + 3);
    const [u = NaN, v = NaN] = world.subarray(3 * i, 3 * i + 2);
    if (turn === 1) {
      image.set([1 - y, x], 5 * i);
      world.set([-v, u], 3 * i);
    } else if (turn === 2) {
      image.set([1 - x, 1 - y], 5 * i);
      world.set([-u, -v], 3 * i);
    } else {
      image.set([y, 1 - x], 5 * i);
      world.set([v, -u], 3 * i);
    }
    // z counts in widths of the picture that was shown
    if (turn !== 2) image[5 * i + 2] = z * heightByWidth;
  }
}

/** How far the landmarks moved, median, as a share of the person's box. */
export function moved(before: Points, now: Points): number {
  const distances: number[] = [];
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < LANDMARKS; i++) {
    const [x = NaN, y = NaN] = now.image.subarray(5 * i, 5 * i + 2);
    const [x0 = NaN, y0 = NaN] = before.image.subarray(5 * i, 5 * i + 2);
    distances.push(Math.hypot(x - x0, y - y0));
    xs.push(x);
    ys.push(y);
  }
  distances.sort((a, b) => a - b);
  const middle = distances[LANDMARKS >> 1] ?? NaN;
  const box = Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  return middle / box;
}
