// Calm lines under the chart: what the data cannot tell, and what is not in it.
import { count, counted } from "../../src/core/numberWords.ts";
import type { CrossoverView, CurvesSnapshot, RunView } from "../../src/protocol/curves.ts";
import { isPartial, type CurveLine } from "./curveLine.ts";
import type { Metric } from "./look.ts";

/** A bold lead and the rest. */
export interface Notice {
  readonly lead: string;
  readonly rest: string;
}

export function curveNotices(
  snapshot: CurvesSnapshot,
  lines: readonly CurveLine[],
  metric: Metric,
): readonly Notice[] {
  return [
    ...(metric === "pass" ? snapshot.crossovers.flatMap(crossoverNotice) : []),
    ...(metric === "majority" ? noAnswers(snapshot) : []),
    ...stoppedNotices(snapshot, metric),
    ...(metric === "cover" ? [] : endNotices(lines)),
  ];
}

/** What cannot be told of runs that stop problems early, and how far one reaches that is not over. */
function stoppedNotices({ runs }: CurvesSnapshot, metric: Metric): readonly Notice[] {
  const stopped = runs.flatMap(({ name, nMax, stopped: own }) => (own ? [{ name, nMax, ...own }] : []));
  if (stopped.length === 0) return [];
  const names = listed(stopped.map(({ name }) => name));
  const why =
    "Its problems were sampled only until enough answers were right: shares of right answers are too high.";
  if (metric !== "pass") return [{ lead: `Not shown for ${names}.`, rest: why }];
  return stopped.flatMap(({ name, nMax, plan, problems, problemsOver }) =>
    nMax < plan.nMax && nMax > 0
      ? [
          {
            lead: `${name} reaches k = ${count(nMax)} so far.`,
            rest: `${counted(problems - problemsOver, "problem")} of ${count(problems)} unfinished: to leave them out would leave out the hard ones.`,
          },
        ]
      : [],
  );
}

/** A crossing in the middle of the chart; one that leads from k = 1 on has no place. */
export const isCrossing = ({ k }: CrossoverView): boolean => k !== null && k > 1;

function crossoverNotice(crossover: CrossoverView): readonly Notice[] {
  const { verdict, sentence } = crossover;
  if (verdict === "resolved" || !isCrossing(crossover)) return [];
  const end = sentence.indexOf(". ");
  return end < 0
    ? [{ lead: sentence, rest: "" }]
    : [{ lead: sentence.slice(0, end + 1), rest: sentence.slice(end + 2) }];
}

/** Runs that cannot vote. */
function noAnswers({ runs, options }: CurvesSnapshot): readonly Notice[] {
  if (options.finishedOnly) {
    return [{ lead: "maj@k needs all samples.", rest: "Here only finished samples count." }];
  }
  const names = runs
    .filter(({ majority, stopped }) => !stopped && (!majority || majority.length === 0))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      lead: `${listed(names)} ${names.length === 1 ? "has" : "have"} no extracted answers.`,
      rest: "A majority vote needs them.",
    },
  ];
}

/** Where fewer problems than at k = 1 have enough samples: how many have how many. Runs of the same counts share a line. */
function endNotices(lines: readonly CurveLine[]): readonly Notice[] {
  const names = new Map<string, { readonly k: number; readonly names: string[] }>();
  for (const line of lines) {
    const full = line.points.filter((point) => !isPartial(point, line)).at(-1);
    const last = line.points.at(-1);
    if (!full || !last || full === last) continue;
    const rest = `${sampleCounts(line.run)} The faint part is of the problems with enough samples alone, ${count(last.problems)} at k = ${count(last.k)}.`;
    const known = names.get(rest) ?? { k: full.k, names: [] };
    known.names.push(line.series.name);
    names.set(rest, known);
  }
  return [...names].map(([rest, { k, names }]) => ({
    lead: `Curve ends at k = ${count(k)} for ${listed(names)}.`,
    rest,
  }));
}

/** `a`, `a and b`, `a, b and c` */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** `12 problems have only 64 samples; 138 have 256.` */
function sampleCounts({ n, nMin, nMax }: RunView): string {
  const sampled = [...n].filter((own) => own > 0);
  const most = sampled.filter((own) => own === nMax).length;
  const short = sampled.length - most;
  const mostOfShort = Math.max(...sampled.filter((own) => own < nMax));
  const only = mostOfShort === nMin ? count(nMin) : `${count(nMin)} to ${count(mostOfShort)}`;
  return `${counted(short, "problem")} ${short === 1 ? "has" : "have"} only ${only} samples; ${count(most)} ${most === 1 ? "has" : "have"} ${count(nMax)}.`;
}
