import type { TraceView } from "../../src/protocol/inspector.ts";
import { el, type Child } from "../shared/dom.ts";
import { count } from "../shared/format.ts";
import { table } from "../shared/table.ts";
import type { App } from "./state.ts";
import { probabilityText, visible } from "./words.ts";

interface LowRow {
  readonly unit: number;
  readonly nats: number;
}

const context = 12;

/** The least likely tokens, with a little of what stands around each. */
export function lowestParts(
  app: App,
  trace: TraceView,
  { low, unit }: { low: number; unit: number },
): readonly Child[] {
  const { scores, text } = trace;
  if (!scores) return [];
  const { thresholdNats = 0 } = app.state().snapshot?.options ?? {};
  const rows = [...scores.lowest]
    .map((one): LowRow => ({ unit: one, nats: scores.surprisal[one] ?? 0 }))
    .filter(({ nats }) => nats >= thresholdNats);
  const around = ({ unit: at }: LowRow): readonly Child[] => {
    const [start = 0, end = 0] = [scores.starts[at], scores.ends[at]];
    return [
      visible(text.slice(Math.max(0, start - context), start)),
      el("b", {}, visible(text.slice(start, end))),
      visible(text.slice(end, end + context)),
    ];
  };
  return [
    el("h2", {}, "Lowest tokens ", el("span", { class: "dim figures", id: "low-total" }, count(low))),
    table<LowRow>({
      id: "lowest-table",
      label: "Lowest tokens",
      columns: [
        { id: "p", head: "p", numeric: true, cell: ({ nats }) => probabilityText(Math.exp(-nats)) },
        { id: "token", head: "Token", className: "mono", flexible: true, cell: around },
        { id: "at", head: "at", numeric: true, className: "dim", cell: (row) => count(row.unit) },
      ],
      rows,
      key: (row) => String(row.unit),
      selected: unit < 0 ? null : String(unit),
      onOpen: (row) => app.goTo(row.unit),
    }),
  ];
}
