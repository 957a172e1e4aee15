// Markdown and LaTeX are a bundle of their own, fetched when first asked for: the plain page opens without it.

/** Replaces what is in `host` by the text as Markdown. */
export type Render = (host: HTMLElement, text: string) => void;

/** Where the bundle leaves its function. */
export interface RenderingGlobal {
  rolloutLensRender?: Render;
}

const own = document.currentScript as HTMLScriptElement | null;

/** By a script of the same folder and nonce: one for all who ask, another one after a failure. */
export function loadRendering(): Promise<Render> {
  const { rolloutLensRender: there } = globalThis as RenderingGlobal;
  if (there) return Promise.resolve(there);
  return new Promise((done, failed) => {
    const src = (own?.src ?? "").replace(/[^/]+\.js/u, "rendered.js");
    const script = [...document.scripts].find((one) => one.src === src) ?? addScript(src);
    script.addEventListener("load", () => {
      const { rolloutLensRender: render } = globalThis as RenderingGlobal;
      if (render) done(render);
      else failed(new Error("rendered.js did not say how to render"));
    });
    script.addEventListener("error", () => {
      script.remove();
      failed(new Error("rendered.js did not load"));
    });
  });
}

function addScript(src: string): HTMLScriptElement {
  const script = document.createElement("script");
  script.nonce = own?.nonce ?? "";
  script.src = src;
  document.head.append(script);
  return script;
}
