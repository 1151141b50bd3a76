import type { ErrorCode } from '../../../server/contract.ts';
import type { TransportCode } from '../../api/apiError.ts';
import type { CodecErrorCode } from '../../codec/codecError.ts';
import { en, type MessageKey } from '../messages/en.ts';

type KnownCode =
  | ErrorCode
  | TransportCode
  | CodecErrorCode
  | 'no_document'
  | 'full'
  | 'refused'
  | 'export'
  | 'unknown';

interface ErrorKeys {
  readonly title: MessageKey;
  readonly help: MessageKey;
}

/** Compiles only while the catalogue has words for every code. */
const keysOf = (code: KnownCode): ErrorKeys => ({ title: `error.${code}`, help: `error.${code}.help` });

const isKnown = (code: string): code is KnownCode => `error.${code}` in en && `error.${code}.help` in en;

/** Words for a code; those of 'unknown' for one that a service made up. */
export const errorKeys = (code: string): ErrorKeys => keysOf(isKnown(code) ? code : 'unknown');
