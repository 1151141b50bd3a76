import type { ErrorCode } from '../../server/contract.ts';
import type { Words } from '../fill/task.ts';

/** What a worker makes one picture of. Pictures and masks are PNGs. */
export type Ask =
  | { readonly kind: 'generate'; readonly prompt: string; readonly width: number; readonly height: number }
  /** Without a mask, what is fully transparent is filled; without that the picture is varied. */
  | { readonly kind: 'edit'; readonly prompt: string; readonly image: Blob; readonly mask: Blob | null }
  | { readonly kind: 'vary'; readonly image: Blob };

/** The first and only message to a worker. */
export interface Order {
  readonly ask: Ask;
  readonly seed: number;
  /** Unfinished pictures that are wanted at most. */
  readonly partials: number;
}

/** What a worker says: any number of the first two kinds, then one of the others. Pictures are PNGs. */
export type Report =
  /** 0..1, rising. */
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'partial'; readonly picture: Blob }
  | { readonly kind: 'done'; readonly picture: Blob; readonly words: Words | null }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
