import type { InputIssue } from "../model.ts";

/** More of them than a person reads would only fill memory. */
export const mostIssues = 1000;

/** What could not be read of one file; behind the first thousand they are only counted. */
export class IssueList {
  readonly #file: string;
  readonly #issues: InputIssue[];
  #more = 0;

  /** `known`: those of the file's part that was read before, fewer than are listed. */
  constructor(file: string, known: readonly InputIssue[] = []) {
    this.#file = file;
    this.#issues = [...known];
  }

  add(issue: Omit<InputIssue, "file">): void {
    if (this.#issues.length < mostIssues) this.#issues.push({ file: this.#file, ...issue });
    else this.#more++;
  }

  list(): readonly InputIssue[] {
    if (this.#more === 0) return [...this.#issues];
    const message = `${this.#more} more places could not be read`;
    return [...this.#issues, { file: this.#file, line: null, field: null, message }];
  }
}
