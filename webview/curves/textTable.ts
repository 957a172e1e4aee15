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

/** GitHub's table; numbers and columns of numbers read the same in the source. */
export function toMarkdown({ head, rows }: TextTable): string {
  const field = (value: string | number | null): string =>
    String(value ?? "")
      .replaceAll(/\s+/g, " ")
      .replaceAll("\\", "\\\\")
      .replaceAll("|", "\\|")
      .replaceAll(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;"));
  const line = (row: readonly (string | number | null)[]): string => `| ${row.map(field).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** Tab-separated, as spreadsheets take it from the clipboard. */
export function toTabs({ head, rows }: TextTable): string {
  const field = (value: string | number | null): string => String(value ?? "").replaceAll(/\s+/g, " ");
  return [head, ...rows].map((row) => row.map(field).join("\t")).join("\n");
}
