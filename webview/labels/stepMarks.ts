// Which step is looked at, and which is the first wrong one. `f`, then a step.

export interface StepMarks {
  /** The step that is looked at. */
  readonly cursor: number;
  readonly firstWrong: number | null;
  /** `f` was pressed: the mark goes where one goes, until the label or another `f`. */
  readonly marking: boolean;
}

export const noMarks: StepMarks = { cursor: 0, firstWrong: null, marking: false };

/** As far as there are steps. */
export function moveTo(marks: StepMarks, step: number, steps: number): StepMarks {
  const cursor = Math.max(0, Math.min(steps - 1, step));
  return { ...marks, cursor, firstWrong: marks.marking ? cursor : marks.firstWrong };
}

/** Marks the step that is looked at; on the marked one, once it stands, takes the mark away. */
export function mark(marks: StepMarks): StepMarks {
  if (marks.marking) return { ...marks, marking: false };
  if (marks.firstWrong === marks.cursor) return { ...marks, firstWrong: null };
  return { ...marks, firstWrong: marks.cursor, marking: true };
}

export const unmark = (marks: StepMarks): StepMarks => ({ ...marks, firstWrong: null, marking: false });
