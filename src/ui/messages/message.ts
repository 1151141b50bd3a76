/** A sentence, or its plural forms (chosen by the parameter `n`). */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
