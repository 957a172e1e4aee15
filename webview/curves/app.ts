// What the parts of the panel share: the state, and the few things they may do to it.
import type { TextTable } from "../../src/core/report/textTable.ts";
import type {
  CurvesContract,
  CurvesOptions,
  CurvesSnapshot,
  ReadingView,
  RunProgress,
} from "../../src/protocol/curves.ts";
import type { Client } from "../shared/client.ts";
import type { Child } from "../shared/dom.ts";
import type { Theme } from "../shared/theme.ts";
import type { Figure } from "./figure.ts";
import type { Look } from "./look.ts";

export interface State {
  readonly snapshot: CurvesSnapshot | null;
  /** Why there is no snapshot, or why the last request failed. */
  readonly failure: string | null;
  readonly progress: ReadonlyMap<string, RunProgress>;
  /** While there is no snapshot: how far the files are read. */
  readonly reading: ReadingView | null;
  readonly look: Look;
  /** Who is judging the runs at the moment. */
  readonly judging: string | null;
  readonly theme: Theme;
  /** Under 700 px. */
  readonly narrow: boolean;
}

export interface App {
  readonly client: Client<CurvesContract>;
  readonly state: () => State;
  /** Another thing to look at: kept over a reload, and drawn. */
  readonly show: (patch: Partial<Look>) => void;
  /** Other options: the host counts again. */
  readonly setOptions: (patch: Partial<CurvesOptions>) => void;
  /** Shows all runs with the verdicts of another judge: the host judges first where that was not done. */
  readonly judge: (judge: string) => void;
  /** Runs a request whose failure the person should see. */
  readonly run: (request: Promise<unknown>) => void;
  /** Takes a snapshot that a request answered with. */
  readonly take: (snapshot: Promise<CurvesSnapshot>) => void;
}

/** The state of a page that has its data. */
export interface Shown extends State {
  readonly snapshot: CurvesSnapshot;
}

export interface FootItem {
  readonly label: string;
  readonly value: string;
  readonly title?: string;
  readonly mono?: boolean;
}

export interface TabTools {
  /** Of what decides which controls there are and what is chosen; not of numbers that a live run moves. */
  readonly key: string;
  readonly build: () => readonly Child[];
  /** Words of choices that do move, per dropdown's id: written into the options that are there, also while they are open. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
}

export interface TabView {
  /** Looks at all runs of the panel, not at a pair of them. */
  readonly wholePanel?: boolean;
  /** It has a chart whose numbers can be shown as a table; the words of the button that does. */
  readonly tableLabel?: string;
  /** Controls over the view; rebuilt only when `key` changes, so that an open list stays open. */
  tools(state: Shown): TabTools;
  render(host: HTMLElement, state: Shown): void;
  foot(state: Shown): readonly FootItem[];
  /** Plain numbers for CSV (rates as fractions). */
  data(state: Shown): TextTable;
  /** As it reads on the page, for Markdown and copying. */
  text(state: Shown): TextTable;
  figure(state: Shown): Figure | null;
  /** The tab is left. */
  leave(): void;
}
