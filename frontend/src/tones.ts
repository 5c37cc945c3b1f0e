// A short tone for a repetition and the like, soft at both ends.
import type { Tone } from "./protocol";

/** Frequencies in Hz, one after the other. */
const NOTES: Record<Tone, number[]> = {
  repetition: [880],
  attempt: [330],
  hold: [660, 880],
  start: [523, 659, 784],
  end: [784, 659, 523],
};
const NOTE_S = 0.14;

export class Tones {
  #context: AudioContext | null = null;
  volume = 1;
  muted = false;

  /** Browsers let a page sound only after a click: call it from one. */
  unlock(): void {
    if (!("AudioContext" in window)) return;
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  play(tone: Tone): void {
    const context = this.#context;
    if (context === null || this.muted || this.volume === 0) return;
    NOTES[tone].forEach((frequency, i) => {
      const start = context.currentTime + i * NOTE_S;
      const oscillator = new OscillatorNode(context, { frequency, type: "sine" });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setTargetAtTime(0.25 * this.volume, start, 0.01);
      gain.gain.setTargetAtTime(0, start + NOTE_S * 0.6, 0.03);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + 2 * NOTE_S);
    });
  }
}
