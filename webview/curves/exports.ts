// The export menu: tables as CSV, Markdown or clipboard text, charts as PNG or SVG.
import type { MenuItem } from "../shared/menu.ts";
import type { App, Shown, TabView } from "./app.ts";
import { figurePng, figureSvg } from "./figure.ts";
import { toCsv, toLatex, toMarkdown, toTabs } from "./textTable.ts";

export function exportItems(app: App, state: Shown, tab: TabView): readonly MenuItem[] {
  const figure = tab.figure(state);
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
      save("csv", () => toCsv(tab.data(state))),
    ),
    item(
      "markdown",
      "Save table as Markdown",
      save("md", () => toMarkdown(tab.text(state))),
    ),
    item(
      "latex",
      "Save table as LaTeX",
      save("tex", () => toLatex(tab.text(state))),
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

/** A title as a file name that every system takes. */
export const fileStem = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80) || "curves";
