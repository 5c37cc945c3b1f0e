// What this person likes to hear and see, kept in this browser.

export interface Settings {
  sound: boolean;
  volume: number;
  captions: boolean;
}

const NAME = "formcheck-live";
const DEFAULT: Settings = { sound: true, volume: 0.9, captions: true };

export function readSettings(): Settings {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Settings>;
    return {
      sound: typeof kept.sound === "boolean" ? kept.sound : DEFAULT.sound,
      volume: typeof kept.volume === "number" ? Math.min(1, Math.max(0, kept.volume)) : DEFAULT.volume,
      captions: typeof kept.captions === "boolean" ? kept.captions : DEFAULT.captions,
    };
  } catch {
    return { ...DEFAULT };
  }
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing: then it is asked for again next time.
  }
}
