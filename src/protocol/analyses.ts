// What the curves panel asks for beyond its snapshot: whatever needs resampling, counted when a tab shows it. Fractions.
import type { Forecast } from "../core/estimate/forecast/forecast.ts";
import type { Gap } from "../core/estimate/gap.ts";
import type { ScorePoint } from "../core/estimate/scoreIntervals.ts";
import type { BandPoint } from "../core/estimate/simultaneousBand.ts";

/** A run minus the reference, with a band that holds the whole difference curve at once; see simultaneousBand. */
export interface BandView {
  readonly runId: string;
  readonly points: readonly BandPoint[];
  /** Half-width of the band in standard errors. */
  readonly factor: number;
  /** Every k at which the run, or the reference, leads by the band. */
  readonly runAhead: readonly number[];
  readonly referenceAhead: readonly number[];
}

/** dSE of one run: what the reference reaches with k samples minus what the run reaches with one. */
export interface GapView extends Gap {
  readonly runId: string;
}

export interface GapsView {
  /** As asked for, or min(256, largest n of the reference). */
  readonly k: number;
  /** Largest n of the reference: no larger k can be estimated. */
  readonly kMax: number;
  readonly rows: readonly GapView[];
}

/** Points of a run along `at`: samples k for G-Pass@k, the rate tau for Cover@tau. */
export interface MetricView {
  readonly runId: string;
  readonly points: readonly (ScorePoint & { readonly at: number })[];
}

export interface ForecastView {
  readonly runId: string;
  /** `null` without samples. */
  readonly forecast: Forecast | null;
}
