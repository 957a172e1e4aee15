import type { Problem } from "../core/model.ts";

/** Id of the verifier that suits answers like theirs. */
export async function suitableVerifier(problems: readonly Problem[]): Promise<string> {
  const [{ verifierFor }, { verifierId }] = await Promise.all([
    import("../core/verify/verifierFor.ts"),
    import("../core/verify/verifierSpec.ts"),
  ]);
  return verifierId(verifierFor(problems));
}

/** A question that stands twice is one problem; the counts that are shown should be those that are sampled. */
export function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ key }) => seen.size < seen.add(key).size);
}
