// The export menu: tables as CSV, Markdown, LaTeX, Parquet or clipboard text, charts as PNG or SVG; each says what it is of.
import { type TextTable, toCsv, toLatex, toMarkdown, toTabs } from "../../src/core/report/textTable.ts";
import type { MenuItem } from "../shared/menu.ts";
import type { App, Shown, TabView } from "./app.ts";
import { figurePng, figureSvg, type Figure } from "./figure.ts";

export function exportItems(app: App, state: Shown, tab: TabView): readonly MenuItem[] {
  const figure = notedFigure(tab.figure(state), state);
  const notes = notesOf(state, tab);
  const name = `${fileStem(state.snapshot.title)}-${state.look.tab}`;
  const save = (ending: string, content: () => string | Uint8Array | Promise<Uint8Array>) => (): void =>
    app.run(
      (async () => {
        await app.client.call("saveExport", { suggestedName: `${name}.${ending}`, content: await content() });
      })(),
    );
  const item = (id: string, label: string, run: () => void): MenuItem => ({ id: `export-${id}`, label, run });
  return [
    item(
      "csv",
      "Save table as CSV",
      save("csv", () => toCsv(withParity(tab.data(state), state))),
    ),
    item("parquet", "Save table as Parquet", () =>
      app.run(
        app.client.call("saveParquet", {
          suggestedName: `${name}.parquet`,
          ...withParity(tab.data(state), state),
          notes: { title: state.snapshot.title, ...Object.fromEntries(notes) },
        }),
      ),
    ),
    item(
      "markdown",
      "Save table as Markdown",
      save("md", () => toMarkdown(tab.text(state), noteText(notes))),
    ),
    item(
      "latex",
      "Save table as LaTeX",
      save("tex", () => toLatex(tab.text(state), noteText(notes))),
    ),
    ...(figure
      ? [
          item(
            "png",
            "Save chart as PNG",
            save("png", () => figurePng(figure)),
          ),
          item(
            "svg",
            "Save chart as SVG",
            save("svg", () => figureSvg(figure)),
          ),
        ]
      : []),
    item("copy", "Copy table", () => app.run(app.client.call("copyText", { text: toTabs(tab.text(state)) }))),
  ];
}

type Notes = readonly (readonly [name: string, words: string])[];

/** What the page's foot says, and whether only the model differs. */
function notesOf(state: Shown, tab: TabView): Notes {
  const foot = tab
    .foot(state)
    .map(({ label, value, title, mono }) => [label, (mono && title) || value] as const);
  const { parity, runs } = state.snapshot;
  return [...foot, ...(runs.length > 1 ? [["settings", parity.sentence] as const] : [])];
}

const noteText = (notes: Notes): string => notes.map(([name, words]) => `${name}: ${words}`).join(" · ");

/** Rows travel without the page around them: where the runs were not made alike, each says so. */
function withParity({ head, rows }: TextTable, { snapshot: { parity, runs } }: Shown): TextTable {
  if (runs.length < 2 || parity.same) return { head, rows };
  return { head: [...head, "settings"], rows: rows.map((row) => [...row, parity.sentence]) };
}

function notedFigure(figure: Figure | null, { snapshot: { parity, runs } }: Shown): Figure | null {
  if (!figure || runs.length < 2 || parity.same) return figure;
  return { ...figure, caption: `${figure.caption} · ${parity.sentence}` };
}

/** A title as a file name that every system takes. */
export const fileStem = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80) || "curves";
