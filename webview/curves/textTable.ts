// Tables as text for export and copying.

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** RFC 4180; empty for `null`. */
export function toCsv({ head, rows }: TextTable): string {
  const field = (value: string | number | null): string => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

const texSigns: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "\u2212": "$-$",
  "\u2013": "--",
};

/** A tabular for booktabs, with the note as a comment over it; columns of numbers at the right, nothing in a cell is taken as TeX. */
export function toLatex({ head, rows }: TextTable, note = ""): string {
  const field = (value: string | number | null): string =>
    String(value ?? "")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/[\\~^<>\u2212\u2013]|[&%$#_{}]/g, (sign) => texSigns[sign] ?? `\\${sign}`)
      .replace(/^-(?=\d)/, "$$-$$")
      // At the start of a row these would belong to the line break before it.
      .replace(/^[[*]/, "{}$&");
  const line = (cells: readonly (string | number | null)[]): string => `${cells.map(field).join(" & ")} \\\\`;
  const numeric = (column: number): boolean => {
    const filled = rows.map((row) => String(row[column] ?? "")).filter(Boolean);
    const numbers = filled.filter((text) => /^(at most )?[+\u2212-]?\d[\d.,]*( |$)/.test(text));
    // A word between numbers (`reference`) does not make it a column of words.
    return numbers.length > filled.length / 2;
  };
  return [
    "% \\usepackage{booktabs}",
    ...(note ? [`% ${note.replaceAll(/\s+/g, " ")}`] : []),
    `\\begin{tabular}{${head.map((_, column) => (numeric(column) ? "r" : "l")).join("")}}`,
    "\\toprule",
    line(head),
    "\\midrule",
    ...rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}

/** GitHub's table, the note under it; numbers and columns of numbers read the same in the source. */
export function toMarkdown({ head, rows }: TextTable, note = ""): string {
  const field = (value: string | number | null): string =>
    String(value ?? "")
      .replaceAll(/\s+/g, " ")
      .replaceAll("\\", "\\\\")
      .replaceAll("|", "\\|")
      .replaceAll(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;"));
  const line = (row: readonly (string | number | null)[]): string => `| ${row.map(field).join(" | ")} |\n`;
  const under = note ? `\n${field(note)}\n` : "";
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("") + under;
}

/** Tab-separated, as spreadsheets take it from the clipboard. */
export function toTabs({ head, rows }: TextTable): string {
  const field = (value: string | number | null): string => String(value ?? "").replaceAll(/\s+/g, " ");
  return [head, ...rows].map((row) => row.map(field).join("\t")).join("\n");
}
