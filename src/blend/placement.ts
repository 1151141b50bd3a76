/**
 * Where a returned picture lies against what was sent: x_returned = x_sent · scaleX + shiftX and the same for y, in px
 * of the sent size; pixel i covers [i, i + 1).
 */
export interface Placement {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** A point, px of the sent size. */
export type Place = readonly [number, number];

/** How far the place has moved, px. */
export function displacement({ scaleX, scaleY, shiftX, shiftY }: Placement, [x, y]: Place): number {
  return Math.hypot(x * (scaleX - 1) + shiftX, y * (scaleY - 1) + shiftY);
}

/** The same movement of `about` with other scales. */
export function rescaled(placement: Placement, scaleX: number, scaleY: number, about: Place): Placement {
  return {
    scaleX,
    scaleY,
    shiftX: placement.shiftX + (placement.scaleX - scaleX) * about[0],
    shiftY: placement.shiftY + (placement.scaleY - scaleY) * about[1],
  };
}
