import type { Level } from '../level.ts';

/**
 * One step of the work over the rows `from` … `to` of a level. Bands of rows may run side by side and in any order:
 * what a kernel reads, no other band of it writes. Integers only, so that every implementation gives the same bytes.
 */
export type Kernel = (level: Level, from: number, to: number, a: number, b: number, c: number) => number;
