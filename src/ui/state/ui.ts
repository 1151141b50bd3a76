import { createStore } from 'zustand/vanilla';
import type { Capabilities } from '../../../server/contract.ts';
import type { MessageKey } from '../messages/en.ts';

/** A sentence that is put together when it is shown, so that it follows a change of language. */
export interface Saying {
  readonly key: MessageKey;
  readonly params?: SayingParams;
}

/** A parameter may be a sentence of the catalogue itself. */
export type SayingParams = Readonly<Record<string, string | number | Saying>>;

export interface Notice extends Saying {
  readonly id: number;
}

export interface UiError {
  readonly code: string;
  /** Words of a service or of the browser; shown below our own. */
  readonly detail: string;
}

/** What is asked or told before anything else goes on. */
export type OpenDialog =
  | { readonly kind: 'help' | 'whole-picture' }
  | { readonly kind: 'remove-recent'; readonly id: string; readonly name: string };

/** Which engine answers. */
export type Service =
  | { readonly state: 'loading' | 'unreachable' }
  | { readonly state: 'ready'; readonly capabilities: Capabilities };

export interface UiState {
  /** What takes a while at the moment: a picture being opened, a file being written. */
  readonly busy: (Saying & { readonly cancel: (() => void) | null }) | null;
  /** An error of the interface's own actions; those of jobs lie in the jobs store. */
  readonly error: UiError | null;
  readonly notices: readonly Notice[];
  readonly dialog: OpenDialog | null;
  /** While held, the canvas shows the document without the previewed result. */
  readonly comparing: boolean;
  /** Last sentence for the live region; a fresh id lets the same sentence be spoken again. */
  readonly announcement: Notice | null;
  readonly service: Service;
}

const MAX_NOTICES = 3;

/** What the panels hold between themselves. Never saved. */
export function createUi() {
  let serial = 0;
  const store = createStore<UiState>(() => ({
    busy: null,
    error: null,
    notices: [],
    dialog: null,
    comparing: false,
    announcement: null,
    service: { state: 'loading' },
  }));
  const saying = (key: MessageKey, params?: SayingParams): Notice => ({
    id: ++serial,
    key,
    ...(params ? { params } : {}),
  });
  return {
    store,
    notify: (key: MessageKey, params?: SayingParams) =>
      store.setState(({ notices }) => ({ notices: [...notices, saying(key, params)].slice(-MAX_NOTICES) })),
    dismissNotice: (id: number) =>
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
    dismissNotices: () => store.setState({ notices: [] }),
    announce: (key: MessageKey, params?: SayingParams) =>
      store.setState({ announcement: saying(key, params) }),
    fail: (error: UiError) => store.setState({ error }),
    dismissError: () => store.setState({ error: null }),
    setBusy: (busy: UiState['busy']) => store.setState({ busy }),
    setDialog: (dialog: UiState['dialog']) => store.setState({ dialog }),
    setComparing: (comparing: boolean) => store.setState({ comparing }),
    setService: (service: Service) => store.setState({ service }),
  };
}

export type Ui = ReturnType<typeof createUi>;
