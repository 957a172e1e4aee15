import type { SampleRef } from "../../core/dataset/readRollouts.ts";
import type { ItemId, LabelItem } from "../../core/label/model.ts";
import type { RunEntry } from "../runEntry.ts";

/** A chain of thought with its problem. */
export interface ItemText {
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  readonly run: Pick<RunEntry, "id" | "name">;
  readonly ref: Pick<SampleRef, "problemKey" | "index" | "verdict">;
  /** Of its problem in that run. */
  readonly samples: number;
}

/** Texts held at a time: what was shown last, and what may come next. */
const mostHeld = 24;

/** Texts of items, read ahead so that the next one is there when a key is pressed. */
export class ItemTexts {
  private readonly readItem: (item: LabelItem) => Promise<ItemText>;
  private readonly held = new Map<ItemId, Promise<ItemText>>();

  constructor(readItem: (item: LabelItem) => Promise<ItemText>) {
    this.readItem = readItem;
  }

  /** Rejects as the reading does; then it is tried again the next time. */
  read(item: LabelItem): Promise<ItemText> {
    const known = this.held.get(item.id);
    const text = known ?? this.readItem(item);
    this.held.delete(item.id);
    this.held.set(item.id, text);
    if (known === undefined) {
      text.catch(() => this.held.delete(item.id));
      for (const oldest of this.held.keys()) {
        if (this.held.size <= mostHeld) break;
        this.held.delete(oldest);
      }
    }
    return text;
  }

  /** Reads without waiting. What fails is told when it is shown. */
  ahead(items: readonly (LabelItem | null)[]): void {
    for (const item of items) if (item !== null) void this.read(item).catch(() => undefined);
  }
}
