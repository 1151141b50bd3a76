/** Writes ONNX files of a few hundred bytes: protobuf by hand, field numbers from onnx.proto (IR version 8). */

type Dimension = number | string;
type Shape = readonly Dimension[];
export type ElementType = 'float32' | 'uint8' | 'int64';

interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** `to`: the only attribute that is needed, that of a Cast. */
interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly to?: ElementType;
}

interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

const ELEMENTS = { float32: 1, uint8: 2, int64: 7 } as const;

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
const int = (field: number, value: number) => Buffer.from([...varint(field << 3), ...varint(value)]);
function bytes(field: number, content: string | readonly Uint8Array[]): Buffer {
  const body = typeof content === 'string' ? Buffer.from(content) : Buffer.concat(content);
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
}

const dimension = (side: Dimension) => bytes(1, [typeof side === 'number' ? int(1, side) : bytes(2, side)]);
const value = (field: number, { name, type, shape }: Value) =>
  bytes(field, [
    bytes(1, name),
    bytes(2, [bytes(1, [int(1, ELEMENTS[type]), bytes(2, shape.map(dimension))])]),
  ]);
const node = ({ op, inputs, output, to }: Node) =>
  bytes(1, [
    ...inputs.map((name) => bytes(1, name)),
    bytes(2, output),
    bytes(4, op),
    ...(to ? [bytes(5, [bytes(1, 'to'), int(3, ELEMENTS[to]), int(20, 2)])] : []),
  ]);
const constant = ({ name, dims, values }: Constant) =>
  bytes(5, [
    ...dims.map((side) => int(1, side)),
    int(2, ELEMENTS.float32),
    bytes(8, name),
    bytes(9, [new Uint8Array(Float32Array.from(values).buffer)]),
  ]);

export const onnxFile = ({ inputs, outputs, nodes, constants }: Graph): Buffer =>
  Buffer.concat([
    int(1, 8),
    bytes(7, [
      ...nodes.map(node),
      bytes(2, 'drawn'),
      ...constants.map(constant),
      ...inputs.map((input) => value(11, input)),
      ...outputs.map((output) => value(12, output)),
    ]),
    bytes(8, [bytes(1, ''), int(2, 17)]),
  ]);

const number = (name: string, is: number): Constant => ({ name, dims: [], values: [is] });

/**
 * As LaMa is exported: the image, and `fill` (0..1) where the mask is 1; all of it times `range`. With `columns` it can
 * only be run on pictures so wide, whatever it says.
 */
export function lamaFile({
  fill = 0.25,
  range = 1,
  side = 512 as Dimension,
  batch = 1 as Dimension,
  columns = 1,
} = {}): Buffer {
  return onnxFile({
    // Neither the order nor the names are what tells them apart.
    inputs: [
      { name: 'x2', type: 'float32', shape: [batch, 1, side, side] },
      { name: 'x1', type: 'float32', shape: [batch, 3, side, side] },
    ],
    outputs: [{ name: 'y', type: 'float32', shape: [batch, 3, side, side] }],
    constants: [
      { name: 'fill', dims: [1, 1, 1, columns], values: new Array(columns).fill(fill) },
      number('range', range),
    ],
    nodes: [
      { op: 'Mul', inputs: ['x2', 'fill'], output: 'filled' },
      { op: 'Add', inputs: ['x1', 'filled'], output: 'whole' },
      { op: 'Mul', inputs: ['whole', 'range'], output: 'y' },
    ],
  });
}

/** One input of four channels, by a convolution of 1 × 1: the image, and `fill` where the mask is 1. */
export function fourChannelFile(side: number, fill = 0.25): Buffer {
  const rows = [0, 1, 2].map((row) =>
    [0, 1, 2, 3].map((column) => (column === 3 ? fill : Number(row === column))),
  );
  return onnxFile({
    inputs: [{ name: 'x', type: 'float32', shape: ['b', 4, side, side] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['b', 3, side, side] }],
    constants: [{ name: 'weights', dims: [3, 4, 1, 1], values: rows.flat() }],
    nodes: [{ op: 'Conv', inputs: ['x', 'weights'], output: 'y' }],
  });
}

/** As MI-GAN's pipeline is exported: bytes of any size; `fill` (0..255) where the mask is 0, which means the hole. */
export function miganFile(fill = 200): Buffer {
  return onnxFile({
    inputs: [
      { name: 'a', type: 'uint8', shape: ['b', 3, 'h', 'w'] },
      { name: 'b', type: 'uint8', shape: ['b', 1, 'h', 'w'] },
    ],
    outputs: [{ name: 'c', type: 'uint8', shape: ['b', 3, 'h', 'w'] }],
    constants: [number('most', 255), number('share', fill / 255)],
    nodes: [
      { op: 'Cast', inputs: ['a'], output: 'image', to: 'float32' },
      { op: 'Cast', inputs: ['b'], output: 'known', to: 'float32' },
      { op: 'Sub', inputs: ['most', 'known'], output: 'hole' },
      { op: 'Mul', inputs: ['hole', 'share'], output: 'filled' },
      { op: 'Add', inputs: ['image', 'filled'], output: 'whole' },
      { op: 'Cast', inputs: ['whole'], output: 'c', to: 'uint8' },
    ],
  });
}
