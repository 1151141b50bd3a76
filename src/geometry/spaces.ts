/**
 * The three spaces a point can be in. A brand keeps them apart at compile time; only `viewport.ts` converts.
 */
declare const space: unique symbol;

interface Point<Space extends string> {
  readonly x: number;
  readonly y: number;
  readonly [space]: Space;
}

/** CSS px from the window's corner. */
export type ClientPoint = Point<'client'>;
/** CSS px from the corner of the stage. */
export type ViewPoint = Point<'view'>;
/** Document px, fractional: pixel i covers [i, i + 1). Negative beyond the picture's own corner. */
export type ImagePoint = Point<'image'>;

export const clientPoint = (x: number, y: number) => ({ x, y }) as ClientPoint;
export const viewPoint = (x: number, y: number) => ({ x, y }) as ViewPoint;
export const imagePoint = (x: number, y: number) => ({ x, y }) as ImagePoint;
