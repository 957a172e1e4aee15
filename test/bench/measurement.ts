/** One line of `npm run bench`. A bench exports `async function bench(): Promise<readonly Measurement[]>`. */
export interface Measurement {
  readonly name: string;
  /** In the unit that `name` or `aim` says. */
  readonly value: number | string;
  /** E.g. `< 100 ms`. */
  readonly aim: string;
  /** `null`: could not be measured here. */
  readonly ok: boolean | null;
}
