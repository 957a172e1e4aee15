// A table that sorts by its heads, opens by row, walks by arrow keys, and keeps only the visible rows when it is long.
import { append, el, fill, type Child } from "./dom.ts";

export interface Column<Row> {
  readonly id: string;
  readonly head: Child | (() => readonly Child[]);
  /** Right-aligned, tabular figures. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => Child | readonly Child[];
  /** Makes the column sortable; numbers by value (`null` last), text by locale. */
  readonly sortBy?: (row: Row) => number | string | null;
  /** Attributes of the cell, e.g. `data-value`. */
  readonly data?: (row: Row) => Readonly<Record<string, string | number>>;
  /** Of the head and of every cell. */
  readonly className?: string;
  /** Gives way to the other columns: one line, cut with an ellipsis, whole in the tooltip. */
  readonly flexible?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableOptions<Row> {
  readonly id: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly key: (row: Row) => string;
  readonly rowData?: (row: Row) => Readonly<Record<string, string | number>>;
  readonly selected?: string | null;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** Click or Enter on a row. */
  readonly onOpen?: (row: Row) => void;
  /** Arrow keys also open the row they arrive at (a list beside what it shows). */
  readonly openOnMove?: boolean;
  readonly rowHeight?: number;
  /** Above this many rows only those in view are there; the scroller then needs a height from the style sheet. Default 500. */
  readonly windowFrom?: number;
}

const windowLimit = 500;
/** Rows that stand ready above and below those in view. */
const spareRows = 10;

/** The scroller with the table in it. */
export function table<Row>(options: TableOptions<Row>): HTMLElement {
  const rows = sorted(options);
  const body = el("tbody");
  const element = el(
    "table",
    { id: options.id, "aria-label": options.label, "aria-rowcount": rows.length + 1 },
    el("thead", {}, el("tr", {}, ...heads(options))),
    body,
  );
  const scroller = el(
    "div",
    { class: "scroller", id: `${options.id}-scroll`, "data-scroll": options.id },
    element,
  );
  const view = rowsView(options, rows, { body, scroller });
  view.draw();
  if (options.onOpen) element.addEventListener("keydown", (event) => walk(event, options, rows, view));
  return scroller;
}

export function sorted<Row>({
  rows,
  columns,
  sort,
}: Pick<TableOptions<Row>, "rows" | "columns" | "sort">): readonly Row[] {
  const by = sort && columns.find((column) => column.id === sort.column)?.sortBy;
  if (!sort || !by) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows
    .map((row, index) => ({ row, index, value: by(row) }))
    .sort((a, b) => compare(a.value, b.value, sign) || a.index - b.index)
    .map(({ row }) => row);
}

function compare(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), "en", { numeric: true });
}

function heads<Row>({ id, columns, sort, onSort }: TableOptions<Row>): readonly HTMLElement[] {
  return columns.map((column) => {
    const content = typeof column.head === "function" ? column.head() : [column.head];
    const on = sort?.column === column.id;
    const arrow = on ? (sort.descending ? " \u2193" : " \u2191") : "";
    const className =
      `${column.numeric ? "number" : ""} ${on ? "sorted" : ""} ${column.className ?? ""}`.trim();
    const turn = (): void => onSort?.({ column: column.id, descending: on ? !sort.descending : true });
    const label =
      column.sortBy && onSort
        ? el(
            "button",
            { type: "button", class: "sort", id: `${id}-sort-${column.id}`, on: { click: turn } },
            ...content,
            arrow,
          )
        : null;
    const order = sort?.descending ? "descending" : "ascending";
    return el(
      "th",
      { scope: "col", class: className || null, "aria-sort": on ? order : null },
      ...(label ? [label] : content),
    );
  });
}

interface RowsView {
  draw(): void;
  /** Focuses the row with this index, scrolling it into the window first. */
  focus(index: number): void;
}

