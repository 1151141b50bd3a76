import type { Task } from '../../src/fill/task.ts';
import type { PartialPicture } from '../providers/provider.ts';
import { type EncodeOptions, encodePicture } from './pixels.ts';
import type { WantedPartials } from './pool.ts';

/** Encodes unfinished pictures of a task as its result will be, and hands them on in their order. */
export function createPartials(
  wish: { readonly count: number; readonly onPartial: (partial: PartialPicture) => void },
  { width, height }: Task,
  encoding: EncodeOptions,
): { readonly wanted: WantedPartials; readonly delivered: () => Promise<void> } {
  let last = Promise.resolve();
  let next = 0;
  const mime = `image/${encoding.format}` as const;
  return {
    wanted: {
      count: wish.count,
      deliver(rgba) {
        const index = next++;
        const data = encodePicture({ width, height, rgba }, encoding);
        last = last.then(async () => wish.onPartial({ index, data: await data, mime }));
        // Whoever waits for `delivered` hears of a failure; until then it must not count as unhandled.
        last.catch(() => {});
        data.catch(() => {});
      },
    },
    delivered: () => last,
  };
}
