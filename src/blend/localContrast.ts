/** Half the edge of the square that the mean and the contrast are taken over, in px of the level. */
const REACH = 4;

/** Added to the local standard deviation, in levels: keeps noise in flat parts from looking like texture. */
const FLOOR = 4;

/**
 * (value − local mean) / (local standard deviation + 4): what is left of a plane when brightness and contrast do not
 * count. Taken over the valid pixels of 9 × 9; 0 elsewhere.
 * @param valid 1 or 0 per px; null for all
 */
export function localContrast(
  plane: Float32Array,
  valid: Uint8Array | null,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(width * height);
  // Sums per column over the rows of the square, moved down row by row.
  const count = new Float64Array(width);
  const sum = new Float64Array(width);
  const squares = new Float64Array(width);
  const addRow = (y: number, sign: number) => {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (valid && valid[i] === 0) continue;
      const v = plane[i]! - 128;
      count[x]! += sign;
      sum[x]! += sign * v;
      squares[x]! += sign * v * v;
    }
  };
  for (let y = 0; y < Math.min(REACH, height); y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + REACH < height) addRow(y + REACH, 1);
    if (y > REACH) addRow(y - REACH - 1, -1);
    let n = 0;
    let s = 0;
    let q = 0;
    const slide = (x: number, sign: number) => {
      n += sign * count[x]!;
      s += sign * sum[x]!;
      q += sign * squares[x]!;
    };
    for (let x = 0; x < Math.min(REACH, width); x++) slide(x, 1);
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (x + REACH < width) slide(x + REACH, 1);
      if (x > REACH) slide(x - REACH - 1, -1);
      if (n < 1 || (valid && valid[i] === 0)) continue;
      const mean = s / n;
      out[i] = (plane[i]! - 128 - mean) / (Math.sqrt(Math.max(0, q / n - mean * mean)) + FLOOR);
    }
  }
  return out;
}
