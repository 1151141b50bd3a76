/** The part of an `AbortSignal` that is used here; a real one fits. */
export interface AbortSignalLike {
  throwIfAborted(): void;
}
