import type { TokenIds } from "../core/model.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Gathers the token ids of one choice from the events of its stream (`return_token_ids` of vLLM and SGLang). */
export class IdReader {
  private prompt: readonly number[] | null = null;
  private readonly trace: number[] = [];
  /** Some text came without its ids: what was gathered is not all of it. */
  private gap = false;

  /** The prompt's ids stand in the choice of a completion, and beside the choices of a chat. */
  addPrompt({ prompt_token_ids: ids }: Fields): void {
    if (isIds(ids) && ids.length > 0) this.prompt ??= ids;
  }

  /** @returns whether the choice said ids */
  add(choice: Fields, text: string): boolean {
    this.addPrompt(choice);
    const { token_ids: ids } = choice;
    if (!isIds(ids)) {
      this.gap ||= text !== "";
      return false;
    }
    for (const id of ids) this.trace.push(id);
    return true;
  }

  /** `null` where they are not all there. */
  all(): TokenIds | null {
    const { prompt, trace, gap } = this;
    return prompt === null || gap || trace.length === 0 ? null : { prompt, trace };
  }
}

const isIds = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((id) => Number.isSafeInteger(id));
