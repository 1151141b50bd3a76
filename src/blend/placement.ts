/** Where a returned picture lies: x_returned = x_sent · scaleX + shiftX, in px of the sent size; pixel i covers [i, i + 1). */
export interface Registration {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

export const IDENTITY: Registration = { scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 };
