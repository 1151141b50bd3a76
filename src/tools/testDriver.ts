import { newDocument } from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { createLiveDraft } from '../editor/liveDraft.ts';
import { createSession } from '../editor/session.ts';
import { imagePoint } from '../geometry/spaces.ts';
import { imageToView } from '../geometry/viewport.ts';
import { coverageOf } from '../raster/coverage.ts';
import { maskSource } from '../raster/mask.ts';
import { testSelection } from './testSelection.ts';
import type { HeldKeys, Placement, PointerSample, SelectionSource } from './tool.ts';
import { createToolbox } from './toolbox.ts';

const noKeys: HeldKeys = { shift: false, alt: false };

interface DriverOptions {
  readonly width: number;
  readonly height: number;
  readonly place?: Placement;
  readonly selection?: SelectionSource;
}

interface Press extends Partial<HeldKeys> {
  readonly touch?: boolean;
  readonly pressure?: number;
  readonly exact?: boolean;
}

/** Drives tools without a browser, in document px: `driver.press(2, 2).to([9, 2]).up()`, then `driver.picture()`. */
export class ToolDriver {
  readonly editor = createEditor();
  readonly session = createSession();
  readonly draft = createLiveDraft(this.editor, this.session);
  readonly toolbox;
  readonly #size: { readonly width: number; readonly height: number };

  constructor({ width, height, place, selection }: DriverOptions) {
    this.#size = { width, height };
    this.toolbox = createToolbox({
      editor: this.editor,
      draft: this.draft,
      session: this.session,
      place: place ?? { rectOf: () => null, set: () => {} },
      selection: selection ?? testSelection().source,
    });
    this.open('d');
  }

  /** A new document of the driver's size. */
  open(id: string): this {
    this.editor.open(newDocument({ id, name: 'test', picture: { id: 'p', ...this.#size } }));
    return this;
  }

  down(x: number, y: number, { pressure, touch = false, exact = false, ...keys }: Press = {}): this {
    this.toolbox.send({
      type: 'down',
      sample: this.#sample(x, y, pressure),
      touch,
      exact,
      ...noKeys,
      ...keys,
    });
    return this;
  }

  /** One event with readings at these points, and the pressure at each. */
  path(
    points: readonly (readonly [x: number, y: number, pressure?: number])[],
    keys: Partial<HeldKeys> = {},
  ): this {
    const samples = points.map(([x, y, pressure]) => this.#sample(x, y, pressure));
    this.toolbox.send({ type: 'move', samples, ...noKeys, ...keys });
    return this;
  }

  move(x: number, y: number, keys: Partial<HeldKeys> = {}): this {
    return this.path([[x, y]], keys);
  }

  /** Only the keys change. */
  hold(keys: Partial<HeldKeys>): this {
    return this.path([], keys);
  }

  up(): this {
    this.toolbox.send({ type: 'up' });
    return this;
  }

  cancel(): this {
    this.toolbox.send({ type: 'cancel' });
    return this;
  }

  /** The mask as text: · keep, # edit, + between. */
  picture(): string {
    const { frame, mask } = this.editor.document()!;
    const text = textOf(coverageOf(maskSource(mask), frame));
    return (text.match(new RegExp(`.{${frame.width}}`, 'gu')) ?? []).join('\n');
  }

  #sample(x: number, y: number, pressure = 1): PointerSample {
    const image = imagePoint(x, y);
    return { image, view: imageToView(this.session.store.getState().viewport, image), pressure };
  }
}

/** Coverage as text, a character per pixel. */
export const textOf = (coverage: Uint8Array) =>
  [...coverage].map((value) => (value === 0 ? '·' : value === 255 ? '#' : '+')).join('');
