/** The part of a DOM `AbortSignal` that pure rooms use; a real one fits. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  throwIfAborted(): void;
}
