import type { PythonPackage } from "./python.ts";

/** What a comparison with another implementation found. */
export interface PeerReport {
  /** Lines for the person who runs it. */
  readonly lines: readonly string[];
  /** Differences in which we are wrong, or that nobody has explained. */
  readonly wrong: readonly string[];
}

/** Another implementation of something of ours, from a package index. */
export interface Peer {
  readonly name: string;
  readonly packages: readonly PythonPackage[];
  /** Why it cannot be had here, where that is no matter of packages; `null` where it can. */
  readonly lacks?: () => string | null;
  readonly compare: (python: string) => Promise<PeerReport> | PeerReport;
}
