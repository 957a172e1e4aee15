/** Which columns of a dataset hold what; dotted paths (`reward_model.ground_truth`). */
export interface FieldMapping {
  readonly question: string;
  /** `null`: the dataset has no gold answers, samples stay ungraded. */
  readonly gold: string | null;
  readonly id: string | null;
}
