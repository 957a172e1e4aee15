// Answers by construction: for every form in which benchmarks write their answers a gold answer, other ways to write it, and
// answers that are nearly it and wrong.

export type Random = () => number;

export interface Form {
  readonly gold: string;
  readonly equal: readonly string[];
  readonly different: readonly string[];
}

/** Uniform in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const int = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Different whole numbers in ascending order. */
function several(random: Random, count: number, [low, high]: readonly [number, number]): number[] {
  const found = new Set<number>();
  while (found.size < count) found.add(int(random, low, high));
  return [...found].sort((a, b) => a - b);
}

/** A fraction in lowest terms that is no whole number. */
function fraction(random: Random): readonly [top: number, bottom: number] {
  for (;;) {
    const [top, bottom] = [int(random, 1, 40), int(random, 2, 30)];
    if (gcd(top, bottom) === 1) return [top, bottom];
  }
}

const grouped = (digits: string, separator: string): string =>
  digits.replace(/\B(?=(\d{3})+(?!\d))/g, separator);
const fullWidth = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
/** `+ 3` or `- 3` */
const term = (value: number): string => (value < 0 ? `- ${-value}` : `+ ${value}`);
const bases = ["", "", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const months = ["January", "March", "May", "July", "August", "October"];
const people = ["Evelyn", "Carla", "Robert", "Angela", "Debra", "Briana"];
const units = ["cm", "meters", "inches", "apples", "hours", "miles per hour", "square feet", "kg", "km/h"];

export const forms: Readonly<Record<string, (random: Random) => Form>> = {
  integer: (random) => {
    const n = int(random, 2, 999);
    return { gold: `${n}`, equal: [`${n}.0`, `+${n}`, `{${n}}`, `\\mathbf{${n}}`, fullWidth(`${n}`), `x = ${n}`, `n=${n}`, `${n}.`, `${n} \\text{ ways}`, `\\frac{${3 * n}}{3}`, `0${n}`], different: [`-${n}`, `${n + 1}`, `${n}0`, `${n}\\%`, `\\frac{1}{${n}}`, `${n}.001`, `${n}x`, `${n}!+1`, `${n}\\pi`, `${n}i`] };
  },
  thousands: (random) => {
    const n = int(random, 1001, 9_999_999);
    const d = `${n}`;
    return { gold: d, equal: [grouped(d, ","), grouped(d, "{,}"), grouped(d, ",\\!"), grouped(d, "\\,"), grouped(d, " "), grouped(d, "~"), `\\$${grouped(d, ",")}`, `${grouped(d, ",")}.00`, `${grouped(d, ",")} \\text{ dollars}`], different: [grouped(`${n + 1}`, ","), grouped(`${n}`.slice(0, -1), ","), `${grouped(d, ",")}0`, `-${grouped(d, "{,}")}`, grouped(`${n + 1000}`, ",\\!")] };
  },
  european: (random) => {
    const [n, tail] = [int(random, 1001, 999_999), int(random, 1, 99).toString().padStart(2, "0")];
    return { gold: `${n}.${tail}`, equal: [`${grouped(`${n}`, ".")},${tail}`, `${grouped(`${n}`, ",")}.${tail}`, `${grouped(`${n}`, " ")}.${tail}`], different: [`${grouped(`${n + 1}`, ".")},${tail}`, `${n}${tail}`, `${n}`] };
  },
  decimal: (random) => {
    const [whole, tail] = [int(random, 0, 99), int(random, 1, 99)];
    const value = `${whole}.${tail.toString().padStart(2, "0")}`;
    const cents = whole * 100 + tail;
    return { gold: value, equal: [`${value}0`, `\\frac{${cents}}{100}`, `${cents}/100`, `${cents}\\%`, `${cents} \\times 10^{-2}`, `${cents}e-2`, `\\approx ${value}`, `${value} \\text{ ${pick(random, units)}}`, ...(whole === 0 ? [value.slice(1)] : [])], different: [`-${value}`, `${value}1`, `${whole}.${((tail + 1) % 100).toString().padStart(2, "0")}`, `${cents}`, `${value}\\%`, `${whole + 1}.${tail.toString().padStart(2, "0")}`] };
  },
  fraction: (random) => {
    const [p, q] = fraction(random);
    return { gold: `\\frac{${p}}{${q}}`, equal: [`${p}/${q}`, `\\dfrac{${p}}{${q}}`, `\\tfrac{${p}}{${q}}`, `\\frac{${2 * p}}{${2 * q}}`, `{${p} \\over ${q}}`, `\\frac{-${p}}{-${q}}`, `${p}\\div${q}`, `\\frac {${p}} {${q}}`, `\\left(\\frac{${q}}{${p}}\\right)^{-1}`, `${p} \\cdot \\frac{1}{${q}}`, `\\displaystyle\\frac{${p}}{${q}}`, `x=\\frac{${p}}{${q}}`], different: [`\\frac{${q}}{${p}}`, `-\\frac{${p}}{${q}}`, `\\frac{${p + 1}}{${q}}`, `\\frac{${p}}{${q + 1}}`, `${p}, ${q}`, `(${p},${q})`, `${p}${q}`, `${p}`, Number((p / q).toFixed(2)) === p / q ? `-${p}/${q}` : (p / q).toFixed(2)] };
  },
  "negative fraction": (random) => {
    const [p, q] = fraction(random);
    return { gold: `-\\frac{${p}}{${q}}`, equal: [`\\frac{-${p}}{${q}}`, `\\frac{${p}}{-${q}}`, `-${p}/${q}`, `−${p}/${q}`, `- \\frac{${p}}{${q}}`, `-\\left(\\frac{${p}}{${q}}\\right)`], different: [`\\frac{${p}}{${q}}`, `-\\frac{${q}}{${p}}`, `--\\frac{${p}}{${q}}`, `\\frac{-${p}}{-${q}}`] };
  },
  "mixed number": (random) => {
    const q = int(random, 3, 9);
    const [w, p] = [int(random, 1, 12), int(random, 1, q - 1)];
    return { gold: `${w}\\frac{${p}}{${q}}`, equal: [`${w}\\frac${p}${q}`, `${w} ${p}/${q}`, `\\frac{${w * q + p}}{${q}}`, `${w}\\,\\frac{${p}}{${q}}`, `${w} + \\frac{${p}}{${q}}`, `${w}\\tfrac{${p}}{${q}}\\text{ cups}`], different: [`${w}\\cdot\\frac{${p}}{${q}}+${w + 7}`, `\\frac{${w * p}}{${q}}`, `${w + 1}\\frac{${p}}{${q}}`, `${w}\\frac{${p}}{${q + 1}}`, `-${w}\\frac{${p}}{${q}}`, `${w}, \\frac{${p}}{${q}}`] };
  },
  percent: (random) => {
    const n = int(random, 1, 99);
    return { gold: `${n}\\%`, equal: [`${n}%`, `${n} \\text{ percent}`, `0.${n.toString().padStart(2, "0")}`, `\\frac{${n}}{100}`, `${n} \\%`, `${n}.0\\%`], different: [`${n}`, `${n + 1}\\%`, `0.0${n.toString().padStart(2, "0")}`, `-${n}\\%`, `${n}0\\%`] };
  },
  currency: (random) => {
    const [n, c] = [int(random, 1, 900), int(random, 1, 99).toString().padStart(2, "0")];
    return { gold: `\\$${n}.${c}`, equal: [`${n}.${c}`, `$${n}.${c}`, `${n}.${c}\\text{ dollars}`, `\\text{\\$}${n}.${c}`, `€${n}.${c}`], different: [`\\$${n}${c}`, `\\$${n + 1}.${c}`, `-\\$${n}.${c}`, `\\$${n}.${c}\\%`] };
  },
  measure: (random) => {
    const [n, unit] = [int(random, 2, 400), pick(random, units)];
    return { gold: `${n} \\text{ ${unit}}`, equal: [`${n}`, `${n}\\ \\mathrm{${unit.replaceAll(" ", "~")}}`, `${n} ${unit}`, `\\text{${n} ${unit}}`, `${n}.0\\mbox{ ${unit}}`], different: [`${n + 1} \\text{ ${unit}}`, `-${n} \\text{ ${unit}}`, `${n}0\\text{ ${unit}}`] };
  },
  area: (random) => {
    const [n, unit] = [int(random, 2, 400), pick(random, ["cm", "ft", "in"])];
    return { gold: `${n} \\text{ ${unit}}^2`, equal: [`${n}`, `${n}\\,\\mathrm{${unit}}^{2}`, `${n} \\text{ square units}`, `${n}${unit === "in" ? "" : ` ${unit}`}^2`.replace(/^(\d+)\^2$/, "$1")], different: [`${n} \\text{ ${unit}}^3`, `${n + 1} \\text{ ${unit}}^2`, `${n}^2`, `-${n}\\text{ ${unit}}^2`] };
  },
  degrees: (random) => {
    const n = int(random, 5, 175);
    return { gold: `${n}^\\circ`, equal: [`${n}^{\\circ}`, `${n}`, `${n}°`, `${n} \\text{ degrees}`, `\\angle ABC = ${n}^\\circ`, `${n}\\degree`], different: [`${n + 1}^\\circ`, `-${n}^\\circ`, `${180 + n}^\\circ`, `\\frac{${n}\\pi}{180}`] };
  },
  surd: (random) => {
    const [a, b] = [int(random, 2, 9), pick(random, [2, 3, 5, 6, 7, 10, 11])];
    return { gold: `${a}\\sqrt{${b}}`, equal: [`\\sqrt{${a * a * b}}`, `${a} \\cdot \\sqrt{${b}}`, `${a}\\sqrt${b}`.replace(/\\sqrt(\d\d)$/, "\\sqrt{$1}"), `\\frac{${a * b}}{\\sqrt{${b}}}`, `${a}√${b}`, `${a}*sqrt(${b})`, `${a} \\times ${b}^{1/2}`, `\\sqrt{${b}}\\cdot${a}`], different: [`${a}\\sqrt{${b + 1}}`, `\\sqrt{${a * b}}`, `-${a}\\sqrt{${b}}`, `${b}\\sqrt{${a}}`.replace(/^.*$/, (text) => (a * a * b === b * b * a ? `${a}` : text)), `${a}\\sqrt[3]{${b}}`, `${a}+\\sqrt{${b}}`, (a * Math.sqrt(b)).toFixed(2)] };
  },
  "sum with a root": (random) => {
    const [a, b, c] = [int(random, 1, 12), int(random, 2, 6), pick(random, [2, 3, 5, 7])];
    return { gold: `${a} + ${b}\\sqrt{${c}}`, equal: [`${b}\\sqrt{${c}}+${a}`, `${a}+\\sqrt{${b * b * c}}`, `\\frac{${2 * a} + ${2 * b}\\sqrt{${c}}}{2}`, `${a}-(-${b}\\sqrt{${c}})`], different: [`${a} - ${b}\\sqrt{${c}}`, `${a + 1} + ${b}\\sqrt{${c}}`, `${a} \\pm ${b}\\sqrt{${c}}`, `(${a} + ${b})\\sqrt{${c}}`, `${a}, ${b}\\sqrt{${c}}`] };
  },
  logarithm: (random) => {
    const [base, power] = [int(random, 2, 7), int(random, 2, 4)];
    return { gold: `\\log_{${base}} ${base ** power + 1}`, equal: [`\\frac{\\ln ${base ** power + 1}}{\\ln ${base}}`, `\\log_${base}(${base ** power + 1})`, `\\frac{\\log ${base ** power + 1}}{\\log ${base}}`], different: [`${power}`, `\\log_{${base + 1}} ${base ** power + 1}`, `\\log_{${base}} ${base ** power + 2}`, `\\ln ${base ** power + 1}`, `-\\log_{${base}} ${base ** power + 1}`] };
  },
  trigonometry: (random) => {
    const [degrees, fractionOfPi, value] = pick(random, [[30, "\\frac{\\pi}{6}", "\\frac{1}{2}"], [45, "\\frac{\\pi}{4}", "\\frac{\\sqrt{2}}{2}"], [60, "\\frac{\\pi}{3}", "\\frac{\\sqrt{3}}{2}"]] as const);
    return { gold: `\\sin ${fractionOfPi}`, equal: [value, `\\sin(${fractionOfPi})`, `\\sin ${degrees}^\\circ`, `\\cos\\left(\\frac{\\pi}{2} - ${fractionOfPi}\\right)`], different: [`\\cos\\left(${fractionOfPi}+1\\right)`, `-${value}`, fractionOfPi, `\\sin ${degrees}`, `\\tan ${fractionOfPi} + 1`] };
  },
  "multiple of pi": (random) => {
    const [p, q] = fraction(random);
    return { gold: `\\frac{${p}\\pi}{${q}}`, equal: [`\\frac{${p}}{${q}}\\pi`, `${p}\\pi/${q}`, `\\pi\\cdot\\frac{${p}}{${q}}`, `\\frac{${2 * p}π}{${2 * q}}`], different: [`\\frac{${p}}{${q}}`, `\\frac{${p + 1}\\pi}{${q}}`, `-\\frac{${p}\\pi}{${q}}`, ((p * Math.PI) / q).toFixed(2), `\\frac{${p}\\pi^2}{${q}}`] };
  },
  complex: (random) => {
    const [a, b] = [int(random, -9, 9) || 4, int(random, 2, 9)];
    return { gold: `${a}+${b}i`, equal: [`${b}i ${term(a)}`, `${a} + ${b} \\mathrm{i}`, `${a} - (-${b})i`, `\\frac{${2 * a}+${2 * b}i}{2}`, `z = ${a}+${b}i`], different: [`${a}-${b}i`, `${-a}+${b}i`, `${b}+${a}i`.replace(/^.*$/, (text) => (a === b ? `${a}` : text)), `${a}+${b}`, `(${a},${b})`, `${a}+${b + 1}i`] };
  },
  polynomial: (random) => {
    const [a, b, c] = [int(random, 2, 9), int(random, 1, 9), int(random, 1, 9)];
    return { gold: `${a}x^2 + ${b}x - ${c}`, equal: [`-${c} + ${b}x + ${a}x^2`, `x(${a}x+${b})-${c}`, `${a}x^{2}+${b}x-${c}`, `${a} x^2 + ${b} x - ${c}`, `f(x) = ${a}x^2+${b}x-${c}`, `y=${a}x^2+${b}x-${c}`], different: [`${a}x^2 - ${b}x - ${c}`, `${a}x^2 + ${b}x + ${c}`, `${a}x^3 + ${b}x - ${c}`, `${a}y^2 + ${b}y - ${c}`, `${a + 1}x^2 + ${b}x - ${c}`, `${a}x^2+${b}x`] };
  },
  factored: (random) => {
    const [a, b] = several(random, 2, [1, 9]) as [number, number];
    return { gold: `(x-${a})(x-${b})`, equal: [`(x-${b})(x-${a})`, `x^2-${a + b}x+${a * b}`, `(${a}-x)(${b}-x)`], different: [`(x+${a})(x-${b})`, `(x-${a})(x-${b + 1})`, `(x-${a})`, `-(x-${a})(x-${b})`, `(x-${a})(x-${b})=0`] };
  },
  "several variables": (random) => {
    const [a, b] = [int(random, 2, 9), int(random, 2, 5)];
    return { gold: `\\frac{${a}x^{${b}}}{y}`, equal: [`${a}x^${b}y^{-1}`, `${a}x^{${b}}/y`, `\\frac{1}{y}\\cdot ${a} x^{${b}}`], different: [`\\frac{${a}x^{${b + 1}}}{y}`, `\\frac{${a}y^{${b}}}{x}`, `${a}x^{${b}}y`, `-\\frac{${a}x^{${b}}}{y}`, `\\frac{${a}x^{${b}}}{z}`] };
  },
  equation: (random) => {
    const [m, c] = [int(random, 2, 9), int(random, 1, 9)];
    return { gold: `y = ${m}x + ${c}`, equal: [`y=${c}+${m}x`, `${m}x - y + ${c} = 0`, `${m}x+${c}=y`, `2y = ${2 * m}x + ${2 * c}`, `y-${c}=${m}x`], different: [`y = ${m}x - ${c}`, `y = ${m + 1}x + ${c}`, `x = ${m}y + ${c}`, `y > ${m}x + ${c}`, `z = ${m}x+${c}`, `y=${m}x`] };
  },
  inequality: (random) => {
    const n = int(random, 1, 40);
    return { gold: `x > ${n}`, equal: [`${n} < x`, `(${n}, \\infty)`, `x \\in (${n}, +\\infty)`, `x \\gt ${n}`, `2x > ${2 * n}`], different: [`x \\ge ${n}`, `x < ${n}`, `[${n},\\infty)`, `(-\\infty,${n})`, `x > ${n + 1}`, `x > -${n}`, `y > ${n}`, `x = ${n}`, `${n}`] };
  },
  "two-sided inequality": (random) => {
    const [a, b] = several(random, 2, [-9, 30]) as [number, number];
    return { gold: `${a} < x \\le ${b}`, equal: [`(${a},${b}]`, `x \\in (${a}, ${b}]`, `${b} \\ge x > ${a}`, `x > ${a} \\text{ and } x \\le ${b}`, `${a} < x <= ${b}`], different: [`${a} \\le x < ${b}`, `[${a},${b}]`, `(${a},${b})`, `x \\le ${b}`, `${a} < x \\le ${b + 1}`, `${a} < y \\le ${b}`] };
  },
  interval: (random) => {
    const [a, b] = several(random, 2, [-20, 30]) as [number, number];
    return { gold: `[${a},${b})`, equal: [`\\left[${a}, ${b}\\right)`, `x \\in [${a},${b})`, `\\{x \\mid ${a} \\le x < ${b}\\}`, `[${a};${b})`, `[${a},${b}.0)`], different: [`(${a},${b})`, `[${a},${b}]`, `(${a},${b}]`, `[${a - 1},${b})`, `[${a},${b + 1})`, `\\{${a},${b}\\}`, `${a},${b}`] };
  },
  union: (random) => {
    const [a, b, c, d] = several(random, 4, [-20, 30]) as [number, number, number, number];
    return { gold: `(-\\infty,${a})\\cup(${b},${c}]\\cup[${d},\\infty)`, equal: [`(${b},${c}] \\cup (-\\infty, ${a}) \\cup [${d}, +\\infty)`, `\\left(-\\infty,${a}\\right) \\cup \\left(${b},${c}\\right] \\cup \\left[${d},\\infty\\right)`, `x<${a} \\text{ or } ${b}<x\\le${c} \\text{ or } x \\ge ${d}`], different: [`(-\\infty,${a})\\cup(${b},${c}]`, `(-\\infty,${a}]\\cup(${b},${c}]\\cup[${d},\\infty)`, `(-\\infty,${a})\\cap(${b},${c}]\\cup[${d},\\infty)`, `(-\\infty,${a})\\cup(${b},${c})\\cup[${d},\\infty)`, `(-\\infty,${d})`] };
  },
  "all but one": (random) => {
    const n = int(random, -9, 9);
    return { gold: `\\mathbb{R} \\setminus \\{${n}\\}`, equal: [`x \\ne ${n}`, `(-\\infty,${n})\\cup(${n},\\infty)`, `\\{x \\mid x \\neq ${n}\\}`], different: [`\\{${n}\\}`, `\\mathbb{R}`, `x \\ne ${n + 1}`, `x = ${n}`, `(-\\infty,${n}]\\cup(${n},\\infty)`] };
  },
  set: (random) => {
    const [a, b, c] = several(random, 3, [-9, 60]) as [number, number, number];
    return { gold: `\\{${a}, ${b}, ${c}\\}`, equal: [`\\{${c},${a},${b}\\}`, `${a}, ${b}, ${c}`, `\\left\\{${b}, ${a}, ${c}\\right\\}`, `${c}; ${b}; ${a}`, `${a}, ${b} \\text{ and } ${c}`, `x = ${a}, ${b}, ${c}`, `x \\in \\{${a},${b},${c}\\}`], different: [`\\{${a}, ${b}\\}`, `\\{${a}, ${b}, ${c + 1}\\}`, `\\{${a},${b},${c},${c + 5}\\}`, `${b}`, `\\{${-a - 70}, ${b}, ${c}\\}`] };
  },
  list: (random) => {
    const [a, b] = several(random, 2, [-30, 60]) as [number, number];
    return { gold: `${a}, ${b}`, equal: [`${b}, ${a}`, `${a} \\text{ and } ${b}`, `${b} \\text{ or } ${a}`, `\\{${a},${b}\\}`, `x=${a}, x=${b}`, `x = ${a} \\text{ or } x = ${b}`, `${a};${b}`], different: [`${a}`, `${b}`, `${a}, ${b + 1}`, `${a}, ${b}, ${b + 3}`, `${-a - 61}, ${b}`] };
  },
  "plus-minus": (random) => {
    const [a, b] = [int(random, 1, 20), pick(random, [2, 3, 5, 7])];
    return { gold: `${a} \\pm \\sqrt{${b}}`, equal: [`${a}+\\sqrt{${b}}, ${a}-\\sqrt{${b}}`, `x = ${a} \\pm \\sqrt{${b}}`, `\\{${a}-\\sqrt${b},${a}+\\sqrt${b}\\}`, `${a} \\mp \\sqrt{${b}}`], different: [`${a}+\\sqrt{${b}}`, `${a} \\pm ${b}`, `-${a} \\pm \\sqrt{${b}}`, `${a} \\pm \\sqrt{${b + 1}}`] };
  },
  tuple: (random) => {
    const [a, b, c] = several(random, 3, [-20, 30]) as [number, number, number];
    return { gold: `(${a}, ${b}, ${c})`, equal: [`\\left(${a},${b},${c}\\right)`, `(x,y,z) = (${a},${b},${c})`, `x=${a}, y=${b}, z=${c}`, `(${a}.0, ${b}, ${c})`, `\\langle ${a}, ${b}, ${c} \\rangle`], different: [`(${a}, ${c}, ${b})`, `(${b}, ${a}, ${c})`, `(${a}, ${b})`, `(${a}, ${b}, ${c + 1})`, `(${a},${b},${c},0)`] };
  },
  point: (random) => {
    const [a, b] = several(random, 2, [-20, 30]) as [number, number];
    return { gold: `(${a}, ${b})`, equal: [`\\left( ${a}, ${b} \\right)`, `(${a};${b})`, `(x, y) = (${a}, ${b})`, `P(${a},${b})`, `x=${a}, y=${b}`], different: [`(${b}, ${a})`, `[${a}, ${b}]`, `(${a}, ${b}]`, `(${a}, ${b + 1})`, `(${-a - 50}, ${b})`, `${a}`] };
  },
  points: (random) => {
    const [a, b, c, d] = several(random, 4, [-9, 30]) as [number, number, number, number];
    return { gold: `(${a},${b}),(${c},${d})`, equal: [`(${c}, ${d}), (${a}, ${b})`, `\\{(${a},${b}),(${c},${d})\\}`, `(${a},${b}) \\text{ and } (${c},${d})`], different: [`(${b},${a}),(${d},${c})`, `(${a},${b})`, `(${a},${b}),(${c},${d + 1})`, `(${a},${d}),(${c},${b})`] };
  },
  matrix: (random) => {
    const [a, b, c, d] = several(random, 4, [-9, 30]) as [number, number, number, number];
    const rows = `${a} & ${b} \\\\ ${c} & ${d}`;
    return { gold: `\\begin{pmatrix} ${rows} \\end{pmatrix}`, equal: [`\\begin{bmatrix}${rows}\\end{bmatrix}`, `\\left[\\begin{array}{cc}${rows}\\end{array}\\right]`, `\\begin{pmatrix}${rows}\\\\\\end{pmatrix}`, `A = \\begin{pmatrix}${rows}\\end{pmatrix}`, `\\begin{pmatrix}${a} & ${c} \\\\ ${b} & ${d}\\end{pmatrix}^T`], different: [`\\begin{pmatrix} ${a} & ${c} \\\\ ${b} & ${d} \\end{pmatrix}`, `\\begin{pmatrix} ${a} & ${b} \\\\ ${c} & ${d + 1} \\end{pmatrix}`, `\\begin{pmatrix} ${a} & ${b} & ${c} & ${d} \\end{pmatrix}`, `\\begin{vmatrix} ${rows} \\end{vmatrix}`, `\\begin{pmatrix} ${a} & ${b} \\end{pmatrix}`] };
  },
  vector: (random) => {
    const [a, b] = several(random, 2, [-9, 30]) as [number, number];
    return { gold: `\\begin{pmatrix} ${a} \\\\ ${b} \\end{pmatrix}`, equal: [`\\begin{bmatrix}${a}\\\\${b}\\end{bmatrix}`, `\\begin{array}{c}${a}\\\\${b}\\end{array}`, `\\left(\\begin{matrix}${a}\\\\${b}\\end{matrix}\\right)`], different: [`\\begin{pmatrix} ${b} \\\\ ${a} \\end{pmatrix}`, `\\begin{pmatrix} ${a} \\\\ ${b + 1} \\end{pmatrix}`, `\\begin{pmatrix} ${a} \\\\ ${b} \\\\ 0 \\end{pmatrix}`] };
  },
  ratio: (random) => {
    const [a, b] = several(random, 2, [2, 9]) as [number, number];
    return { gold: `${a}:${b}`, equal: [`${a} : ${b}`, `${2 * a}:${2 * b}`, `\\frac{${a}}{${b}}`, `${a} \\text{ to } ${b}`], different: [`${b}:${a}`, `${a}:${b + 1}`, `-${a}:${b}`, `${a}:${b}:1`] };
  },
  time: (random) => {
    const [h, m] = [int(random, 1, 12), int(random, 10, 58)];
    return { gold: `${h}:${m}`, equal: [`${h}:${m} \\text{ p.m.}`, `\\text{${h}:${m}}`, `${h}:${m}`], different: [`${h}:${m + 1}`, `${(h % 12) + 1}:${m}`, `${h}.${m}`, `${h}${m}`] };
  },
  "number to a base": (random) => {
    const base = int(random, 3, 8);
    const digits = [1, 0, 1].map(() => int(random, 1, base - 1)).join("");
    return { gold: `${digits}_${base}`, equal: [`${digits}_{${base}}`, `(${digits})_{${base}}`, `${digits}_{\\text{${bases[base]}}}`, digits], different: [`${digits}_{${base + 1}}`, `${digits}0_${base}`, `-${digits}_${base}`, `${Number.parseInt(digits, base)}`] };
  },
  "scientific notation": (random) => {
    const [m, e] = [int(random, 11, 98), int(random, 3, 25)];
    const mantissa = `${Math.floor(m / 10)}.${m % 10 === 0 ? 5 : m % 10}`;
    return { gold: `${mantissa} \\times 10^{${e}}`, equal: [`${mantissa}e${e}`, `${mantissa}\\cdot 10^{${e}}`, `${mantissa}E+${e}`, `${mantissa.replace(".", "")} \\times 10^{${e - 1}}`, `${mantissa} × 10^${e}`], different: [`${mantissa} \\times 10^{${e + 1}}`, `${mantissa} \\times 10^{-${e}}`, `${mantissa}1 \\times 10^{${e}}`, `-${mantissa} \\times 10^{${e}}`, mantissa] };
  },
  "small number": (random) => {
    const [m, e] = [int(random, 11, 98), int(random, 3, 30)];
    const mantissa = `${Math.floor(m / 10)}.${m % 10 === 0 ? 5 : m % 10}`;
    return { gold: `${mantissa} \\times 10^{-${e}}`, equal: [`${mantissa}e-${e}`, `${mantissa} \\cdot 10^{-${e}}`, `${mantissa.replace(".", "")}e-${e + 1}`], different: [`${mantissa} \\times 10^{-${e + 1}}`, `${mantissa} \\times 10^{${e}}`, `${Math.floor(m / 10)}.${((m + 1) % 9) + 1 === m % 10 ? 7 : ((m + 1) % 9) + 1}3e-${e}`, "0"] };
  },
  power: (random) => {
    const [a, n] = [int(random, 2, 9), int(random, 20, 60)];
    return { gold: `${a}^{${n}}`, equal: [`${a ** 2}^{${n}/2}`, `${a} \\cdot ${a}^{${n - 1}}`, `(${a}^{${n}})`, `${BigInt(a) ** BigInt(n)}`, grouped(`${BigInt(a) ** BigInt(n)}`, ",")], different: [`${a}^{${n + 1}}`, `${a}^{-${n}}`, `${n}^{${a}}`, `${BigInt(a) ** BigInt(n) + 1n}`, `${a}\\cdot${n}`, `${a}^{${n}}+1`] };
  },
  factorial: (random) => {
    const [n, k] = [int(random, 10, 20), int(random, 2, 4)];
    return { gold: `\\binom{${n}}{${k}}`, equal: [`{${n} \\choose ${k}}`, `\\frac{${n}!}{${k}!${n - k}!}`, `\\binom{${n}}{${n - k}}`, `\\dbinom{${n}}{${k}}`], different: [`\\binom{${n + 1}}{${k}}`, `\\binom{${n}}{${k + 1}}`, `\\frac{${n}}{${k}}`, `\\frac{${n}!}{${k}!}`, `(${n},${k})`] };
  },
  "repeating decimal": (random) => {
    const n = int(random, 1, 8);
    return { gold: `0.\\overline{${n}}`, equal: [`\\frac{${n}}{9}`, `0.${n}\\overline{${n}}`, `0.\\dot{${n}}`, (n / 9).toFixed(6)], different: [`0.${n}`, `0.${n}${n}`, `0.\\overline{${n + 1}}`, `0.0\\overline{${n}}`, `${n}`] };
  },
  choice: (random) => {
    const [letter, other] = [pick(random, ["A", "B", "C"]), pick(random, ["D", "E"])];
    return { gold: pick(random, [letter, `(${letter})`, `\\text{(${letter})}`, `\\textbf{(${letter})}`]), equal: [letter, `(${letter})`, `\\text{${letter}}`, `\\mathrm{(${letter})}`, `\\textbf{(${letter})}`, `**${letter}**`, `${letter}.`], different: [other, `(${other})`, `\\text{${other}}`, `\\textbf{(${other})}\\ 5`] };
  },
  name: (random) => {
    const [name, other] = several(random, 2, [0, 5]).map((k) => people[k]!) as [string, string];
    return { gold: `\\text{${name}}`, equal: [name, `\\textbf{${name}}`, `\\mathrm{${name}}`, name.toLowerCase(), `\\text{ ${name} }`, `\\text{${name}.}`], different: [`\\text{${other}}`, other, `\\text{${name} and ${other}}`, `\\text{not ${name}}`] };
  },
  day: (random) => {
    const [day, other] = several(random, 2, [0, 6]).map((k) => days[k]!) as [string, string];
    return { gold: `\\text{${day}}`, equal: [day, day.toUpperCase(), `\\mbox{${day}}`], different: [other, `\\text{${other}}`, "\\text{day}"] };
  },
  date: (random) => {
    const [month, n] = [pick(random, months), int(random, 1, 28)];
    return { gold: `\\text{${month} ${n}}`, equal: [`${month} ${n}`, `\\text{${month}} ${n}`, `\\text{${month} ${n}th}`], different: [`\\text{${month} ${n + 1}}`, `\\text{June ${n}}`, `${n}`, `\\text{${month}}`] };
  },
  words: (random) => {
    const [gold, equal, other] = pick(random, [["no solution", "No solutions", "infinitely many solutions"], ["even", "Even", "odd"], ["ellipse", "an ellipse", "hyperbola"], ["Yes", "yes.", "No"], ["does not exist", "DNE", "exists"], ["increasing", "Increasing.", "decreasing"]] as const);
    return { gold: `\\text{${gold}}`, equal: [`\\text{${equal}}`, equal, `\\textbf{${gold}}`], different: [`\\text{${other}}`, other, `\\text{not ${gold}}`] };
  },
  function: (random) => {
    const [a, b] = [int(random, 2, 9), int(random, 1, 9)];
    return { gold: `f(x) = ${a}e^{x} + ${b}`, equal: [`${a}e^x+${b}`, `f(x)=${b}+${a}\\exp(x)`, `f(t) = ${a}e^{t}+${b}`], different: [`f(x) = ${a}e^{-x} + ${b}`, `f(x)=${a}e^{2x}+${b}`, `g(x)=${a}e^{x}+${b + 1}`, `f(x) = ${a}e^{x} - ${b}`, `${b}`] };
  },
  "trigonometric function": (random) => {
    const a = int(random, 2, 9);
    return { gold: `${a}\\sin 2x`, equal: [`${2 * a}\\sin x\\cos x`, `${a}\\sin(2x)`, `${2 * a}\\cos x \\sin x`], different: [`${a}\\sin x`, `${2 * a}\\sin x`, `${a}\\cos 2x`, `-${a}\\sin 2x`, `${a}\\sin^2 x`] };
  },
  antiderivative: (random) => {
    const n = int(random, 2, 8);
    return { gold: `\\frac{x^{${n + 1}}}{${n + 1}} + C`, equal: [`\\frac{1}{${n + 1}}x^{${n + 1}}+C`, `C + x^{${n + 1}}/${n + 1}`], different: [`\\frac{x^{${n + 1}}}{${n + 1}}`, `\\frac{x^{${n}}}{${n}} + C`, `x^{${n + 1}}+C`, `-\\frac{x^{${n + 1}}}{${n + 1}} + C`] };
  },
  "with a parameter": (random) => {
    const [p, q] = fraction(random);
    return { gold: `x = \\frac{${p}\\pi}{${q}} + 2k\\pi, k \\in \\mathbb{Z}`, equal: [`\\frac{${p}\\pi}{${q}} + 2k\\pi`, `x = 2n\\pi+\\frac{${p}\\pi}{${q}}, n \\in \\mathbb{Z}`, `\\frac{${p}\\pi}{${q}}+2k\\pi \\ (k \\in \\mathbf{Z})`], different: [`x=\\frac{${p}\\pi}{${q}}`, `x = \\frac{${p}\\pi}{${q}} + k\\pi, k \\in \\mathbb{Z}`, `x = -\\frac{${p}\\pi}{${q}} + 2k\\pi, k \\in \\mathbb{Z}`, `k \\in \\mathbb{Z}`] };
  },
  assignments: (random) => {
    const [a, b] = several(random, 2, [-9, 30]) as [number, number];
    return { gold: `a = ${a}, b = ${b}`, equal: [`b = ${b}, a = ${a}`, `(a,b)=(${a},${b})`, `a = ${a} \\text{ and } b = ${b}`, `\\begin{cases} a = ${a} \\\\ b = ${b} \\end{cases}`, `(${a},${b})`], different: [`a = ${b}, b = ${a}`, `a = ${a}`, `a = ${a}, b = ${b + 1}`, `a=${a}, c=${b}`, `(${b},${a})`] };
  },
  subscripted: (random) => {
    const [a, b] = [int(random, 2, 9), int(random, 2, 9)];
    return { gold: `x_{1} = ${a}`, equal: [`x_1 = ${a}`, `${a}`, `x_{1}=${a}.0`], different: [`x_2 = ${a}`, `x_{1} = ${a + b}`, `x_1 = -${a}`, `x_{1}`] };
  },
}; // prettier-ignore

/** Prose and wrappers around an answer. `strict`: the answer is marked by a box or `####`. */
export const frames: readonly { readonly strict: boolean; readonly frame: (answer: string) => string }[] = [
  { strict: true, frame: (answer) => `So we get $\\boxed{${answer}}$.` },
  { strict: true, frame: (answer) => `First \\boxed{987654321}. I made a mistake in the third line, and once it is put right the value changes to:\n\\[\\boxed{ ${answer} }\\]` },
  { strict: true, frame: (answer) => `<think>perhaps \\boxed{0.31415}</think>\n**Final Answer**\n$$\\boxed{${answer}}$$` },
  { strict: true, frame: (answer) => `因此，最终答案为 $\\boxed{${answer}}$。` },
  { strict: true, frame: (answer) => `Thus \\fbox{${answer}} is what was asked for.<|im_end|>` },
  { strict: false, frame: (answer) => `We find the value step by step.\nTherefore, the final answer is $${answer}$. I hope it is correct.` },
  { strict: false, frame: (answer) => `**Answer:** $${answer}$` },
  { strict: false, frame: (answer) => `综上所述，答案是 $${answer}$。` },
  { strict: false, frame: (answer) => `The answer is \\(${answer}\\).` },
  { strict: false, frame: (answer) => `<answer>$${answer}$</answer>` },
]; // prettier-ignore

export interface FormPair {
  readonly kind: string;
  readonly gold: string;
  /** The other answer alone; `response` has a frame around it. */
  readonly answer: string;
  readonly response: string;
  readonly expected: "equal" | "different";
  readonly strict: boolean;
}

/** All pairs of `rounds` golds of every kind, each in a frame of its own; the same for the same seed. */
export function* formPairs(seed: number, rounds: number): Generator<FormPair> {
  const random = seeded(seed);
  for (const [kind, make] of Object.entries(forms))
    for (let round = 0; round < rounds; round += 1) {
      const { gold, equal, different } = make(random);
      for (const [expected, answers] of [["equal", [gold, ...equal]], ["different", different]] as const)
        for (const answer of answers) {
          const { strict, frame } = /\$|€|\*/.test(answer) ? frames[0]! : pick(random, frames);
          yield { kind, gold, answer, response: frame(answer), expected, strict };
        }
    }
} // prettier-ignore
