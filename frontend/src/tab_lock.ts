// Only one tab at a time uses the camera.

const NAME = "formcheck-camera";

export class TabLock {
  #release: (() => void) | null = null;
  /** Called when another tab has taken the camera. */
  onTaken: () => void = () => undefined;

  /** Whether this tab may use the camera now; `steal` takes it from another. */
  async acquire(steal = false): Promise<boolean> {
    if (this.#release !== null) return true;
    if (!("locks" in navigator)) return true; // an older browser: nothing to be done
    return new Promise((resolve) => {
      navigator.locks
        .request(NAME, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
          if (lock === null) {
            resolve(false);
            return undefined;
          }
          return new Promise<void>((release) => {
            this.#release = release;
            resolve(true);
          });
        })
        .catch(() => {
          if (this.#release === null) {
            resolve(true);
            return;
          }
          this.#release = null;
          this.onTaken();
        });
    });
  }

  release(): void {
    this.#release?.();
    this.#release = null;
  }
}
