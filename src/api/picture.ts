/** Bytes of a base64 text; throws when it is not base64. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  return native
    ? native.call(Uint8Array, base64)
    : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Media type by the first bytes, as the signatures of the three formats say; null when it is none of them. */
function sniffPicture(bytes: Uint8Array): 'image/png' | 'image/jpeg' | 'image/webp' | null {
  const starts = (at: number, ...values: number[]) => values.every((value, k) => bytes[at + k] === value);
  if (starts(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (starts(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'image/webp';
  return null;
}

/** The picture in a `b64_json` field; null when it is not base64 or not a picture. */
export function pictureOfBase64(base64: string): Blob | null {
  try {
    const bytes = decode(base64);
    const type = sniffPicture(bytes);
    return type && new Blob([bytes], { type });
  } catch {
    return null;
  }
}
