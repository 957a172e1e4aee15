/** Folder of the study that a command is about: given itself, or that of a row of the Runs view. */
export function studyFolderIn([first]: readonly unknown[]): string | null {
  if (typeof first === "string") return first;
  if (typeof first !== "object" || first === null || !("study" in first)) return null;
  const { study } = first;
  if (typeof study !== "object" || study === null || !("folder" in study)) return null;
  return typeof study.folder === "string" ? study.folder : null;
}
