/** `strict`: every step is checked. `answer`: the last number alone. The default first. */
export const countdownModes = ["strict", "answer"] as const;
export type CountdownMode = (typeof countdownModes)[number];
