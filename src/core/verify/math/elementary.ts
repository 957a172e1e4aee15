import {
  type Complex,
  expComplex,
  lnComplex,
  minus,
  over,
  plus,
  real,
  reciprocal,
  sqrtComplex,
  times,
  timesI,
} from "./complex.ts";
import { cosSinFixed, type Fixed } from "./fixed.ts";
import { Undecided } from "./limits.ts";

type Rule = (z: Complex, field: Fixed) => Complex;

const unit = (field: Fixed): Complex => real(field.one);
const halfOf = (a: Complex): Complex => ({ re: a.re >> 1n, im: a.im >> 1n });
const opposite = (a: Complex): Complex => ({ re: -a.re, im: -a.im });
const square = (field: Fixed, z: Complex): Complex => times(field, z, z);

const cos: Rule = (z, field) => (z.im === 0n ? real(cosSinFixed(field, z.re)[0]) : cosh(timesI(z), field));
const sin: Rule = (z, field) =>
  z.im === 0n ? real(cosSinFixed(field, z.re)[1]) : opposite(timesI(sinh(timesI(z), field)));
const cosh: Rule = (z, field) => halfOf(plus(expComplex(field, z), expComplex(field, opposite(z))));
const sinh: Rule = (z, field) => halfOf(minus(expComplex(field, z), expComplex(field, opposite(z))));

/** -i ln(iz + sqrt(1 - z^2)); real where the value is */
const arcsin: Rule = (z, field) => {
  const inside = plus(timesI(z), sqrtComplex(field, minus(unit(field), square(field, z))));
  const out = opposite(timesI(lnComplex(field, inside)));
  return z.im === 0n && z.re <= field.one && -z.re <= field.one ? real(out.re) : out;
};
const arccos: Rule = (z, field) => minus(real(field.pi >> 1n), arcsin(z, field));
const arctan: Rule = (z, field) => {
  if (z.im === 0n) return arctanReal(z, field);
  const [a, b] = [
    lnComplex(field, minus(unit(field), timesI(z))),
    lnComplex(field, plus(unit(field), timesI(z))),
  ];
  return halfOf(timesI(minus(a, b)));
};
/** the angle of (1, x) */
const arctanReal: Rule = (z, field) => real(lnComplex(field, { re: field.one, im: z.re }).im);

const inverted =
  (rule: Rule): Rule =>
  (z, field) =>
    reciprocal(field, rule(z, field));
const ofInverse =
  (rule: Rule): Rule =>
  (z, field) =>
    rule(reciprocal(field, z), field);
const ratio =
  (above: Rule, below: Rule): Rule =>
  (z, field) =>
    over(field, above(z, field), below(z, field));

const rules: Readonly<Record<string, Rule>> = {
  sin, cos, sinh, cosh, arcsin, arccos, arctan,
  tan: ratio(sin, cos),
  cot: ratio(cos, sin),
  sec: inverted(cos),
  csc: inverted(sin),
  tanh: ratio(sinh, cosh),
  coth: ratio(cosh, sinh),
  sech: inverted(cosh),
  csch: inverted(sinh),
  arccot: ofInverse(arctan),
  arcsec: ofInverse(arccos),
  arccsc: ofInverse(arcsin),
  arcsinh: (z, field) => lnComplex(field, plus(z, sqrtComplex(field, plus(square(field, z), unit(field))))),
  arccosh: (z, field) => lnComplex(field, plus(z, times(field, sqrtComplex(field, plus(z, unit(field))), sqrtComplex(field, minus(z, unit(field)))))),
  arctanh: (z, field) => halfOf(lnComplex(field, over(field, plus(unit(field), z), minus(unit(field), z)))),
  ln: (z, field) => lnComplex(field, z),
  re: (z) => real(z.re),
  im: (z) => real(z.im),
}; // prettier-ignore

/** The elementary functions of one argument, principal values. Throws `Undecided` for a name it does not have. */
export function elementary(name: string, z: Complex, field: Fixed): Complex {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) throw new Undecided(`no value of ${name}`);
  return rule(z, field);
}
