import type { RolloutFormat } from "./rolloutFormat.ts";
import { evalchemy } from "./evalchemy.ts";
import { evalPlusResults, evalPlusSamples } from "./evalPlus.ts";
import { inspect } from "./inspect.ts";
import { lightEval } from "./lightEval.ts";
import { lmEval } from "./lmEval.ts";
import { modelMap } from "./modelMap.ts";
import { nested } from "./nested.ts";
import { openAiBatch } from "./openAiBatch.ts";
import { openCompass } from "./openCompass.ts";
import { qwenEval } from "./qwenEval.ts";
import { rows } from "./rows.ts";
import { runLog } from "./runLog.ts";
import { trl } from "./trl.ts";

/** Every format, the most specific first: the first whose `matches` says yes reads the file. */
export function rolloutFormats(): readonly RolloutFormat[] {
  return [
    runLog(),
    lmEval(),
    evalPlusResults(),
    evalPlusSamples(),
    openAiBatch(),
    trl(),
    lightEval(),
    openCompass(),
    evalchemy(),
    inspect(),
    qwenEval(),
    nested(),
    modelMap(),
    rows(),
  ];
}
