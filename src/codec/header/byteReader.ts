/** Bytes [start, end) of a file, cut short at its end. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>;

const PAGE = 1 << 16;

/** Reads a blob by pages, so that walking over small fields does not cost one request each. */
export function pagedReader(blob: Blob): ReadBytes {
  const pages = new Map<number, Promise<Uint8Array>>();
  const page = (index: number) => {
    const known = pages.get(index);
    if (known) return known;
    const read = blob
      .slice(index * PAGE, (index + 1) * PAGE)
      .arrayBuffer()
      .then((buffer) => new Uint8Array(buffer));
    pages.set(index, read);
    return read;
  };
  return async (start, end) => {
    const last = Math.min(end, blob.size);
    const out = new Uint8Array(Math.max(0, last - start));
    for (let at = start; at < last; ) {
      const index = Math.floor(at / PAGE);
      const bytes = await page(index);
      const part = bytes.subarray(at - index * PAGE, Math.min(bytes.length, last - index * PAGE));
      out.set(part, at - start);
      at += part.length;
    }
    return out;
  };
}

export const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes as Latin-1 text: four-character codes and keywords. */
export const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
