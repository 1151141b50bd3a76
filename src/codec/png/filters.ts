/**
 * The five filters of PNG (specification section 9). A row begins with its filter's number; `bpp` is the distance,
 * in bytes, to the sample on the left.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, bpp: number): void {
  const length = row.length;
  const first = 1 + bpp;
  switch (row[0]) {
    case 1:
      for (let i = first; i < length; i++) row[i] = row[i]! + row[i - bpp]!;
      break;
    case 2:
      for (let i = 1; i < length; i++) row[i] = row[i]! + above[i]!;
      break;
    case 3:
      for (let i = 1; i < Math.min(first, length); i++) row[i] = row[i]! + (above[i]! >> 1);
      for (let i = first; i < length; i++) row[i] = row[i]! + ((row[i - bpp]! + above[i]!) >> 1);
      break;
    case 4:
      for (let i = 1; i < Math.min(first, length); i++) row[i] = row[i]! + above[i]!;
      for (let i = first; i < length; i++) {
        row[i] = row[i]! + paeth(row[i - bpp]!, above[i]!, above[i - bpp]!);
      }
      break;
  }
}

/** Filters `row` (without a filter byte) into `out` (with one), by the filter that promises the smallest file. */
export function filterRow(row: Uint8Array, above: Uint8Array, bpp: number, out: Uint8Array): void {
  const filter = chooseFilter(row, above, bpp);
  out[0] = filter;
  const left = (i: number) => (i < bpp ? 0 : row[i - bpp]!);
  switch (filter) {
    case 0:
      out.set(row, 1);
      break;
    case 1:
      out.set(row.subarray(0, bpp), 1);
      for (let i = bpp; i < row.length; i++) out[i + 1] = row[i]! - row[i - bpp]!;
      break;
    case 2:
      for (let i = 0; i < row.length; i++) out[i + 1] = row[i]! - above[i]!;
      break;
    case 3:
      for (let i = 0; i < row.length; i++) out[i + 1] = row[i]! - ((left(i) + above[i]!) >> 1);
      break;
    default:
      for (let i = 0; i < bpp; i++) out[i + 1] = row[i]! - above[i]!;
      for (let i = bpp; i < row.length; i++) {
        out[i + 1] = row[i]! - paeth(row[i - bpp]!, above[i]!, above[i - bpp]!);
      }
  }
}

/** Runs of bytes looked at to choose a filter: every 16th, for the choice to cost little beside the deflate. */
const SAMPLE = 16;

/** Least sum of absolute differences, the specification's own heuristic (section 12.7), over a sample of the row. */
function chooseFilter(row: Uint8Array, above: Uint8Array, bpp: number): number {
  let none = 0;
  let sub = 0;
  let up = 0;
  let average = 0;
  let predictor = 0;
  for (let start = bpp; start < row.length; start += SAMPLE * bpp) {
    const end = Math.min(row.length, start + bpp);
    for (let i = start; i < end; i++) {
      const value = row[i]!;
      const a = row[i - bpp]!;
      const b = above[i]!;
      none += magnitude(value);
      sub += magnitude(value - a);
      up += magnitude(value - b);
      average += magnitude(value - ((a + b) >> 1));
      predictor += magnitude(value - paeth(a, b, above[i - bpp]!));
    }
  }
  const sums = [none, sub, up, average, predictor];
  return sums.indexOf(Math.min(...sums));
}

/** Of a difference modulo 256, read as a signed byte. */
const magnitude = (difference: number) => Math.abs((difference << 24) >> 24);

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}
