/** What was typed as a whole number within the limits, or null while it is none. */
export function typedNumber(text: string, min: number, max: number): number | null {
  const number = Number(text);
  return text.trim() !== '' && number >= min && number <= max ? Math.round(number) : null;
}

/** What a field shows once it is left: the nearest number within the limits, `former` where none was typed. */
export function settledNumber(text: string, min: number, max: number, former: number): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? former : Math.min(max, Math.max(min, Math.round(number)));
}
