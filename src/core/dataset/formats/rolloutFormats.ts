import type { RolloutFormat } from "./rolloutFormat.ts";
import { modelMap } from "./modelMap.ts";
import { nested } from "./nested.ts";
import { qwenEval } from "./qwenEval.ts";
import { rows } from "./rows.ts";
import { runLog } from "./runLog.ts";

/** Every format, the most specific first: the first whose `matches` says yes reads the file. */
export function rolloutFormats(): readonly RolloutFormat[] {
  return [runLog(), qwenEval(), nested(), modelMap(), rows()];
}
