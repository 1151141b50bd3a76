import { StoredDataError } from './parse.ts';

/** The browser does not store what it should: no room is left, or it refuses altogether. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'storage_full' | 'storage_refused';

  constructor(code: StorageError['code'], options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

const isDomException = (error: unknown): error is DOMException => error instanceof DOMException;

/** Foreign errors become ours; those that are ours, or bugs, pass. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoredDataError || !isDomException(error)) throw error;
    const full = error.name === 'QuotaExceededError';
    throw new StorageError(full ? 'storage_full' : 'storage_refused', { cause: error });
  }
}
