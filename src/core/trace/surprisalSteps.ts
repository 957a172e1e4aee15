/** Where one colour of the surprisal scale ends and the next begins, in nats: p = 50, 20, 5, 1, 0.1 %. */
const surprisalCuts: readonly number[] = [0.5, 0.2, 0.05, 0.01, 0.001].map((p) => -Math.log(p));

/** 0 (likely) to 5. */
export const surprisalStep = (nats: number): number => surprisalCuts.filter((cut) => nats > cut).length;
