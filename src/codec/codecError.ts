/** Why a file cannot be opened, or written. */
export type CodecErrorCode =
  | 'empty'
  | 'not-an-image'
  | 'truncated'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'edge-too-long'
  | 'heic-unsupported'
  | 'unsupported'
  | 'undecodable'
  /** This browser can't write the format, or not at this size. PNG is our own and always can. */
  | 'unwritable'
  /** The worker died, or an id is not registered: nothing is wrong with the file. */
  | 'worker-failed';

/** Numbers for a message: `bytes`, `pixels`, `edge` and the `limit` that was broken. */
export type CodecErrorDetails = Readonly<Record<string, number>>;

export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: CodecErrorCode;
  readonly details: CodecErrorDetails;

  constructor(code: CodecErrorCode, details: CodecErrorDetails = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.details = details;
  }
}
