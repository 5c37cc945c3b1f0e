// Keys, also of presenters and foot switches, which are keyboards to the browser.
import type { Command } from "./protocol";

export type Key = Command | "pause or continue" | "mute";

/** What a key means; null when it means nothing here. */
export function keyMeaning(key: string): Key | null {
  switch (key.toLowerCase()) {
    case " ":
    case "spacebar":
      return "pause or continue";
    case "s":
      return "start";
    case "n":
      return "next";
    case "e":
      return "end";
    case "h":
    case "escape":
      return "hurt";
    case "m":
      return "mute";
    default:
      return null;
  }
}

/** Whether the key belongs to what has the focus: a text, a choice, or a button's own space bar. */
export function isForElement(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.key === "Escape") return false;
  if (event.target.closest("select, textarea, input:not([type=range], [type=checkbox], [type=radio])") !== null) {
    return true;
  }
  return event.key === " " && event.target.closest("button, summary, a, input") !== null;
}
