/** Why something that was stored can't be used. */
export class StoredDataError extends Error {
  override readonly name = 'StoredDataError';
  /** 'absent': there is no such record. 'missing': a part of it is gone. 'newer': a later version of the app wrote it. */
  readonly code: 'absent' | 'missing' | 'malformed' | 'newer';

  constructor(code: StoredDataError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Reads a value of unknown origin, or throws a `StoredDataError` that names `path`. */
export type Parse<T> = (value: unknown, path: string) => T;

export type Parsed<P> = P extends Parse<infer T> ? T : never;

const malformed = (path: string, wanted: string) =>
  new StoredDataError('malformed', `${path}: ${wanted} expected`);

export const text: Parse<string> = (value, path) => {
  if (typeof value !== 'string') throw malformed(path, 'text');
  return value;
};

export const finite: Parse<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(path, 'a number');
  return value;
};

export const whole =
  (from: number, to: number): Parse<number> =>
  (value, path) => {
    const number = finite(value, path);
    if (!Number.isInteger(number) || number < from || number > to) {
      throw malformed(path, `a whole number from ${from} to ${to}`);
    }
    return number;
  };

export const flag: Parse<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw malformed(path, 'true or false');
  return value;
};

export const blob: Parse<Blob> = (value, path) => {
  if (!(value instanceof Blob)) throw malformed(path, 'a blob');
  return value;
};

export const oneOf =
  <const T extends string>(...values: readonly T[]): Parse<T> =>
  (value, path) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw malformed(path, values.join(' or '));
    return found;
  };

export const nullable =
  <T>(parse: Parse<T>): Parse<T | null> =>
  (value, path) =>
    value === null ? null : parse(value, path);

export const list =
  <T>(parse: Parse<T>): Parse<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw malformed(path, 'a list');
    return value.map((item, k) => parse(item, `${path}[${k}]`));
  };

/** Takes the named fields and drops all others. */
export const fields =
  <T extends Record<string, Parse<unknown>>>(
    shape: T,
  ): Parse<{ readonly [Key in keyof T]: Parsed<T[Key]> }> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null) throw malformed(path, 'an object');
    const entries = Object.entries(shape).map(([key, parse]) => [
      key,
      parse((value as Record<string, unknown>)[key], `${path}.${key}`),
    ]);
    return Object.fromEntries(entries);
  };

/** A list of exactly three. */
export const three =
  <T>(parse: Parse<T>): Parse<readonly [T, T, T]> =>
  (value, path) => {
    const [a, b, c, ...rest] = list(parse)(value, path);
    if (a === undefined || b === undefined || c === undefined || rest.length > 0) {
      throw malformed(path, 'a list of three');
    }
    return [a, b, c];
  };

/** One of several shapes, told apart by the text in their field `kind`. */
export const byKind =
  <T extends Record<string, Parse<{ readonly kind: string }>>>(shapes: T): Parse<Parsed<T[keyof T]>> =>
  (value, path) => {
    const { kind } = fields({ kind: oneOf(...Object.keys(shapes)) })(value, path);
    return shapes[kind]!(value, path) as Parsed<T[keyof T]>;
  };
