// MediaPipe in a worker of its own: the page stays quick, whatever the tracker does.
import { PoseLandmarker, type PoseLandmarkerResult } from "@mediapipe/tasks-vision";
import { CONFIDENCE, Follower, LOW_CONFIDENCE, type Looker } from "./follow";
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

class MediaPipe implements Looker<ImageBitmap> {
  #turned: OffscreenCanvas | null = null;

  constructor(readonly landmarker: PoseLandmarker) {}

  look(picture: ImageBitmap, ms: number, turn: Turn): Points | null {
    const shown = turn === 0 ? picture : this.#turn(picture, turn);
    const points = read(this.landmarker.detectForVideo(shown, ms));
    if (points !== null) turnBack(points, turn, picture.height / picture.width);
    return points;
  }

  /** Lose whom it follows, by showing it a black picture. */
  forget(ms: number): void {
    this.landmarker.detectForVideo(new ImageData(64, 64), ms);
  }

  #turn(picture: ImageBitmap, turn: Turn): OffscreenCanvas {
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

/** Tries one way after the other on the pictures that come, then follows the person. */
class Tracker {
  #tried: Choice[] = [];
  #gpu = hasGpu();
  #way: Way | null = null;
  #landmarker: PoseLandmarker | null = null;
  #trial = new Trial();
  #follower: Follower<ImageBitmap> | null = null;
  #lastMs = -1;

  async load(): Promise<void> {
    await this.#begin(nextWay([], this.#gpu));
  }

  get ready(): boolean {
    return this.#follower !== null;
  }

  async look(picture: ImageBitmap, t: number): Promise<Points | null> {
    if (this.#follower !== null) return this.#follower.find(picture, t);
    await this.#try(picture, t);
    return null;
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
    const first = new MediaPipe(await landmarker(best, CONFIDENCE));
    this.#follower = new Follower(first, async () => new MediaPipe(await landmarker(best, LOW_CONFIDENCE)));
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
  const { picture, t } = message;
  const { width, height } = picture;
  const start = performance.now();
  try {
    const points = (await tracker?.look(picture, t)) ?? null;
    const ms = performance.now() - start;
    const image = points?.image ?? null;
    const world = points?.world ?? null;
    const moved = image !== null && world !== null ? [image.buffer, world.buffer] : [];
    scope.postMessage({ type: "frame", t, width, height, image, world, ms }, moved);
  } finally {
    picture.close();
  }
}

scope.onmessage = (event) => {
  take(event.data).catch((error: unknown) => {
    scope.postMessage({ type: "failed", reason: String(error) });
  });
};
