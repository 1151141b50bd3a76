import type { Size } from '../../blend/size.ts';
import { latin1, view } from '../header/byteReader.ts';
import { type Density, inWholeNumbers } from './density.ts';
import { type ExifBlock, type ExifDirectory, type ExifEntry, parseExif, writeExif } from './exifBlock.ts';

/** How much of the source's EXIF an exported file gets. */
export type MetadataChoice =
  | 'none'
  /** Author, rights, description and date: neither place nor camera. */
  | 'basic'
  /** With place and camera. */
  | 'all';

const DESCRIPTION = 0x010e;
const MAKE = 0x010f;
const ORIENTATION = 0x0112;
const X_RESOLUTION = 0x011a;
const Y_RESOLUTION = 0x011b;
const RESOLUTION_UNIT = 0x0128;
const SOFTWARE = 0x0131;
const EXIF_VERSION = 0x9000;
const COLOUR_SPACE = 0xa001;
const WIDTH = 0xa002;
const HEIGHT = 0xa003;

/** ImageDescription, DateTime, Artist, Copyright. */
const BASIC_IMAGE = new Set([DESCRIPTION, 0x0132, 0x013b, 0x8298]);
/**
 * DateTimeOriginal, DateTimeDigitized. A date says neither where nor with what, and archives sort by it. What is more
 * telling stays out: time zones point at a place, fractions of a second at a series, comments may say anything.
 */
const BASIC_PHOTO = new Set([0x9003, 0x9004]);

/**
 * Left out even of everything: how the old file stored its pixels (sizes, strips, tiles, thumbnails), and other
 * blocks of metadata and colour inside this one.
 */
const STORAGE = new Set([
  0x0100,
  0x0101,
  0x0102,
  0x0103,
  0x0106,
  0x0111,
  0x0115,
  0x0116,
  0x0117,
  0x011c,
  0x0142,
  0x0143,
  0x0144,
  0x0145,
  0x014a,
  0x0201,
  0x0202,
  0x02bc,
  0x83bb,
  0x8649,
  0x8773,
  0xc634,
  0xea1c,
  X_RESOLUTION,
  Y_RESOLUTION,
  RESOLUTION_UNIT,
]);
/** The maker's note holds offsets into the old file, which no one but the maker can move; padding and its schema. */
const UNMOVABLE = new Set([0x927c, 0xea1c, 0xea1d]);

/** What is true of the file that is written. */
export interface WrittenPicture extends Size {
  readonly density: Density | null;
  /** Its numbers are sRGB. */
  readonly srgb: boolean;
}

/**
 * The EXIF block of an exported file: upright, of its size, without the old thumbnail (which shows what was erased).
 * Null when there is nothing to say. Never throws, whatever `source` holds.
 *
 * @param source the block of the picture's file
 * @param forDensity the format has no other place for the resolution, which is written in any case
 */
export function exifToWrite(
  source: Uint8Array | null,
  choice: MetadataChoice,
  written: WrittenPicture,
  forDensity: boolean,
): Uint8Array | null {
  const block = (choice !== 'none' && source && parseExif(source)) || EMPTY;
  const kept = choice === 'all' ? movable(block) : basic(block);
  const found = [kept.image, kept.photo, kept.place, kept.interoperability].some(({ length }) => length > 0);
  if (!found && !(forDensity && written.density)) return null;
  return writeExif(describing(kept, written, choice !== 'none'));
}

const EMPTY: ExifBlock = { littleEndian: true, image: [], photo: [], place: [], interoperability: [] };

const movable = (block: ExifBlock): ExifBlock => ({
  ...block,
  image: block.image.filter(({ tag }) => !STORAGE.has(tag)),
  photo: block.photo.filter(({ tag }) => !UNMOVABLE.has(tag)),
});

function basic({ littleEndian, image, photo }: ExifBlock): ExifBlock {
  // Many cameras write their own name as the description of every picture: "SONY DSC".
  const make = textOf(image, MAKE).split(/\W+/)[0] ?? '';
  const ofCamera = make !== '' && textOf(image, DESCRIPTION).includes(make);
  return {
    ...EMPTY,
    littleEndian,
    image: image.filter(({ tag }) => BASIC_IMAGE.has(tag) && !(ofCamera && tag === DESCRIPTION)),
    photo: photo.filter(({ tag }) => BASIC_PHOTO.has(tag)),
  };
}

const textOf = (directory: ExifDirectory, wanted: number) =>
  latin1(
    directory.find(({ tag }) => tag === wanted)?.bytes.subarray(0, 256) ?? new Uint8Array(0),
  ).toUpperCase();

function describing(
  block: ExifBlock,
  { width, height, density, srgb }: WrittenPicture,
  signed: boolean,
): ExifBlock {
  const number = (tag: number, type: 3 | 4, value: number): ExifEntry => {
    const bytes = new Uint8Array(type === 3 ? 2 : 4);
    if (type === 3) view(bytes).setUint16(0, value, block.littleEndian);
    else view(bytes).setUint32(0, value, block.littleEndian);
    return { tag, type, count: 1, bytes };
  };
  const whole = (tag: number, value: number): ExifEntry => {
    const bytes = new Uint8Array(8);
    view(bytes).setUint32(0, value, block.littleEndian);
    view(bytes).setUint32(4, 1, block.littleEndian);
    return { tag, type: 5, count: 1, bytes };
  };
  const image = [number(ORIENTATION, 3, 1)];
  if (signed) image.push(text(SOFTWARE, 2, 'Lacuna\0'));
  if (density) {
    const { unit, x, y } = inWholeNumbers(density);
    image.push(
      whole(X_RESOLUTION, x),
      whole(Y_RESOLUTION, y),
      number(RESOLUTION_UNIT, 3, unit === 'inch' ? 2 : 3),
    );
  }
  const photo = [text(EXIF_VERSION, 7, '0232'), number(WIDTH, 4, width), number(HEIGHT, 4, height)];
  // 0xffff: another space, which the profile names.
  if (block.photo.some(({ tag }) => tag === COLOUR_SPACE))
    photo.push(number(COLOUR_SPACE, 3, srgb ? 1 : 0xffff));
  return { ...block, image: replaced(block.image, image), photo: replaced(block.photo, photo) };
}

const text = (tag: number, type: 2 | 7, value: string): ExifEntry => ({
  tag,
  type,
  count: value.length,
  bytes: Uint8Array.from(value, (c) => c.charCodeAt(0)),
});

function replaced(directory: ExifDirectory, by: readonly ExifEntry[]): ExifDirectory {
  const tags = new Set(by.map(({ tag }) => tag));
  return [...directory.filter(({ tag }) => !tags.has(tag)), ...by].sort((a, b) => a.tag - b.tag);
}
