import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { joinMasks } from './combine.ts';
import { fillMask } from './invert.ts';
import { emptyMask } from './mask.ts';
import { coveredShare } from './measure.ts';
import { whereabouts } from './whereabouts.ts';

const frame = pixelRect(-100, 0, 600, 400);
const regionOf = (x: number, y: number, width: number, height: number) =>
  whereabouts(fillMask(pixelRect(x, y, width, height)), frame).region;

test('a mask lies in one of nine parts of the frame', () => {
  expect(regionOf(-90, 10, 50, 50)).toBe('top-left');
  expect(regionOf(-90, 180, 50, 50)).toBe('middle-left');
  expect(regionOf(190, 190, 20, 20)).toBe('middle-centre');
  expect(regionOf(450, 350, 50, 50)).toBe('bottom-right');
});

test('a band lies along an edge or through the middle, and what is spread out lies nowhere', () => {
  expect(regionOf(-100, 0, 600, 60)).toBe('top-any');
  expect(regionOf(180, 0, 40, 400)).toBe('any-centre');
  expect(regionOf(-100, 0, 600, 400)).toBe('any-any');
  const corners = joinMasks(fillMask(pixelRect(-90, 10, 20, 20)), fillMask(pixelRect(460, 360, 20, 20)));
  expect(whereabouts(corners, frame).region).toBe('any-any');
});

test('what lies over the border of two parts belongs to the one that has most of it', () => {
  expect(regionOf(60, 10, 100, 50)).toBe('top-any');
  expect(regionOf(90, 10, 100, 50)).toBe('top-centre');
});

test('the share is that of the whole frame, and nothing outside it counts', () => {
  const mask = fillMask(pixelRect(-300, -300, 350, 431));
  expect(whereabouts(mask, frame).share).toBeCloseTo(coveredShare(mask, frame), 12);
  expect(whereabouts(mask, frame).region).toBe('top-left');
  expect(whereabouts(emptyMask, frame)).toEqual({ share: 0, region: 'any-any' });
});