function rowsView<Row>(
  options: TableOptions<Row>,
  rows: readonly Row[],
  { body, scroller }: { body: HTMLElement; scroller: HTMLElement },
): RowsView {
  const height = options.rowHeight ?? 24;
  const windowed = rows.length > (options.windowFrom ?? windowLimit);
  const stop = Math.max(
    0,
    rows.findIndex((row) => options.key(row) === options.selected),
  );
  let [from, to] = [0, rows.length];
  const place = (): boolean => {
    if (!windowed) return false;
    const isNew = !scroller.isConnected;
    // A new scroller is not asked where it stands, which would cost a layout of the whole page; it is no higher than that.
    const seen = (isNew ? 0 : scroller.clientHeight) || innerHeight;
    const top = Math.floor((isNew ? 0 : scroller.scrollTop) / height);
    const first = Math.max(0, top - spareRows);
    const last = Math.min(rows.length, top + Math.ceil(seen / height) + (isNew ? 0 : spareRows));
    if (first === from && last === to) return false;
    [from, to] = [first, last];
    return true;
  };
  const spacer = (count: number): Child => {
    if (count <= 0) return null;
    const cell = el("td", { colspan: options.columns.length, class: "spacer" });
    cell.style.height = `${count * height}px`;
    return el("tr", { "aria-hidden": "true", class: "spacer" }, cell);
  };
  const draw = (): void => {
    place();
    const shown = rows.slice(from, to).map((row, i) => rowElement(options, row, { index: from + i, stop }));
    fill(body, spacer(from), ...shown, spacer(rows.length - to));
  };
  if (windowed) scroller.addEventListener("scroll", () => place() && draw());
  return {
    draw,
    focus: (index) => {
      if (windowed && (index < from || index >= to)) {
        scroller.scrollTop = Math.max(0, index * height - scroller.clientHeight / 2);
        draw();
      }
      for (const row of body.querySelectorAll<HTMLElement>("tr[tabindex]")) {
        const on = row.dataset["index"] === String(index);
        row.tabIndex = on ? 0 : -1;
        if (on) row.focus();
      }
    },
  };
}

function rowElement<Row>(
  options: TableOptions<Row>,
  row: Row,
  { index, stop }: { index: number; stop: number },
): HTMLElement {
  const key = options.key(row);
  const data = Object.entries(options.rowData?.(row) ?? {}).map(
    ([name, value]) => [`data-${name}`, value] as const,
  );
  const opens = options.onOpen;
  const cells = options.columns.map((column) => cellElement(column, row));
  return el(
    "tr",
    {
      id: `${options.id}-row-${key}`,
      class: key === options.selected ? "selected" : null,
      "aria-selected": opens ? String(key === options.selected) : null,
      // What can be pressed has a name of its own: that of a row is not made of its cells.
      "aria-label": opens
        ? cells
            .map(({ textContent }) => textContent)
            .filter(Boolean)
            .join(", ")
        : null,
      "aria-rowindex": index + 2,
      "data-index": index,
      tabindex: opens ? (index === stop ? 0 : -1) : null,
      ...Object.fromEntries(data),
      on: opens ? { click: () => opens(row) } : {},
    },
    ...cells,
  );
}

function cellElement<Row>(column: Column<Row>, row: Row): HTMLElement {
  const content = column.cell(row);
  const data = Object.entries(column.data?.(row) ?? {}).map(
    ([name, value]) => [`data-${name}`, value] as const,
  );
  const className =
    `${column.numeric ? "number" : ""} ${column.flexible ? "flexible" : ""} ${column.className ?? ""}`.trim();
  const children = Array.isArray(content) ? (content as readonly Child[]) : [content as Child];
  const cell = el("td", { class: className || null, ...Object.fromEntries(data) });
  const inner = column.flexible ? el("div", { class: "clip" }) : cell;
  append(inner, children);
  if (inner !== cell) {
    inner.title = inner.textContent ?? "";
    cell.append(inner);
  }
  return cell;
}

function walk<Row>(
  event: KeyboardEvent,
  options: TableOptions<Row>,
  rows: readonly Row[],
  view: RowsView,
): void {
  const at = Number(
    (event.target as HTMLElement).closest<HTMLElement>("tr[tabindex]")?.dataset["index"] ?? Number.NaN,
  );
  if (Number.isNaN(at) || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = rows[at];
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: 10,
    PageUp: -10,
    Home: -at,
    End: rows.length,
  };
  const step = steps[event.key];
  if (event.key === "Enter" && row) options.onOpen?.(row);
  else if (step !== undefined) {
    const next = Math.min(rows.length - 1, Math.max(0, at + step));
    view.focus(next);
    const arrived = rows[next];
    if (options.openOnMove && arrived) options.onOpen?.(arrived);
  } else return;
  event.preventDefault();
}
