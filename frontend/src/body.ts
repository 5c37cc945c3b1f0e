// The landmarks that are drawn, as in formcheck/body.py; left and right are the person's own.
import type { Side } from "./protocol";

const LEFT = { ear: 7, shoulder: 11, elbow: 13, wrist: 15, hip: 23, knee: 25, ankle: 27, heel: 29, toe: 31 };
type Joint = keyof typeof LEFT;

const index = (side: Side, joint: Joint): number => LEFT[joint] + (side === "right" ? 1 : 0);

export interface Bone {
  a: number;
  b: number;
  side: Side | null;
}

const LIMBS: [Joint, Joint][] = [
  ["shoulder", "elbow"],
  ["elbow", "wrist"],
  ["shoulder", "hip"],
  ["hip", "knee"],
  ["knee", "ankle"],
  ["ankle", "heel"],
  ["ankle", "toe"],
  ["heel", "toe"],
];
const SIDES: Side[] = ["left", "right"];

export const BONES: Bone[] = [
  { a: index("left", "shoulder"), b: index("right", "shoulder"), side: null },
  { a: index("left", "hip"), b: index("right", "hip"), side: null },
  ...SIDES.map((side) => ({ a: index(side, "ear"), b: index(side, "shoulder"), side: null })),
  ...SIDES.flatMap((side) => LIMBS.map(([a, b]) => ({ a: index(side, a), b: index(side, b), side }))),
];

export const JOINTS: number[] = [...new Set(BONES.flatMap(({ a, b }) => [a, b]))];
