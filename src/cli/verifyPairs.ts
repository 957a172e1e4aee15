import { isRefusal, openRecords } from "../core/dataset/records/openRecords.ts";
import type { RecordAt } from "../core/dataset/records/recordFile.ts";
import { LensError } from "../core/errors.ts";
import type { InputIssue } from "../core/model.ts";
import { asRecord, FieldError, issueText, kindOf, orNull } from "../core/parse.ts";
import type { MathItem } from "../core/verify/math/mathVerifier.ts";
import { type MathMode, mathModes, pairOptions } from "../core/verify/math/options.ts";
import { type PairLine, pairLine } from "../core/verify/pairLine.ts";
import { type FileSource, fileSource } from "../node/fileSource.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { openVerifier } from "./openVerifier.ts";

export const verifyPairsUsage = `Usage: verify PAIRS.jsonl [--mode strict|standard|lenient] [--json]

Compares answers: each line {"gold": ..., "pred": ...} gives a line
{"verdict": "equal" | "notEqual" | "undecided", "how": ..., "extracted": ...} on stdout, in the same order; a "pred" without
any answer is notEqual with "extracted": null. "gold" may be a list of answers, each of them right. A line may have "opts" in Math-Verify's words: match_types, precision,
allow_set_relation_comp, strict. Counts stand on stderr. (--json changes nothing: these lines are JSON already.)
Every line is read before the first is judged: one that cannot be used is named, and then nothing is printed (exit code 2).

  --mode MODE   what counts as an answer: strict (a box or ####), standard (the default), lenient (also the last number)
`;

const shownIssues = 5;

/** `verify PAIRS.jsonl`: see verifyPairsUsage. */
export async function verifyPairs(args: readonly string[], context: CommandContext): Promise<void> {
  const options = parsedArgs(args, { mode: { type: "string" }, json: { type: "boolean" } });
  const mode = options.oneOf("mode", mathModes) ?? "standard";
  const [file, ...more] = options.files;
  if (file === undefined || more.length > 0) throw usageError("verify: expected one file.");
  const source = await fileSource(file);
  try {
    await checkPairs(source, context);
    context.note(await judgePairs(source, mode, context));
  } finally {
    await source.close();
  }
}

/** Throws `badInput` with the first lines that are no pairs. */
async function checkPairs(source: FileSource, { signal }: CommandContext): Promise<void> {
  const issues: InputIssue[] = [];
  let pairs = 0;
  await eachPair(source, {
    signal,
    pair: () => void (pairs += 1),
    issue: (issue) => void issues.push(issue),
  });
  if (issues.length > 0) {
    const more = issues.length > shownIssues ? [`and ${issues.length - shownIssues} more`] : [];
    const lines = [...issues.slice(0, shownIssues).map((issue) => `${issueText(issue)}.`), ...more];
    throw new LensError("badInput", [...lines, "Nothing was judged."].join("\n"));
  }
  if (pairs === 0) throw new LensError("badInput", `${source.name} has no pairs in it.`);
}

async function judgePairs(source: FileSource, mode: MathMode, context: CommandContext): Promise<string> {
  const { signal } = context;
  const verifier = openVerifier({ name: "math", mode });
  const counts = { equal: 0, notEqual: 0, undecided: 0 };
  let without = 0;
  let waiting: Promise<PairLine>[] = [];
  const flush = async (): Promise<void> => {
    const lines = await Promise.all(waiting);
    waiting = [];
    for (const { verdict, extracted } of lines) {
      counts[verdict] += 1;
      if (verdict === "notEqual" && extracted === null) without += 1;
    }
    context.out(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  };
  const pair = (items: readonly MathItem[]): void | Promise<void> => {
    const line = Promise.all(items.map((item) => verifier.verify(item, signal).then(pairLine))).then(bestOf);
    // Where the command ends early nobody waits for it any more.
    line.catch(() => undefined);
    waiting.push(line);
    return waiting.length < maxWaiting ? undefined : flush();
  };
  try {
    await eachPair(source, { signal, pair, issue: (issue) => changed(source, issue) });
    await flush();
  } finally {
    await verifier.close();
  }
  const sum = counts.equal + counts.notEqual + counts.undecided;
  return `${verifier.id}: ${sum} pairs, ${counts.equal} equal, ${counts.notEqual} notEqual (${without} without an answer), ${counts.undecided} undecided.`;
}

/** Of several right answers one is enough; where none is equal, one that cannot be told leaves the whole open. */
const bestOf = (lines: readonly PairLine[]): PairLine =>
  lines.find(({ verdict }) => verdict === "equal") ??
  lines.find(({ verdict }) => verdict === "undecided") ??
  lines[0]!;

const maxWaiting = 2048;

function changed(source: FileSource, issue: InputIssue): never {
  throw new LensError("unreadable", `${source.name} changed while it was read: ${issueText(issue)}.`);
}

interface PairVisitor {
  readonly signal: AbortSignal;
  readonly pair: (items: readonly MathItem[]) => void | Promise<void>;
  readonly issue: (issue: InputIssue) => void;
}

async function eachPair(source: FileSource, { signal, pair, issue }: PairVisitor): Promise<void> {
  const opened = await openRecords(source);
  if (isRefusal(opened)) throw new LensError("badInput", `${source.name}: ${opened.refusal}`);
  let row = 0;
  const record = (value: unknown, { line }: RecordAt): void | Promise<void> => {
    row += 1;
    try {
      return pair(readPair(value));
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const message = line === null ? `row ${row}: ${error.detail}` : error.detail;
      return issue({ file: source.name, line, field: error.field === "" ? null : error.field, message });
    }
  };
  const broken = (found: Omit<InputIssue, "file">): void => issue({ file: source.name, ...found });
  await opened.each({ record, issue: broken }, { signal });
}

/** The response with each of its gold answers. */
function readPair(value: unknown): readonly MathItem[] {
  const pair = asRecord(value, "");
  const options = pairOptions(orNull(pair["opts"], "opts", asRecord) ?? {});
  const gold = pair["gold"];
  const golds = Array.isArray(gold)
    ? gold.map((item, at) => answerText(item, `gold[${at}]`))
    : [answerText(gold, "gold")];
  if (golds.length === 0) throw new FieldError("gold", "expected at least one answer, got an empty list");
  const response = answerText(pair["pred"], "pred");
  return golds.map((text) => ({ question: "", gold: text, response, options }));
}

/** Numbers are welcome: datasets have both. */
function answerText(value: unknown, field: string): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value;
  throw new FieldError(field, `expected string or number, got ${kindOf(value)}`);
}
