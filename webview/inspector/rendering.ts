// Markdown and LaTeX are a bundle of their own, fetched when first asked for: the plain page opens without it.

/** Replaces what is in `host` by the text as Markdown. */
export type Render = (host: HTMLElement, text: string) => void;

/** Where the bundle leaves its function. */
export interface RenderingGlobal {
  rolloutLensRender?: Render;
}

const own = document.currentScript as HTMLScriptElement | null;
let loading: Promise<Render> | null = null;

export function loadRendering(): Promise<Render> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** By a script of the same folder and nonce. */
function load(): Promise<Render> {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.nonce = own?.nonce ?? "";
    script.src = (own?.src ?? "").replace(/[^/]+\.js/u, "rendered.js");
    script.addEventListener("load", () => {
      const render = (globalThis as RenderingGlobal).rolloutLensRender;
      if (render) done(render);
      else failed(new Error("rendered.js did not say how to render"));
    });
    script.addEventListener("error", () => failed(new Error("rendered.js did not load")));
    document.head.append(script);
  });
}
