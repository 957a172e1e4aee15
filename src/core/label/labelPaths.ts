/** The folder of a run's labels: `labels` inside a run folder of ours, `NAME.jsonl.labels` beside a rollout file. */
export function labelsFolder(runPath: string, kind: "runFolder" | "file"): string {
  return kind === "runFolder" ? `${runPath}/labels` : `${runPath}.labels`;
}

/** `anna.jsonl`: letters, digits, `-` and `_` as they are, anything else as its code in hex between `~`. */
export function raterFileName(rater: string): string {
  const safe = Array.from(rater, (letter) =>
    /^[\p{L}\p{N}_-]$/u.test(letter) ? letter : `~${letter.codePointAt(0)?.toString(16) ?? ""}~`,
  ).join("");
  return `${safe === "" ? "~~" : safe}.jsonl`;
}
