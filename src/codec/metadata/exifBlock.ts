import { latin1, view } from '../header/byteReader.ts';

/** One field of a directory; its value's bytes are in the block's byte order. */
export interface ExifEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Ascending tags, each at most once. */
export type ExifDirectory = readonly ExifEntry[];

/**
 * The parts of an EXIF block (a TIFF structure, CIPA DC-008) that can be moved: the directories without the pointers
 * that lead to them, and without the thumbnail's.
 */
export interface ExifBlock {
  readonly littleEndian: boolean;
  /** IFD0: the picture and its rights. */
  readonly image: ExifDirectory;
  /** The Exif directory: how it was taken. */
  readonly photo: ExifDirectory;
  /** GPS. */
  readonly place: ExifDirectory;
  readonly interoperability: ExifDirectory;
}

/** Bytes per value of TIFF's types 1 … 13, and of UTF-8 text (129, Exif 3.0). */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  129: 1,
};
const PHOTO = 0x8769;
const PLACE = 0x8825;
const INTEROPERABILITY = 0xa005;
/** Of all entries with their values: with what is added on writing, a JPEG's segment (65,533 bytes) holds it. */
const MAX_BYTES = 65_000;

const even = (length: number) => length + (length & 1);
/** Values of up to four bytes lie in the entry itself. */
const entryBytes = ({ bytes }: ExifEntry) => 12 + (bytes.length > 4 ? even(bytes.length) : 0);

/** Null for what is no TIFF structure. Entries that are malformed, or more than 65,000 bytes of them, are left out. */
export function parseExif(tiff: Uint8Array): ExifBlock | null {
  if (tiff.length < 8) return null;
  const order = latin1(tiff.subarray(0, 2));
  if (order !== 'II' && order !== 'MM') return null;
  const littleEndian = order === 'II';
  const data = view(tiff);
  if (data.getUint16(2, littleEndian) !== 42) return null;
  let left = MAX_BYTES;

  const directory = (at: number): ExifEntry[] => {
    const found = new Map<number, ExifEntry>();
    if (at < 8 || at + 2 > tiff.length) return [];
    const count = data.getUint16(at, littleEndian);
    for (let start = at + 2; start < at + 2 + count * 12 && start + 12 <= tiff.length; start += 12) {
      const entry = entryAt(start);
      if (!entry || found.has(entry.tag) || entryBytes(entry) > left) continue;
      left -= entryBytes(entry);
      found.set(entry.tag, entry);
    }
    return [...found.values()].sort((a, b) => a.tag - b.tag);
  };
  const entryAt = (at: number): ExifEntry | null => {
    const type = data.getUint16(at + 2, littleEndian);
    const count = data.getUint32(at + 4, littleEndian);
    const length = (TYPE_BYTES[type] ?? 0) * count;
    if (length === 0) return null;
    const start = length > 4 ? data.getUint32(at + 8, littleEndian) : at + 8;
    if (start + length > tiff.length) return null;
    return {
      tag: data.getUint16(at, littleEndian),
      type,
      count,
      bytes: tiff.subarray(start, start + length),
    };
  };
  const below = (parent: ExifDirectory, tag: number): ExifEntry[] => {
    const pointer = parent.find((entry) => entry.tag === tag);
    return pointer?.bytes.length === 4 ? directory(view(pointer.bytes).getUint32(0, littleEndian)) : [];
  };

  const image = directory(data.getUint32(4, littleEndian));
  const photo = below(image, PHOTO);
  return {
    littleEndian,
    image: image.filter(({ tag }) => tag !== PHOTO && tag !== PLACE),
    photo: photo.filter(({ tag }) => tag !== INTEROPERABILITY),
    place: below(image, PLACE),
    interoperability: below(photo, INTEROPERABILITY),
  };
}

/** The block as bytes, from its byte-order mark on; what `parseExif` gives for them is the block again. */
export function writeExif({ littleEndian, image, photo, place, interoperability }: ExifBlock): Uint8Array {
  const pointer = (tag: number, to: ExifDirectory): ExifEntry[] =>
    to.length > 0 ? [{ tag, type: 4, count: 1, bytes: new Uint8Array(4) }] : [];
  const ascending = (entries: ExifEntry[]) => entries.sort((a, b) => a.tag - b.tag);
  const wholePhoto = ascending([...photo, ...pointer(INTEROPERABILITY, interoperability)]);
  const directories = [
    ascending([...image, ...pointer(PHOTO, wholePhoto), ...pointer(PLACE, place)]),
    wholePhoto,
    place,
    interoperability,
  ];
  /** Where each of them starts; the last is the end. */
  const starts = [8];
  for (const directory of directories) starts.push(starts.at(-1)! + directoryBytes(directory));
  const out = new Uint8Array(starts[4]!);
  const fields = view(out);
  out.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
  fields.setUint16(2, 42, littleEndian);
  fields.setUint32(4, 8, littleEndian);
  const targets = [
    new Map([
      [PHOTO, starts[1]!],
      [PLACE, starts[2]!],
    ]),
    new Map([[INTEROPERABILITY, starts[3]!]]),
  ];
  directories.forEach((directory, i) => {
    if (directory.length === 0) return;
    fields.setUint16(starts[i]!, directory.length, littleEndian);
    let at = starts[i]! + 2;
    // The four bytes behind the entries stay 0: no further directory.
    let value = at + directory.length * 12 + 4;
    for (const { tag, type, count, bytes } of directory) {
      fields.setUint16(at, tag, littleEndian);
      fields.setUint16(at + 2, type, littleEndian);
      fields.setUint32(at + 4, count, littleEndian);
      const target = targets[i]?.get(tag);
      if (target !== undefined) fields.setUint32(at + 8, target, littleEndian);
      else if (bytes.length <= 4) out.set(bytes, at + 8);
      else {
        fields.setUint32(at + 8, value, littleEndian);
        out.set(bytes, value);
        value += even(bytes.length);
      }
      at += 12;
    }
  });
  return out;
}

const directoryBytes = (directory: ExifDirectory) =>
  directory.length === 0 ? 0 : directory.reduce((sum, entry) => sum + entryBytes(entry), 2 + 4);
