/** A point in picture px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How the picture lies in the stage. */
export interface Fit {
  readonly width: number;
  readonly height: number;
  /** CSS px per picture px. */
  readonly scale: number;
  /** Of the picture's corner, CSS px from the stage's corner. */
  readonly left: number;
  readonly top: number;
}

/** What differs between the pages the app is compared with. */
export interface Surface {
  begin(point: Point, diameter: number): void;
  /** All readings since the last call, coalesced ones included. */
  extend(points: readonly Point[]): void;
  undo(): void;
  /** PNG of the picture's size, transparent where erased. */
  exportMask(): Promise<Blob>;
}

const PADDING = 24;

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, testId: string) {
  const created = document.createElement(name);
  created.dataset['testid'] = testId;
  return created;
}

function save(blob: Blob) {
  const link = document.createElement('a');
  link.download = 'mask.png';
  link.href = URL.createObjectURL(blob);
  link.click();
}

/** Builds a page with the app's own stable handles, so that one driver works them all. */
export function referencePage(show: (picture: HTMLImageElement, stage: HTMLElement, fit: Fit) => Surface) {
  const bar = document.createElement('div');
  const stage = element('div', 'stage');
  const input = Object.assign(element('input', 'open-input'), { type: 'file' });
  const size = Object.assign(element('input', 'brush-size'), { type: 'range', min: '1', max: '1000' });
  const button = (id: string) => Object.assign(element('button', id), { textContent: id });
  const undo = button('undo');
  const exportMask = button('export-mask');
  document.body.style.cssText = 'margin:0;height:100vh;display:flex;flex-direction:column;background:#ddd';
  stage.style.cssText = 'flex:1;position:relative;overflow:hidden;touch-action:none';
  stage.dataset['state'] = 'empty';
  bar.append(input, size, button('tool-erase'), undo, exportMask);
  document.body.append(bar, stage);

  let surface: Surface | null = null;
  let fit: Fit = { width: 1, height: 1, scale: 1, left: 0, top: 0 };

  const clientToImage = ({ x, y }: Point) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: (x - left - fit.left) / fit.scale, y: (y - top - fit.top) / fit.scale };
  };
  const imageToClient = ({ x, y }: Point) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: x * fit.scale + fit.left + left, y: y * fit.scale + fit.top + top };
  };
  Object.assign(window, { lacuna: { clientToImage, imageToClient } });

  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (!file) return;
    const picture = new Image();
    picture.src = URL.createObjectURL(file);
    await picture.decode();
    const { naturalWidth: width, naturalHeight: height } = picture;
    const scale = Math.min(
      (stage.clientWidth - 2 * PADDING) / width,
      (stage.clientHeight - 2 * PADDING) / height,
    );
    const left = Math.round((stage.clientWidth - width * scale) / 2);
    const top = Math.round((stage.clientHeight - height * scale) / 2);
    fit = { width, height, scale, left, top };
    surface = show(picture, stage, fit);
    stage.dataset['state'] = 'ready';
  });

  const point = (event: PointerEvent) => clientToImage({ x: event.clientX, y: event.clientY });
  let drawing = false;
  stage.addEventListener('pointerdown', (event) => {
    if (!surface) return;
    drawing = true;
    stage.setPointerCapture(event.pointerId);
    surface.begin(point(event), Number(size.value));
  });
  stage.addEventListener('pointermove', (event) => {
    if (drawing) surface?.extend(event.getCoalescedEvents().map(point));
  });
  stage.addEventListener('pointerup', () => {
    drawing = false;
  });
  undo.addEventListener('click', () => surface?.undo());
  exportMask.addEventListener('click', async () => {
    if (surface) save(await surface.exportMask());
  });
}
