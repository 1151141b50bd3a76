import { crc32 } from '../../raster/crc32.ts';
import type { AncillaryChunk } from '../../raster/framePlace.ts';
import { latin1, pagedReader, view } from '../header/byteReader.ts';
import { PNG_SIGNATURE } from '../header/png.ts';
import { deflated, inflated } from '../png/zlib.ts';

const KEYWORD = 'Lacuna recipe';
/** From here on a recipe is compressed, bytes. */
const LONG = 1024;
/** Far beyond any recipe: what claims more is not read. */
const MAX_BYTES = 1 << 24;

/** An `iTXt` chunk (PNG specification, third edition, section 11.3.3.4): UTF-8, compressed when long. */
export async function recipeChunk(recipe: string): Promise<AncillaryChunk> {
  const text = new TextEncoder().encode(recipe);
  const long = text.length > LONG;
  const content = long ? await deflated(text) : text;
  // Compression flag and method, then no language and no translated keyword, each with its zero.
  const head = Uint8Array.from(`${KEYWORD}\0${long ? '\x01' : '\0'}\0\0\0`, (c) => c.charCodeAt(0));
  const data = new Uint8Array(head.length + content.length);
  data.set(head);
  data.set(content, head.length);
  return { type: 'iTXt', data };
}

/** The recipe that an exported PNG carries, as it was given; null when it has none or is damaged. Never throws. */
export async function readRecipe(file: Blob): Promise<string | null> {
  const read = pagedReader(file);
  const signature = await read(0, 8);
  if (PNG_SIGNATURE.some((byte, i) => signature[i] !== byte)) return null;
  for (let at = 8; ; ) {
    const start = await read(at, at + 8);
    if (start.length < 8) return null;
    const length = view(start).getUint32(0);
    const type = latin1(start.subarray(4));
    if (type === 'IEND') return null;
    const end = at + 12 + length;
    if (type === 'iTXt' && length <= MAX_BYTES) {
      const chunk = await read(at + 4, end);
      const whole = chunk.length === length + 8;
      if (whole && crc32(chunk, 0, length + 4) === view(chunk).getUint32(length + 4)) {
        const recipe = await recipeOf(chunk.subarray(4, length + 4));
        if (recipe !== null) return recipe;
      }
    }
    at = end;
  }
}

async function recipeOf(data: Uint8Array): Promise<string | null> {
  if (latin1(data.subarray(0, KEYWORD.length + 1)) !== `${KEYWORD}\0`) return null;
  const compressed = data[KEYWORD.length + 1] === 1;
  const language = data.indexOf(0, KEYWORD.length + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return null;
  const content = data.subarray(translated + 1);
  const text = compressed ? await inflated(content, MAX_BYTES) : content;
  return text && new TextDecoder().decode(text);
}
