// The skeleton over the camera's picture. Colours as in formcheck/video/draw.py (Okabe and Ito's), which
// colour-blind people tell apart; every line has a dark edge, and so shows on any picture.
import { BONES, JOINTS } from "./body";
import type { Frame, Side } from "./protocol";

const WHITE = "#ffffff";
const DARK = "#101216";
const HIGHLIGHT = "#f0e442";
export const SIDE_COLOUR: Record<Side, string> = { left: "#e69f00", right: "#56b4e9" };
/** Less visible than this is a guess, and not drawn. */
const SEEN = 0.5;

/** Where a picture of one shape lies in a box of another, whole, and as large as it can be. */
export function contain(width: number, height: number, boxWidth: number, boxHeight: number) {
  const scale = Math.min(boxWidth / width, boxHeight / height);
  const [w, h] = [scale * width, scale * height];
  return { x: (boxWidth - w) / 2, y: (boxHeight - h) / 2, width: w, height: h };
}

export class Skeleton {
  readonly canvas = document.createElement("canvas");
  #drawn = false;

  constructor() {
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Draw a frame as in a mirror, with the joints in question highlighted; null clears. */
  draw(frame: Frame | null, points: readonly number[]): void {
    const { canvas } = this;
    const pen = canvas.getContext("2d");
    if (pen === null) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [Math.round(ratio * canvas.clientWidth), Math.round(ratio * canvas.clientHeight)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    } else if (this.#drawn) {
      pen.clearRect(0, 0, width, height);
    }
    this.#drawn = false;
    const image = frame?.image ?? null;
    if (frame === null || image === null || width === 0 || height === 0) return;
    const box = contain(frame.width, frame.height, width, height);
    const at = (i: number): [number, number] => [
      box.x + (1 - (image[5 * i] ?? NaN)) * box.width,
      box.y + (image[5 * i + 1] ?? NaN) * box.height,
    ];
    const seen = (i: number): boolean => Math.min(image[5 * i + 3] ?? 0, image[5 * i + 4] ?? 0) >= SEEN;
    const px = Math.max(1, Math.hypot(box.width, box.height) / 400);
    pen.lineCap = "round";
    const bones = BONES.filter(({ a, b }) => seen(a) && seen(b));
    for (const edge of [true, false]) {
      pen.lineWidth = (edge ? 3.6 : 2) * px;
      for (const { a, b, side } of bones) {
        pen.strokeStyle = edge ? DARK : side === null ? WHITE : SIDE_COLOUR[side];
        pen.beginPath();
        pen.moveTo(...at(a));
        pen.lineTo(...at(b));
        pen.stroke();
      }
    }
    for (const joint of JOINTS) if (seen(joint)) dot(pen, at(joint), 2 * px, WHITE);
    for (const joint of points) {
      dot(pen, at(joint), 5 * px, HIGHLIGHT);
      ring(pen, at(joint), 9 * px, 2 * px);
    }
    this.#drawn = true;
  }
}

function dot(pen: CanvasRenderingContext2D, [x, y]: [number, number], radius: number, colour: string): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = radius / 3;
  pen.strokeStyle = DARK;
  pen.stroke();
}

function ring(pen: CanvasRenderingContext2D, [x, y]: [number, number], radius: number, width: number): void {
  for (const [colour, w] of [
    [DARK, 1.8 * width],
    [HIGHLIGHT, width],
  ] as const) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.lineWidth = w;
    pen.strokeStyle = colour;
    pen.stroke();
  }
}
