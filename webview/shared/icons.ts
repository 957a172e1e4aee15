import { svg } from "./dom.ts";

// 16 px outlines, 1.25 px stroke.
const paths = {
  chevron: "M6 4l4 4-4 4",
  back: "M10 4L6 8l4 4",
  check: "M3 8.5l3.5 3.5L13 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  compare: "M2.5 3h4.5v10h-4.5zM9 3h4.5v10h-4.5z",
  copy: "M5.5 5.5h8v8h-8zM2.5 10.5v-8h8",
  dash: "M4 8h8",
  clock: "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 4.5V8l2.5 1.5",
  export: "M8 10V2.5M5 5l3-3 3 3M3 8.5V13.5h10V8.5",
  eye: "M1.8 8s2.2-4.2 6.2-4.2S14.2 8 14.2 8s-2.2 4.2-6.2 4.2S1.8 8 1.8 8zM6.2 8a1.8 1.8 0 103.6 0 1.8 1.8 0 00-3.6 0z",
  flag: "M4 14V2.5M4 3h8.2l-2 2.8 2 2.7H4",
  fail: "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  info: "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 7.4v3.6M8 5v.1",
  more: "M2.6 8a.6.6 0 101.2 0 .6.6 0 00-1.2 0zM7.4 8a.6.6 0 101.2 0 .6.6 0 00-1.2 0zM12.2 8a.6.6 0 101.2 0 .6.6 0 00-1.2 0z",
  open: "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9.5v4h-9v-9h4",
  pass: "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM5.2 8.2l2 2 3.6-4",
  pause: "M5.5 3v10M10.5 3v10",
  plus: "M8 3v10M3 8h10",
  question:
    "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM6.2 6.4c0-2.4 3.6-2.4 3.6 0C9.8 7.8 8 7.8 8 9.2M8 11.4v.1",
  search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.4 10.4l3.3 3.3",
  sync: "M13 8a5 5 0 01-9 3M3 8a5 5 0 019-3M12 2v3h-3M4 14v-3h3",
  table: "M2.5 3h11v10h-11zM2.5 6.4h11M2.5 9.7h11M6.5 6.4V13",
  warn: "M8 2.2l6.2 11.3H1.8zM8 6.6v3.2M8 11.6v.1",
} as const;

export type IconName = keyof typeof paths;
export type IconTone = "" | "ok" | "bad" | "ambiguous" | "warn" | "error" | "info" | "mute";

/** Decoration only: the word beside it carries the meaning. */
export function icon(name: IconName, tone: IconTone = ""): SVGElement {
  return svg(
    "svg",
    { class: `icon ${tone}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: paths[name] }),
  );
}
