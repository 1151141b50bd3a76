import { expect, test } from 'vitest';
import { drawnScene } from '../../drawnScene.ts';
import { drawMask } from './masks.ts';
import { createMeasure, type RgbPicture } from './metrics.ts';
import { filter, gaussian } from './planes.ts';

const [width, height] = [128, 96];

const scene: RgbPicture = {
  width,
  height,
  rgb: drawnScene(width, height).filter((_, i) => (i & 3) < 3),
};
const hole = drawMask('hole', width, height, 3);
const measure = createMeasure(scene, hole, 1);

/** The scene with other values inside the hole. */
const filled = (value: (at: number, channel: number) => number): RgbPicture => ({
  ...scene,
  rgb: scene.rgb.map((old, i) => (hole[Math.floor(i / 3)] ? value(Math.floor(i / 3), i % 3) : old)),
});

function blurred(sigma: number): RgbPicture {
  const kernel = gaussian(sigma, 3 * sigma);
  const channels = [0, 1, 2].map((channel) => {
    const data = Float64Array.from({ length: width * height }, (_, i) => scene.rgb[i * 3 + channel]!);
    return filter({ width, height, data }, kernel, kernel, 'inner').data;
  });
  return filled((at, channel) => Math.round(channels[channel]![at]!));
}

test('the same picture is perfect', () => {
  const { psnr, ...others } = measure(scene);
  expect(psnr).toBeGreaterThan(130);
  const expected = { ssim: 1, msssim: 1, gmsd: 0, swd: 0, tswd: 0, sharp: 1, seam: 1 };
  for (const [name, value] of Object.entries(expected))
    expect(others[name as keyof typeof others], name).toBeCloseTo(value, 10);
});

test('a shift by a constant has the PSNR of its square, and moves colours but no texture', () => {
  // The whole picture, so that no edge comes at the hole's border; no value is cut off.
  const grey: RgbPicture = { ...scene, rgb: scene.rgb.map((value) => 60 + (value >> 1)) };
  const shifted = { ...grey, rgb: grey.rgb.map((value) => value + 10) };
  const { psnr, gmsd, swd, tswd, sharp, seam } = createMeasure(grey, hole, 1)(shifted);
  expect(psnr).toBeCloseTo(20 * Math.log10(255 / 10), 10);
  expect(gmsd).toBeCloseTo(0, 10);
  expect(sharp).toBeCloseTo(1, 10);
  expect(seam).toBeCloseTo(1, 10);
  expect(tswd).toBeLessThan(1e-3);
  // A direction of unit length sees 10 × the sum of its 147 parts: 10 × |normal| in the mean.
  expect(swd).toBeGreaterThan(10 * Math.sqrt(2 / Math.PI) * 0.8);
  expect(swd).toBeLessThan(10 * Math.sqrt(2 / Math.PI) * 1.2);
});

test('blur lowers sharpness and raises every distance, the more the wider', () => {
  const [slight, strong] = [measure(blurred(1)), measure(blurred(3))];
  expect(slight.sharp).toBeLessThan(0.9);
  expect(strong.sharp).toBeLessThan(slight.sharp);
  expect(strong.tswd).toBeGreaterThan(slight.tswd);
  expect(strong.swd).toBeGreaterThan(slight.swd);
  expect(strong.gmsd).toBeGreaterThan(slight.gmsd);
  expect(strong.ssim).toBeLessThan(slight.ssim);
  expect(strong.msssim).toBeLessThan(slight.msssim);
});

test('moved texture costs PSNR and hardly any patch distance; flat colour does the opposite', () => {
  const noise = Uint8Array.from(
    { length: width * height },
    (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) >> 1,
  );
  const noisy: RgbPicture = {
    ...scene,
    rgb: Uint8Array.from({ length: noise.length * 3 }, (_, i) => noise[Math.floor(i / 3)]!),
  };
  const of = createMeasure(noisy, hole, 1);
  const inHole = (value: (i: number) => number): RgbPicture => ({
    ...noisy,
    rgb: noisy.rgb.map((old, i) => (hole[Math.floor(i / 3)] ? value(Math.floor(i / 3)) : old)),
  });
  const moved = of(inHole((at) => noise[(at + 40 * width + 17) % noise.length]!));
  const flat = of(inHole(() => 64));
  expect(flat.psnr).toBeGreaterThan(moved.psnr);
  expect(flat.swd).toBeGreaterThan(10 * moved.swd);
  expect(flat.tswd).toBeGreaterThan(10 * moved.tswd);
  expect(flat.sharp).toBeLessThan(0.05);
  expect(moved.sharp).toBeCloseTo(1, 1);
});

test('an edge along the hole shows in the seam, and less in the whole', () => {
  const { seam, sharp } = measure(filled((at, channel) => Math.min(255, scene.rgb[at * 3 + channel]! + 60)));
  expect(seam).toBeGreaterThan(1.5);
  expect(sharp).toBeLessThan(seam);
});

test('the same seed measures the same; what is outside the hole only counts near it', () => {
  const strange = filled((at) => (at * 37) & 255);
  expect(measure(strange)).toEqual(createMeasure(scene, hole, 1)(strange));
  const corner = { ...strange, rgb: strange.rgb.map((value, i) => (i < 30 ? 255 - value : value)) };
  expect(hole.subarray(0, 10).every((value) => value === 0)).toBe(true);
  const { psnr, swd, sharp } = measure(strange);
  expect(measure(corner)).toMatchObject({ psnr, swd, sharp });
});

test('a hole of a few pixels is measured too; it has no patches', () => {
  const dot = new Uint8Array(width * height);
  dot.fill(1, 50 * width + 50, 50 * width + 53);
  const { psnr, ssim, swd, sharp } = createMeasure(scene, dot, 1)(scene);
  expect(psnr).toBeGreaterThan(130);
  expect([ssim, sharp]).toEqual([1, 1]);
  expect(swd).toBeNaN();
});
