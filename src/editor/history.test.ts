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
import { present, push, startHistory, step } from './history.ts';

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

describe('memory', () => {
  test('the oldest steps go first when the budget is spent, the present one never', () => {
    const steps = (budget: number) => {
      let history = startHistory('open', blank);
      for (let k = 0; k < 12; k++) {
        history = push(
          history,
          `stroke ${k}`,
          setMask(stroke(emptyMask, 50 + k * 60, 300, 200))(blank),
          budget,
        );
      }
      return history;
    };
    const all = steps(64 * 1024 * 1024);
    expect(all.entries.length).toBe(13);
    let newest = 0;
    for (const tile of present(all).mask.tiles.values())
      if (typeof tile !== 'number') newest += tile.byteLength();
    const lastThree = all.entries.slice(-4, -1).reduce((sum, entry) => sum + entry.ownBytes, 0);
    const some = steps(newest + lastThree);
    expect(some.entries.length).toBe(4);
    expect(some.entries.at(-1)!.label).toBe('stroke 11');
    const none = steps(1);
    expect(none.entries.map((entry) => entry.label)).toEqual(['stroke 11']);
    expect(step(none, -1)).toBe(none);
    expect(present(step(some, -1))).toBe(some.entries.at(-2)!.document);
  });

  test('200 strokes on 8192² stay under the budget, because cold tiles are packed', () => {
    const big = newDocument({ id: 'big', name: 'big', picture: { id: 'p', width: 8192, height: 8192 } });
    const editor = createEditor();
    editor.open(big);
    let made = 0;
    for (let k = 0; k < 200; k++) {
      const draft = beginDraft(editor.document()!.mask, big.frame);
      const from = { x: (k % 20) * 400, y: Math.floor(k / 20) * 800, pressure: 1 };
      const to = { x: from.x + 380, y: from.y + 780, pressure: 1 };
      strokeCapsule(draft, 'erase', { diameter: 410, hardness: 0.8, opacity: 1 }, from, to);
      if (editor.run('brush', setMask(draft.commit()))) made++;
    }
    expect(made).toBeGreaterThan(190);
    let undone = 0;
    while (editor.undo()) undone++;
    expect(undone).toBe(made);
  });
});
