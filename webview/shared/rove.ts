/** Where an arrow key, Home or End leads from item `at` of `length`, round the ends; `null` for other keys. */
export function rove(key: string, at: number, length: number, axis: "across" | "down"): number | null {
  const [back, on] = axis === "across" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const next = { [back]: at - 1, [on]: at + 1, Home: 0, End: length - 1 }[key];
  return next === undefined ? null : (next + length) % length;
}
