// A video of the session, in this tab's memory only.

const TYPES = ["video/mp4;codecs=avc1", "video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

export class Recorder {
  #recorder: MediaRecorder | null = null;
  #chunks: Blob[] = [];
  #type = "";
  #ended: Promise<void> = Promise.resolve();

  static get available(): boolean {
    return "MediaRecorder" in window;
  }

  start(stream: MediaStream): void {
    if (!Recorder.available || this.#recorder !== null) return;
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    try {
      const recorder = new MediaRecorder(stream, {
        videoBitsPerSecond: 1_500_000,
        ...(type === undefined ? {} : { mimeType: type }),
      });
      recorder.ondataavailable = (event) => {
        if (event.data.size > 0) this.#chunks.push(event.data);
      };
      // It also ends by itself, when the camera does.
      this.#ended = new Promise((done) => {
        recorder.onstop = () => {
          done();
        };
      });
      recorder.start(1000);
      this.#recorder = recorder;
      this.#type = recorder.mimeType === "" ? (type ?? "video/webm") : recorder.mimeType;
    } catch {
      this.#recorder = null; // a video is a nicety: the session goes on without
    }
  }

  /** End, and return the video; null when there is none. */
  async stop(): Promise<{ blob: Blob; extension: string } | null> {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (recorder === null) return null;
    if (recorder.state !== "inactive") recorder.stop();
    await this.#ended;
    if (this.#chunks.length === 0) return null;
    const blob = new Blob(this.#chunks, { type: this.#type });
    this.#chunks = [];
    return { blob, extension: this.#type.includes("mp4") ? "mp4" : "webm" };
  }
}
