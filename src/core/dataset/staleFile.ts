import { LensError } from "../errors.ts";
import type { ByteSource } from "../ports.ts";

/** `stale`: what was noted of the file is not where it was. */
export const staleFile = ({ name }: ByteSource): LensError =>
  new LensError("stale", `${name} has changed since it was opened. Open it again.`);
