/** Who may start another job now. */
export interface Admission {
  /**
   * Reserves pictures, a place among the running jobs and the estimated cost, all or nothing. `usd` null: no price is
   * known. `free`: nobody bills. Throws ApiError 429 (`too_many_jobs`, `too_many_images`, `budget_exceeded`), or 503
   * when the limits that several servers share cannot be asked.
   */
  admit(client: string, wanted: Wanted): Promise<Reservation>;
}

export interface Wanted {
  readonly pictures: number;
  readonly usd: number | null;
  readonly free: boolean;
}

/** Ended once, by one of the two. They never reject: what was made is not lost because it could not be counted. */
export interface Reservation {
  /** The request may have been billed: `usd` by its usage; null: the estimate stands. Frees the place. */
  settle(usd: number | null): Promise<void>;
  /** Nothing was sent or billed: all is given back. */
  release(): Promise<void>;
}
