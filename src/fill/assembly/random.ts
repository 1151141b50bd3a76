/** The same numbers as `../random.ts`. */
export function mixSeed(a: i32, b: i32): u32 {
  let hash: u32 = 0x9e3779b9;
  hash = (hash ^ <u32>a) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  hash ^= hash >> 16;
  hash = (hash ^ <u32>b) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  hash ^= hash >> 16;
  return hash == 0 ? 1 : hash;
}

export function xorshift(state: u32): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}
