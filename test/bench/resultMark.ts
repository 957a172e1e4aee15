/** Begins the line of a bench's output that holds its measurements. */
export const resultMark = "\u0001";
