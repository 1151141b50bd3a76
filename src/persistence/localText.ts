/** A text in localStorage, where the browser lets us: even naming it may throw. */
export interface LocalText {
  /** null: nothing is stored, or nothing may be read. */
  read(): string | null;
  /** Does nothing where storage is refused or full. */
  write(text: string): void;
}

export function localText(key: string): LocalText {
  const access = <T>(use: (storage: Storage) => T): T | null => {
    try {
      return use(localStorage);
    } catch {
      return null;
    }
  };
  return {
    read: () => access((storage) => storage.getItem(key)),
    write: (text) => access((storage) => storage.setItem(key, text)),
  };
}
