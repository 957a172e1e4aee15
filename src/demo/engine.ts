import type { DemoModel } from "./demoModel.ts";
import { Sequence, type SequenceRequest } from "./sequence.ts";

/** Works through the sequences of all models, a batch of each in turn, and lets the thread do other things in between. */
export class Engine {
  private readonly models = new Set<DemoModel>();
  private scheduled = false;
  private stopped = false;
  private readonly onFailure: (error: unknown) => void;

  /** @param onFailure a bug in a step: nothing more is sampled */
  constructor(onFailure: (error: unknown) => void) {
    this.onFailure = onFailure;
  }

  start(model: DemoModel, request: SequenceRequest): Sequence {
    const sequence = new Sequence(request);
    model.batcher.add(sequence);
    this.models.add(model);
    this.schedule();
    return sequence;
  }

  stop(): void {
    this.stopped = true;
  }

  private schedule(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    if (this.stopped) return;
    try {
      for (const { batcher } of this.models) if (batcher.busy) batcher.step();
    } catch (error) {
      this.stopped = true;
      this.onFailure(error);
      return;
    }
    if ([...this.models].some(({ batcher }) => batcher.busy)) this.schedule();
  }
}
