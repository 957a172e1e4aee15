import { userInfo } from "node:os";
import * as vscode from "vscode";
import { defaultQueueSpec, queueOrders, type QueueSpec } from "../../core/label/model.ts";
import type { RunTally } from "../../core/model.ts";
import { count, counted } from "../../core/numberWords.ts";
import type { Features } from "../features.ts";
import type { RunEntry } from "../runEntry.ts";
import type { QueueChoice } from "./openQueue.ts";
import { orderWords, windowWords } from "./queueWords.ts";

const raterName = "rolloutLens.rater";
/** Upper ends that are tried until there is something to label: the paper's 5 %, then wider. */
const windows: readonly (readonly [number | null, number | null])[] = [
  [0, 0.05],
  [0, 0.1],
  [0, 0.25],
  [0, 0.5],
  [0, null],
  [null, null],
];

interface Plan {
  readonly runs: readonly RunEntry[];
  readonly tallies: readonly RunTally[];
  readonly spec: QueueSpec;
  readonly rater: string;
}

interface Row extends vscode.QuickPickItem {
  /** The changed plan; `null` when the person went back. */
  readonly change?: () => Promise<Plan | null>;
}

/** From runs to a queue: at once with the defaults, or with each option behind a small input. `null`: the person left. */
export async function buildQueue(
  features: Features,
  given: readonly RunEntry[],
  problems?: readonly string[],
): Promise<QueueChoice | null> {
  await features.catalog.load();
  const known = given.flatMap(({ id }) => features.catalog.find(id) ?? []);
  const all = features.catalog.all().filter(canBeLabelled);
  // One run alone needs no question: the list shows it, and it can be changed there.
  const runs = known.length > 0 ? known : all.length === 1 ? all : await pickRuns(features);
  if (runs.length === 0) return null;
  const stored = features.state.get<string>(raterName);
  const rater = stored ?? userInfo().username;
  // Problems that were chosen one by one are asked about whatever their accuracy is.
  const named = problems && { ...defaultQueueSpec, above: null, below: null, problems };
  let plan = named
    ? await withTallies(features, { runs, spec: named, rater })
    : await withRuns(features, runs, { spec: defaultQueueSpec, rater });
  for (;;) {
    const chosen = await vscode.window.showQuickPick<Row>(rowsOf(plan, features), {
      title: vscode.l10n.t("Label traces"),
      placeHolder: vscode.l10n.t("Start, or choose what to change"),
      ignoreFocusOut: true,
    });
    if (chosen === undefined) return null;
    if (chosen.change === undefined) break;
    plan = (await chosen.change()) ?? plan;
  }
  await features.state.update(raterName, plan.rater);
  return { runIds: plan.runs.map(({ id }) => id), spec: plan.spec, rater: plan.rater };
}

const pickRuns = ({ runActions }: Features): Promise<readonly RunEntry[]> =>
  runActions.pickSeveral(vscode.l10n.t("Label traces of"), canBeLabelled);

const canBeLabelled = ({ finished }: RunEntry): boolean => finished > 0;

/** The narrowest usual window that leaves something: with 8 samples a problem there is no accuracy below 12.5 %. */
async function withRuns(
  { data }: Pick<Features, "data">,
  runs: readonly RunEntry[],
  rest: Pick<Plan, "spec" | "rater">,
): Promise<Plan> {
  const plan = await withTallies({ data }, { runs, ...rest });
  const fits = windows.find(
    ([above, below]) => sizeOf({ ...plan, spec: { ...rest.spec, above, below } }).traces > 0,
  );
  const [above, below] = fits ?? [rest.spec.above, rest.spec.below];
  return { ...plan, spec: { ...rest.spec, above, below } };
}

async function withTallies({ data }: Pick<Features, "data">, plan: Omit<Plan, "tallies">): Promise<Plan> {
  return {
    ...plan,
    tallies: await Promise.all(plan.runs.map(async (run) => (await data.load(run)).tally)),
  };
}

/** Before the files are read: equal texts are still counted each. */
function sizeOf({ tallies, spec }: Plan): { readonly traces: number; readonly problems: number } {
  const named = spec.problems === undefined ? null : new Set(spec.problems);
  const chosen = tallies
    .flatMap(({ problems }) => problems)
    .filter(
      ({ n, c, problem }) =>
        n > 0 &&
        (named === null || named.has(problem.key)) &&
        (spec.above === null || c / n > spec.above) &&
        (spec.below === null || c / n < spec.below) &&
        (c > 0 || !spec.correctOnly),
    );
  const all = chosen.reduce((sum, { n, c }) => sum + (spec.correctOnly ? c : n), 0);
  return { traces: Math.min(all, spec.size ?? all), problems: chosen.length };
}

