// Laying 40,000 tokens over their text, and grouping them into display units, for every server's way to write tokens.
import { alignTokens } from "../../src/core/trace/alignTokens.ts";
import { displayUnits } from "../../src/core/trace/displayUnits.ts";
import type { TokenPiece } from "../../src/core/trace/tokenPiece.ts";
import { serverStyles } from "../core/trace/serverStyles.ts";
import type { Measurement } from "./measurement.ts";

const [tokens, rounds, aimMs] = [40_000, 5, 300];
const line = "So we have 3 × 4 = 12, 你好 😀 and then $x^2$ is fine.\r\n";
/** For styles that hold no part of a character. */
const plainLine = "So we have 3 x 4 = 12, and then $x^2$ is fine.\r\n";

type Style = (typeof serverStyles)[number];

/** Processor time, so that other work on the machine does not count. */
export async function bench(): Promise<readonly Measurement[]> {
  return serverStyles.map((style): Measurement => {
    const ms = leastMs(style);
    return {
      name: `align 40,000 tokens: ${style.name}`,
      value: ms === null ? "not tiled" : `${ms.toFixed(0)} ms of processor time`,
      aim: `< ${aimMs} ms`,
      ok: ms !== null && ms < aimMs,
    };
  });
}

function leastMs(style: Style): number | null {
  const made = [line, plainLine].map((each) => textOf(style, each)).find((one) => isTiled(one));
  if (made === undefined) return null;
  const { text, pieces } = made;
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    const aligned = alignTokens(text, pieces);
    if (aligned.kind === "tiled") displayUnits(text, aligned, pieces);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

interface Made {
  readonly text: string;
  readonly pieces: readonly TokenPiece[];
}

/** Tokens of three bytes where the style may cut characters, else of one. */
function textOf(style: Style, each: string): Made {
  const cuts =
    style.cuts === "bytes"
      ? cutBytes(each)
      : [...new Intl.Segmenter().segment(each)].map(({ segment }) => new TextEncoder().encode(segment));
  const times = Math.ceil(tokens / cuts.length);
  // All at once: some styles treat the first token of a text unlike the others.
  const pieces = style.pieces(Array.from({ length: times }, () => cuts).flat());
  return { text: each.repeat(times), pieces };
}

const isTiled = ({ text, pieces }: Made): boolean => alignTokens(text, pieces).kind === "tiled";

function cutBytes(each: string): readonly Uint8Array[] {
  const bytes = new TextEncoder().encode(each);
  return Array.from({ length: Math.ceil(bytes.length / 3) }, (_, i) => bytes.subarray(3 * i, 3 * i + 3));
}
