import type { ErrorCode } from '../../server/contract.ts';

/** The only error that leaves the engine; it has the codes of our server. */
export class EngineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}
