/** A square matrix, row by row. */
export type Matrix = Float64Array;

/**
 * The inverse of a symmetric positive definite matrix of `n` rows, by Cholesky's factors; null if it is not definite,
 * seen by a pivot of less than 1e-10 of its diagonal element.
 */
export function inverseOf(matrix: Matrix, n: number): Matrix | null {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i > j) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > 1e-10 * matrix[i * n + i]!) lower[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  }
  const out = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const x = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
      x[i] = sum / lower[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i]!;
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * x[k]!;
      x[i] = sum / lower[i * n + i]!;
      out[i * n + column] = x[i]!;
    }
  }
  return out;
}

/** Aᵀ M A for a symmetric M of `n` rows and an A of n × m, row by row. */
export function congruent(matrix: Matrix, n: number, a: Matrix, m: number): Matrix {
  const half = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      for (let k = 0; k < n; k++) half[i * m + j]! += matrix[i * n + k]! * a[k * m + j]!;
    }
  }
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      for (let k = 0; k < n; k++) out[i * m + j]! += a[k * m + i]! * half[k * m + j]!;
    }
  }
  return out;
}

/** A square matrix times a vector. */
export function times(matrix: Matrix, vector: Float64Array): Float64Array {
  const n = vector.length;
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) out[j]! += matrix[j * n + k]! * vector[k]!;
  return out;
}
