import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** SHA-256 (hex) of a demo model's weights: under one name, other weights are another model. @param models as in `DemoFiles` */
export async function weightsHash(models: string, name: string): Promise<string> {
  const bytes = await readFile(join(models, name, "model.safetensors"));
  return createHash("sha256").update(bytes).digest("hex");
}
