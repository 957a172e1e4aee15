// Tables as text, for files and the clipboard. What stands in a cell is data: it becomes no markup, command or new column.

type Cell = string | number | null;

export interface TextTable {
  readonly head: readonly string[];
  /** `null`: an empty cell. */
  readonly rows: readonly (readonly Cell[])[];
}

/** RFC 4180; empty for `null`. */
export const toCsv = ({ head, rows }: TextTable): string =>
  [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");

function csvCell(value: Cell): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Tab-separated, as spreadsheets take it from the clipboard. */
export const toTabs = ({ head, rows }: TextTable): string =>
  [head, ...rows].map((row) => row.map(oneLine).join("\t")).join("\n");

/** GitHub's table, the note under it; columns of numbers at the right. */
export function toMarkdown(table: TextTable, note = ""): string {
  const line = (row: readonly Cell[]): string => `| ${row.map(markdownText).join(" | ")} |\n`;
  const rule = table.head.map((_, column) => (isNumeric(table, column) ? "---:" : "---"));
  const under = note === "" ? "" : `\n${markdownText(note)}\n`;
  return `${line(table.head)}| ${rule.join(" | ")} |\n${table.rows.map(line).join("")}${under}`;
}

/** On one line and without markup; an interval stays as it is, so that numbers read the same in the source. */
export const markdownText = (value: Cell): string =>
  oneLine(value)
    .replaceAll(/[\\`*_~|]|\[(?![+\u2212-]?\d)|\](?=\()/g, "\\$&")
    .replaceAll(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;"));

/** A tabular for booktabs alone in its file, the note as a comment over it. */
export const toLatex = (table: TextTable, note = ""): string =>
  [
    "% \\usepackage{booktabs}",
    ...(note === "" ? [] : [`% ${oneLine(note)}`]),
    ...latexTabular(table),
    "",
  ].join("\n");

/** Lines from `\begin{tabular}` to its end; columns of numbers at the right. */
export function latexTabular(table: TextTable): readonly string[] {
  // At the start of a row `[` and `*` would belong to the line break before it.
  const cell = (value: Cell): string => latexText(value).replace(/^[[*]/, "{}$&");
  const line = (cells: readonly Cell[]): string => `${cells.map(cell).join(" & ")} \\\\`;
  const columns = table.head.map((_, column) => (isNumeric(table, column) ? "r" : "l"));
  return [
    `\\begin{tabular}{${columns.join("")}}`,
    "\\toprule",
    line(table.head),
    "\\midrule",
    ...table.rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
  ];
}

const latexSigns: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "\u2212": "$-$",
  "\u2013": "--",
  "\u2265": "$\\geq$",
  "\u2264": "$\\leq$",
};

/** On one line, nothing in it a command, in the default font encoding. */
export const latexText = (value: Cell): string =>
  oneLine(value)
    .replaceAll(/[\\~^<>|\u2212\u2013\u2265\u2264]|[&%$#_{}]/g, (sign) => latexSigns[sign] ?? `\\${sign}`)
    .replace(/^-(?=\d)/, "$$-$$");

const oneLine = (value: Cell): string => String(value ?? "").replaceAll(/\s+/g, " ");

/** A word between numbers (`reference`) does not make it a column of words; an empty cell or a dash says nothing. */
function isNumeric({ rows }: TextTable, column: number): boolean {
  const filled = rows.map((row) => String(row[column] ?? "")).filter((text) => text !== "" && text !== "–");
  const numbers = filled.filter((text) => /^(at most )?\[?[+\u2212-]?\d[\d.,]*([ \]]|$)/.test(text));
  return numbers.length > filled.length / 2;
}
