export interface Grade {
  /** Rotation of chroma in radians. */
  readonly hue: number;
  /** Factor on chroma. */
  readonly saturation: number;
  /** Factor on the distance of luma from the middle. */
  readonly contrast: number;
  /** Shift of chroma from blue to orange, as a share of full range. */
  readonly warmth: number;
}

/** Rotates and scales chroma around luma (BT.601), in place; alpha stays. */
export function gradeColours(rgba: Uint8Array<ArrayBuffer>, grade: Grade): void {
  // Rounds and clamps what is written.
  const bytes = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.length);
  const cos = Math.cos(grade.hue) * grade.saturation;
  const sin = Math.sin(grade.hue) * grade.saturation;
  for (let at = 0; at < bytes.length; at += 4) {
    const red = bytes[at]!;
    const green = bytes[at + 1]!;
    const blue = bytes[at + 2]!;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const chromaBlue = 0.564 * (blue - luma);
    const chromaRed = 0.713 * (red - luma);
    const warmth = grade.warmth * (255 - (255 / 128) * Math.abs(luma - 128));
    const turnedBlue = cos * chromaBlue - sin * chromaRed - warmth;
    const turnedRed = sin * chromaBlue + cos * chromaRed + warmth;
    const toned = 128 + (luma - 128) * grade.contrast;
    bytes[at] = toned + 1.403 * turnedRed;
    bytes[at + 1] = toned - 0.344 * turnedBlue - 0.714 * turnedRed;
    bytes[at + 2] = toned + 1.773 * turnedBlue;
  }
}
