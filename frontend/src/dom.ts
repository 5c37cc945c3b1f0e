// Building the page's elements, without a framework.

type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | ((event: Event) => void) | null | undefined;
type Props = Record<string, Value>;

function fill(element: Element, props: Props, children: Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** An HTML element; a function among the properties listens to the event of that name. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

/** An SVG element. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, props, children);
  return element;
}

/** Set a text only when it is another: live regions speak, and layouts are made anew, at each change. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: Element, shown: boolean): void {
  element.toggleAttribute("hidden", !shown);
}

export function list(items: readonly string[], ordered = false): HTMLElement {
  return h(ordered ? "ol" : "ul", {}, ...items.map((item) => h("li", {}, item)));
}

let ids = 0;
export function newId(name: string): string {
  ids += 1;
  return `${name}-${ids}`;
}

/** Whether this person asked for no more movement than needed. */
export function wantsStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
