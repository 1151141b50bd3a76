import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { beginDraft } from '../raster/draft.ts';
import { emptyMask, type Mask, maskSource } from '../raster/mask.ts';
import { strokeCapsule } from '../raster/stroke.ts';
import type { Document } from './document.ts';
import { newDocument, setMask, settleGroups } from './document.ts';
import { createEditor } from './editor.ts';
import { type History, heldBytes, historyOf, jump, present, push, weigh } from './history.ts';
import { newLayer } from './layer.ts';

const frame = pixelRect(0, 0, 1024, 1024);
const blank = newDocument({ id: 'd', name: 'test', picture: { id: 'p', width: 1024, height: 1024 } });
const coverage = ({ mask }: Document) => coverageOf(maskSource(mask), frame);

function stroke(mask: Mask, x: number, y: number, size: number): Mask {
  const draft = beginDraft(mask, frame);
  const tip = { diameter: size, hardness: 0.4, opacity: 1 };
  strokeCapsule(draft, 'erase', tip, { x, y, pressure: 1 }, { x: x + 90, y: y + 40, pressure: 1 });
  return draft.commit();
}

const strokes = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 300 })), {
  minLength: 1,
  maxLength: 8,
});

describe('undo and redo', () => {
  test('redo after undo gives the same document, whatever was painted', () => {
    fc.assert(
      fc.property(strokes, (list) => {
        const editor = createEditor();
        editor.open(blank);
        const seen: Document[] = [blank];
        const painted: Uint8Array[] = [coverage(blank)];
        for (const [x, y, size] of list) {
          if (!editor.run('brush', setMask(stroke(editor.document()!.mask, x, y, size)))) continue;
          seen.push(editor.document()!);
          painted.push(coverage(editor.document()!));
        }
        for (let k = seen.length - 1; k > 0; k--) {
          expect(editor.document()).toBe(seen[k]);
          expect(editor.undo()).toBe(true);
          expect(editor.redo()).toBe(true);
          expect(editor.document()).toBe(seen[k]);
          // Packed and unpacked again, the coverage is what it was.
          expect(Buffer.compare(coverage(seen[k]!), painted[k]!)).toBe(0);
          editor.undo();
        }
        expect(editor.document()).toBe(blank);
        expect(editor.undo()).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  test('a new step drops what could have been redone', () => {
    const editor = createEditor();
    editor.open(blank);
    editor.run('brush', setMask(stroke(emptyMask, 10, 10, 50)));
    editor.undo();
    editor.run('brush', setMask(stroke(emptyMask, 500, 10, 50)));
    expect(editor.redo()).toBe(false);
    expect(editor.store.getState()).toMatchObject({ canUndo: true, canRedo: false, undoLabel: 'brush' });
  });

  test('a command that changes nothing is no step', () => {
    const editor = createEditor();
    editor.open(blank);
    expect(editor.run('clear', setMask(emptyMask))).toBe(false);
    expect(editor.run('discard', settleGroups([]))).toBe(false);
    expect(editor.store.getState().canUndo).toBe(false);
  });
});

describe('the timeline against a plain list', () => {
  const actions = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('run' as const), x: fc.nat(900) }),
      fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const) }),
      fc.record({ kind: fc.constant('jump' as const), to: fc.integer({ min: -1, max: 12 }) }),
    ),
    { maxLength: 40 },
  );

  test('any sequence of steps, undo, redo and jumps does what it does to a list and a place in it', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const editor = createEditor();
        editor.open(blank);
        let model: Document[] = [blank];
        let at = 0;
        for (const action of list) {
          if (action.kind === 'run') {
            const mask = stroke(editor.document()!.mask, action.x, 20, 30);
            if (!editor.run('brush', setMask(mask))) continue;
            model = [...model.slice(0, ++at), editor.document()!];
          } else {
            const to = action.kind === 'jump' ? action.to : at + (action.kind === 'undo' ? -1 : 1);
            const there = to >= 0 && to < model.length && to !== at;
            const moved = action.kind === 'jump' ? editor.jump(to) : editor[action.kind]();
            expect(moved).toBe(there);
            if (there) at = to;
          }
          const { history, document, canUndo, canRedo } = editor.store.getState();
          expect(history!.entries.map((entry) => entry.document)).toEqual(model);
          expect(document).toBe(model[at]);
          expect([history!.index, canUndo, canRedo]).toEqual([at, at > 0, at < model.length - 1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a timeline that is taken up again is the same', () => {
    const editor = createEditor();
    editor.open(blank);
    for (const x of [10, 300, 600]) editor.run('brush', setMask(stroke(editor.document()!.mask, x, 20, 30)));
    editor.undo();
    const before = editor.store.getState().history!;
    const other = createEditor();
    other.resume(before.entries, before.index, true);
    expect(other.store.getState()).toEqual({
      ...editor.store.getState(),
      history: { ...before, dropped: true },
    });
  });
});

