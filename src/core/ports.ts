// What core needs from the outside. Adapters: src/node (files, clock), src/endpoints (models), src/host (vscode.workspace.fs).

/** A file, a URL or memory alike: two members, as hyparquet's source. */
export interface ByteSource {
  /** For messages; a file's path relative to the workspace where there is one. */
  readonly name: string;
  readonly byteLength: number;
  /** Bytes [start, end). */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** The part of an AbortSignal that core uses; every AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (the caller checks the signal). */
  sleep(ms: number, signal?: CancelSignal): Promise<void>;
}

/** Uniform in [0, 1). Seeded in estimators and plans, real in retry jitter. */
export type Random = () => number;

/** sha256 of the bytes as lower-case hex. */
export type Sha256 = (bytes: Uint8Array) => string;

/**
 * Append-only files of a run folder. Every method throws a `LensError` with a `code`:
 * `diskFull` (no space, quota, read-only) or `storeFailed`. Paths are joined with `/`; folders are made as needed.
 */
export interface FileStore {
  /** The whole file, or `null` where it does not exist. For small files. */
  read(path: string): Promise<Uint8Array | null>;
  /** A file of any size, read by ranges, or `null` where it does not exist. */
  open(path: string): Promise<ByteSource | null>;
  /** Replaces the file in one step (write beside, sync, rename). */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Opens for appending; `truncateTo` first cuts the file to that many bytes (a torn last line). */
  openAppend(path: string, truncateTo?: number): Promise<AppendFile>;
  list(folder: string): Promise<readonly string[]>;
  /** Takes the folder's lock; `null` when a live process or window holds it. */
  lock(folder: string, owner: string): Promise<FileLock | null>;
}

export interface AppendFile {
  /** Resolves when the bytes were handed to the operating system, in order. */
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface FileLock {
  release(): Promise<void>;
}
