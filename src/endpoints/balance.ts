/** One of the servers of a model. */
export interface Backend {
  readonly url: string;
  inFlight: number;
  /** Connection errors in a row. */
  failures: number;
  downUntilMs: number;
}

const firstRestMs = 1_000;
const longestRestMs = 30_000;
/** So that a handful of requests does not already count as imbalance. */
const slack = 2;

/**
 * Which server gets a request. Samples of one problem share a prompt, so they have a home (rendezvous hashing, Thaler
 * and Ravishankar 1998: a server that goes away moves only its own problems) where its prefix is cached; when the home
 * is above 1.5 times the mean load they go to the least loaded. A server that refused a connection rests for a while.
 */
export class Balance {
  readonly backends: readonly Backend[];
  private readonly now: () => number;

  constructor(urls: readonly string[], now: () => number = () => performance.now()) {
    this.backends = urls.map((url) => ({ url, inFlight: 0, failures: 0, downUntilMs: 0 }));
    this.now = now;
  }

  /** A server not yet tried; `null` when all were. Resting servers are used only when no other is left. */
  pick(stickyKey: string, tried: ReadonlySet<Backend>): Backend | null {
    const left = this.backends.filter((backend) => !tried.has(backend));
    if (left.length <= 1) return left[0] ?? null;
    const now = this.now();
    const up = left.filter((backend) => backend.downUntilMs <= now);
    const candidates = up.length > 0 ? up : left;
    const home = bestBy(candidates, (backend) => hash(`${backend.url}\n${stickyKey}`));
    const mean = candidates.reduce((sum, backend) => sum + backend.inFlight, 0) / candidates.length;
    return home.inFlight > 1.5 * mean + slack ? bestBy(candidates, (backend) => -backend.inFlight) : home;
  }

  refused(backend: Backend): void {
    backend.downUntilMs = this.now() + Math.min(longestRestMs, firstRestMs * 2 ** backend.failures);
    backend.failures += 1;
  }

  answered(backend: Backend): void {
    backend.failures = 0;
    backend.downUntilMs = 0;
  }
}

function bestBy(backends: readonly Backend[], score: (backend: Backend) => number): Backend {
  return backends.reduce((best, next) => (score(next) > score(best) ? next : best));
}

/** FNV-1a with a final mix (MurmurHash3's), since FNV alone barely spreads keys that differ in their last character. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
