// The marked tokens of the colour mode, with a little of what stands around each.
import { count } from "../../src/core/numberWords.ts";
import type { TraceView } from "../../src/protocol/traceView.ts";
import { el, type Child } from "../shared/dom.ts";
import { table } from "../shared/table.ts";
import type { MarkedList, MarkedRow } from "./marked.ts";
import type { App } from "./state.ts";
import { visible } from "./words.ts";

const context = 12;

export function markedParts(
  app: App,
  { text }: TraceView,
  { lists, unit }: { readonly lists: readonly MarkedList[]; readonly unit: number },
): readonly Child[] {
  const around = ({ start, end }: MarkedRow): readonly Child[] => [
    visible(text.slice(Math.max(0, start - context), start)),
    el("b", {}, visible(text.slice(start, end))),
    visible(text.slice(end, end + context)),
  ];
  return lists.flatMap(({ id, title, head, rows }) => [
    el("h2", {}, `${title} `, el("span", { class: "dim figures", id: `${id}-total` })),
    table<MarkedRow>({
      id: `${id}-table`,
      label: title,
      columns: [
        { id: "value", head, numeric: true, cell: ({ value }) => value },
        { id: "token", head: "Token", className: "mono", flexible: true, cell: around },
        { id: "at", head: "at", numeric: true, className: "dim", cell: (row) => count(row.unit) },
      ],
      rows,
      key: (row) => String(row.unit),
      selected: unit < 0 ? null : String(unit),
      onOpen: (row) => app.goTo(row.unit),
    }),
  ]);
}

/** By themselves: a threshold changes them far more often than the rows. */
export function showTotals(host: HTMLElement, lists: readonly MarkedList[]): void {
  for (const { id, total } of lists) {
    const place = host.querySelector(`#${id}-total`);
    if (place && place.textContent !== count(total)) place.textContent = count(total);
  }
}
