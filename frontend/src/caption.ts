// The one big caption. It stays long enough to be read, and so never flickers with the cues.
import type { Cue, Say, Severity } from "./protocol";

export interface Shown {
  text: string;
  severity: Severity | null;
}

const LEAST_S = 2.5;
const SAID_S = 4;

export class Caption {
  #shown: Shown | null = null;
  #since = -Infinity;
  #until = -Infinity;

  /** Show what is being said; counts have their own place. */
  said(say: Say, now: number): void {
    if (say.kind === "count") return;
    const severity = say.kind === "stop" ? "major" : say.kind === "cue" ? "minor" : null;
    if (this.#isCue && severity === null && now - this.#since < LEAST_S) return;
    this.#set({ text: say.text, severity }, now, SAID_S);
  }

  /** Take the state's cue, and say what to show now. */
  update(cue: Cue | null, now: number): Shown | null {
    if (cue !== null) {
      if (this.#shown?.text === cue.text) {
        this.#shown = cue;
        this.#until = Math.max(this.#until, now + LEAST_S);
      } else if (now - this.#since >= LEAST_S || (cue.severity === "major" && this.#shown?.severity !== "major")) {
        this.#set(cue, now, LEAST_S);
      }
    } else if (now >= this.#until) {
      this.#shown = null;
    }
    return this.#shown;
  }

  clear(): void {
    this.#shown = null;
    this.#since = this.#until = -Infinity;
  }

  get #isCue(): boolean {
    return this.#shown !== null && this.#shown.severity !== null;
  }

  #set(shown: Shown, now: number, seconds: number): void {
    this.#shown = shown;
    this.#since = now;
    this.#until = now + seconds;
  }
}
