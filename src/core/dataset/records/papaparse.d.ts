// The part of papaparse that csv.ts uses. Its published types pull in Node's, which core must not see.
declare module "papaparse" {
  export interface StepResult {
    readonly data: readonly string[];
    readonly errors: readonly { readonly type: string; readonly code: string; readonly message: string }[];
    /** `cursor`: UTF-16 offset behind the row just parsed. */
    readonly meta: { readonly cursor: number; readonly delimiter: string; readonly linebreak: string };
  }
  export interface ParseConfig {
    readonly delimiter?: string;
    readonly newline?: string;
    readonly delimitersToGuess?: readonly string[];
    readonly preview?: number;
    readonly step?: (result: StepResult, parser: { abort(): void }) => void;
  }
  const Papa: { parse(text: string, config: ParseConfig): unknown };
  export default Papa;
}
