/** One of the answers that a question offers. */
export interface ChoiceOption {
  /** A to J. */
  readonly letter: string;
  /** May be empty: options that are pictures. */
  readonly text: string;
}

/** `(A)`, `A)`, `A.`, `A:`, `\textbf{(A)}`, `**A.**`; not within a word. */
const marker =
  /(?<=^|[\s$~&{},;，；。（(*]|\\q?quad)(?:\\(?:textbf|textrm|text|mathbf|mathrm|rm|bf)\s{0,3}\{\s{0,3}|\*{1,2})?(?:(\()\s{0,3}([A-J])\s{0,3}\)|(（)\s{0,3}([A-J])\s{0,3}）|([A-J])\s{0,3}([.):：、．]))(?:\s{0,3}\}|\*{1,2})?/gm;

interface Marker {
  readonly letter: string;
  readonly style: string;
  readonly start: number;
  readonly end: number;
  readonly startsLine: boolean;
}

/** Options stand at the end of a question. */
const reach = 30_000;
const maxSequences = 12;

/**
 * The options that a question lists: markers of one style in the order of the alphabet from A. Of several lists the
 * longest, then the last; empty where there is none.
 */
export function optionsOf(question: string): readonly ChoiceOption[] {
  const text = question.slice(-reach);
  let best: readonly Marker[] = [];
  let open: (readonly Marker[])[] = [];
  for (const found of markersOf(text)) {
    open = open.flatMap((markers) => {
      if (!continues(markers, found)) return [markers];
      // In the middle of a line it may belong to the text of an option.
      return found.startsLine ? [[...markers, found]] : [markers, [...markers, found]];
    });
    if (found.letter === "A") open.push([found]);
    open = open.slice(-maxSequences);
    for (const markers of open)
      if (markers.at(-1) === found && markers.length >= best.length && isList(markers, text)) best = markers;
  }
  return best.map(({ letter, end }, at) => ({ letter, text: clean(text, end, best[at + 1]?.start) }));
}

function* markersOf(text: string): Generator<Marker> {
  for (const match of text.matchAll(marker)) {
    const start = match.index;
    const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    yield {
      letter: (match[2] ?? match[4] ?? match[5])!,
      style: match[1] ?? match[3] ?? match[6]!,
      start,
      end: start + match[0].length,
      startsLine: /^[\s$>*-]*$/.test(before.slice(-200)),
    };
  }
}

const continues = (markers: readonly Marker[], found: Marker): boolean =>
  markers.length < 10 &&
  markers[0]!.style === found.style &&
  found.letter.charCodeAt(0) === 65 + markers.length;

/** Two initials or two points of a figure are no list: in the middle of a line it takes brackets, or three of them. */
function isList(markers: readonly Marker[], text: string): boolean {
  const [first, second] = markers;
  if (first === undefined || second === undefined) return false;
  if (first.startsLine && second.startsLine) return true;
  const between = text.slice(first.end, second.start).trim();
  if (/^(?:and|or|,|和|与|或)?$/.test(between)) return false;
  if (first.style === ":" || first.style === "：") return false;
  return first.style === "(" || first.style === "（" || markers.length > 2;
}

/** The text of an option without the dress at its ends. The last one ends with its line. */
function clean(text: string, start: number, end: number | undefined): string {
  const piece = text.slice(start, end ?? start + 2000);
  const own = end === undefined ? /^\s*[^\n]*/.exec(piece)![0] : piece;
  return own
    .replace(/^(?:\s|[:.~}]|\\[ ,;!])+/, "")
    .replace(/\n\s*[-*>]+\s*$/, "")
    .replace(/(?:\s|[,;~]|\\\\|\\(?:qquad|quad|hfill|par)(?![a-z])|\\[ ,;!])+$/, "")
    .replace(/^\$([^$]*)$|^([^$]*)\$$/, "$1$2")
    .trim();
}
