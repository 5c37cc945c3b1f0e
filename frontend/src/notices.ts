// What is wrong, and what to do about it: over whatever screen is shown, until it is right again.
import { h, setText } from "./dom";

export interface Action {
  label: string;
  run: () => void;
}

export class Notices {
  readonly element = h("div", { class: "notices" });
  readonly #shown = new Map<string, HTMLElement>();

  set(id: string, text: string, ...actions: Action[]): void {
    this.#set("alert", id, text, actions);
  }

  /** What is good to know, and needs nothing: quietly, for screen readers, too. */
  mention(id: string, text: string, ...actions: Action[]): void {
    this.#set("status", id, text, actions);
  }

  #set(role: "alert" | "status", id: string, text: string, actions: Action[]): void {
    const before = this.#shown.get(id);
    if (before !== undefined) {
      // Said once only: a screen reader says an alert again when it is made anew.
      const words = before.querySelector("p");
      if (words !== null) setText(words, text);
      return;
    }
    const notice = h(
      "div",
      { class: "notice", role, "data-notice": id },
      h("p", {}, text),
      ...actions.map(({ label, run }) => button(label, run)),
    );
    this.#shown.set(id, notice);
    this.element.append(notice);
  }

  has(id: string): boolean {
    return this.#shown.has(id);
  }

  clear(...ids: string[]): void {
    for (const id of ids) {
      this.#shown.get(id)?.remove();
      this.#shown.delete(id);
    }
  }

  clearAll(): void {
    this.clear(...this.#shown.keys());
  }
}

function button(label: string, run: () => void): HTMLButtonElement {
  const made = h(
    "button",
    {
      type: "button",
      click: (event) => {
        // The space bar pauses, wherever the mouse was last.
        if (event instanceof MouseEvent && event.detail > 0) made.blur();
        run();
      },
    },
    label,
  );
  return made;
}
