// Makes the demo data of this folder: `node media/sample/make.mjs [FOLDER]`. Seeded: the same files every time.
// The problems and the "models" are invented. A base model that solves most problems sometimes, and an RL-trained one
// that solves fewer problems nearly always, so that their pass@k curves cross.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const perProblem = 32;
const instancesPerKind = 3;

/** mulberry32 (Tommy Ettinger, public domain): uniform in [0, 1). */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const between = (random, low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (random, list) => list[between(random, 0, list.length - 1)];

/** A step is [left, operator, right, what it is]; `$0` is the result of step 0. The last step is the answer. */
const kinds = [
  (n) => {
    const [start, sold, boxes, each] = [n(120, 300), n(35, 90), n(3, 9), n(12, 24)];
    return {
      question: `A shop has ${start} notebooks. It sells ${sold} of them and then receives ${boxes} boxes with ${each} notebooks each. How many notebooks does it have now?`,
      steps: [
        [start, "-", sold, "notebooks left"],
        [boxes, "*", each, "notebooks in the boxes"],
        ["$0", "+", "$1", "notebooks now"],
      ],
    };
  },
  (n) => {
    const [slow, hours, extra, more] = [n(42, 68), n(2, 5), n(7, 19), n(2, 4)];
    return {
      question: `A train runs at ${slow} km/h for ${hours} hours and then ${extra} km/h faster for ${more} hours. How many kilometres does it cover?`,
      steps: [
        [slow, "*", hours, "km at first"],
        [slow, "+", extra, "km/h afterwards"],
        ["$1", "*", more, "km afterwards"],
        ["$0", "+", "$2", "km in all"],
      ],
    };
  },
  (n) => {
    const [length, width, side] = [n(18, 46), n(9, 17), n(2, 6)];
    return {
      question: `A garden is ${length} m by ${width} m. A square pond with sides of ${side} m lies in it. How many square metres are not pond?`,
      steps: [
        [length, "*", width, "m^2 of garden"],
        [side, "*", side, "m^2 of pond"],
        ["$0", "-", "$1", "m^2 without the pond"],
      ],
    };
  },
  (n) => {
    const [first, grow, last] = [n(3, 14), n(3, 9), n(11, 24)];
    return {
      question: `The first term of an arithmetic sequence is ${first} and each term is ${grow} more than the one before. What is term number ${last}?`,
      steps: [
        [last, "-", 1, "steps"],
        ["$0", "*", grow, "added in all"],
        [first, "+", "$1", "the term"],
      ],
    };
  },
  (n) => {
    const [adults, price, children, reduced] = [n(12, 38), n(11, 19), n(15, 44), n(4, 9)];
    return {
      question: `A museum sells ${adults} tickets at ${price} euros and ${children} tickets at ${reduced} euros. It pays 85 euros for the guide. How many euros remain?`,
      steps: [
        [adults, "*", price, "euros from full tickets"],
        [children, "*", reduced, "euros from reduced ones"],
        ["$0", "+", "$1", "euros taken"],
        ["$2", "-", 85, "euros left"],
      ],
    };
  },
  (n) => {
    const [a, b, modulus] = [n(23, 71), n(17, 64), n(7, 19)];
    return {
      question: `What is the remainder when ${a} * ${b} is divided by ${modulus}?`,
      steps: [
        [a, "*", b, "the product"],
        ["$0", "%", modulus, "the remainder"],
      ],
    };
  },
  (n) => {
    const [workers, days, more] = [n(4, 9), n(8, 21), n(2, 5)];
    return {
      question: `${workers} painters paint one wall a day each for ${days} days. After that ${more} more painters join them for 6 days. How many walls do they paint?`,
      steps: [
        [workers, "*", days, "walls before"],
        [workers, "+", more, "painters after"],
        ["$1", "*", 6, "walls after"],
        ["$0", "+", "$2", "walls in all"],
      ],
    };
  },
  (n) => {
    const last = n(24, 75);
    const minus = n(18, 90);
    return {
      question: `Add all whole numbers from 1 to ${last}, then subtract ${minus}. What is left?`,
      steps: [
        [last, "+", 1, "one more than the last"],
        [last, "*", "$0", "twice the sum"],
        ["$1", "/", 2, "the sum"],
        ["$2", "-", minus, "left"],
      ],
    };
  },
  (n) => {
    const [quarter, share, parts] = [n(21, 60) * 4, n(13, 40), n(3, 7)];
    return {
      question: `Mira has ${quarter} stamps. She gives away a quarter of them, buys ${parts} sets of ${share} and loses 11. How many stamps has she then?`,
      steps: [
        [quarter, "/", 4, "given away"],
        [quarter, "-", "$0", "kept"],
        [parts, "*", share, "bought"],
        ["$1", "+", "$2", "before the loss"],
        ["$3", "-", 11, "then"],
      ],
    };
  },
  (n) => {
    const [side, edge, cut] = [n(5, 12), n(3, 8), n(2, 9)];
    return {
      question: `A box of ${side} by ${edge} by 7 cm is filled with cubes of 1 cm. ${cut} rows of ${side} cubes are taken out. How many cubes stay?`,
      steps: [
        [side, "*", edge, "cubes in a layer"],
        ["$0", "*", 7, "cubes in the box"],
        [cut, "*", side, "cubes taken out"],
        ["$1", "-", "$2", "cubes left"],
      ],
    };
  },
];

const operate = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => ((a % b) + b) % b,
};

