import { SeededRandom } from "../estimate/seededRandom.ts";
import type { ItemId, LabelItem, ProblemItems, QueueSpec, RunItems, TextItem } from "./model.ts";

/** What is drawn from: the items of one problem in one run, in a random order. */
export interface QueueUnit {
  readonly problemKey: string;
  readonly c: number;
  readonly items: readonly ItemId[];
}

/** Units and items are those of all raters, so that all draw one order and each leaves out what is not its own. */
export interface QueueStock {
  readonly units: readonly QueueUnit[];
  readonly items: ReadonlyMap<ItemId, LabelItem>;
  /** Problems that every rater gets. */
  readonly shared: ReadonlySet<string>;
  /** Problems that this rater gets. */
  readonly own: ReadonlySet<string>;
}

/** What the spec leaves of the runs. */
export function queueStock(runs: readonly RunItems[], spec: QueueSpec): QueueStock {
  const named = spec.problems === undefined ? null : new Set(spec.problems);
  const chosen = runs.flatMap((run) =>
    run.problems
      .filter((problem) => isInWindow(problem, spec) && (named === null || named.has(problem.problemKey)))
      .map((problem) => ({ run, problem, texts: problem.items.filter((item) => isWanted(item, spec)) }))
      .filter(({ texts }) => texts.length > 0),
  );
  const { shared, own } = dealt([...new Set(chosen.map(({ problem }) => problem.problemKey))], spec);
  const places = new Map<
    ItemId,
    { readonly problemKey: string; readonly places: LabelItem["places"][number][] }
  >();
  const random = new SeededRandom(spec.seed, 21);
  const units: QueueUnit[] = [];
  for (const { run, problem, texts } of chosen) {
    const { problemKey, c } = problem;
    const items = shuffled(
      texts.map(({ id }) => id),
      random,
    );
    units.push({ problemKey, c, items });
    for (const { id, index, count, correct } of texts) {
      const place = { runId: run.runId, index, count, correct };
      const known = places.get(id);
      if (known === undefined) places.set(id, { problemKey, places: [place] });
      else known.places.push(place);
    }
  }
  const items = new Map([...places].map(([id, item]) => [id, { id, ...item }]));
  return { units, items, shared, own };
}

export function isInWindow(
  { n, c }: ProblemItems,
  { above, below }: Pick<QueueSpec, "above" | "below">,
): boolean {
  if (n === 0) return false;
  return (above === null || c / n > above) && (below === null || c / n < below);
}

const isWanted = ({ correct }: TextItem, { correctOnly }: QueueSpec): boolean => correct > 0 || !correctOnly;

/** A share of the problems to every rater, the others dealt out one by one. */
function dealt(
  problems: readonly string[],
  { overlap, raters, rater, seed }: QueueSpec,
): { readonly shared: ReadonlySet<string>; readonly own: ReadonlySet<string> } {
  const order = shuffled(problems, new SeededRandom(seed, 22));
  const sharedCount = raters <= 1 ? 0 : Math.round(overlap * order.length);
  const shared = new Set(order.slice(0, sharedCount));
  const rest = order.slice(sharedCount).filter((_, i) => raters <= 1 || i % raters === rater);
  return { shared, own: new Set([...shared, ...rest]) };
}

/** A new list in random order (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: SeededRandom): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swap = out[i] as T;
    out[i] = out[j] as T;
    out[j] = swap;
  }
  return out;
}
