// The lines above the body: a failed request, skipped input lines, and whether only the model differs.
import { count, counted } from "../../src/core/numberWords.ts";
import type { CurvesSnapshot } from "../../src/protocol/curves.ts";
import { linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { table } from "../shared/table.ts";
import type { App } from "./app.ts";

export const failureLine = (failure: string | null): Child =>
  failure !== null &&
  el("div", { class: "parity lit", role: "alert" }, icon("fail", "error"), el("span", {}, failure));

/** In place of what the host is still asked for, or why it does not come. */
export const waitingLine = (error: string | null, words: string): HTMLElement =>
  el(
    "p",
    { class: "notice waiting", role: "status" },
    error === null ? icon("clock", "mute") : icon("warn", "warn"),
    el("span", {}, error ?? words),
  );

const shownIssues = 3;

/** Skipped lines of the inputs: what, where, and the way there. */
export function issueLines(
  app: App,
  { issues, lines: { skipped, total } }: CurvesSnapshot,
): readonly HTMLElement[] {
  if (issues.length === 0) return [];
  const go = ({ file, line }: (typeof issues)[number], i: number): HTMLElement =>
    linkButton({
      id: `issue-${i}`,
      label: line === null ? `Open ${baseName(file)}` : `Go to line ${count(line)}`,
      press: () => app.run(app.client.call("openIssue", { file, line })),
    });
  const lead =
    skipped > 0
      ? `${count(skipped)} of ${counted(total, "line")} ${skipped === 1 ? "was" : "were"} skipped.`
      : "";
  const first = issues[0];
  const where = first
    ? `${baseName(first.file)}${first.line === null ? "" : ` line ${count(first.line)}`}: ${first.message.replace(/\.$/, "")}`
    : "";
  return [
    el(
      "div",
      { class: "parity lit", id: "issues", role: "status" },
      icon("warn", "warn"),
      el(
        "span",
        {
          title: issues
            .map(
              (issue) => `${issue.file}${issue.line === null ? "" : ` line ${issue.line}`}: ${issue.message}`,
            )
            .join("\n"),
        },
        el("b", {}, lead),
        ` ${where}. The rest is shown.`,
      ),
      el("span", { class: "space" }),
      ...issues.slice(0, shownIssues).map(go),
    ),
  ];
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

export function parityLine(
  { parity, runs }: CurvesSnapshot,
  open: boolean,
  toggle: () => void,
): readonly HTMLElement[] {
  if (runs.length < 2 || parity.sentence === "") return [];
  const lit = !parity.same;
  const mark = lit ? icon("warn", "warn") : parity.known ? icon("pass", "ok") : icon("info", "info");
  const link =
    parity.rows.length > 0 &&
    linkButton({ id: "parity-rows", label: open ? "Hide settings" : "Show settings", press: toggle });
  const line = el(
    "div",
    { class: lit ? "parity lit" : "parity", id: "parity", role: "status", "data-same": String(parity.same) },
    mark,
    el(
      "span",
      {},
      ...boldNames(
        parity.sentence,
        runs.map((run) => run.name),
      ),
    ),
    el("span", { class: "space" }),
    link,
  );
  if (!open || parity.rows.length === 0) return [line];
  return [
    line,
    table<CurvesSnapshot["parity"]["rows"][number]>({
      id: "parity-table",
      label: "Settings that differ",
      columns: [
        { id: "setting", head: "Setting", cell: (row) => row.setting },
        ...runs.map((run, i) => ({
          id: run.id,
          head: run.name,
          cell: (row: { values: readonly string[] }) => row.values[i] ?? "",
        })),
      ],
      rows: parity.rows,
      key: (row) => row.setting,
    }),
  ];
}

/** The runs' names stand out in the sentence. */
function boldNames(sentence: string, names: readonly string[]): readonly Child[] {
  const found = names
    .flatMap((name) => (name && sentence.includes(name) ? [{ name, at: sentence.indexOf(name) }] : []))
    .sort((a, b) => a.at - b.at || b.name.length - a.name.length);
  const parts: Child[] = [];
  let from = 0;
  for (const { name, at } of found) {
    if (at < from) continue;
    parts.push(sentence.slice(from, at), el("b", {}, name));
    from = at + name.length;
  }
  return [...parts, sentence.slice(from)];
}
