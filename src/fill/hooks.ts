/** The part of an `AbortSignal` that is used here; a real one fits. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

export interface FillHooks {
  /** Asked every few milliseconds of work; its `throwIfAborted` decides what is thrown. */
  readonly signal?: AbortSignalLike;
  /** Share of the work done, 0..1, rising. */
  readonly progress?: (share: number) => void;
}
