import { count } from "../core/numberWords.ts";
import { arithmeticClaims } from "../core/trace/arithmetic/claims.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { openTargets } from "./scoreTargets.ts";

const usage = `Usage: claims TRACES... [--all] [--limit N] [--json]

The arithmetic that the TRACES (rollouts of any format, or run folders) state, checked exactly: claims like "195 + 367 =
562" that are false as they are written, each in its line. The trace inspector underlines the same ones.

  --all      also the true ones
  --limit N  list only the first ones; all are counted
  --json     {"traces", "claims", "false", "list": [{run, problem, sample, start, end, verdict, text, value, line}]}
`;

interface Row {
  readonly run: string;
  readonly problem: string;
  readonly sample: number;
  /** UTF-16, of the trace with its reasoning. */
  readonly start: number;
  readonly end: number;
  readonly verdict: string;
  readonly text: string;
  /** What the left side comes to. */
  readonly value: string;
  /** Of the trace, trimmed. */
  readonly line: string;
}

/** `claims TRACES...` */
export const claimsCommand: Command = { summary: "false sums in traces", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, {
    all: { type: "boolean" },
    limit: { type: "string" },
    json: { type: "boolean" },
  });
  if (parsed.files.length === 0) throw usageError("Name at least one file of rollouts.");
  const counts = { traces: 0, claims: 0, false: 0 };
  const rows: Row[] = [];
  for (const path of parsed.files) {
    const opened = await openTargets(path, undefined, context);
    try {
      for (const target of opened.targets) {
        const { text } = await target.read();
        const { run: name, problemKey: problem, index: sample } = target;
        const claims = arithmeticClaims(text);
        counts.traces += 1;
        counts.claims += claims.length;
        counts.false += claims.filter(({ verdict }) => verdict === "false").length;
        const shown = parsed.flag("all") ? claims : claims.filter(({ verdict }) => verdict === "false");
        for (const { start, end, verdict, value } of shown) {
          const place = { run: name, problem, sample, start, end };
          rows.push({
            ...place,
            verdict,
            text: text.slice(start, end),
            value,
            line: lineAt(text, start, end),
          });
        }
      }
    } finally {
      await opened.close();
    }
  }
  const list = rows.slice(0, parsed.whole("limit", 0) ?? rows.length);
  context.out(parsed.flag("json") ? `${JSON.stringify({ ...counts, list })}\n` : readable(list, counts));
}

function lineAt(text: string, start: number, end: number): string {
  const newline = text.indexOf("\n", end);
  return text.slice(text.lastIndexOf("\n", start) + 1, newline === -1 ? text.length : newline).trim();
}

function readable(rows: readonly Row[], counts: { traces: number; claims: number; false: number }): string {
  const lines = rows.map(
    ({ run: name, problem, sample, verdict, text, value, line }, i) =>
      `${i + 1}. ${name} ${problem.slice(0, 12)} #${sample}  ${verdict}: ${text}  (${value})\n     ${line}\n`,
  );
  const { traces, claims, false: wrong } = counts;
  return `${lines.join("")}${count(claims)} claims in ${count(traces)} traces, ${count(wrong)} of them false as written.\n`;
}
