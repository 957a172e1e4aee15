import { LensError } from "../../errors.ts";

const op = {
  proto: 0x80,
  frame: 0x95,
  shortUnicode: 0x8c,
  unicode: 0x58,
  longUnicode: 0x8d,
  memoize: 0x94,
  put: 0x71,
  longPut: 0x72,
  stop: 0x2e,
} as const;

/**
 * The string that a Python pickle holds, where it holds one string and nothing else (LiveCodeBench's private tests).
 * Only the opcodes that such a pickle is made of are known; any other is refused with `badPickle`: a pickle is a program.
 */
export function pickledString(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let text: string | null = null;
  const take = (count: number): number => {
    if (count < 0 || at + count > bytes.length) throw refused("it ends too early");
    at += count;
    return at - count;
  };
  const string = (length: number): void => {
    if (text !== null) throw refused("it holds more than one string");
    const start = take(length);
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start, at));
    } catch {
      throw refused("its string is no UTF-8");
    }
  };
  for (;;) {
    const code = view.getUint8(take(1));
    if (code === op.proto || code === op.put) take(1);
    else if (code === op.frame) take(8);
    else if (code === op.longPut) take(4);
    else if (code === op.shortUnicode) string(view.getUint8(take(1)));
    else if (code === op.unicode) string(view.getUint32(take(4), true));
    else if (code === op.longUnicode) string(Number(view.getBigUint64(take(8), true)));
    else if (code === op.stop) break;
    else if (code !== op.memoize) throw refused(`opcode 0x${code.toString(16)} is none of a plain string`);
  }
  if (text === null || at !== bytes.length) throw refused("it is no single string");
  return text;
}

const refused = (why: string): LensError =>
  new LensError("badPickle", `the packed tests were not read: ${why}`);
