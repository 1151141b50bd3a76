import { describe, expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { framePlaceChunks, framePlaceOf, maskPlace, scaledPlace } from './framePlace.ts';

const picture = { width: 640, height: 427 };
const grown = pixelRect(-40, -12, 900, 500);

describe('what a file says of its place', () => {
  test('is read as it was written', () => {
    expect(framePlaceOf(framePlaceChunks(grown, picture), grown)).toEqual({ x: -40, y: -12, picture });
  });
  test('is not believed once the file has another size; without its text the corner is known', () => {
    const [offset, text] = framePlaceChunks(grown, picture);
    expect(framePlaceOf([text!], { width: 450, height: 250 })).toBeNull();
    expect(framePlaceOf([offset!], grown)).toEqual({ x: -40, y: -12, picture: null });
  });
  test.each(['Lacuna\0{', 'Lacuna\0null', 'Lacuna\0{"frame":{"width":900,"height":500},"picture":{}}', 'x'])(
    'is nothing when it is %j',
    (text) => {
      const data = Uint8Array.from(text, (c) => c.charCodeAt(0));
      expect(framePlaceOf([{ type: 'tEXt', data }], grown)).toBeNull();
    },
  );
});

describe('where a mask belongs', () => {
  test('where it was exported, also when the frame has changed since', () => {
    const told = { x: -40, y: -12, picture };
    expect(maskPlace(grown, told, pixelRect(0, 0, 640, 427), picture)).toEqual(grown);
    // Another picture: its size alone tells.
    expect(maskPlace(grown, told, pixelRect(-5, 0, 900, 500), { width: 10, height: 10 })).toEqual(
      pixelRect(-5, 0, 900, 500),
    );
  });
  test('over the frame or the picture of its size', () => {
    expect(maskPlace({ width: 900, height: 500 }, null, grown, picture)).toEqual(grown);
    expect(maskPlace(picture, null, grown, picture)).toEqual(pixelRect(0, 0, 640, 427));
  });
  test('at an offset that lies inside', () => {
    const told = { x: 100, y: 50, picture: null };
    expect(maskPlace({ width: 20, height: 10 }, told, grown, picture)).toEqual(pixelRect(100, 50, 20, 10));
    expect(maskPlace({ width: 2000, height: 10 }, told, grown, picture)).toBeNull();
  });
  test('scaled: over what has its shape, otherwise over the frame', () => {
    expect(maskPlace({ width: 320, height: 214 }, null, grown, picture)).toBeNull();
    expect(scaledPlace({ width: 320, height: 214 }, grown, picture)).toEqual(pixelRect(0, 0, 640, 427));
    expect(scaledPlace({ width: 450, height: 250 }, grown, picture)).toEqual(grown);
    expect(scaledPlace({ width: 100, height: 900 }, grown, picture)).toEqual(grown);
  });
});
