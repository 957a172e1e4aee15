import { deserialize, serialize } from "node:v8";
import type { ComparisonReport } from "../../core/estimate/report.ts";
import type { RunTally } from "../../core/model.ts";
import type { KeptFiles } from "../../node/keptFiles.ts";
import type { CurvesOptions } from "../../protocol/curves.ts";
import { sha256 } from "../../node/sha256.ts";
import { breathe } from "../judgedRuns.ts";
import { compareOptions } from "./compareOptions.ts";

export interface ComparisonsPorts {
  readonly files: () => Promise<KeptFiles>;
  /** Of the extension: another one may count in another way. */
  readonly version: string;
  /** What takes less is counted again sooner than it is read. */
  readonly worthMs?: number;
}

export interface Compared {
  readonly tallies: readonly RunTally[];
  readonly options: CurvesOptions;
  /** Is no run at work? Then the numbers are worth keeping for later windows. */
  readonly settled: boolean;
}

/** Curves, differences and crossings that are held: those of some twenty panels. */
const mostKnown = 2000;
const usualWorthMs = 100;

/**
 * Comparisons of runs, counted a few milliseconds at a time. What was counted once is known by its counts: of a run at
 * work its own curve and pairs alone are counted anew, and a later window counts nothing of what stands still.
 */
export class Comparisons {
  private readonly ports: ComparisonsPorts;
  /** By what `compareRuns` calls it; the last used stands last. */
  private readonly known = new Map<string, unknown>();
  /** Files that were looked into. */
  private readonly opened = new Map<string, Promise<void>>();

  constructor(ports: ComparisonsPorts) {
    this.ports = ports;
  }

  /** By the options that are chosen when it is done: what was chosen meanwhile is not undone by an older answer. */
  async current({
    options,
    ...compared
  }: Omit<Compared, "options"> & { readonly options: () => CurvesOptions }) {
    for (;;) {
      const chosen = options();
      const report = await this.of({ ...compared, options: chosen });
      if (chosen === options()) return { options: chosen, report };
    }
  }

  async of(compared: Compared): Promise<ComparisonReport> {
    const { tallies, options, settled } = compared;
    const { comparison } = await import("../../core/estimate/compareRuns.ts");
    const file = this.fileOf(compared);
    await this.open(file);
    const used = new Set<string>();
    let countedMs = 0;
    const remember = <T>(name: string, count: () => T): T => {
      used.add(name);
      if (this.known.has(name)) return this.use(name, this.known.get(name) as T);
      const startedMs = performance.now();
      const value = this.use(name, count());
      countedMs += performance.now() - startedMs;
      return value;
    };
    const steps = comparison(tallies, { ...compareOptions(tallies, options), remember });
    for (;;) {
      const { done, value } = steps.next();
      if (!done) {
        await breathe();
        continue;
      }
      const { worthMs = usualWorthMs } = this.ports;
      if (settled && countedMs > worthMs) await this.keep(file, used);
      return value;
    }
  }

  private use<T>(name: string, value: T): T {
    this.known.delete(name);
    this.known.set(name, value);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= mostKnown) break;
      this.known.delete(oldest);
    }
    return value;
  }

  /** One for these runs under these options; what is in it goes by its counts. */
  private fileOf({ tallies, options }: Compared): string {
    const ids = tallies.map(({ id }) => id).sort();
    const text = JSON.stringify([this.ports.version, ids, options]);
    return `compared-${sha256(new TextEncoder().encode(text)).slice(0, 32)}`;
  }

  private open(file: string): Promise<void> {
    const known = this.opened.get(file) ?? this.read(file);
    this.opened.set(file, known);
    return known;
  }

  private async read(file: string): Promise<void> {
    const bytes = await (await this.ports.files()).read(file);
    if (bytes === null) return;
    try {
      const kept: unknown = deserialize(bytes);
      if (kept instanceof Map) for (const [name, value] of kept) this.use(String(name), value);
    } catch {
      // Bytes of another make: it is counted then.
    }
  }

  private async keep(file: string, used: ReadonlySet<string>): Promise<void> {
    const entries = [...used].flatMap((name) =>
      this.known.has(name) ? [[name, this.known.get(name)] as const] : [],
    );
    await (await this.ports.files()).write(file, [serialize(new Map(entries))]);
  }
}
