// The camera, and its pictures one after the other.

export type CameraProblem = "denied" | "none" | "busy" | "camera" | "insecure";

export class CameraError extends Error {
  constructor(readonly problem: CameraProblem) {
    super(problem);
  }
}

/** What went wrong, from the name of the browser's error. */
export function cameraProblem(name: string): CameraProblem {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "camera";
  }
}

export type TakePicture = (picture: ImageBitmap, t: number) => void;

/** The networks look at 256 pixels of a person: larger pictures are only slower. */
const LONGEST_EDGE = 640;

export class Camera {
  readonly video: HTMLVideoElement;
  #stream: MediaStream | null = null;
  #callback: number | null = null;
  #last = -Infinity;
  onEnded: () => void = () => undefined;

  constructor() {
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.setAttribute("aria-hidden", "true");
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  async open(): Promise<void> {
    this.close();
    if (!window.isSecureContext) throw new CameraError("insecure");
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: {
          width: { ideal: 1280 },
          height: { ideal: 720 },
          frameRate: { ideal: 30 },
          facingMode: "user",
        },
      });
    } catch (error) {
      throw new CameraError(cameraProblem(error instanceof Error ? error.name : ""));
    }
    this.#stream = stream;
    for (const track of stream.getTracks()) {
      track.addEventListener("ended", () => {
        if (stream === this.#stream) this.onEnded();
      });
    }
    this.video.srcObject = stream;
    await this.video.play();
  }

  close(): void {
    this.stopPictures();
    const stream = this.#stream;
    this.#stream = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  /** Hand over each new picture that `wanted` asks for, with its time in seconds. */
  pictures(wanted: () => boolean, take: TakePicture): void {
    this.stopPictures();
    const { video } = this;
    const next: VideoFrameRequestCallback = (now, metadata) => {
      this.#callback = video.requestVideoFrameCallback(next);
      // The camera's own time where it is told; the two clocks are the same.
      const t = (metadata.captureTime ?? now) / 1000;
      if (t <= this.#last || !wanted() || video.videoWidth === 0) return;
      this.#last = t;
      const { videoWidth: width, videoHeight: height } = video;
      const scale = Math.min(1, LONGEST_EDGE / Math.max(width, height));
      createImageBitmap(video, {
        resizeWidth: Math.round(scale * width),
        resizeHeight: Math.round(scale * height),
      }).then(
        (picture) => {
          take(picture, t);
        },
        () => undefined, // the camera has just gone; its end is told by itself
      );
    };
    this.#callback = video.requestVideoFrameCallback(next);
  }

  stopPictures(): void {
    if (this.#callback !== null) this.video.cancelVideoFrameCallback(this.#callback);
    this.#callback = null;
  }
}