function rowsOf(plan: Plan, features: Features): Row[] {
  const { spec, runs } = plan;
  const { traces, problems } = sizeOf(plan);
  const withSpec = (patch: Partial<QueueSpec>): Plan => ({ ...plan, spec: { ...spec, ...patch } });
  const row = (label: string, description: string, change: () => Promise<Plan | null>): Row => ({
    label,
    description,
    change,
  });
  return [
    {
      label: vscode.l10n.t("$(play) Start"),
      description:
        traces === 0
          ? vscode.l10n.t("nothing to label: widen the accuracy window")
          : vscode.l10n.t(
              "up to {0} on {1}, as {2}",
              counted(traces, "trace"),
              counted(problems, "problem"),
              plan.rater,
            ),
    },
    { label: vscode.l10n.t("Options"), kind: vscode.QuickPickItemKind.Separator },
    row(vscode.l10n.t("Runs"), runs.map(({ name }) => name).join(", "), async () => {
      const chosen = await pickRuns(features);
      return chosen.length === 0 ? null : withRuns(features, chosen, plan);
    }),
    ...(spec.problems === undefined
      ? []
      : [
          row(vscode.l10n.t("Problems"), vscode.l10n.t("{0} chosen", count(spec.problems.length)), () => {
            const { problems: _, ...all } = spec;
            return withRuns(features, runs, { spec: all, rater: plan.rater });
          }),
        ]),
    row(vscode.l10n.t("Accuracy of the problem"), windowWords(spec) || vscode.l10n.t("any"), async () => {
      const window = await askWindow(spec);
      return window === null ? null : withSpec(window);
    }),
    row(
      vscode.l10n.t("Answers"),
      spec.correctOnly ? vscode.l10n.t("right ones only") : vscode.l10n.t("all"),
      () => Promise.resolve(withSpec({ correctOnly: !spec.correctOnly })),
    ),
    row(vscode.l10n.t("Order"), orderWords(spec.order), async () => {
      const items = queueOrders.map((order) => ({ label: orderWords(order), order }));
      const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Order") });
      return chosen === undefined ? null : withSpec({ order: chosen.order });
    }),
    row(
      vscode.l10n.t("Traces at most"),
      spec.size === null ? vscode.l10n.t("all") : count(spec.size),
      async () => {
        const title = vscode.l10n.t("Traces at most; empty for all");
        const text = await ask(
          title,
          spec.size?.toString() ?? "",
          (input) => input === "" || isWhole(input, 1),
        );
        return text === null ? null : withSpec({ size: text === "" ? null : Number(text) });
      },
    ),
    row(
      vscode.l10n.t("Raters who share the work"),
      spec.raters === 1
        ? vscode.l10n.t("one")
        : vscode.l10n.t(
            "{0}, this is number {1}; {2} % for all",
            spec.raters,
            spec.rater + 1,
            100 * spec.overlap,
          ),
      async () => {
        const sharing = await askSharing(spec);
        return sharing === null ? null : withSpec(sharing);
      },
    ),
    row(vscode.l10n.t("Seed"), String(spec.seed), async () => {
      const text = await ask(vscode.l10n.t("Seed"), String(spec.seed), (input) => isWhole(input, 0));
      return text === null ? null : withSpec({ seed: Number(text) });
    }),
    row(vscode.l10n.t("Rater"), plan.rater, async () => {
      const title = vscode.l10n.t("Your name in the labels' file");
      const rater = await ask(title, plan.rater, (input) => input !== "");
      return rater === null ? null : { ...plan, rater };
    }),
  ];
}

async function askWindow(spec: QueueSpec): Promise<Pick<QueueSpec, "above" | "below"> | null> {
  const other = { label: vscode.l10n.t("Other..."), above: null, below: null };
  const items = windows.map(([above, below]) => ({
    label: windowWords({ above, below }) || vscode.l10n.t("any"),
    above,
    below,
  }));
  const title = vscode.l10n.t("Accuracy of the problem, a = right answers / samples");
  const chosen = await vscode.window.showQuickPick([...items, other], { title });
  if (chosen === undefined) return null;
  if (chosen !== other) return { above: chosen.above, below: chosen.below };
  const now = `${100 * (spec.above ?? 0)} - ${100 * (spec.below ?? 1)}`;
  const text = await ask(
    vscode.l10n.t("Above and below, in percent, e.g. 0 - 5"),
    now,
    (input) => bounds(input) !== null,
  );
  return text === null ? null : bounds(text);
}

function bounds(text: string): Pick<QueueSpec, "above" | "below"> | null {
  const [low, high, more] = text.split(/\s*[-,;]\s*|\s+/u).map(Number);
  if (low === undefined || high === undefined || more !== undefined) return null;
  return low >= 0 && low < high && high <= 100 ? { above: low / 100, below: high / 100 } : null;
}

async function askSharing(spec: QueueSpec): Promise<Pick<QueueSpec, "raters" | "rater" | "overlap"> | null> {
  const title = vscode.l10n.t("How many raters share the work?");
  const raters = Number(await ask(title, String(spec.raters), (input) => isWhole(input, 1)));
  if (raters < 1) return null;
  if (raters === 1) return { raters: 1, rater: 0, overlap: spec.overlap };
  const which = vscode.l10n.t("Which of them are you, 1 to {0}?", raters);
  const rater = await ask(which, "1", (input) => isWhole(input, 1) && Number(input) <= raters);
  if (rater === null) return null;
  const share = vscode.l10n.t("Share of the problems that every rater gets, in percent");
  const overlap = await ask(
    share,
    String(100 * spec.overlap),
    (input) => Number(input) >= 0 && Number(input) <= 100,
  );
  return overlap === null ? null : { raters, rater: Number(rater) - 1, overlap: Number(overlap) / 100 };
}

const isWhole = (text: string, least: number): boolean =>
  text !== "" && Number.isSafeInteger(Number(text)) && Number(text) >= least;

/** Trimmed; `null` when the person left. */
async function ask(title: string, value: string, holds: (text: string) => boolean): Promise<string | null> {
  const text = await vscode.window.showInputBox({
    title,
    value,
    ignoreFocusOut: true,
    validateInput: (input) => (holds(input.trim()) ? null : vscode.l10n.t("This cannot be used here.")),
  });
  return text === undefined ? null : text.trim();
}
