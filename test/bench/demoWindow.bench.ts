// From one click in the welcome view to the curves of base and RL model, finished and crossing, in a real workbench. Leaves
// pictures in dist/screenshots. ROLLOUT_LENS_DEMO_SIZE=60x64 (problems x samples) samples less than a click does.
import { curvesFrame } from "../e2e/curvesPanel.ts";
import { demoSamples, finishedPair, tryDemo, welcomeLink } from "../e2e/demo.ts";
import { until } from "../e2e/until.ts";
import { Workbench, type ThemeName } from "../e2e/workbench.ts";
import { makeWorkspace } from "../e2e/workspace.ts";
import type { Measurement } from "./measurement.ts";

const asked = process.env["ROLLOUT_LENS_DEMO_SIZE"];
const [problems = 100, samplesPerProblem = 128] = asked?.split("x").map(Number) ?? [];
const aimSeconds = 90;

export async function bench(): Promise<readonly Measurement[]> {
  const workspace = makeWorkspace({ "notes.md": "Nothing to sample here.\n" });
  const workbench = await Workbench.open({ workspace: workspace.folder });
  try {
    const link = await welcomeLink(workbench);
    await workbench.screenshot("demo-welcome");
    const startedMs = performance.now();
    if (asked === undefined) await link.click();
    else await tryDemo(workbench, { problems, samplesPerProblem });
    const total = 2 * problems * samplesPerProblem;
    await until("half of the samples are there", () => demoSamples(workbench) > total / 2, 1_800_000);
    await workbench.screenshot("demo-running");
    await until("all samples are there", () => demoSamples(workbench) >= total, 1_800_000);
    const seconds = (performance.now() - startedMs) / 1000;
    const pair = await finishedPair(workbench, samplesPerProblem);
    const [base, rl] = [pair.base.points, pair.rl.points];
    const crossing = rl[0]!.value > base[0]!.value && rl.at(-1)!.value < base.at(-1)!.value;
    for (const theme of ["light", "hc", "dark"] as const) await picture(workbench, theme);
    const ok = asked === undefined ? seconds < aimSeconds : null;
    return [
      { name: "demo: from the click to both curves, s", value: seconds, aim: `< ${aimSeconds}`, ok },
      {
        name: "demo: RL ahead at k = 1, base at the largest k",
        value: String(crossing),
        aim: "true",
        ok: crossing,
      },
    ];
  } finally {
    await workbench.close();
    workspace.remove();
  }
}

async function picture(workbench: Workbench, theme: ThemeName): Promise<void> {
  await workbench.setTheme(theme);
  await until("the crossing is spoken of", async () => {
    const frame = await curvesFrame(workbench, 2);
    return /Crossover/.test(await frame.locator("#app").innerText());
  }).catch(() => null);
  await workbench.screenshot(`demo-${theme}`);
}
