import { beforeEach, expect, test } from 'vitest';
import { hole, type JobsApp, opened, setup } from '../../tests/jobs/setup.ts';
import { newDocument, setFrame, setMask } from '../editor/document.ts';
import { pixelRect } from '../geometry/rect.ts';
import { joinMasks } from '../raster/combine.ts';
import { fillMask } from '../raster/invert.ts';
import { uncoveredOf } from './editPlan.ts';

let app: JobsApp;

beforeEach(() => {
  app = setup();
});

/** A picture whose frame needs several requests of at most 1024 × 1024. */
function openExtended() {
  app.editor.open(opened('one'));
  app.editor.run('frame', setFrame(pixelRect(0, 0, 2600, 256)));
  app.session.setAsk({ prompt: 'a beach', model: 'squares' });
}

async function answerSteps(count: number) {
  for (let k = 0; k < count; k++) {
    const before = app.calls.length;
    app.calls.at(-1)!.answer(1);
    if (k + 1 < count) await app.called(before + 1);
  }
}

test('a frame that is too large for one request is extended step by step, each a step of the history', async () => {
  openExtended();
  app.session.setAsk({ count: 3 });
  const done = app.jobs.run();
  await app.called(1);
  const { of } = app.state().running[0]!.step!;
  expect(of).toBeGreaterThan(2);
  expect(app.calls[0]!.fields).toMatchObject({ n: 1, size: '512x512' });
  await answerSteps(of);
  await done;
  expect(app.calls).toHaveLength(of);
  const document = app.editor.document()!;
  expect(document.layers).toHaveLength(of);
  expect(uncoveredOf(document).tiles.size).toBe(0);
  expect(app.jobs.waiting()).toEqual([]);
  for (let left = of; left > 0; left--) {
    expect(app.editor.store.getState().undoLabel).toBe('extend');
    app.editor.undo();
    expect(app.editor.document()!.layers).toHaveLength(left - 1);
  }
});

test('what an extension has done stays after cancel or an error, and running again does the rest', async () => {
  openExtended();
  const first = app.jobs.run();
  await app.called(1);
  const { of } = app.state().running[0]!.step!;
  app.calls[0]!.answer(1);
  await app.called(2);
  app.jobs.cancel(app.state().running[0]!.id);
  await first;
  expect(app.editor.document()!.layers).toHaveLength(1);

  app.pass(10_000);
  const second = app.jobs.run();
  await app.called(3);
  expect(app.state().running[0]!.step).toEqual({ k: 1, of: of - 1 });
  app.calls[2]!.fail(Object.assign(new Error('x'), { code: 'upstream_error' }));
  await second;
  expect(app.state().error?.code).toBe('upstream_error');
  expect(app.editor.document()!.layers).toHaveLength(1);

  app.pass(10_000);
  const third = app.jobs.run();
  await app.called(4);
  await answerSteps(of - 1);
  await third;
  expect(app.calls).toHaveLength(3 + of - 1);
  expect(app.editor.document()!.layers).toHaveLength(of);
});

test('an extension stops when its document is left, and its last answer waits there', async () => {
  openExtended();
  const done = app.jobs.run();
  await app.called(1);
  app.editor.open(opened('two'));
  app.calls[0]!.answer(1);
  await done;
  expect(app.calls).toHaveLength(1);
  expect(app.kept).toMatchObject([{ snapshot: { id: 'one' }, results: [{}] }]);
  expect(app.editor.document()!.layers).toEqual([]);
});

test('an extension ends when its last step is undone meanwhile; the answer that comes then waits in the tray', async () => {
  openExtended();
  const done = app.jobs.run();
  await app.called(1);
  app.calls[0]!.answer(1);
  await app.called(2);
  app.editor.undo();
  app.calls[1]!.answer(1);
  await done;
  expect(app.calls).toHaveLength(2);
  expect(app.editor.document()!.layers).toEqual([]);
  expect(app.editor.store.getState().redoLabel).toBe('extend');
  expect(app.jobs.waiting()).toMatchObject([{ results: [{}] }]);
});

test('what was answered of a step that fails after it waits in the tray', async () => {
  openExtended();
  app.editor.run('brush', setMask(hole));
  const done = app.jobs.run();
  await app.called(1);
  const { of } = app.state().running[0]!.step!;
  await answerSteps(of);
  // The last step has a request of its own for what was erased beside it.
  await app.called(of + 1);
  app.calls[of]!.fail(Object.assign(new Error('x'), { code: 'upstream_error' }));
  await done;
  expect(app.state().error?.code).toBe('upstream_error');
  expect(app.editor.document()!.layers).toHaveLength(of - 1);
  expect(app.jobs.waiting()).toMatchObject([{ results: [{ layers: [{}] }] }]);
});

test('far-apart parts are sent one after the other and accepted as one result', async () => {
  app.editor.open(newDocument({ id: 'wide', name: 'w', picture: { id: 'w', width: 4000, height: 400 } }));
  const holes = [pixelRect(50, 50, 100, 100), pixelRect(3800, 200, 100, 100)].map(fillMask);
  app.editor.run('brush', setMask(holes.reduce(joinMasks)));
  app.session.setAsk({ prompt: 'a meadow', model: 'squares', count: 2 });
  app.session.setWish('automatic', true);
  const done = app.jobs.run();
  await app.called(1);
  app.calls[0]!.answer(2);
  await app.called(2);
  app.calls[1]!.answer(2);
  await done;
  expect(app.jobs.waiting()).toMatchObject([{ results: [{ layers: [{}, {}] }, { layers: [{}, {}] }] }]);
  await app.jobs.accept();
  expect(app.editor.document()!.layers).toHaveLength(2);
  app.editor.undo();
  expect(app.editor.document()!.layers).toEqual([]);
});

test.each([
  [{ perRequest: 0.01 }, {}, 'over_request_limit'],
  [{ perDay: 0.03 }, {}, 'over_day_limit'],
  [{ perDay: 5 }, { model: 'squares' }, 'price_unknown'],
])('with the limits %j nothing is sent that breaks them', async (limits, ask, code) => {
  app.openErased();
  app.session.setAsk(ask);
  app.spending.setLimits(limits);
  await app.jobs.run();
  expect(app.state().error?.code).toBe(code);
  expect(app.calls).toEqual([]);
  expect(app.spending.store.getState().spent).toBe(0);
});

test('an estimate is held until the bill is known, and given back when nothing was made', async () => {
  app.openErased();
  const spent = () => app.spending.store.getState().spent;
  const first = app.jobs.run();
  await app.called(1);
  const estimate = spent();
  expect(estimate).toBeGreaterThan(0.03);
  app.calls[0]!.fail(Object.assign(new Error('x'), { code: 'moderation_blocked' }));
  await first;
  expect(spent()).toBe(0);

  app.pass(10_000);
  const second = app.jobs.run();
  await app.called(2);
  app.calls[1]!.fail(Object.assign(new Error('x'), { code: 'upstream_timeout', maybeBilled: true }));
  await second;
  expect(spent()).toBeCloseTo(estimate, 10);

  app.pass(10_000);
  const third = app.jobs.run();
  await app.called(3);
  const usage = { input_tokens: 1000, output_tokens: 2000, input_tokens_details: { image_tokens: 1000 } };
  app.calls[2]!.answer(1, usage);
  await third;
  expect(spent()).toBeCloseTo(estimate + (1000 * 8 + 2000 * 30) / 1e6, 10);
});
