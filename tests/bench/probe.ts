/** In the page: what only the page itself can time. Installed before the page's own scripts. */
export interface Probe {
  /** Starts recording the times of animation frames. */
  startFrames(): void;
  /** Intervals between the frames since then, ms. */
  stopFrames(): number[];
  /** Clicks and waits for the work of the next frame, ms. */
  clickToFrame(testId: string): Promise<number>;
  /** Clicks and waits for the file it saves: ms from the click to the finished blob. */
  clickToFile(testId: string): Promise<number>;
  /** The file saved last, as a data URL. */
  lastFile(): Promise<string>;
  /** ms from choosing the picture to the frame that shows it. */
  readonly opened: Promise<number>;
}

declare global {
  interface Window {
    bench: Probe;
  }
}

export function installProbe() {
  let frames: number[] = [];
  let frame = 0;
  let saved: Blob | null = null;
  let onSaved: (() => void) | null = null;

  const createObjectURL = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (object: Blob | MediaSource) => {
    if (onSaved && object instanceof Blob && object.type === 'image/png') {
      saved = object;
      onSaved();
    }
    return createObjectURL(object);
  };

  const button = (testId: string) => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)!;
  const shown = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const ready = () => document.querySelector('[data-testid="stage"][data-state="ready"]') !== null;

  const opened = new Promise<number>((resolve) => {
    const change = (event: Event) => {
      if (!(event.target as Element).matches('[data-testid="open-input"]')) return;
      removeEventListener('change', change, true);
      const start = performance.now();
      const look = async () => {
        if (!ready()) return requestAnimationFrame(look);
        await shown();
        return resolve(performance.now() - start);
      };
      void look();
    };
    addEventListener('change', change, true);
  });

  const tick = (time: number) => {
    frames.push(time);
    frame = requestAnimationFrame(tick);
  };

  window.bench = {
    opened,
    startFrames() {
      frames = [];
      frame = requestAnimationFrame(tick);
    },
    stopFrames() {
      cancelAnimationFrame(frame);
      return frames.slice(1).map((time, i) => time - frames[i]!);
    },
    async clickToFrame(testId) {
      const start = performance.now();
      button(testId).click();
      await shown();
      return performance.now() - start;
    },
    clickToFile(testId) {
      return new Promise((resolve) => {
        const start = performance.now();
        onSaved = () => {
          onSaved = null;
          resolve(performance.now() - start);
        };
        button(testId).click();
      });
    },
    lastFile() {
      return new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result));
        reader.readAsDataURL(saved!);
      });
    },
  };
}
