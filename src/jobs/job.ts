import type { Changes } from '../blend/verify.ts';
import type { Document } from '../editor/document.ts';
import type { Layer, Made } from '../editor/layer.ts';
import type { Ask, AskMode } from '../editor/session.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';

/** Why a job failed, as the interface tells it. `code` is the server's, or one of ours for the way there. */
export interface JobError {
  readonly code: string;
  /** The service's own words, already without secrets; shown below our message. */
  readonly detail: string;
  /** When a retry makes sense, Unix time in ms. */
  readonly retryAt: number | null;
  /** The service may have billed the request. */
  readonly maybeBilled: boolean;
  /** The same request may go well another time: `Jobs.retry` sends it again. */
  readonly repeatable: boolean;
  /** What the content policy objected to, when the service told. */
  readonly moderation?: { readonly stage: string | null; readonly categories: readonly string[] };
}

export type JobPhase = 'preparing' | 'waiting' | 'receiving';

/** An unfinished picture of a request that runs: only looked at, never part of a document or a file. */
export interface Glimpse {
  /** The k-th, from 1, of as many as were asked for. */
  readonly k: number;
  readonly of: number;
  readonly picture: Blob;
  /** Edit: the picture inside what is asked to change, over the document of this id. null: a picture of its own. */
  readonly over: { readonly documentId: string; readonly layer: Layer } | null;
}

/** A request through its life. It froze its document by reference: painting goes on meanwhile. */
export interface Job {
  readonly id: string;
  readonly ask: Ask;
  readonly phase: JobPhase;
  /** Unix time in ms. */
  readonly startedAt: number;
  /** Fresh for every click, 0 … 2³¹ − 1; sent where the model honours it. */
  readonly seed: number;
  /** While a frame is extended in steps: which one runs, from 1, and of how many. */
  readonly step: { readonly k: number; readonly of: number } | null;
  readonly glimpse: Glimpse | null;
  /** Share of its present request that is done, 0..1; null where nobody knows. */
  readonly progress: number | null;
  /** The connection to the server is lost; the request may go on there, and is asked for. */
  readonly lost: boolean;
  /** Its request is stored: after a reload of the page the result is asked for. */
  readonly stored: boolean;
}

/** One of n pictures. */
export interface Result {
  readonly id: string;
  /** Edit: what Accept adds, a layer per request; as the job blended them. */
  readonly layers: readonly Layer[];
  /** Otherwise: the whole new picture, the answer that it was cut from (itself where nothing was), and its making. */
  readonly picture: { readonly image: ImageRef; readonly raw: ImageRef; readonly made: Made } | null;
  readonly thumbnail: Blob;
}

/** What one job brought; waits in the tray until the document settles it. Kept, so that undo can bring it back. */
export interface ResultGroup {
  readonly id: string;
  readonly mode: AskMode;
  readonly ask: Ask;
  /** Unix time in ms. */
  readonly createdAt: number;
  /** The document that was open when the job started, as it was then; null when none was. */
  readonly snapshot: Document | null;
  /** Edit: document px that were asked to change. null: the whole picture was, or none was open. */
  readonly asked: Mask | null;
  readonly results: readonly Result[];
  /** Which words the embedded engine used and which it ignored; null for other services. */
  readonly words: { readonly used: readonly string[]; readonly ignored: readonly string[] } | null;
}

export interface Selection {
  readonly groupId: string;
  readonly resultId: string;
}

/** Outcome of counting, over the whole picture, what differs where nothing was asked to change. */
export type PixelLock = { readonly state: 'counting' } | ({ readonly state: 'counted' } & Changes) | null;

export interface JobsState {
  readonly running: readonly Job[];
  /** All groups of this document, settled ones too; with none open, those that wait for one. */
  readonly groups: readonly ResultGroup[];
  /** Discarded while nothing was open, where there is no history: `takeBack` brings them back. */
  readonly putAway: readonly ResultGroup[];
  /** The result previewed in place. */
  readonly selected: Selection | null;
  readonly error: JobError | null;
  /** For the selected result, or for the last accepted one. null for a result without an erased region. */
  readonly pixelLock: PixelLock;
}
