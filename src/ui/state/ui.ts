import { createStore } from 'zustand/vanilla';
import type { Capabilities } from '../../../server/contract.ts';
import type { MaskFile } from '../../codec/protocol.ts';
import type { PixelRect } from '../../geometry/rect.ts';
import type { Mask } from '../../raster/mask.ts';
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

/** A mask that was read from a file, and where it is to lie. */
export interface FoundMask {
  readonly id: string;
  readonly documentId: string;
  readonly name: string;
  readonly blob: Blob;
  readonly file: MaskFile;
  /** Document px. Of another size than the file: it is scaled. */
  readonly rect: PixelRect;
}

/** What is asked or told before anything else goes on. */
export type OpenDialog =
  | { readonly kind: 'help' | 'whole-picture' }
  /** Ids of a service and of the model that it is asked for. */
  | { readonly kind: 'probe'; readonly service: string; readonly model: string }
  | { readonly kind: 'remove-recent'; readonly id: string; readonly name: string }
  /** Before a mask of another size is scaled. */
  | { readonly kind: 'scale-mask'; readonly found: FoundMask };

/** The panel at the side: one at a time. */
export type SidePanel =
  | { readonly kind: 'layers' | 'history' | 'operations' }
  /** `layerId`: an accepted layer; null: the result that is selected in the tray. */
  | { readonly kind: 'blend'; readonly layerId: string | null }
  /** Previewed until it is applied. `mask`: what was found, in document px. */
  | { readonly kind: 'import-mask'; readonly found: FoundMask; readonly mask: Mask };

/**
 * What of a result lies over the picture: the painted mask as ever, the mask as it was sent, the weights of its
 * blending, or a map of what it had changed beside the mask. Only seen, never written to a file.
 */
export type ResultLook = 'painted' | 'sent' | 'blend' | 'changes';

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
  readonly panel: SidePanel | null;
  /** Of what the blend panel shows. */
  readonly look: ResultLook;
  /** Share (0–1) of what was sent beside the mask that the raw result had changed; null until it is known. */
  readonly changedShare: number | null;
  /** While held, the canvas shows the document without the previewed result. */
  readonly comparing: boolean;
  /** While held, the canvas shows the picture without mask and overlay. */
  readonly peeking: boolean;
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
    panel: null,
    look: 'painted',
    changedShare: null,
    comparing: false,
    peeking: false,
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
    setPanel: (panel: SidePanel | null) => store.setState({ panel, look: 'painted', changedShare: null }),
    setLook: (look: ResultLook) => store.setState({ look, changedShare: null }),
    setChangedShare: (changedShare: number) => store.setState({ changedShare }),
    setComparing: (comparing: boolean) => store.setState({ comparing }),
    setPeeking: (peeking: boolean) => store.setState({ peeking }),
    setService: (service: Service) => store.setState({ service }),
  };
}

export type Ui = ReturnType<typeof createUi>;
