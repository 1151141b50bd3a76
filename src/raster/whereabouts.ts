import { type PixelRect, rectBetween } from '../geometry/rect.ts';
import type { Mask } from './mask.ts';
import { coverageSum } from './measure.ts';

const rows = ['top', 'middle', 'bottom'] as const;
const columns = ['left', 'centre', 'right'] as const;

/** In thirds of the frame; 'any' where no third of the rows, or of the columns, holds most of it. */
export type Region = `${(typeof rows)[number] | 'any'}-${(typeof columns)[number] | 'any'}`;

/** This share of the mask is most of it. */
const MOST = 2 / 3;

/** In words for those who don't see it: how much of the frame is covered (0–1), and where that lies. */
export function whereabouts(mask: Mask, frame: PixelRect): { share: number; region: Region } {
  const third = (start: number, size: number, k: number) => start + Math.round((size * k) / 3);
  const perRow = [0, 0, 0];
  const perColumn = [0, 0, 0];
  let sum = 0;
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const part = rectBetween(
        third(frame.x, frame.width, column),
        third(frame.y, frame.height, row),
        third(frame.x, frame.width, column + 1),
        third(frame.y, frame.height, row + 1),
      );
      const covered = part ? coverageSum(mask, part) : 0;
      sum += covered;
      perRow[row]! += covered;
      perColumn[column]! += covered;
    }
  }
  const most = (sums: readonly number[]) => sums.findIndex((value) => sum > 0 && value >= MOST * sum);
  const region: Region = `${rows[most(perRow)] ?? 'any'}-${columns[most(perColumn)] ?? 'any'}`;
  return { share: sum / (255 * frame.width * frame.height), region };
}
