// Colours and fonts of the workbench's theme, as numbers that a canvas and an exported file understand.
import type { Role } from "../../src/core/model.ts";

export interface Theme {
  readonly kind: "dark" | "light" | "highContrast" | "highContrastLight";
  readonly fontFamily: string;
  readonly background: string;
  readonly foreground: string;
  /** Secondary text. */
  readonly dim: string;
  readonly line: string;
  readonly grid: string;
  readonly focus: string;
  readonly bandAlpha: number;
  readonly series: Readonly<Record<Role, string>>;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const colour = (name: string, otherwise: string): string =>
    solid(style.getPropertyValue(`--vscode-${name}`).trim() || otherwise);
  const kind = themeKind(document.body.classList);
  const contrast = kind.startsWith("highContrast");
  const background = colour("editor-background", "#ffffff");
  const foreground = colour("foreground", "#3b3b3b");
  const lines = colour("charts-lines", foreground);
  const series = (role: Role): string => colour(`rolloutLens-series-${role}`, foreground);
  return {
    kind,
    background,
    foreground: colour("charts-foreground", foreground),
    fontFamily: style.getPropertyValue("--vscode-font-family").trim() || "sans-serif",
    dim: contrast ? colour("descriptionForeground", foreground) : mix(foreground, background, 0.8),
    line: lines,
    grid: fade(lines, contrast ? 0.5 : 0.28),
    focus: colour("focusBorder", foreground),
    bandAlpha: { dark: 0.14, light: 0.12, highContrast: 0.22, highContrastLight: 0.22 }[kind],
    series: {
      base: series("base"),
      rl: series("rl"),
      distilled: series("distilled"),
      instruct: series("instruct"),
      other: series("other"),
    },
  };
}

/** Calls back when the workbench changes its theme: it rewrites the body's classes and the root's style. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return () => observer.disconnect();
}

function themeKind(classes: DOMTokenList): Theme["kind"] {
  if (classes.contains("vscode-high-contrast-light")) return "highContrastLight";
  if (classes.contains("vscode-high-contrast")) return "highContrast";
  return classes.contains("vscode-light") ? "light" : "dark";
}

/** `rgba(...)` with its alpha multiplied. */
export function fade(colour: string, alpha: number): string {
  const [red, green, blue, own] = channels(colour);
  return `rgba(${red}, ${green}, ${blue}, ${Number((own * alpha).toFixed(3))})`;
}

function mix(over: string, under: string, share: number): string {
  const [a, b] = [channels(over), channels(under)];
  const part = (i: 0 | 1 | 2): number => Math.round(a[i] * share + b[i] * (1 - share));
  return `rgb(${part(0)}, ${part(1)}, ${part(2)})`;
}

let probe: CanvasRenderingContext2D | null = null;

/** Whatever CSS allows, as `#rrggbb` or `rgba(r, g, b, a)`: what a canvas makes of it. */
function solid(colour: string): string {
  probe ??= document.createElement("canvas").getContext("2d");
  if (!probe) return colour;
  probe.fillStyle = "#808080";
  probe.fillStyle = colour;
  return typeof probe.fillStyle === "string" ? probe.fillStyle : colour;
}

function channels(colour: string): readonly [number, number, number, number] {
  const hex = /^#(..)(..)(..)$/.exec(colour);
  if (hex) return [hexByte(hex[1]), hexByte(hex[2]), hexByte(hex[3]), 1];
  const [red = 128, green = 128, blue = 128, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue, alpha];
}

const hexByte = (text: string | undefined): number => Number.parseInt(text ?? "80", 16);
