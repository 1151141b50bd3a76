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
    for (let x = -REACH, i = y * width - REACH; x < width; x++, i++) {
      const enters = x + REACH;
      if (enters < width) {
        n += count[enters]!;
        s += sum[enters]!;
        q += squares[enters]!;
      }
      const leaves = x - REACH - 1;
      if (leaves >= 0) {
        n -= count[leaves]!;
        s -= sum[leaves]!;
        q -= squares[leaves]!;
      }
      if (x < 0 || n < 1 || (valid && valid[i] === 0)) continue;
      const mean = s / n;
      out[i] = (plane[i]! - 128 - mean) / (Math.sqrt(Math.max(0, q / n - mean * mean)) + FLOOR);
    }
  }
  return out;
}
