import { packRuns, unpackRuns } from './runLength.ts';
import { type DenseTile, TILE_AREA, type Tile, uniformValue } from './tile.ts';

/** Runs outlive unpacking: since the content can't change, packing a tile again costs nothing. */
class StoredTile implements DenseTile {
  #bytes: Uint8Array | null;
  /** Undefined: not tried yet. Null: runs would not be smaller. */
  #runs: Uint8Array | null | undefined;

  constructor(bytes: Uint8Array | null, runs: Uint8Array | undefined) {
    this.#bytes = bytes;
    this.#runs = runs;
  }

  bytes(): Uint8Array {
    this.#bytes ??= unpackRuns(this.#runs!, TILE_AREA);
    return this.#bytes;
  }

  pack(): void {
    this.packed();
    if (this.#runs) this.#bytes = null;
  }

  packed(): Uint8Array {
    if (this.#runs === undefined) this.#runs = packRuns(this.#bytes!);
    return this.stored();
  }

  byteLength(): number {
    return (this.#bytes?.length ?? 0) + (this.#runs?.length ?? 0);
  }

  stored(): Uint8Array {
    return this.#runs ?? this.#bytes!;
  }
}

/** A tile of these 65,536 bytes, which it keeps: nobody writes to them any more once the tile is in a mask. */
export function denseTile(bytes: Uint8Array): DenseTile {
  if (bytes.length !== TILE_AREA) throw new RangeError(`A tile has ${TILE_AREA} bytes, not ${bytes.length}`);
  return new StoredTile(bytes.byteOffset % 4 === 0 ? bytes : bytes.slice(), undefined);
}

/** A cold tile of run-length data that stands for 65,536 bytes (otherwise reading throws a RangeError). */
export const packedTile = (runs: Uint8Array): DenseTile => new StoredTile(null, runs);

/** The tile of these 65,536 bytes, as one number when all are equal. Keeps the bytes otherwise. */
export const compactTile = (bytes: Uint8Array): Tile => uniformValue(bytes) ?? denseTile(bytes);
