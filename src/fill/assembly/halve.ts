import { byteAt, HOLE, KNOWN, Level, setByte, VOID } from './level';

export function halve(level: Level, from: i32, to: i32, a: i32, b: i32, c: i32): i32 {
  const fine = changetype<Level>(level.finer);
  const width = level.width;
  let holePixels = 0;
  for (let y = from; y < to; y++) {
    const rows = min(2, fine.height - 2 * y);
    for (let x = 0; x < width; x++) {
      const columns = min(2, fine.width - 2 * x);
      let known = 0;
      let holes = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let texture = 0;
      for (let row = 0; row < rows; row++) {
        const start = (2 * y + row) * fine.width + 2 * x;
        for (let child = start; child < start + columns; child++) {
          const state = byteAt(fine.state, child);
          if (state == KNOWN) {
            const byte = fine.pixels + ((<usize>child) << 2);
            known++;
            red += <i32>load<u8>(byte);
            green += <i32>load<u8>(byte, 1);
            blue += <i32>load<u8>(byte, 2);
            texture += <i32>load<u8>(byte, 3);
          } else if (state == HOLE) holes++;
        }
      }
      const at = y * width + x;
      const byte = level.pixels + ((<usize>at) << 2);
      if (known > 0) {
        const half = known >> 1;
        store<u8>(byte, <u8>((red + half) / known));
        store<u8>(byte, <u8>((green + half) / known), 1);
        store<u8>(byte, <u8>((blue + half) / known), 2);
        store<u8>(byte, <u8>((texture + half) / known), 3);
      } else store<u32>(byte, 0);
      const state = known * 2 >= rows * columns ? KNOWN : holes > 0 ? HOLE : VOID;
      setByte(level.state, at, state);
      if (state == HOLE) holePixels++;
    }
  }
  return holePixels;
}
