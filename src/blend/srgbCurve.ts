/** Linear light, 0–1, of an sRGB level 0–255, which need not be whole (IEC 61966-2-1). */
export function linearOf(level: number): number {
  const v = level / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

/** The sRGB level, 0–255 and not rounded, of linear light; light beyond 0–1 is cut. */
export function levelOf(linear: number): number {
  if (linear <= 0) return 0;
  if (linear >= 1) return 255;
  return 255 * (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);
}
