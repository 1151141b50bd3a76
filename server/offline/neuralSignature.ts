import type { ImageSize } from '../providers/provider.ts';

/** What onnxruntime says of an input or output of a model. */
export interface ValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  /** As onnxruntime calls them: `float32`, `uint8`, … */
  readonly type?: string;
  /** A dimension that is not fixed is a name, or no positive number. */
  readonly shape?: readonly (number | string)[];
}

/** How an inpainting model wants to be fed. */
export interface Signature {
  /** `float32`: 0..1, mask 1 = hole (exports of LaMa). `uint8`: 0..255, mask 255 = known (the pipeline of MI-GAN). */
  readonly type: 'float32' | 'uint8';
  /** Names of the inputs. A mask without one of its own is the fourth channel of the image; never with `uint8`. */
  readonly image: string;
  readonly mask: string | null;
  readonly output: string;
  /** null: it takes pictures of any size. */
  readonly size: ImageSize | null;
}

/** A model that cannot be used; its message is for the operator. */
export class ModelRefused extends Error {}

const KNOWN_SIGNATURES =
  'Known are an image [b, 3, h, w] with a mask [b, 1, h, w], both float32 or both uint8, and one float32 input ' +
  '[b, 4, h, w]; each with an output of three channels and the type of its input.';

const channelsOf = ({ shape }: ValueMetadata) => (shape?.length === 4 ? shape[1] : undefined);
const isFixed = (side: number | string | undefined): side is number => typeof side === 'number' && side > 0;

/** Tells the signature by the number of inputs, their channels and types: names differ from export to export. */
export function readSignature(
  inputs: readonly ValueMetadata[],
  outputs: readonly ValueMetadata[],
): Signature {
  const refuse = () => {
    const all = [...inputs.map(describe), '→', ...outputs.map(describe)].join(' ');
    return new ModelRefused(`its inputs and outputs are not understood: ${all}. ${KNOWN_SIGNATURES}`);
  };
  const image = inputs.find((input) => channelsOf(input) === (inputs.length === 1 ? 4 : 3));
  const mask = inputs.find((input) => channelsOf(input) === 1) ?? null;
  const { type } = image ?? {};
  const output =
    outputs.find((one) => channelsOf(one) === 3) ?? (outputs.length === 1 ? outputs[0] : undefined);
  if (!image || !output || inputs.length !== (mask ? 2 : 1)) throw refuse();
  if (type !== 'float32' && !(type === 'uint8' && mask)) throw refuse();
  if (output.type !== type || (mask && mask.type !== type)) throw refuse();
  const [batch, , height, width] = image.shape!;
  if (isFixed(batch) && batch !== 1) throw refuse();
  if (isFixed(height) !== isFixed(width)) throw refuse();
  const size = isFixed(height) && isFixed(width) ? { width, height } : null;
  return { type, image: image.name, mask: mask?.name ?? null, output: output.name, size };
}

const describe = ({ name, isTensor, type, shape }: ValueMetadata) =>
  isTensor ? `${name} ${type}[${shape?.join(', ')}]` : `${name} (no tensor)`;
