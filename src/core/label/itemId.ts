import { hashHex } from "../dataset/hash.ts";
import type { ItemId } from "./model.ts";

/**
 * Identity of a chain of thought: the hash of its problem's key and its whole text (`wholeText`: reasoning that a server
 * took out of it put back), white space at its ends left out. Equal texts of one problem are one item, in whatever run.
 */
export function itemId(problemKey: string, text: string): ItemId {
  return hashHex(`${problemKey}\u0000${text.trim()}`);
}
