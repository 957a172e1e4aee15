// Three runs in the shape of a small Countdown study, made from a seed: a base that overtakes its RL model, and a
// distilled model above both. The problems are invented here.
import type { ProblemTally, Protocol, Role, RunTally } from "../../../src/core/model.ts";

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Text that must arrive as text. */
export const hostile = `</script><img src=x onerror="document.title='owned'"><svg onload=alert(1)>`;

export interface SyntheticOptions {
  readonly problems?: number;
  readonly n?: number;
  /** Which of the three runs, in order. */
  readonly runs?: number;
  readonly sameSettings?: boolean;
  /** Golds from 0 to 999 and the answers of all samples, so that they can vote; the distilled run has none. */
  readonly aime?: boolean;
  /** Every so many-th problem has only a quarter of the samples. */
  readonly shortEvery?: number;
}

const protocol = (maxTokens: number): Protocol => ({
  template: "raw completion",
  api: "completions",
  system: null,
  stop: ["\n\n"],
  temperature: 1,
  topP: 1,
  maxTokens,
  seed: 0,
  verifier: "countdown@1",
  datasetHash: "9f3c1a7be1d24c58a1b2c3d4e5f60718293a4b5c6d7e8f901234567890abcdef",
  extraBody: {},
});

interface Model {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly metadata: Record<string, string | number>;
  readonly maxTokens: number;
  readonly rate: (difficulty: number, luck: number) => number;
}

const models: readonly Model[] = [
  {
    id: "run-base",
    name: "base-7k",
    role: "base",
    metadata: {},
    maxTokens: 48,
    rate: (difficulty, luck) => 0.4 * (1 - difficulty) ** 3.2 * (0.3 + luck) + 0.004,
  },
  {
    id: "run-rl",
    name: "RL-270",
    role: "rl",
    metadata: { step: 270 },
    maxTokens: 48,
    rate: (difficulty, luck) => (luck < 0.17 ? 0.0003 : 0.75 * (1 - difficulty) ** 2.4 * luck),
  },
  {
    id: "run-distilled",
    name: "distilled",
    role: "distilled",
    metadata: {},
    maxTokens: 64,
    rate: (difficulty, luck) => Math.min(1, 0.9 * (1 - difficulty) ** 1.4 * (0.4 + luck) + 0.012),
  },
];

export function syntheticRuns(options: SyntheticOptions = {}): RunTally[] {
  const { problems = 150, n = 256, runs = 3, sameSettings = false, aime = false, shortEvery = 0 } = options;
  const random = seeded(20261121);
  const questions = Array.from({ length: problems }, (_, i) => question(i, random));
  const difficulties = questions.map(() => random());
  return models.slice(0, runs).map((model) => {
    const luck = seeded(model.id.length * 977 + model.maxTokens);
    const tallies = questions.map((text, index) => {
      const short = shortEvery > 0 && index % shortEvery === 0;
      const rate = model.rate(difficulties[index] ?? 0, luck());
      const own = tally({ index, text, n: short ? n / 4 : n, rate, random: luck });
      return aime ? answered(own, model.role !== "distilled") : own;
    });
    return {
      id: model.id,
      name: model.name,
      role: model.role,
      dataset: "countdown4-heldout",
      protocol: protocol(sameSettings ? 48 : model.maxTokens),
      verifier: aime ? "basic@1" : "countdown@1",
      metadata: model.metadata,
      problems: tallies,
    };
  });
}

function question(index: number, random: () => number): string {
  const numbers = Array.from({ length: 4 }, () => 1 + Math.floor(random() * 10)).sort((a, b) => a - b);
  const text = `${numbers.join(" ")} \u2192 ${10 + Math.floor(random() * 41)}`;
  return index === 2 ? `${text} ${hostile}` : text;
}

/** The right answer, and the wrong ones spread over four others. */
function answered(own: ProblemTally, known: boolean): ProblemTally {
  const gold = String((own.problem.index * 37 + 101) % 1000);
  const wrong = own.n - own.c - own.unparsed;
  const answers = [0, 1, 2, 3].map((i) => ({
    answer: `${gold}${i}`,
    count: Math.floor(wrong / 2 ** (i + 1)),
    correct: false,
  }));
  const right = { answer: gold, count: own.c, correct: true };
  return { ...own, problem: { ...own.problem, gold }, answers: known ? [right, ...answers] : null };
}

interface TallyParts {
  readonly index: number;
  readonly text: string;
  readonly n: number;
  readonly rate: number;
  readonly random: () => number;
}

function tally({ index, text, n, rate, random }: TallyParts): ProblemTally {
  let c = 0;
  for (let i = 0; i < n; i++) if (random() < rate) c++;
  const truncated = index % 50 === 7 ? 1 : 0;
  return {
    problem: {
      key: `key-${index}`,
      id: String(index + 1),
      index,
      question: text,
      gold: String(10 + (index % 41)),
      line: index + 1,
    },
    n,
    c,
    truncated,
    refused: 0,
    unparsed: index % 30 === 3 ? 1 : 0,
    undecided: 0,
    error: 0,
    failed: 0,
    ungraded: 0,
    duplicates: 0,
    finishedN: n - truncated,
    finishedC: Math.min(c, n - truncated),
    answers: null,
  };
}
