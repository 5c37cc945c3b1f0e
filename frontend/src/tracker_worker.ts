// MediaPipe in a worker of its own: the page stays quick, whatever the tracker does.
import { PoseLandmarker, type PoseLandmarkerResult } from "@mediapipe/tasks-vision";
import { pixels, type Box } from "./box";
import { CONFIDENCE, LOW_CONFIDENCE, type Looker } from "./follow";
import { People, type Everyone } from "./people";
import { LANDMARKS } from "./protocol";
import type { Addresses, Choice, FromWorker, ToWorker } from "./tracker_messages";
import { fastest, isSoftware, nextWay, Trial, type Way } from "./trial";
import { turnBack, type Points, type Turn } from "./turn";

interface Scope {
  ModuleFactory: unknown;
  dbg: (text: string) => void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = self as unknown as Scope;

// What MediaPipe's module says for its makers: its own way of saying it fails in strict code.
scope.dbg = (text) => {
  console.debug(text);
};
// It tells what is well as an error, too.
const complain = console.error.bind(console);
console.error = (...words: unknown[]) => {
  if (String(words[0]).startsWith("INFO:")) console.debug(...words);
  else complain(...words);
};

let factory: unknown;
let addresses: Addresses | null = null;
const models = new Map<string, Uint8Array>();

async function landmarker(way: Way, confidence: number): Promise<PoseLandmarker> {
  if (addresses === null) throw new Error("no addresses yet");
  const { loader, binary } = addresses;
  // The library's own way of loading asks for importScripts, which a module worker has not; it takes
  // the factory from here, and forgets it each time.
  factory ??= ((await import(loader)) as { default: unknown }).default;
  scope.ModuleFactory = factory;
  const address = addresses.models[way.model];
  if (address === undefined) throw new Error(`the server has no model ${way.model}`);
  let model = models.get(address);
  if (model === undefined) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    model = new Uint8Array(await answer.arrayBuffer());
    models.set(address, model);
  }
  return PoseLandmarker.createFromOptions(
    { wasmLoaderPath: "", wasmBinaryPath: binary },
    {
      // It keeps the buffer it is given.
      baseOptions: { modelAssetBuffer: model.slice(), delegate: way.delegate },
      canvas: new OffscreenCanvas(1, 1),
      runningMode: "VIDEO",
      numPoses: 1,
      minPoseDetectionConfidence: confidence,
    },
  );
}

type Picture = ImageBitmap | OffscreenCanvas;

const GREY = "rgb(128 128 128)";
const NOBODY: Everyone = { points: null, other: null, accompanied: false, whom: 0 };

let covering: OffscreenCanvas | null = null;

/** The frame with a box painted grey, but for somebody's own, on a canvas that is used again. */
function cover(picture: Picture, box: Box, own: Box | null): Picture {
  const { width, height } = picture;
  covering ??= new OffscreenCanvas(width, height);
  if (covering.width !== width) covering.width = width;
  if (covering.height !== height) covering.height = height;
  const pen = covering.getContext("2d", { alpha: false });
  if (pen === null) throw new Error("no canvas");
  pen.drawImage(picture, 0, 0);
  pen.fillStyle = GREY;
  pen.fillRect(...pixels(box, width, height));
  if (own !== null) {
    const [x, y, w, h] = pixels(own, width, height);
    if (w > 0 && h > 0) pen.drawImage(picture, x, y, w, h, x, y, w, h);
  }
  return covering;
}

class MediaPipe implements Looker<Picture> {
  #turned: OffscreenCanvas | null = null;

  constructor(readonly landmarker: PoseLandmarker) {}

  look(picture: Picture, ms: number, turn: Turn): Points | null {
    const shown = turn === 0 ? picture : this.#turn(picture, turn);
    const points = read(this.landmarker.detectForVideo(shown, ms));
    if (points !== null) turnBack(points, turn, picture.height / picture.width);
    return points;
  }

  /** Lose whom it follows, by showing it a black picture. */
  forget(ms: number): void {
    this.landmarker.detectForVideo(new ImageData(64, 64), ms);
  }

