import type { Protocol } from "../model.ts";
import type { StopPlan } from "./adaptive/stopPlan.ts";
import { planWords } from "./stoppedRun.ts";

/** One run's name and settings; `null`: not known (imported rollouts). */
export interface NamedProtocol {
  readonly name: string;
  readonly protocol: Protocol | null;
  /** Who gave the verdicts that are shown, where that is known: `math@1:strict`, `file`. Else the protocol's. */
  readonly verifier?: string;
  readonly stopPlan?: StopPlan | undefined;
}

export interface ParityRow {
  readonly setting: string;
  /** Parallel to the runs given; a dash where a run's settings are not known. */
  readonly values: readonly string[];
}

export interface ParityReport {
  /** All known protocols agree in every setting. */
  readonly same: boolean;
  /** `false`: at least one run's settings are not known. */
  readonly known: boolean;
  readonly sentence: string;
  /** The settings that differ, in the order of the interface. */
  readonly rows: readonly ParityRow[];
}

type Reader = (protocol: Protocol) => string;

const verifierSetting = "verifier";
const samplingSetting = "sampling";

/** Every setting of a protocol except its own random seed (runs are meant to differ in it), with its words. */
const settings: readonly (readonly [string, Reader])[] = [
  ["prompt", (p) => p.template],
  ["API", (p) => p.api],
  ["system prompt", (p) => p.system ?? "none"],
  ["stop", (p) => (p.stop.length === 0 ? "none" : p.stop.map((word) => JSON.stringify(word)).join(" "))],
  ["T", (p) => String(p.temperature)],
  ["top-p", (p) => String(p.topP)],
  ["max tokens", (p) => String(p.maxTokens)],
  [verifierSetting, (p) => p.verifier],
  ["data", (p) => p.datasetHash.slice(0, 12)],
  ["extra body", (p) => canonicalJson(p.extraBody)],
];

/** Which settings besides the model differ between runs, in words: what makes their curves comparable or not. */
export function parity(runs: readonly NamedProtocol[]): ParityReport {
  const samplings = runs.map(({ stopPlan }) => (stopPlan ? planWords(stopPlan) : fixedNumber));
  const rows = settings
    .map(([setting, read]) => ({ setting, values: runs.map((run) => valueOf(run, setting, read)) }))
    .concat({ setting: samplingSetting, values: samplings })
    .filter(({ values }) => new Set(values.filter((value) => value !== unknownValue)).size > 1);
  const unknown = runs.filter((run) => run.protocol === null).map((run) => run.name);
  return {
    same: rows.length === 0,
    known: unknown.length === 0,
    rows,
    sentence: sentenceOf(runs, rows, unknown),
  };
}

const unknownValue = "–";
/** How many is not told: curves of different n are compared all the time. */
const fixedNumber = "the same n for every problem";

/** Who judged is known of imported rollouts too. */
function valueOf({ protocol, verifier }: NamedProtocol, setting: string, read: Reader): string {
  if (setting === verifierSetting && verifier !== undefined)
    return verifier === "none" ? unknownValue : verifier === "file" ? "labels in the file" : verifier;
  return protocol ? read(protocol) : unknownValue;
}

function sentenceOf(
  runs: readonly NamedProtocol[],
  rows: readonly ParityRow[],
  unknown: readonly string[],
): string {
  const parts: string[] = [];
  if (rows.length > 0) {
    parts.push(`Not only the model differs: ${rows.map((row) => difference(runs, row)).join("; ")}.`);
  } else if (unknown.length === 0 && runs.length > 1) {
    parts.push("Only the model differs: same prompt, stop, T, top-p, max tokens, verifier and data.");
  }
  if (unknown.length > 0) {
    const names = unknown.length > 3 ? `${unknown.length} runs` : unknown.join(", ");
    parts.push(`Settings of ${names} are not known (imported rollouts): check that only the model differs.`);
  }
  return parts.join(" ");
}

/** `NAME has max tokens 64, the others 48`: named is whoever differs from the most common value. */
function difference(runs: readonly NamedProtocol[], row: ParityRow): string {
  const groups = new Map<string, string[]>();
  runs.forEach((run, i) => {
    const value = row.values[i];
    if (value !== undefined && value !== unknownValue)
      groups.set(value, [...(groups.get(value) ?? []), run.name]);
  });
  const [common, ...odd] = [...groups].sort((a, b) => b[1].length - a[1].length);
  const oddWords = odd.map(([value, names]) => `${names.join(", ")} has ${row.setting} ${value}`).join(", ");
  if (!common) return oddWords;
  const rest = common[1].length > 1 ? "the others" : common[1][0];
  return `${oddWords}, ${rest} ${common[0]}`;
}

/** JSON with sorted keys, so that equal settings read equal. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
