import { coverageOf } from '../raster/coverage.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { type CropPlan, contentSize } from './cropPlan.ts';
import { edgePad } from './edgePad.ts';

/**
 * The mask as a service gets it: one byte per sent px, 255 = edit, 0 = keep, nothing between. A sent pixel is edit
 * when any document pixel under it has coverage > 0. Padding repeats the edge, so that a hole that reaches the
 * edge is not hemmed by kept pixels that are not there.
 */
export function sentMask(mask: Mask, plan: CropPlan): Uint8Array {
  const content = contentSize(plan);
  const columns = spans(plan.rect.width, content.width);
  const rows = spans(plan.rect.height, content.height);
  const bounds = maskBounds(mask);
  // Rows of the plan's rectangle that have any coverage.
  const first = bounds ? bounds.y - plan.rect.y : 0;
  const last = bounds ? first + bounds.height : 0;
  const out = new Uint8Array(content.width * content.height);
  let strip: Uint8Array = new Uint8Array(0);
  let stripFrom = 0;
  let stripEnd = 0;
  for (let y = 0; y < content.height; y++) {
    const from = rows[y * 2]!;
    const end = rows[y * 2 + 1]!;
    if (end > stripEnd) {
      stripFrom = from;
      stripEnd = Math.min(plan.rect.height, Math.max(end, from + STRIP));
      strip = coverageOf(maskSource(mask), {
        x: plan.rect.x,
        y: plan.rect.y + stripFrom,
        width: plan.rect.width,
        height: stripEnd - stripFrom,
      });
    }
    for (let sy = Math.max(from, first); sy < Math.min(end, last); sy++) {
      const row = strip.subarray((sy - stripFrom) * plan.rect.width, (sy - stripFrom + 1) * plan.rect.width);
      for (let x = 0; x < content.width; x++) {
        const right = columns[x * 2 + 1]!;
        for (let sx = columns[x * 2]!; sx < right; sx++) {
          if (row[sx]! > 0) {
            out[y * content.width + x] = 255;
            break;
          }
        }
      }
    }
  }
  return edgePad(out, content, plan.sent, 1);
}

/** Document rows read at once. */
const STRIP = 256;

/** Half-open source intervals under each of `to` pixels, as [from, end, from, end, …]. */
function spans(from: number, to: number): Int32Array {
  const out = new Int32Array(to * 2);
  for (let i = 0; i < to; i++) {
    out[i * 2] = Math.floor((i * from) / to);
    out[i * 2 + 1] = Math.ceil(((i + 1) * from) / to);
  }
  return out;
}