describe('memory', () => {
  const at = 0;
  const start = () => historyOf([{ label: 'open', at, document: blank }], 0, false);

  test('the oldest steps go first when the budget is spent; the present one and the one before it never', () => {
    const steps = (budget: number) => {
      let history = start();
      for (let k = 0; k < 12; k++) {
        const document = setMask(stroke(emptyMask, 50 + k * 60, 300, 200))(blank);
        history = weigh(push(history, { label: `stroke ${k}`, at, document }), budget);
      }
      return history;
    };
    const all = steps(64 * 1024 * 1024);
    expect(all.entries.length).toBe(13);
    expect(all.dropped).toBe(false);
    const older = all.entries.slice(0, -4).reduce((sum, entry) => sum + entry.ownBytes!, 0);
    const some = steps(heldBytes(all) - older);
    expect(some.entries.length).toBe(4);
    expect(some.dropped).toBe(true);
    expect(some.entries.at(-1)!.label).toBe('stroke 11');
    const few = steps(1);
    expect(few.entries.map((entry) => entry.label)).toEqual(['stroke 10', 'stroke 11']);
    expect(jump(few, -1)).toBe(few);
    expect(present(jump(some, some.index - 1))).toBe(some.entries.at(-2)!.document);
  });

  test('a thousand steps are kept at most', () => {
    let history: History = start();
    for (let k = 0; k < 1010; k++) {
      history = push(history, { label: `${k}`, at, document: { ...blank, name: `${k}` } });
    }
    expect(history.entries.length).toBe(1000);
    expect([history.entries[0]!.label, history.index, history.dropped]).toEqual(['10', 999, true]);
  });

  test('a picture counts while only former steps show it, and makes the oldest go', () => {
    const layer = (id: string) => {
      const image = { id, width: 1000, height: 500 };
      return newLayer(id, { image, rect: frame, weights: emptyMask }, { kind: 'merged' });
    };
    const added = push(start(), { label: 'place', at, document: { ...blank, layers: [layer('a')] } });
    expect(heldBytes(weigh(added))).toBe(0);
    const replaced = push(added, { label: 'merge', at, document: { ...blank, layers: [layer('b')] } });
    expect(heldBytes(weigh(replaced))).toBe(1000 * 500 * 4);
    const third = push(replaced, { label: 'merge', at, document: { ...blank, layers: [layer('c')] } });
    expect(weigh(third, 5_000_000).entries.length).toBe(4);
    expect(weigh(third, 3_000_000).entries.map(({ label }) => label)).toEqual(['merge', 'merge']);
  });

  const big = newDocument({ id: 'big', name: 'big', picture: { id: 'p', width: 8192, height: 8192 } });

  /** A stroke across up to half of the picture, soft. */
  function bigStroke(mask: Mask, k: number): Mask {
    const draft = beginDraft(mask, big.frame);
    const from = { x: (k * 2777) % 8192, y: (k * 1931) % 8192, pressure: 1 };
    const to = { x: (from.x + 3000) % 8192, y: (from.y + 2500) % 8192, pressure: 1 };
    const tip = { diameter: 410, hardness: 0.8, opacity: 1 };
    strokeCapsule(draft, k % 5 === 4 ? 'restore' : 'erase', tip, from, to);
    return draft.commit();
  }

  test('200 strokes on 8192² stay under the budget, each for what it changed, and all can be undone', () => {
    const editor = createEditor();
    editor.open(big);
    let made = 0;
    const held: number[] = [];
    for (let k = 0; k < 200; k++) {
      if (editor.run('brush', setMask(bigStroke(editor.document()!.mask, k)))) made++;
      held.push(heldBytes(editor.store.getState().history!));
    }
    expect(made).toBe(200);
    const { entries, dropped } = editor.store.getState().history!;
    expect(dropped).toBe(false);
    const own = entries.slice(0, -1).map(({ ownBytes }) => ownBytes!);
    // A mask of the whole picture has 64 MB; what one stroke leaves behind has a hundredth of it.
    expect(Math.max(...own)).toBeLessThan((8192 * 8192) / 100);
    expect(held.at(-1)!).toBeLessThan(128 * 1024 * 1024);
    // What is shown is unpacked, which is most at first; beyond that the last strokes take no more than earlier ones.
    expect(held[199]! - held[149]!).toBeLessThan(1.5 * (held[149]! - held[99]!) + 4 * 1024 * 1024);
    let undone = 0;
    while (editor.undo()) undone++;
    expect(undone).toBe(made);
  });

  test('complaint 10: a step asks no more of the tiles of older steps, however many there are', () => {
    const editor = createEditor();
    editor.open(big);
    let asked = 0;
    const counted = (mask: Mask): Mask => {
      for (const tile of mask.tiles.values()) {
        if (typeof tile === 'number' || Object.hasOwn(tile, 'byteLength')) continue;
        const plain = tile.byteLength.bind(tile);
        Object.assign(tile, { byteLength: () => ++asked && plain() });
      }
      return mask;
    };
    const stepsOf = (from: number, to: number) => {
      const before = asked;
      for (let k = from; k < to; k++)
        editor.run('brush', setMask(counted(stroke(emptyMask, 100, 100 + k, 300))));
      return asked - before;
    };
    stepsOf(0, 10);
    const early = stepsOf(10, 20);
    stepsOf(20, 300);
    expect(early).toBeGreaterThan(10);
    expect(stepsOf(300, 310)).toBeLessThanOrEqual(early * 1.5);
  });

  test('what is left is packed bit by bit, and what is shown again meanwhile stays unpacked', () => {
    let steps: Iterator<unknown> | null = null;
    let done: () => void = () => expect.unreachable();
    const editor = createEditor({
      slowly: (work, finish) => {
        steps = work;
        done = finish;
      },
    });
    editor.open(blank);
    editor.run('brush', setMask(stroke(emptyMask, 100, 100, 500)));
    const painted = [...editor.document()!.mask.tiles.values()].filter((tile) => typeof tile !== 'number');
    const bytes = () => painted.map((tile) => tile.byteLength());
    const unpacked = bytes();
    editor.run('clear', setMask(emptyMask));
    editor.undo();
    while (!steps!.next().done);
    done();
    expect(bytes()).toEqual(unpacked);
    editor.redo();
    expect(bytes()).toEqual(unpacked);
    while (!steps!.next().done);
    done();
    expect(Math.max(...bytes())).toBeLessThan(65_536);
    const { entries } = editor.store.getState().history!;
    expect(entries[1]!.ownBytes).toBeGreaterThanOrEqual(bytes().reduce((sum, one) => sum + one));
  });
});

test('a smaller budget lets the oldest steps go at once, and the present one stays', () => {
  const editor = createEditor();
  editor.open(blank);
  for (let k = 0; k < 12; k++)
    editor.run('brush', setMask(stroke(editor.document()!.mask, k * 70, k * 60, 200)));
  const before = editor.store.getState().history!;
  expect(before.dropped).toBe(false);
  const document = editor.document();
  editor.setBudget(heldBytes(before) / 2);
  const { history } = editor.store.getState();
  expect(editor.document()).toBe(document);
  expect(history!.dropped).toBe(true);
  expect(history!.entries.length).toBeLessThan(before.entries.length);
  expect(history!.entries.at(-1)).toBe(before.entries.at(-1));
});
