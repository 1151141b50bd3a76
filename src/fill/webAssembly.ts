/** What is used here of WebAssembly, which browsers and Node share but the language's own library does not name. */
interface WebAssemblyLike {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
}

export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

const environment = globalThis as unknown as {
  readonly WebAssembly?: WebAssemblyLike;
  atob(base64: string): string;
};

export const webAssembly = environment.WebAssembly;
export const bytesOfBase64 = (text: string) =>
  Uint8Array.from(environment.atob(text), (letter) => letter.charCodeAt(0));
