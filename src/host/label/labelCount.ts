import type { FileStore } from "../../core/ports.ts";
import type { SummaryView } from "../../protocol/labels.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../report.ts";
import { everyonesLabels, type EveryonesLabels } from "./everyone.ts";
import { labelSummary } from "./labelSummary.ts";
import type { OpenQueue } from "./openQueue.ts";

/** What all labels say is counted so long after a label, while further ones come too, and never for more than a fifth of the time. */
const summaryDelayMs = 600;
const restShare = 4;

export interface LabelCountPorts {
  readonly files: () => Promise<FileStore>;
  readonly log: Log;
  readonly onSummary: (summary: SummaryView) => void;
  /** Labels of these runs are on disk and were counted. */
  readonly onCounted: (runIds: readonly string[]) => void;
}

/** What all raters' labels say of the open queue, counted again some time after each label. */
export class LabelCount {
  private readonly ports: LabelCountPorts;
  private open: OpenQueue | null = null;
  private labels: EveryonesLabels | null = null;
  private counted: SummaryView | null = null;
  /** Of the next count, and while it counts. */
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Something was labelled since the last count. */
  private stale = false;

  constructor(ports: LabelCountPorts) {
    this.ports = ports;
  }

  /** `null` before they were read. */
  get everyone(): EveryonesLabels | null {
    return this.labels;
  }

  get summary(): SummaryView | null {
    return this.counted;
  }

  /** Of another queue, or of none: then nothing more is counted. */
  start(open: OpenQueue | null): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.open = open;
    this.labels = null;
    this.counted = null;
    if (open !== null) this.soon();
  }

  soon(delayMs = summaryDelayMs): void {
    this.stale = true;
    if (this.timer !== undefined) return;
    const timer = setTimeout(() => {
      this.stale = false;
      const startedMs = performance.now();
      void this.count().then(() => {
        if (this.timer !== timer) return;
        this.timer = undefined;
        const restMs = restShare * (performance.now() - startedMs);
        if (this.stale && this.open !== null) this.soon(Math.max(summaryDelayMs, restMs));
      });
    }, delayMs);
    this.timer = timer;
  }

  /** Reads them now. */
  async read(open: OpenQueue): Promise<EveryonesLabels> {
    const folders = open.runs.map(({ folder }) => folder);
    const labels = await everyonesLabels(folders, open.labels.logs, await this.ports.files());
    if (this.open === open) this.labels = labels;
    return labels;
  }

  private async count(): Promise<void> {
    const { open } = this;
    if (open === null) return;
    try {
      const { labels } = await this.read(open);
      if (this.open !== open) return;
      this.counted = labelSummary(open, labels);
      this.ports.onSummary(this.counted);
      this.ports.onCounted(open.choice.runIds);
    } catch (error) {
      this.ports.log.warn(`labels: ${messageOf(error)}`);
    }
  }
}
