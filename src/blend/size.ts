/** Whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which sizes a service takes: the same shape as `SizeRule` of the server's contract. */
export type SizeRule = FixedSizes | FreeSizes;

export interface FixedSizes {
  readonly kind: 'fixed';
  readonly values: readonly string[];
}

export interface FreeSizes {
  readonly kind: 'free';
  readonly step: number;
  readonly minPixels: number;
  readonly maxPixels: number;
  readonly maxEdge: number;
  /** Long edge over short edge, at most. */
  readonly maxRatio: number;
  /** A masked picture of more pixels is better sent as the mask with its surroundings. */
  readonly wholeUpTo: number;
}

/** The sizes of a fixed rule, smallest first; words such as "auto" are skipped. */
export function fixedSizes(values: readonly string[]): Size[] {
  return values
    .flatMap((value) => {
      const match = /^(\d+)x(\d+)$/.exec(value);
      return match ? [{ width: Number(match[1]), height: Number(match[2]) }] : [];
    })
    .sort((a, b) => a.width * a.height - b.width * b.height);
}

/** Everything but the lower bound on pixels, which more padding or a larger scale can always reach. */
export function withinBudget(size: Size, rule: FreeSizes): boolean {
  const long = Math.max(size.width, size.height);
  const short = Math.min(size.width, size.height);
  return long <= rule.maxEdge && long <= short * rule.maxRatio && long * short <= rule.maxPixels;
}

export function isLegal(size: Size, rule: SizeRule): boolean {
  if (rule.kind === 'fixed') {
    return fixedSizes(rule.values).some((s) => s.width === size.width && s.height === size.height);
  }
  return (
    size.width % rule.step === 0 &&
    size.height % rule.step === 0 &&
    size.width * size.height >= rule.minPixels &&
    withinBudget(size, rule)
  );
}

/** Smallest size on the rule's grid, and within its ratio, that holds `content`; may break the budget. */
export function container(content: Size, rule: FreeSizes): Size {
  const up = (length: number) => Math.ceil(length / rule.step) * rule.step;
  const width = up(content.width);
  const height = up(content.height);
  return {
    width: Math.max(width, up(height / rule.maxRatio)),
    height: Math.max(height, up(width / rule.maxRatio)),
  };
}
