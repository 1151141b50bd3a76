import type { ProviderResult } from '../providers/provider.ts';

const LENGTH_BYTES = 4;

/** A result in one piece: the length of a JSON text (32 bits, big-endian), the text, and the pictures one after the other. */
export function packResult({ images, ...rest }: ProviderResult): Buffer {
  const told = images.map(({ data, ...image }) => ({ ...image, bytes: data.length }));
  const head = Buffer.from(JSON.stringify({ ...rest, images: told }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, ...images.map(({ data }) => data)]);
}

/** Only ever given what `packResult` wrote. The pictures are views of the same memory. */
export function unpackResult(bytes: Buffer): ProviderResult {
  let at = LENGTH_BYTES + bytes.readUInt32BE();
  const { images, ...rest } = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, at));
  const cut = ({ bytes: length, ...image }: { bytes: number }) => {
    const data = bytes.subarray(at, at + length);
    at += length;
    return { ...image, data };
  };
  return { ...rest, images: images.map(cut) };
}
