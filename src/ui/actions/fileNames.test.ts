import { expect, test } from 'vitest';
import { baseName, holeFileName, maskFileName, pictureFileName } from './fileNames.ts';

test('a document is named after its file', () => {
  expect(baseName('Holiday 2026.JPEG')).toBe('Holiday 2026');
  expect(baseName('휴가 사진.webp')).toBe('휴가 사진');
  expect(baseName('archive.tar.png')).toBe('archive.tar');
  expect(baseName('C:\\photos\\cat.png')).toBe('cat');
  expect(baseName('.png')).toBe('png');
  expect(baseName('v1.2 final')).toBe('v1.2 final');
});

test('what is written says what it is', () => {
  expect(pictureFileName('cat', 'png')).toBe('cat-lacuna.png');
  expect(pictureFileName('cat', 'jpeg')).toBe('cat-lacuna.jpg');
  expect(pictureFileName('cat', 'webp')).toBe('cat-lacuna.webp');
  expect(maskFileName('cat')).toBe('cat-mask.png');
  expect(holeFileName('cat')).toBe('cat-hole.png');
});

test('a name keeps its dots and loses what file systems refuse', () => {
  expect(maskFileName('v1.2')).toBe('v1.2-mask.png');
  expect(maskFileName('a:b?c')).toBe('a_b_c-mask.png');
  expect(maskFileName('a\u0000b')).toBe('a_b-mask.png');
  expect(maskFileName('')).toBe('picture-mask.png');
  expect(maskFileName('x'.repeat(400)).length).toBeLessThan(140);
});
