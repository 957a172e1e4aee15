import { LensError } from "../../core/errors.ts";
import type { BandView, ForecastView, GapsView, MetricView } from "../../protocol/analyses.ts";
import type { AbortSignalLike } from "../../protocol/rpc.ts";
import { breathe } from "../judgedRuns.ts";
import type { CountedRuns } from "./curvesAnalyses.ts";

/** Answers what tabs ask beyond the snapshot, run by run, so that the host can do other work meanwhile. */
export class PanelAnalyses {
  private counted: CountedRuns = {
    tallies: [],
    referenceId: null,
    options: { interval: "jbb", referenceId: null, finishedOnly: false },
  };

  /** What the view was told last: answers are about these counts. */
  take(counted: CountedRuns): void {
    this.counted = counted;
  }

  async bands(signal: AbortSignalLike): Promise<readonly BandView[]> {
    const { bandsOf } = await import("./curvesAnalyses.ts");
    return each(bandsOf(this.counted), signal);
  }

  async gaps(k: number | null, signal: AbortSignalLike): Promise<GapsView> {
    const { gapsHead, gapRowsOf } = await import("./curvesAnalyses.ts");
    const head = gapsHead(this.counted, k);
    return { ...head, rows: await each(gapRowsOf(this.counted, head.k), signal) };
  }

  async gPass(tau: number, signal: AbortSignalLike): Promise<readonly MetricView[]> {
    const { gPassOf } = await import("./curvesAnalyses.ts");
    return each(gPassOf(this.counted, tau), signal);
  }

  async cover(signal: AbortSignalLike): Promise<readonly MetricView[]> {
    const { coverOf } = await import("./curvesAnalyses.ts");
    return each(coverOf(this.counted), signal);
  }

  async forecasts(signal: AbortSignalLike): Promise<readonly ForecastView[]> {
    const { forecastsOf } = await import("./curvesAnalyses.ts");
    return each(forecastsOf(this.counted), signal);
  }
}

async function each<T>(runs: Iterable<T>, signal: AbortSignalLike): Promise<readonly T[]> {
  const found: T[] = [];
  for (const one of runs) {
    found.push(one);
    await breathe();
    if (signal.aborted) throw new LensError("cancelled", "Cancelled.");
  }
  return found;
}
