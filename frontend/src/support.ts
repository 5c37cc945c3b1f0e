// What this page needs of a browser.

/** The first thing that is lacking, in words; null when nothing is. */
export function lacking(): string | null {
  const needs: [string, boolean][] = [
    ["WebAssembly", "WebAssembly" in window],
    ["workers", "Worker" in window],
    ["drawing in workers (OffscreenCanvas)", "OffscreenCanvas" in window],
    ["pictures for workers (createImageBitmap)", "createImageBitmap" in window],
    ["WebSocket", "WebSocket" in window],
    ["the camera's pictures (requestVideoFrameCallback)", "requestVideoFrameCallback" in HTMLVideoElement.prototype],
  ];
  return needs.find(([, there]) => !there)?.[0] ?? null;
}

/** Whether pictures can be handed to MediaPipe: it takes them by WebGL, also where it reckons without. */
export function hasWebGl(): boolean {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return gl !== null;
}

/** Whether this page may use a camera at all. */
export function mayUseCamera(): boolean {
  // Older browsers have no mediaDevices on a page without https.
  return window.isSecureContext && (navigator as Partial<Navigator>).mediaDevices !== undefined;
}
