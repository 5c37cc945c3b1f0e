/** The address of everything of the live page, whatever a proxy puts before it; this file is in its assets/. */
export const BASE = new URL("../", import.meta.url);
