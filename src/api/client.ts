import type { Capabilities } from '../../server/contract.ts';
import { ApiError } from './apiError.ts';
import { createConnection } from './connection.ts';
import type { Requests } from './requests.ts';

/**
 * Speaks to our server at `origin` ("" is the page's own). Every method rejects with `ApiError` only; an abort
 * becomes code 'cancelled'.
 */
export function createImagesClient(origin = '', isOnline: () => boolean = () => navigator.onLine) {
  const connection = createConnection(origin, isOnline);

  /** Most pages never send anything: what does so is fetched with the first request, before that leaves. */
  async function requests(): Promise<Requests> {
    const { createRequests } = await import('./requests.ts').catch((cause) => {
      throw new ApiError('server_unreachable', 'No connection to the server.', { status: null, cause });
    });
    return createRequests(connection);
  }
  const generate: Requests['generate'] = async (...args) => (await requests()).generate(...args);
  const edit: Requests['edit'] = async (...args) => (await requests()).edit(...args);
  const vary: Requests['vary'] = async (...args) => (await requests()).vary(...args);
  const attach: Requests['attach'] = async (...args) => (await requests()).attach(...args);
  const probeQuote: Requests['probeQuote'] = async (...args) => (await requests()).probeQuote(...args);
  const probe: Requests['probe'] = async (...args) => (await requests()).probe(...args);

  return {
    capabilities: async (signal: AbortSignal) =>
      (await connection.get(signal, '/api/capabilities')) as Capabilities,
    generate,
    edit,
    vary,
    /** What became of a request that was sent before, as by this page before a reload. Sends nothing anew. */
    attach,
    /** What `probe` takes; asks the service for nothing. */
    probeQuote,
    /** Has the server ask the service with tiny pictures, which may cost. */
    probe,
  };
}

export type ImagesClient = ReturnType<typeof createImagesClient>;
