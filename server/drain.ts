/**
 * Before a server ends it says so (`/readyz`) and takes no new work (`jobs.ts`), while it still listens and answers.
 */
export interface Drain {
  begin(): void;
  started(): boolean;
}

export function createDrain(): Drain {
  let started = false;
  return {
    begin: () => {
      started = true;
    },
    started: () => started,
  };
}
