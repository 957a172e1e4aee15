/** One request for a trace that does not fit: tokens [start, end) are sent, those from `from` on are taken. */
export interface ScoringSpan {
  readonly start: number;
  readonly from: number;
  readonly end: number;
}

/**
 * Overlapping windows over prompt and trace: each but the first takes its last half, so that every token sees at least
 * half a window before it (a strided evaluation, as for fixed-length models in Hugging Face's perplexity guide).
 * @param length tokens of prompt and trace together
 * @param first index of the first token to be scored
 */
export function scoringSpans(length: number, first: number, window: number): readonly ScoringSpan[] {
  const stride = Math.max(1, Math.floor(window / 2));
  const spans: ScoringSpan[] = [];
  for (let from = first; from < length;) {
    const reach = spans.length === 0 ? Math.max(window, Math.min(length, first + stride)) : from + stride;
    const end = Math.min(length, reach);
    spans.push({ start: Math.max(0, end - window), from, end });
    from = end;
  }
  return spans;
}
