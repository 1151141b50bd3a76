import type { OnPartial } from './reply.ts';

/** Fields of the wire, by their own names; what is left out is not sent. */
export interface RequestFields {
  readonly model: string;
  readonly n: number;
  /** "WIDTHxHEIGHT". */
  readonly size: string;
  readonly quality?: string;
  readonly seed?: number;
  /** Only for models that take it; the others answer in base64 anyway. */
  readonly response_format?: 'b64_json';
  /** With one result, from models that can. */
  readonly stream?: true;
  readonly partial_images?: number;
}

export interface GenerateFields extends RequestFields {
  readonly prompt: string;
}

export interface VaryFields extends RequestFields {
  readonly image: Blob;
}

export interface EditFields extends GenerateFields {
  readonly image: Blob;
  readonly mask?: Blob;
}

/** How a request is sent, and who hears of it meanwhile. */
export interface Sending {
  /** A UUID that names the request for good: under the same key it is never carried out twice. */
  readonly key: string;
  readonly onPartial: OnPartial;
  /** True: the connection was lost, and the server is asked what became of the request. False: it is heard again. */
  readonly onLost: (lost: boolean) => void;
}
