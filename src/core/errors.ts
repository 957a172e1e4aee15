/** A failure that a caller may match on by `code`, never by message text. Bugs throw plain errors. */
export class LensError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "LensError";
    this.code = code;
  }
}
