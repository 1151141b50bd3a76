import { expect, test } from 'vitest';
import { newDocument, settleGroups } from '../editor/document.ts';
import { initialAsk } from '../editor/session.ts';
import type { JobsState, ResultGroup } from './job.ts';
import { belongsTo, findSelected, selectionAfter, waitingGroups, withApart, withGroup } from './staging.ts';

const picture = { id: 'p', width: 64, height: 64 };
const document = newDocument({ id: 'd', name: 'd', picture });

const group = (id: string, ...results: string[]): ResultGroup => ({
  id,
  mode: 'edit',
  ask: initialAsk,
  createdAt: 0,
  snapshot: document,
  asked: null,
  results: results.map((result) => ({ id: result, layers: [], picture: null, thumbnail: new Blob() })),
  words: null,
});

const a = group('a', 'a1', 'a2');
const b = group('b', 'b1');

const state = (change: Partial<JobsState>): JobsState => ({
  running: [],
  groups: [a, b],
  putAway: [],
  selected: null,
  error: null,
  pixelLock: null,
  ...change,
});

test('what the document settled does not wait; with none open all wait', () => {
  expect(waitingGroups([a, b], settleGroups(['a'])(document))).toEqual([b]);
  expect(waitingGroups([a, b], null)).toEqual([a, b]);
});

test('a group fits the document it was made from; one from nothing fits any', () => {
  expect(belongsTo(a, document)).toBe(true);
  expect(belongsTo(a, { ...document, id: 'other' })).toBe(false);
  expect(belongsTo(a, null)).toBe(false);
  expect(belongsTo({ ...a, snapshot: null }, document)).toBe(true);
  expect(belongsTo({ ...a, snapshot: null }, null)).toBe(true);
});

test('a group that grew takes its own place', () => {
  const more = group('a', 'a1', 'a2', 'a3');
  expect(withGroup([a, b], more)).toEqual([more, b]);
  expect(withGroup([b], a)).toEqual([b, a]);
});

test('a result is set apart from its siblings, and none is lost', () => {
  const second = findSelected([a, b], { groupId: 'a', resultId: 'a2' })!;
  const { groups, apart } = withApart([a, b], second, 'new');
  expect(groups.map(({ id, results }) => [id, ...results.map((result) => result.id)])).toEqual([
    ['a', 'a1'],
    ['b', 'b1'],
    ['new', 'a2'],
  ]);
  expect(waitingGroups(groups, settleGroups([apart.id])(document)).map(({ id }) => id)).toEqual(['a', 'b']);
  const only = findSelected([a, b], { groupId: 'b', resultId: 'b1' })!;
  expect(withApart([a, b], only, 'new')).toEqual({ groups: [a, b], apart: b });
});

test('a selection that names nothing finds nothing', () => {
  expect(findSelected([a, b], { groupId: 'a', resultId: 'a2' })?.result.id).toBe('a2');
  expect(findSelected([a, b], { groupId: 'a', resultId: 'b1' })).toBeNull();
  expect(findSelected([a, b], null)).toBeNull();
});

test.each([
  ['nothing is selected', null, ['b', 'b1']],
  ['another result still waits', ['a', 'a2'], ['a', 'a2']],
  ['the selected one is gone', ['x', 'x1'], ['b', 'b1']],
])('what is shown after a group came and %s', (_, before, after) => {
  const of = (names: readonly string[]) => ({ groupId: names[0]!, resultId: names[1]! });
  const selected = before && of(before);
  expect(selectionAfter(state({ selected }), b, document)).toEqual(of(after));
});

test('results of a settled group do not come to the front', () => {
  const settled = settleGroups(['b'])(document);
  expect(selectionAfter(state({}), b, settled)).toBeNull();
});
