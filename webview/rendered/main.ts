// Entry of the Markdown view's bundle: leaves its function where the inspector looks for it.
import type { RenderingGlobal } from "../inspector/rendering.ts";
import { renderTrace } from "./renderTrace.ts";

(globalThis as RenderingGlobal).rolloutLensRender = renderTrace;