  #turn(picture: Picture, turn: Turn): OffscreenCanvas {
    const { width, height } = picture;
    const [w, h] = turn === 2 ? [width, height] : [height, width];
    this.#turned ??= new OffscreenCanvas(w, h);
    if (this.#turned.width !== w) this.#turned.width = w;
    if (this.#turned.height !== h) this.#turned.height = h;
    const pen = this.#turned.getContext("2d");
    if (pen === null) throw new Error("no canvas");
    pen.setTransform(1, 0, 0, 1, w / 2, h / 2);
    pen.rotate((-turn * Math.PI) / 2);
    pen.drawImage(picture, -width / 2, -height / 2);
    return this.#turned;
  }
}

function read(result: PoseLandmarkerResult): Points | null {
  const [image] = result.landmarks;
  const [world] = result.worldLandmarks;
  if (image?.length !== LANDMARKS || world?.length !== LANDMARKS) return null;
  return {
    // The presence is what build.mjs adds.
    image: Float32Array.from(
      (image as ((typeof image)[number] & { presence: number })[]).flatMap(
        ({ x, y, z, visibility, presence }) => [x, y, z, visibility, presence],
      ),
    ),
    world: Float32Array.from(world.flatMap(({ x, y, z }) => [x, y, z])),
  };
}

/** Whether there is a real graphics processor. */
function hasGpu(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (gl === null) return false;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !isSoftware(String(renderer));
}

/** Tries one way after the other on the frames that come, then follows the person. */
class Tracker {
  #tried: Choice[] = [];
  #gpu = hasGpu();
  #way: Way | null = null;
  #landmarker: PoseLandmarker | null = null;
  #trial = new Trial();
  #people: People<Picture> | null = null;
  #lastMs = -1;

  async load(): Promise<void> {
    await this.#begin(nextWay([], this.#gpu));
  }

  followOther(leave: number | null): void {
    this.#people?.followOther(leave);
  }

  async look(picture: ImageBitmap, t: number): Promise<Everyone> {
    if (this.#people !== null) return this.#people.look(picture, t);
    await this.#try(picture, t);
    return NOBODY;
  }

  async #try(picture: ImageBitmap, t: number): Promise<void> {
    if (this.#way === null || this.#landmarker === null) return;
    const start = performance.now();
    this.#lastMs = Math.max(Math.round(1000 * t), this.#lastMs + 1);
    try {
      this.#landmarker.detectForVideo(picture, this.#lastMs);
      this.#trial.add(performance.now() - start);
    } catch {
      this.#trial.add(Infinity);
    }
    if (!this.#trial.done) return;
    this.#tried.push({ ...this.#way, ms: this.#trial.ms });
    await this.#begin(nextWay(this.#tried, this.#gpu));
  }

  async #begin(way: Way | null): Promise<void> {
    this.#landmarker?.close();
    this.#landmarker = null;
    while (way !== null) {
      this.#way = way;
      this.#trial = new Trial();
      try {
        this.#landmarker = await landmarker(way, CONFIDENCE);
        return;
      } catch (error) {
        this.#tried.push({ ...way, ms: Infinity });
        way = nextWay(this.#tried, this.#gpu);
        if (way === null && fastest(this.#tried)?.ms === Infinity) throw error;
      }
    }
    await this.#choose();
  }

  async #choose(): Promise<void> {
    const best = fastest(this.#tried);
    if (best === null || best.ms === Infinity) throw new Error("no way of tracking works here");
    this.#landmarker?.close();
    // Anew: what was tried last may be another, and must not remember anybody.
    const looker = async (confidence: number) => new MediaPipe(await landmarker(best, confidence));
    // The spare one, too, before the exercise begins: to make one takes as long as several frames.
    const [first, spare] = [await looker(CONFIDENCE), await looker(CONFIDENCE)];
    this.#people = new People<Picture>(first, spare, () => looker(LOW_CONFIDENCE), cover, best.ms);
    scope.postMessage({ type: "chosen", choice: best });
  }
}

let tracker: Tracker | null = null;

async function take(message: ToWorker): Promise<void> {
  if (message.type === "load") {
    addresses = message.addresses;
    tracker = new Tracker();
    await tracker.load();
    scope.postMessage({ type: "choosing" });
    return;
  }
  if (message.type === "other") {
    tracker?.followOther(message.leave);
    return;
  }
  const { picture, t } = message;
  const { width, height } = picture;
  const start = performance.now();
  try {
    const { points, other, accompanied, whom } = (await tracker?.look(picture, t)) ?? NOBODY;
    const ms = performance.now() - start;
    const image = points?.image ?? null;
    const world = points?.world ?? null;
    const moved = [points, other].flatMap((one) => (one === null ? [] : [one.image.buffer, one.world.buffer]));
    scope.postMessage(
      { type: "frame", t, width, height, image, world, other, accompanied, whom, ms },
      moved,
    );
  } finally {
    picture.close();
  }
}

scope.onmessage = (event) => {
  take(event.data).catch((error: unknown) => {
    scope.postMessage({ type: "failed", reason: String(error) });
  });
};
