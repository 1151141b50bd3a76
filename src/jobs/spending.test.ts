import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSpending } from './spending.ts';

function browser(stored: string | null = null) {
  const place = { stored, now: new Date(2026, 10, 25, 12) };
  const tab = () =>
    createSpending({
      load: () => place.stored,
      save: (text) => {
        place.stored = text;
      },
      now: () => place.now,
    });
  return { place, tab };
}

test('without limits everything goes, the unknown too', () => {
  const spending = browser().tab();
  expect(spending.limits).toEqual({ perRequest: null, perDay: null });
  expect(spending.check(1e6)).toBe('ok');
  expect(spending.check(null)).toBe('ok');
});

test('a limit per request and a limit per day', () => {
  const spending = browser().tab();
  spending.setLimits({ perRequest: 0.3, perDay: 0.5 });
  expect(spending.check(0.1 + 0.2)).toBe('ok');
  expect(spending.check(0.31)).toBe('over-request');
  expect(spending.check(null)).toBe('unknown-price');
  spending.reserve(0.3);
  expect(spending.check(0.2)).toBe('ok');
  expect(spending.check(0.21)).toBe('over-day');
  spending.setLimits({ perDay: null });
  expect(spending.limits).toEqual({ perRequest: 0.3, perDay: null });
  expect(spending.check(0.21)).toBe('ok');
  expect(() => spending.setLimits({ perDay: Number.NaN })).toThrow(RangeError);
  expect(() => spending.setLimits({ perRequest: -1 })).toThrow(RangeError);
});

test('a limit of nothing refuses what costs', () => {
  const spending = browser().tab();
  spending.setLimits({ perRequest: 0 });
  expect(spending.check(0.001)).toBe('over-request');
  expect(spending.check(0)).toBe('ok');
});

test('an estimate is settled once, or kept, or released', () => {
  const spending = browser().tab();
  const spent = () => spending.store.getState().spent;
  const first = spending.reserve(0.2);
  const second = spending.reserve(0.3);
  const third = spending.reserve(0.4);
  expect(spent()).toBeCloseTo(0.9, 9);
  first.settle(0.25);
  expect(spent()).toBeCloseTo(0.95, 9);
  first.settle(7);
  first.release();
  second.settle(null);
  expect(spent()).toBeCloseTo(0.95, 9);
  third.release();
  expect(spent()).toBeCloseTo(0.55, 9);
  third.settle(5);
  expect(spent()).toBeCloseTo(0.55, 9);
});

test('a new day has a new ledger; what yesterday reserved does not touch it', () => {
  const { place, tab } = browser();
  const spending = tab();
  spending.setLimits({ perDay: 1 });
  const late = spending.reserve(0.9);
  expect(spending.check(0.5)).toBe('over-day');
  place.now = new Date(2026, 10, 26, 0, 0, 1);
  expect(spending.check(0.5)).toBe('ok');
  expect(spending.store.getState()).toMatchObject({ day: '2026-11-26', spent: 0 });
  spending.reserve(0.5);
  late.settle(3);
  expect(spending.store.getState().spent).toBe(0.5);
  expect(spending.limits.perDay).toBe(1);
});

test('tabs share limits and ledger, and both outlive them', () => {
  const { tab } = browser();
  const [one, other] = [tab(), tab()];
  one.setLimits({ perDay: 1 });
  const reserved = one.reserve(0.6);
  expect(other.check(0.5)).toBe('over-day');
  other.reserve(0.1);
  reserved.settle(0.2);
  other.setLimits({ perRequest: 2 });
  expect(one.refresh()).toMatchObject({ limits: { perDay: 1, perRequest: 2 } });
  expect(tab().store.getState().spent).toBeCloseTo(0.3, 9);
});

test('without storage a tab keeps its own ledger', () => {
  const spending = createSpending({ load: () => null, save: () => {}, now: () => new Date(2026, 10, 25) });
  spending.setLimits({ perDay: 1 });
  spending.reserve(0.8);
  expect(spending.check(0.3)).toBe('over-day');
});

test('whatever is stored, there are limits and a ledger', () => {
  const any = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({
        version: fc.constant(1),
        perRequest: fc.anything(),
        spent: fc.anything(),
        day: fc.anything(),
      })
      .map((value) => JSON.stringify(value) ?? 'null'),
  );
  fc.assert(
    fc.property(any, (stored) => {
      const spending = browser(stored).tab();
      const { limits, day, spent } = spending.store.getState();
      for (const limit of Object.values(limits)) expect(limit === null || limit >= 0).toBe(true);
      expect(day).toBe('2026-11-25');
      expect(spent).toBe(0);
      expect(['ok', 'over-request', 'unknown-price']).toContain(spending.check(null));
    }),
  );
  const kept = JSON.stringify({ version: 1, perRequest: 'x', perDay: 2, day: '2026-11-25', spent: 1.5 });
  expect(browser(kept).tab().store.getState()).toEqual({
    limits: { perRequest: null, perDay: 2 },
    day: '2026-11-25',
    spent: 1.5,
  });
});
