// What is said, one thing at a time, the important first.
import type { Say, SayKind } from "./protocol";

const ORDER: readonly SayKind[] = ["stop", "cue", "praise", "count", "stage", "advice"];
/** What has waited for longer is no longer true. */
const STALE_S: Record<SayKind, number> = { stop: 60, cue: 4, praise: 4, count: 3, stage: 10, advice: 6 };

/** What waits to be spoken: one of each kind, a newer one in place of an older. */
export class SayQueue {
  readonly #waiting = new Map<SayKind, { text: string; since: number }>();

  add(say: Say, now: number): void {
    this.#waiting.set(say.kind, { text: say.text, since: now });
  }

  take(now: number): Say | null {
    for (const kind of ORDER) {
      const one = this.#waiting.get(kind);
      if (one === undefined) continue;
      this.#waiting.delete(kind);
      if (now - one.since <= STALE_S[kind]) return { kind, text: one.text };
    }
    return null;
  }

  clear(): void {
    this.#waiting.clear();
  }
}

/** The best voice that speaks on this device itself; a voice of the network would send the text away. */
export function chooseVoice(
  voices: readonly SpeechSynthesisVoice[],
  language = "en",
): SpeechSynthesisVoice | null {
  const here = voices.filter((voice) => voice.localService);
  return (
    here.find((voice) => voice.lang.toLowerCase().startsWith(language) && voice.default) ??
    here.find((voice) => voice.lang.toLowerCase().startsWith(language)) ??
    here.find((voice) => voice.default) ??
    here[0] ??
    null
  );
}

const now = (): number => performance.now() / 1000;

export class Speaker {
  readonly #queue = new SayQueue();
  readonly #synthesis: SpeechSynthesis | null;
  #voice: SpeechSynthesisVoice | null = null;
  #speaking: Say | null = null;
  #watchdog: number | undefined;
  volume = 1;
  muted = false;
  /** Called with everything that is said, when it is said, also when it is said by captions alone. */
  onSay: (say: Say) => void = () => undefined;
  onVoices: () => void = () => undefined;

  constructor() {
    this.#synthesis = "speechSynthesis" in window ? window.speechSynthesis : null;
    this.#choose();
    this.#synthesis?.addEventListener("voiceschanged", () => {
      this.#choose();
      this.onVoices();
    });
  }

  get available(): boolean {
    return this.#voice !== null;
  }

  say(say: Say): void {
    if (say.kind === "stop") this.silence();
    this.#queue.add(say, now());
    this.#next();
  }

  silence(): void {
    this.#queue.clear();
    window.clearTimeout(this.#watchdog);
    this.#speaking = null;
    this.#synthesis?.cancel();
  }

  mute(muted: boolean): void {
    this.muted = muted;
    if (muted) this.#synthesis?.cancel();
  }

  #choose(): void {
    this.#voice = chooseVoice(this.#synthesis?.getVoices() ?? []);
  }

  #next(): void {
    if (this.#speaking !== null) return;
    const say = this.#queue.take(now());
    if (say === null) return;
    this.#speaking = say;
    this.onSay(say);
    // As long as it takes to say or to read; a browser that forgets to tell its end is not waited for.
    const readS = 0.6 + 0.06 * say.text.length;
    if (this.muted || this.#voice === null || this.#synthesis === null) {
      this.#endAfter(say, say.kind === "count" ? 0.4 : readS);
      return;
    }
    const utterance = new SpeechSynthesisUtterance(say.text);
    utterance.voice = this.#voice;
    utterance.lang = this.#voice.lang;
    utterance.volume = this.volume;
    utterance.onend = utterance.onerror = () => {
      this.#end(say);
    };
    this.#endAfter(say, 3 + 2 * readS);
    this.#synthesis.speak(utterance);
  }

  #endAfter(say: Say, seconds: number): void {
    window.clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => {
      this.#end(say);
    }, 1000 * seconds);
  }

  #end(say: Say): void {
    if (this.#speaking !== say) return;
    window.clearTimeout(this.#watchdog);
    this.#speaking = null;
    this.#next();
  }
}
