import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where things lie beside a bundle in `dist`, or beside the sources. */
export interface DemoFiles {
  /** Holds one Hugging Face folder a model. */
  readonly models: string;
  readonly kernels: string;
  readonly worker: string;
}

/** @param folder of the module that asks: `dist`, `dist/host` or a folder of `src` */
export function demoFilesNear(folder: string): DemoFiles {
  const roots = [join(folder, ".."), join(folder, "../..")];
  const root = roots.find((path) => existsSync(join(path, "package.json"))) ?? join(folder, "..");
  const built = join(root, "dist/demoWorker.mjs");
  return {
    models: join(root, "media/demo"),
    kernels: join(root, "dist/demoKernels.wasm"),
    worker:
      folder.includes(join(root, "src")) || !existsSync(built) ? join(root, "src/demo/demoWorker.ts") : built,
  };
}

/** Folders with a model in them, in the order a person reads them: base first, then by name. */
export function modelNames(models: string): readonly string[] {
  if (!existsSync(models)) return [];
  return readdirSync(models)
    .filter((name) => existsSync(join(models, name, "model.safetensors")))
    .sort(
      (a, b) => Number(b === "base") - Number(a === "base") || a.localeCompare(b, "en", { numeric: true }),
    );
}
