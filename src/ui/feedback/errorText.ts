import type { ErrorCode } from '../../../server/contract.ts';
import type { TransportCode } from '../../api/apiError.ts';
import type { CodecErrorCode } from '../../codec/codecError.ts';
import type { StoredDataError } from '../../persistence/parse.ts';
import type { StorageError } from '../../persistence/storageError.ts';
import { en, type MessageKey } from '../messages/en.ts';

/** Codes that arise in this browser, where no service said anything. */
type OwnCode =
  | TransportCode
  | CodecErrorCode
  | StoredDataError['code']
  | StorageError['code']
  | 'no_document'
  | 'no_picture'
  | 'clipboard_unavailable'
  | 'clipboard_refused'
  | 'clipboard_empty'
  | 'over_request_limit'
  | 'over_day_limit'
  | 'price_unknown'
  | 'full'
  | 'refused'
  | 'export'
  | 'unknown';

const ownCodes: Readonly<Record<OwnCode, true>> = {
  offline: true,
  server_unreachable: true,
  empty: true,
  'not-an-image': true,
  truncated: true,
  'too-many-bytes': true,
  'too-many-pixels': true,
  'edge-too-long': true,
  'heic-unsupported': true,
  unsupported: true,
  undecodable: true,
  unwritable: true,
  'worker-failed': true,
  absent: true,
  missing: true,
  malformed: true,
  newer: true,
  storage_full: true,
  storage_refused: true,
  no_document: true,
  no_picture: true,
  clipboard_unavailable: true,
  clipboard_refused: true,
  clipboard_empty: true,
  over_request_limit: true,
  over_day_limit: true,
  price_unknown: true,
  full: true,
  refused: true,
  export: true,
  unknown: true,
};

type KnownCode = ErrorCode | OwnCode;

/** Codes of requests that nobody answered. */
export const isUnreachable = (code: string) => code === 'server_unreachable' || code === 'offline';

/** How an error's own words are introduced; null where ours say it all. */
export function detailKey(code: string, ofJob: boolean): MessageKey | null {
  if (!(code in ownCodes)) return ofJob ? 'error.detail' : 'error.reason';
  return code === 'unknown' || code === 'export' ? 'error.reason' : null;
}

interface ErrorKeys {
  readonly title: MessageKey;
  readonly help: MessageKey;
}

/** Compiles only while the catalogue has words for every code. */
const keysOf = (code: KnownCode): ErrorKeys => ({ title: `error.${code}`, help: `error.${code}.help` });

const isKnown = (code: string): code is KnownCode => `error.${code}` in en && `error.${code}.help` in en;

/** Words for a code; those of 'unknown' for one that a service made up. */
export const errorKeys = (code: string): ErrorKeys => keysOf(isKnown(code) ? code : 'unknown');
