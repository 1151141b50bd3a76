const mac = /Mac|iPhone|iPad/.test(navigator.platform);

const signs: Readonly<Record<string, string>> = mac
  ? { Mod: '⌘', Shift: '⇧', Enter: '↩', Delete: '⌦', Backspace: '⌫' }
  : { Mod: 'Ctrl', Delete: 'Del' };

/** "Mod+Shift+Z" as this system writes it: "Ctrl+Shift+Z" or "⇧⌘Z". */
export function keyText(keys: string): string {
  const parts = keys.split('+').map((key) => signs[key] ?? key);
  if (!mac) return parts.join('+');
  return parts.toSorted((a, b) => Number(b === '⇧') - Number(a === '⇧')).join('');
}
