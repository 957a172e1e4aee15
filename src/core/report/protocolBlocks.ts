import type { ComparisonReport, RunReport } from "../estimate/report.ts";
import { meterWords } from "../estimate/stoppedRun.ts";
import { type Block, heading } from "./blocks.ts";
import { count } from "../numberWords.ts";
import type { ReportRun } from "./runReport.ts";

/** How each run was sampled and judged, what it spent, and the hash of the file that holds it: enough to make it again. */
export function protocolBlocks(runs: readonly ReportRun[], { runs: reports }: ComparisonReport): Block[] {
  const rows = runs.map(({ tally, source }) => {
    const counts = reports.find(({ id }) => id === tally.id);
    const protocol = tally.protocol;
    return [
      tally.name,
      source?.model ?? "–",
      source?.origin ?? "–",
      protocol?.template ?? "–",
      protocol === null ? "–" : String(protocol.temperature),
      protocol === null ? "–" : String(protocol.topP),
      protocol === null ? "–" : count(protocol.maxTokens),
      protocol === null ? "–" : String(protocol.seed),
      counts === undefined ? "–" : samplesWords(counts),
      counts === undefined ? "–" : count(counts.truncated),
      tally.verifier,
    ];
  });
  return [
    heading("Protocol"),
    {
      kind: "table",
      title: "How the samples were drawn and judged",
      head: [
        "run",
        "model",
        "endpoint",
        "prompt",
        "T",
        "top-p",
        "max tokens",
        "seed",
        "n",
        "truncated",
        "verifier",
      ],
      rows,
      note: "Truncated samples are inside n. A dash: not known (imported rollouts).",
    },
    {
      kind: "table",
      title: "Data and files",
      head: ["run", "dataset", "dataset's sha256", "file", "file's sha256"],
      rows: runs.map(({ tally, file }) => [
        tally.name,
        tally.dataset,
        tally.protocol?.datasetHash ?? "–",
        file.name,
        file.sha256,
      ]),
      note: "",
    },
  ];
}

/** Samples a problem. */
function samplesWords({ nMin, nMax, stopped }: RunReport): string {
  if (stopped !== null) return `up to ${count(nMax)}, ${meterWords(stopped)}`;
  return nMin === nMax ? count(nMax) : `${count(nMin)} to ${count(nMax)}`;
}