/** Works the steps through; `slip` = { at, by } adds a mistake to one result, and what follows builds on it. */
function work(steps, { slip = null, wordy = () => true } = {}) {
  const results = [];
  const lines = steps.map(([left, operator, right, what], at) => {
    const value = (term) => (typeof term === "string" ? results[Number(term.slice(1))] : term);
    const [a, b] = [value(left), value(right)];
    const result = Math.trunc(operate[operator](a, b)) + (slip?.at === at ? slip.by : 0);
    results.push(result);
    return `${a} ${operator} ${b} = ${result}${wordy() ? ` (${what})` : ""}`;
  });
  return { lines, answer: String(results.at(-1)) };
}

function problems() {
  const random = uniform(20_260_101);
  const all = Array.from({ length: instancesPerKind }, () => kinds)
    .flat()
    .map((kind) => kind((low, high) => between(random, low, high)));
  return all.map(({ question, steps }, index) => ({
    id: `sample-${String(index + 1).padStart(2, "0")}`,
    question,
    steps,
    answer: work(steps).answer,
  }));
}

const openings = {
  base: ["", "Let me see. ", "Step by step.\n", "Ok so ", "So ", "Well, ", "Easy. ", "Hm. ", "We compute: "],
  rl: ["Step by step:\n", "", "First:\n", "Let us work it out.\n"],
};
const closings = {
  base: ["\\boxed{#}", "So \\boxed{#}", "answer \\boxed{#}", "It is \\boxed{#}.", "I get \\boxed{#}"],
  rl: ["\\boxed{#}", "The answer is \\boxed{#}", "Therefore \\boxed{#}"],
};
const joints = { base: ["\n", ", then ", "; ", " and "], rl: ["\n"] };

/** A mistake at one step that changes the answer. */
function drawSlip(random, { steps, answer }) {
  for (;;) {
    const by = pick(random, [-20, -10, -3, -2, -1, 1, 2, 3, 10, 20]);
    const slip = { at: between(random, 0, steps.length - 1), by };
    if (work(steps, { slip }).answer !== answer) return slip;
  }
}

/** One sample's text, what a grader extracts from it, its score and why it ended. */
function sample(random, { model, problem, solveRate }) {
  const score = random() < solveRate;
  const cutOff = !score && random() < (model === "base" ? 0.12 : 0.02);
  const slip = score ? null : drawSlip(random, problem);
  const { lines, answer } = work(problem.steps, { slip, wordy: () => random() < 0.7 });
  const opening = pick(random, openings[model]);
  const joint = pick(random, joints[model]);
  const closing = pick(random, closings[model]).replace("#", answer);
  return cutOff
    ? {
        text: `${opening}${lines.slice(0, -1).join(joint)}\nWait, I check this again`,
        answer: "",
        score,
        finish: "length",
      }
    : { text: `${opening}${lines.join(joint)}\n${closing}`, answer, score, finish: "stop" };
}

/** Samples of one problem. Short texts repeat by chance; a repeat is drawn again, as if from a longer text. */
function samples(random, parts) {
  const texts = new Set();
  return Array.from({ length: perProblem }, () => {
    for (;;) {
      const drawn = sample(random, parts);
      if (texts.has(drawn.text)) continue;
      texts.add(drawn.text);
      return drawn;
    }
  });
}

/** Solve rates per problem: the base model's are spread, the RL model's lie at the ends. */
function solveRates(model, count) {
  const random = uniform(model === "base" ? 71 : 72);
  const level = Array.from({ length: count }, (_, i) => ((i * 7) % count) / (count - 1));
  return level.map((ease) =>
    model === "base"
      ? ease < 0.04
        ? 0
        : 0.05 + 0.62 * ease * ease + 0.08 * random()
      : ease < 0.34
        ? 0
        : Math.min(0.99, 0.55 + 0.5 * ease - 0.1 * random()),
  );
}

function rollouts(model, list) {
  const random = uniform(model === "base" ? 1_001 : 2_002);
  const rates = solveRates(model, list.length);
  return list.map((problem, index) => {
    const drawn = samples(random, { model, problem, solveRate: rates[index] });
    return {
      idx: index,
      question: problem.question,
      gt: problem.answer,
      code: drawn.map(({ text }) => text),
      pred: drawn.map(({ answer }) => answer),
      score: drawn.map(({ score }) => score),
      finish_reason: drawn.map(({ finish }) => finish),
    };
  });
}

const folder = process.argv[2] ?? fileURLToPath(new URL(".", import.meta.url));
const list = problems();
const write = (name, rows) =>
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

mkdirSync(join(folder, "rollouts"), { recursive: true });
write(
  "problems.jsonl",
  list.map(({ id, question, answer }) => ({ id, question, answer })),
);
write("rollouts/sample-base.jsonl", rollouts("base", list));
write("rollouts/sample-rl.jsonl", rollouts("rl", list));
