import { hashHex } from "./hash.ts";

/**
 * Identity of a problem across files: the question's hash with white space normalised (`q:` and 16 hex digits),
 * or the dataset's own id where there is no question (`id:900`). Samples of two runs are paired by it.
 */
export function problemKey(question: string, id: string): string {
  const normal = question.replaceAll(/\s+/g, " ").trim();
  return normal === "" ? `id:${id}` : `q:${hashHex(normal)}`;
}
