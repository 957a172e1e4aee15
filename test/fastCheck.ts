// Property tests: the same draws on every machine and day, so that a red run is never luck. LENS_SEED=N draws others.
import * as fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["LENS_SEED"] ?? 20_261_121) });

export { fc };
