// How each run is drawn, the same everywhere: colour, dash and marker, told apart without colour.
import { roles, type Role } from "../model.ts";

export type Marker = "circle" | "square" | "triangle" | "diamond" | "cross";
export type Hatch = "solid" | "diagonal" | "vertical" | "dots" | "horizontal";

export interface SeriesStyle {
  /** Whose colour, dash, marker and hatch it has. */
  readonly look: Role;
  readonly dash: readonly number[];
  readonly marker: Marker;
  readonly hatch: Hatch;
  readonly lineWidth: number;
  /** Another checkpoint of a run that is already drawn with a filled marker. */
  readonly hollow: boolean;
}

const looks: Readonly<Record<Role, Pick<SeriesStyle, "dash" | "marker" | "hatch">>> = {
  base: { dash: [], marker: "circle", hatch: "solid" },
  rl: { dash: [8, 4], marker: "square", hatch: "diagonal" },
  distilled: { dash: [12, 3, 3, 3], marker: "triangle", hatch: "vertical" },
  instruct: { dash: [4, 3], marker: "diamond", hatch: "dots" },
  other: { dash: [16, 4], marker: "cross", hatch: "horizontal" },
};

export interface StyledRun {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly metadata: Readonly<Record<string, string | number>>;
}

export interface Series {
  readonly runId: string;
  readonly name: string;
  /** What stands at the line's end: the name, or the step of a checkpoint. */
  readonly label: string;
  readonly style: SeriesStyle;
}

/**
 * One style a run. Runs of one role that all have a step are checkpoints of one run: its colour and marker, hollow but
 * for the last step. Any other second run of a role takes the look `other`, then whichever is still free, then hollow.
 */
export function seriesOf(runs: readonly StyledRun[]): ReadonlyMap<string, Series> {
  const free = new Set<Role>(roles);
  for (const run of runs) free.delete(run.role);
  const taken = new Set<Role>();
  const result = new Map<string, Series>();
  for (const run of runs) {
    const step = checkpointStep(run, runs);
    if (step !== null && !isLastStep(run, step, runs)) {
      result.set(run.id, series(run, run.role, { hollow: true, label: `step ${step}` }));
      continue;
    }
    const look = taken.has(run.role) ? nextFree(free) : run.role;
    taken.add(look ?? run.role);
    result.set(run.id, series(run, look ?? run.role, { hollow: look === null, label: run.name }));
  }
  return result;
}

function series(run: StyledRun, look: Role, { hollow, label }: { hollow: boolean; label: string }): Series {
  const style = { look, ...looks[look], lineWidth: hollow ? 1.5 : 2, hollow };
  return { runId: run.id, name: run.name, label, style };
}

function nextFree(free: Set<Role>): Role | null {
  const preferred: readonly Role[] = ["other", "instruct", "distilled", "rl", "base"];
  const look = preferred.find((role) => free.has(role)) ?? null;
  if (look) free.delete(look);
  return look;
}

const stepOf = (run: StyledRun): number | null =>
  typeof run.metadata["step"] === "number" ? run.metadata["step"] : null;

/** Its step, if it is one of several checkpoints of its role. */
function checkpointStep(run: StyledRun, runs: readonly StyledRun[]): number | null {
  const peers = runs.filter((peer) => peer.role === run.role);
  return peers.length > 1 && peers.every((peer) => stepOf(peer) !== null) ? stepOf(run) : null;
}

/** The last of its role; of two with the same step, the one that comes first. */
function isLastStep(run: StyledRun, step: number, runs: readonly StyledRun[]): boolean {
  const peers = runs.filter((peer) => peer.role === run.role);
  const last = Math.max(...peers.map((peer) => stepOf(peer) ?? 0));
  return step === last && peers.find((peer) => stepOf(peer) === last)?.id === run.id;
}
