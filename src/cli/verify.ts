import type { Command } from "./command.ts";
import { verifyCode, verifyCodeUsage } from "./verifyCode.ts";
import { verifyPairs, verifyPairsUsage } from "./verifyPairs.ts";
import { verifyRollouts, verifyRolloutsUsage } from "./verifyRollouts.ts";

/** Judges pairs of answers, rollouts, or programs. */
export const verifyCommand: Command = {
  summary: "compare answers, judge rollouts anew, or run programs against their tests",
  usage: [verifyPairsUsage, verifyRolloutsUsage, verifyCodeUsage].join("\n"),
  run(args, context) {
    // What follows `--` is a command of the person's, with options of its own.
    const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
    const has = (...names: readonly string[]): boolean =>
      own.some((arg) => names.includes(arg.split("=", 1)[0]!));
    if (has("--code", "--samples")) return verifyCode(args, context);
    if (has("--rollouts", "--against")) return verifyRollouts(args, context);
    return verifyPairs(args, context);
  },
};
