import type { ByteSource } from "../../ports.ts";
import type { RecordFile } from "./recordFile.ts";
import { csv } from "./csv.ts";
import { jsonLines } from "./jsonLines.ts";
import { jsonValues } from "./jsonValues.ts";
import { parquet } from "./parquet.ts";

/** Why a file has no records: a sentence with what to do. */
export interface Refusal {
  readonly refusal: string;
}

const headBytes = 64 * 1024;

/** How the file is made up, by content; its name decides only what the content leaves open. */
export async function openRecords(source: ByteSource): Promise<RecordFile | Refusal> {
  const head = new Uint8Array(await source.slice(0, Math.min(headBytes, source.byteLength)));
  if (head.byteLength === 0) return { refusal: "The file is empty." };
  const binary = binaryKind(head, source.name);
  if (binary === "parquet") return parquet(source);
  if (binary !== null) return { refusal: binary };
  return openText(source, new TextDecoder().decode(head));
}

export function isRefusal(opened: RecordFile | Refusal): opened is Refusal {
  return "refusal" in opened;
}

/** `parquet`, a refusal, or `null` for text. */
function binaryKind(head: Uint8Array, name: string): string | null {
  const magic = String.fromCharCode(...head.subarray(0, 4));
  if (magic === "PAR1") return "parquet";
  if (magic.startsWith("\x1f\x8b"))
    return "The file is compressed with gzip and could not be unpacked here. Unpack it first.";
  if (magic.startsWith("\x28\xb5\x2f\xfd")) return "The file is compressed with zstd. Unpack it first.";
  if (magic.startsWith("PK") && name.endsWith(".eval"))
    return "The file is a packed log of Inspect. `inspect log convert --to json` makes one that can be opened.";
  if (magic.startsWith("PK")) return "The file is a zip archive. Unpack it and open the file in it.";
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5) {
    return "The file is a Python pickle, and opening one runs code. Save it as JSON lines or Parquet.";
  }
  return head.includes(0) ? "The file is neither text nor Parquet." : null;
}

function openText(source: ByteSource, head: string): RecordFile | Refusal {
  const text = head.trimStart();
  if (text === "") return { refusal: "The file holds only white space." };
  const lines = text.split("\n", 3).map((line) => line.trim());
  const first = lines[0] ?? "";
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(source.name)) {
    return first === "[" || first === "{" ? jsonValues(source) : jsonLines(source);
  }
  if (/\.(csv|tsv)(\.gz)?$/i.test(source.name)) return csv(source);
  if (first.startsWith("[")) return jsonValues(source);
  if (first.startsWith("{")) return isPretty(lines) ? jsonValues(source) : jsonLines(source);
  if (/^[^,;\t\r\n]+([,;\t][^,;\t\r\n]+)+$/.test(first)) return csv(source);
  return { refusal: "The file is not JSON lines, JSON, CSV or Parquet." };
}

/** An object over several lines: neither of its first two lines is JSON by itself. */
function isPretty(lines: readonly string[]): boolean {
  return lines.length > 1 && !lines.slice(0, 2).some(isJson);
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
