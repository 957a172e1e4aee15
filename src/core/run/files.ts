// The files of a run folder.
export const headerFileName = "run.json";
export const problemsFileName = "problems.jsonl";
export const samplesFileName = "samples.jsonl";
export const lockFileName = "run.lock";
