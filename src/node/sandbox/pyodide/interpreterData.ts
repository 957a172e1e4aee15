import type { MessagePort } from "node:worker_threads";

export interface SandboxLimits {
  /** Python's memory: an interpreter that wants more gets MemoryError. */
  readonly memoryBytes: number;
  /** How much files may grow, in all. */
  readonly fileBytes: number;
  /** The whole process: above it the candidate's interpreter is ended. */
  readonly processBytes: number;
}

/** What an interpreter's thread is started with. */
export interface InterpreterData {
  readonly role: "candidate" | "checker" | "snapshot";
  readonly loader: string;
  readonly runtime: string;
  /** V8's compiled form of `runtime`. */
  readonly runtimeCache: Uint8Array;
  readonly realm: string;
  readonly warmUp: string;
  /** A WebAssembly.Module: compiled once for all threads. */
  readonly wasm: object;
  readonly stdlib: SharedArrayBuffer;
  readonly snapshot: SharedArrayBuffer | null;
  readonly abiVersion: string;
  readonly limits: SandboxLimits;
}

/** Shared with a checker while it judges one program: `flag[0]` is one of `bell`. */
export interface CandidateLine {
  readonly port: MessagePort;
  readonly flag: Int32Array<SharedArrayBuffer>;
}

export const bell = { quiet: 0, replied: 1, gone: 2 } as const;

export type ToInterpreter =
  | ({ readonly kind: "line" } & CandidateLine)
  | ({ readonly kind: "judge"; readonly plan: string } & CandidateLine);

export type FromInterpreter =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "snapshot"; readonly bytes: Uint8Array }
  | { readonly kind: "judged"; readonly answer: string };
