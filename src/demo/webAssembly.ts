// What is used of WebAssembly. lib.es2023 does not declare it, and lib.dom would bring the whole browser.
declare const moduleBrand: unique symbol;

/** Compiled code. */
export interface WasmModule {
  readonly [moduleBrand]: true;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface WasmApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

export const webAssembly: WasmApi = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;
