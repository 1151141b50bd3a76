import { fillHole } from './fillHole.ts';
import { generatePicture } from './generatePicture.ts';
import type { FillHooks } from './hooks.ts';
import type { FillRequest, Picture } from './picture.ts';
import { varyPicture } from './varyPicture.ts';

/** One result's worth of work. */
export type Task =
  | ({ readonly kind: 'fill' } & FillRequest)
  | ({ readonly kind: 'generate'; readonly prompt: string; readonly seed: number } & Pick<
      Picture,
      'width' | 'height'
    >)
  | ({ readonly kind: 'vary'; readonly seed: number; readonly strength: number } & Picture);

/** What a picture says of its making. */
export const SOFTWARE: Readonly<Record<Task['kind'], string>> = {
  fill: 'Lacuna embedded engine: content-aware fill, not AI',
  generate: 'Lacuna embedded engine: procedural sketch, not AI',
  vary: 'Lacuna embedded engine: variation, not AI',
};

/** Words of a prompt, when the picture was made from one. */
export interface Words {
  readonly used: readonly string[];
  readonly ignored: readonly string[];
}

export interface TaskResult {
  readonly width: number;
  readonly height: number;
  /** Straight RGBA. */
  readonly rgba: Uint8Array<ArrayBuffer>;
  readonly words: Words | null;
  /** How many times the largest fill was enlarged; left out: everything was made as large as it is. */
  readonly enlarged?: number;
}

/** How far a variation goes, 0..1; an edit that says nothing of where is one too. */
const VARIATION_STRENGTH = 0.6;

export const variationTask = (picture: Picture, seed: number): Task => ({
  kind: 'vary',
  ...picture,
  seed,
  strength: VARIATION_STRENGTH,
});

/** Whether a mask's alpha means hole: half-transparent brush edges carry mixed colour, so they are filled too. */
export const isFilledUnder = (maskAlpha: number) => maskAlpha < 255;

/** What an edit comes to: a fill, a sketch from its words where nothing is kept, a variation where no hole is named. */
export function editTask(picture: Picture, hole: Uint8Array | null, prompt: string, seed: number): Task {
  if (!hole) return variationTask(picture, seed);
  const { width, height } = picture;
  if (!hole.includes(0)) return { kind: 'generate', prompt, seed, width, height };
  return { kind: 'fill', ...picture, hole, seed };
}

export interface TaskHooks extends Omit<FillHooks, 'stage'> {
  /** Unfinished pictures that are wanted at most. */
  readonly partials: number;
  /** Takes them, straight RGBA of the size of the result. */
  readonly deliver: (rgba: Uint8Array<ArrayBuffer>) => void;
}

/** Throws only what `signal` throws, and a `RangeError` when there is too little memory. */
export function performTask(task: Task, { partials, deliver, ...rest }: TaskHooks): TaskResult {
  const { width, height } = task;
  const hooks: FillHooks = {
    ...rest,
    stage: (index, count, draw) => {
      if (isShown(index, count, partials)) deliver(draw());
    },
  };
  switch (task.kind) {
    case 'fill':
      return { width, height, rgba: fillHole(task, hooks), words: null };
    case 'vary':
      return { width, height, rgba: varyPicture(task, hooks), words: null };
    case 'generate': {
      const { rgba, used, ignored } = generatePicture(task, hooks);
      return { width, height, rgba, words: { used, ignored } };
    }
  }
}

/** Of `count` stages `wanted` are shown, the first as soon as there is one and the others evenly after it. */
const isShown = (index: number, count: number, wanted: number) =>
  wanted > 0 &&
  (index === 0 || Math.floor((index * wanted) / count) > Math.floor(((index - 1) * wanted) / count));
