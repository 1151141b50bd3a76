import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, badRequest } from '../errors.ts';
import { announcedBytes } from '../limits/uploads.ts';

/** A request body before its values are judged: text fields as they came, files by the name of their field. */
export interface RawForm {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly images: readonly Uint8Array[];
  readonly mask: Uint8Array | null;
  readonly markup: Uint8Array | null;
}

/** GPT image models take 16 pictures; one more part is the mask or the markup. */
export const MAX_IMAGES = 16;
const FILES = ['image', 'mask', 'markup'];
const MAX_FIELD_BYTES = 1024 * 1024;
/** All text fields together, and where the length of the body is known the boundaries and headers of the parts too. */
const MAX_TEXT_BYTES = 2 * MAX_FIELD_BYTES;

/** For @fastify/multipart. A part with an image type is a file even when the client gave it no file name. */
export const multipartOptions = (maxUploadBytes: number) => ({
  isPartAFile: (_field: string | undefined, type: string | undefined, fileName: string | undefined) =>
    fileName !== undefined || type === 'application/octet-stream' || (type?.startsWith('image/') ?? false),
  limits: {
    fieldNameSize: 100,
    fieldSize: MAX_FIELD_BYTES,
    fields: 64,
    files: MAX_IMAGES + 8,
    parts: 96,
    fileSize: maxUploadBytes + 1,
  },
  throwFileSizeLimit: false,
});

/**
 * Reads a multipart body into memory; all files together may have `maxBytes`, counted while they stream in, and all
 * text 2 MB.
 */
export async function readMultipart(
  request: FastifyRequest,
  reply: FastifyReply,
  maxBytes: number,
): Promise<RawForm> {
  const fields: Record<string, unknown> = {};
  const images: Uint8Array[] = [];
  let mask: Uint8Array | null = null;
  let markup: Uint8Array | null = null;
  let left = maxBytes;
  let textLeft = MAX_TEXT_BYTES;
  const announced = announcedBytes(request);
  const count = (bytes: number) => {
    left -= bytes;
    if (left < 0) throw tooLarge(maxBytes);
    if (announced === null) request.holdUpload(bytes);
  };
  try {
    if ((announced ?? 0) > maxBytes + MAX_TEXT_BYTES) throw tooLarge(maxBytes);
    const keep = createKeeper(announced);
    for await (const part of request.parts()) {
      const name = part.fieldname.replace(/\[\d*\]$/, '');
      if (part.type === 'field') {
        if (FILES.includes(name))
          throw badRequest(
            'invalid_type',
            name,
            `Invalid type for '${name}': expected a file, but got a string instead.`,
          );
        if (part.valueTruncated)
          throw new ApiError(413, 'request_too_large', `'${name}' is too long.`, { param: name });
        const bytes = Buffer.byteLength(
          typeof part.value === 'string' ? part.value : JSON.stringify(part.value),
        );
        textLeft -= bytes;
        if (textLeft < 0)
          throw new ApiError(413, 'request_too_large', 'The text of the form is too long.', { param: name });
        if (announced === null) request.holdUpload(bytes);
        fields[name] = part.value;
        continue;
      }
      const data = await keep(part.file as AsyncIterable<Buffer>, count);
      if (name === 'image') images.push(data);
      if (name === 'mask') mask = data;
      if (name === 'markup') markup = data;
    }
  } catch (error) {
    discardRest(request, reply, maxBytes);
    throw toFormError(error);
  }
  return { fields, images, mask, markup };
}

/**
 * Where files are put while they arrive: where the length of the body is known, one after the other into one block of
 * it, so that nothing lies twice in memory. Otherwise the pieces of a file are joined at its end.
 */
function createKeeper(bodyBytes: number | null) {
  const block = bodyBytes === null ? null : Buffer.allocUnsafeSlow(bodyBytes);
  let used = 0;
  return async (file: AsyncIterable<Buffer>, count: (bytes: number) => void): Promise<Buffer> => {
    const start = used;
    const pieces: Buffer[] = [];
    for await (const piece of file) {
      count(piece.length);
      if (block) used += piece.copy(block, used);
      else pieces.push(piece);
    }
    return block ? block.subarray(start, used) : Buffer.concat(pieces);
  };
}

const tooLarge = (maxBytes: number) =>
  new ApiError(413, 'request_too_large', `The request is larger than the ${maxBytes} bytes that are taken.`);

/**
 * A client that is still sending when the socket closes sees a reset instead of our answer. So a moderate rest is
 * read and thrown away; a connection with a huge or unknown rest is closed.
 */
function discardRest(request: FastifyRequest, reply: FastifyReply, maxBytes: number): void {
  const { raw } = request;
  raw.unpipe();
  let left = 3 * maxBytes;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.destroy();
  });
  raw.resume();
  if (!raw.complete && !request.headers['content-length']) reply.header('connection', 'close');
}

/** The parser's own failures (no boundary, cut short, too many parts) are the client's. */
function toFormError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = (error as { statusCode?: number }).statusCode;
  if (status === 413)
    return new ApiError(413, 'request_too_large', 'The form has too many parts.', { cause: error });
  return new ApiError(400, 'invalid_value', 'The body could not be read as multipart/form-data.', {
    cause: error,
  });
}
