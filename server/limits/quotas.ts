/** What one client, and all of them together, may ask of this server. null: as much as they like. */
export interface Quotas {
  /** Requests of one client that are not just reading, counted before their bodies are. */
  readonly requestsPerMinute: number | null;
  /** Pictures that one client may have made by services that bill. */
  readonly imagesPerMinute: number | null;
  /** Requests of one client that run at the same time. */
  readonly jobsPerClient: number | null;
  readonly jobs: number | null;
  /** USD per UTC day. */
  readonly budgetPerClientUsd: number | null;
  readonly budgetUsd: number | null;
  /** USD that one picture is taken to cost where no price is known. null: with a budget, such requests are refused. */
  readonly unknownPriceUsd: number | null;
  /** Bytes of all request bodies that are being read or worked on. */
  readonly uploadBytes: number | null;
}
