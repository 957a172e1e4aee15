import { drawOf, type StoppedReading } from "../dataset/stoppedTally.ts";
import { Course } from "../estimate/adaptive/course.ts";
import type { Problem, Sample } from "../model.ts";
import type { CancelSignal } from "../ports.ts";
import type { StoppingProgress } from "./events.ts";
import type { RunLog } from "./log.ts";
import type { SampleTask } from "./outcome.ts";
import type { RunPlan } from "./plan.ts";

/** A problem under way. */
interface Asked {
  readonly problem: Problem;
  readonly course: Course;
  /** The next index to be asked for. */
  ask: number;
  /** Answered, surplus included. */
  made: number;
}

/**
 * Asks for a problem's samples in order of their index, and decides by their verdicts in that order, whatever comes back
 * first. Problems are begun one after the other; where one must wait for its verdicts the next one's samples are asked for,
 * and only when all have to wait are samples asked for that a stop might make superfluous (`Course.aheadAtRisk`).
 */
export class StopSchedule {
  readonly #plan: RunPlan;
  readonly #log: RunLog;
  readonly #reading: StoppedReading;
  readonly #problems: Iterator<Problem>;
  #underWay: Asked[] = [];
  readonly #byKey = new Map<string, Asked>();
  #allBegun = false;
  #over = { problems: 0, spent: 0 };
  #spent = 0;
  #waiting: (() => void)[] = [];

  constructor(plan: RunPlan, log: RunLog, reading: StoppedReading) {
    this.#plan = plan;
    this.#log = log;
    this.#reading = reading;
    this.#problems = plan.problems[Symbol.iterator]();
    // What is on disk is spent, also of problems that are not looked at again in this session.
    for (const { key } of plan.problems) this.#spent += log.finishedOf(key).size;
    // Those that were under way go on first; those that are over are counted.
    for (const problem of plan.problems) if (log.finishedOf(problem.key).size > 0) this.#begin(problem);
  }

  next(): SampleTask | null {
    for (const asked of this.#underWay) {
      const task = this.#taskOf(asked, asked.course.ahead);
      if (task !== null) return task;
    }
    for (let begun = this.#beginNext(); begun !== null; begun = this.#beginNext()) {
      const task = this.#taskOf(begun, begun.course.ahead);
      if (task !== null) return task;
    }
    return this.#riskedTask();
  }

  get isOver(): boolean {
    return this.#allBegun && this.#underWay.length === 0;
  }

  /** Verdicts may come in any order: `Course` takes them in that of the indexes. */
  settled({ problem }: SampleTask, sample: Sample): void {
    const asked = this.#byKey.get(problem.key);
    if (sample.outcome.kind !== "failed") {
      this.#spent += 1;
      if (asked !== undefined) asked.made += 1;
    }
    if (asked !== undefined) this.#tell(asked, sample);
    this.#wake();
  }

  /** The verdict of a sample that was on disk without one. */
  judged(sample: Sample): void {
    const asked = this.#byKey.get(sample.problemKey);
    if (asked !== undefined) this.#tell(asked, sample);
    this.#wake();
  }

  async change(signal: CancelSignal): Promise<void> {
    let wake = (): void => undefined;
    const changed = new Promise<void>((resolve) => (wake = resolve));
    this.#waiting.push(wake);
    signal.addEventListener("abort", wake);
    await changed;
    signal.removeEventListener("abort", wake);
  }

  /** What is spent, and nMax of each problem that is not over. */
  get total(): number {
    const open = this.#underWay.reduce((sum, { made }) => sum + Math.max(0, this.#nMax - made), 0);
    const notBegun = this.#plan.problems.length - this.#byKey.size;
    return this.#spent + open + notBegun * this.#nMax;
  }

  get stopping(): StoppingProgress {
    const { problems, spent } = this.#over;
    return {
      problemsOver: problems,
      problems: this.#plan.problems.length,
      spentOnThese: spent,
      uniform: problems * this.#nMax,
    };
  }

  get #nMax(): number {
    return this.#plan.samplesPerProblem;
  }

  #beginNext(): Asked | null {
    for (let { value, done } = this.#problems.next(); ; { value, done } = this.#problems.next()) {
      if (done === true) {
        this.#allBegun = true;
        return null;
      }
      const problem = value as Problem;
      if (!this.#byKey.has(problem.key)) return this.#begin(problem);
    }
  }

  #begin(problem: Problem): Asked {
    const course = new Course(this.#reading.plan, this.#reading.heads(problem.key));
    const onDisk = this.#log.finishedOf(problem.key);
    const asked: Asked = { problem, course, ask: 0, made: onDisk.size };
    this.#byKey.set(problem.key, asked);
    for (const [index, draw] of this.#log.draws.get(problem.key) ?? []) course.tell(index, draw);
    if (course.over) this.#end(asked);
    else this.#underWay.push(asked);
    return asked;
  }

  #tell(asked: Asked, sample: Sample): void {
    const { course, problem } = asked;
    const wasOver = course.over;
    // Stored without a verdict (the session ends): the next session judges it.
    const draw = drawOf(sample, problem);
    if (draw !== undefined) course.tell(sample.index, draw);
    if (wasOver) this.#over.spent += sample.outcome.kind === "failed" ? 0 : 1;
    else if (course.over) {
      this.#underWay = this.#underWay.filter((other) => other !== asked);
      this.#end(asked);
    }
  }

  #end({ made }: Asked): void {
    this.#over = { problems: this.#over.problems + 1, spent: this.#over.spent + made };
  }

  /** Its next sample that is not on disk, if that lies within so many from the last verdict on. */
  #taskOf(asked: Asked, ahead: number): SampleTask | null {
    const { problem, course } = asked;
    asked.ask = Math.max(asked.ask, course.next);
    while (asked.ask < course.next + ahead && this.#log.isFinished(problem.key, asked.ask)) asked.ask += 1;
    if (asked.ask >= course.next + ahead) return null;
    const index = asked.ask;
    asked.ask += 1;
    return { problem, index, seed: this.#plan.protocol.seed + index };
  }

  /** Of all problems that wait, the one with the most room. */
  #riskedTask(): SampleTask | null {
    let [best, room] = [null as Asked | null, 0];
    for (const asked of this.#underWay) {
      const free = asked.course.next + asked.course.aheadAtRisk - asked.ask;
      if (free > room) [best, room] = [asked, free];
    }
    return best === null ? null : this.#taskOf(best, best.course.aheadAtRisk);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
