import { CodecError } from '../../codec/codecError.ts';
import { StoredDataError } from '../../persistence/parse.ts';
import { StorageError } from '../../persistence/storageError.ts';
import type { UiError } from '../state/ui.ts';

/** What is shown for an error of opening or storing. Codes of ours speak for themselves; others bring their words. */
export function failureOf(error: unknown): UiError {
  const known =
    error instanceof CodecError || error instanceof StoredDataError || error instanceof StorageError;
  if (known) return { code: error.code, detail: '' };
  return { code: 'unknown', detail: error instanceof Error ? error.message : String(error) };
}
