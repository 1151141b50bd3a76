import { expect, test } from 'vitest';
import { newDocument, setFrame, setMask } from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { createLiveDraft } from '../editor/liveDraft.ts';
import { createSession } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import type { MaskOperation } from '../raster/operations/operation.ts';
import { createModifying, type Modification } from './modifying.ts';

const grow = (radius: number): MaskOperation => ({ kind: 'grow', radius });

/** Operations wait until they are answered; growing by r covers r rows. */
function setup() {
  const editor = createEditor();
  const session = createSession();
  editor.open(newDocument({ id: 'a', name: 'a', picture: { id: 'p', width: 512, height: 512 } }));
  editor.run('brush', setMask(fillMask(pixelRect(0, 0, 512, 4))));
  const draft = createLiveDraft(editor, session);
  const asked: { operation: Modification; signal: AbortSignal; answer: (mask?: Mask) => Promise<void> }[] =
    [];
  const errors: unknown[] = [];
  const modifying = createModifying({
    editor,
    draft,
    modify: (signal, _, __, operation) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        const rows = 'radius' in operation ? operation.radius : 1;
        const answer = async (mask = fillMask(pixelRect(0, 0, 512, rows))) => {
          resolve(mask);
          await Promise.resolve();
        };
        asked.push({ operation, signal, answer });
      }),
    onError: (error) => errors.push(error),
  });
  const before = editor.document()!;
  return { editor, session, draft, modifying, asked, errors, before };
}

test('the newest wish is shown and becomes one step', async () => {
  const { editor, draft, modifying, asked, before } = setup();
  modifying.preview(grow(8));
  modifying.preview(grow(9));
  modifying.preview(grow(10));
  expect(asked.map(({ operation }) => operation)).toEqual([grow(8)]);
  await asked[0]!.answer();
  expect(draft.shown()).not.toBeNull();
  expect(modifying.store.getState()).toMatchObject({ working: true, wish: grow(10) });
  const done = modifying.apply();
  expect(asked[1]!.operation).toEqual(grow(10));
  const last = fillMask(pixelRect(0, 0, 512, 10));
  await asked[1]!.answer(last);
  expect(await done).toEqual({ kind: 'grow', changed: true });
  expect(editor.document()!.mask).toBe(last);
  expect(draft.shown()).toBeNull();
  expect(modifying.store.getState().wish).toBeNull();
  editor.undo();
  expect(editor.document()).toBe(before);
});

test('while a slider moves, what runs is finished and seen; another kind of operation ends it at once', async () => {
  const { draft, modifying, asked } = setup();
  for (let radius = 1; radius < 30; radius++) modifying.preview(grow(radius));
  expect(asked).toHaveLength(1);
  expect(asked[0]!.signal.aborted).toBe(false);
  await asked[0]!.answer();
  expect(draft.shown()).not.toBeNull();
  expect(asked[1]!.operation).toEqual(grow(29));
  modifying.preview({ kind: 'shrink', radius: 3 });
  expect(asked[1]!.signal.aborted).toBe(true);
  expect(asked[2]!.operation).toEqual({ kind: 'shrink', radius: 3 });
});

test('a step is labelled with the kind that was computed, and a second click on Apply does nothing', async () => {
  const { editor, modifying, asked } = setup();
  modifying.preview(grow(8));
  const first = modifying.apply();
  const second = modifying.apply();
  modifying.preview({ kind: 'shrink', radius: 3 });
  await asked[1]!.answer();
  expect([await first, await second]).toEqual([{ kind: 'shrink', changed: true }, null]);
  expect(editor.store.getState().undoLabel).toBe('shrink');
});

test('dropping leaves nothing behind, also what comes late', async () => {
  const { editor, draft, modifying, asked, before } = setup();
  modifying.preview(grow(8));
  await asked[0]!.answer();
  modifying.preview(grow(9));
  modifying.drop();
  expect(asked[1]!.signal.aborted).toBe(true);
  await asked[1]!.answer();
  expect(draft.shown()).toBeNull();
  expect(editor.document()).toBe(before);
  expect(await modifying.apply()).toBeNull();
  expect(editor.document()).toBe(before);
});

test.each([false, true])('a stroke takes the place of the preview (shown: %s)', async (shown) => {
  const { draft, modifying, asked } = setup();
  modifying.preview(grow(8));
  if (shown) await asked[0]!.answer();
  const stroke = draft.begin();
  draft.changed();
  expect(modifying.store.getState().wish).toBeNull();
  await asked[0]!.answer();
  expect(draft.current()).toBe(stroke);
  modifying.preview(grow(9));
  expect(asked).toHaveLength(1);
});

test.each([
  ['undo', ({ editor }: ReturnType<typeof setup>) => editor.undo()],
  ['a command', ({ editor }: ReturnType<typeof setup>) => editor.run('clear', setMask(emptyMask))],
  [
    'another frame',
    ({ editor }: ReturnType<typeof setup>) => editor.run('frame', setFrame(pixelRect(0, 0, 600, 512))),
  ],
  ['closing', ({ editor }: ReturnType<typeof setup>) => editor.close()],
])('%s ends it, shown or not', async (_, change) => {
  for (const shown of [true, false]) {
    const all = setup();
    all.modifying.preview(grow(8));
    if (shown) await all.asked[0]!.answer();
    change(all);
    expect(all.modifying.store.getState().wish).toBeNull();
    expect(all.draft.shown()).toBeNull();
    expect(all.asked[0]!.signal.aborted || shown).toBe(true);
    await all.asked[0]!.answer();
    expect(all.draft.shown()).toBeNull();
  }
});

test('what fails is told and ends it', async () => {
  const { draft, modifying, errors } = setup();
  const broken = createModifying({
    ...setup(),
    modify: () => Promise.reject(new Error('broken')),
    onError: (error) => errors.push(error),
  });
  broken.preview(grow(8));
  await Promise.resolve();
  await Promise.resolve();
  expect(errors).toHaveLength(1);
  expect(broken.store.getState().wish).toBeNull();
  expect(draft.shown()).toBeNull();
  expect(modifying.store.getState().wish).toBeNull();
});
