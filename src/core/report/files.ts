import type { Block, Report, TableBlock } from "./blocks.ts";
import { escaped, lineChartSvg } from "./lineChart.ts";
import { latexTabular, latexText, markdownText, toMarkdown } from "./textTable.ts";

/** A report's files by name, ready to be written: they refer to nothing outside their folder. */
export function reportFiles(report: Report): ReadonlyMap<string, string> {
  const charts = report.blocks.flatMap((block) => (block.kind === "chart" ? [block] : []));
  const chartName = new Map(charts.map((block, at) => [block as Block, `chart-${at + 1}.svg`]));
  const files = new Map([
    ["report.html", htmlReport(report)],
    ["report.md", markdownReport(report, chartName)],
    ["tables.tex", latexTables(report)],
  ]);
  for (const block of charts)
    files.set(chartName.get(block) as string, `${lineChartSvg(block.chart, block.title)}\n`);
  return files;
}

const htmlStyle = `body{font:14px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1f1f1f;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}figure{margin:1rem 0}figcaption,caption{font-weight:600;text-align:left;padding:.3rem 0}
table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}th,td{padding:.2rem .7rem;border-bottom:1px solid #d4d4d4;text-align:right;vertical-align:top;white-space:nowrap}
div{overflow-x:auto}.long{white-space:normal;overflow-wrap:anywhere;min-width:12rem}
th:first-child,td:first-child{text-align:left}p.note{color:#555;margin-top:-.6rem}svg{width:100%;height:auto;background:#fff}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1f1f1f}th,td{border-color:#444}p.note{color:#aaa}}`;

/** A cell of more characters is broken into lines: hashes, prompts' names. */
const longCell = 40;

/** One page: no script, no link, nothing from a network. */
function htmlReport({ title, madeAt, blocks }: Report): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${htmlStyle}</style></head>
<body><h1>${escaped(title)}</h1><p>Rollout Lens, ${escaped(madeAt)}</p>
${blocks.map(htmlBlock).join("\n")}
</body></html>
`;
}

function htmlBlock(block: Block): string {
  if (block.kind === "heading") return `<h2>${escaped(block.text)}</h2>`;
  if (block.kind === "text") return `<p>${escaped(block.text)}</p>`;
  if (block.kind === "chart")
    return `<figure><figcaption>${escaped(block.title)}</figcaption>${lineChartSvg(block.chart, block.title)}</figure>`;
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}${cell.length > longCell ? ' class="long"' : ""}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  const note = block.note === "" ? "" : `<p class="note">${escaped(block.note)}</p>`;
  return `<div><table><caption>${escaped(block.title)}</caption><thead>${row(block.head, "th")}</thead><tbody>${block.rows
    .map((cells) => row(cells, "td"))
    .join("")}</tbody></table></div>${note}`;
}

function markdownReport({ title, madeAt, blocks }: Report, chartName: ReadonlyMap<Block, string>): string {
  const parts = blocks.map((block) => {
    if (block.kind === "heading") return `## ${markdownText(block.text)}`;
    if (block.kind === "text") return markdownText(block.text);
    if (block.kind === "chart") return `![${markdownText(block.title)}](${chartName.get(block) ?? ""})`;
    return markdownTable(block);
  });
  return `# ${markdownText(title)}\n\nRollout Lens, ${madeAt}\n\n${parts.join("\n\n")}\n`;
}

function markdownTable(block: TableBlock): string {
  return `**${markdownText(block.title)}**\n\n${toMarkdown(block, block.note).trimEnd()}`;
}

function latexTables({ title, blocks }: Report): string {
  const tables = blocks.flatMap((block) => (block.kind === "table" ? [latexTable(block)] : []));
  return `% ${title.replaceAll(/\s+/g, " ")}: tables by Rollout Lens. Needs the package booktabs.\n\n${tables.join("\n\n")}\n`;
}

function latexTable(block: TableBlock): string {
  const { title, note } = block;
  const caption = latexText(note === "" ? title : `${title}. ${note}`);
  return [
    "\\begin{table}",
    "  \\centering",
    ...latexTabular(block).map((line) => `  ${line}`),
    `  \\caption{${caption}}`,
    "\\end{table}",
  ].join("\n");
}
