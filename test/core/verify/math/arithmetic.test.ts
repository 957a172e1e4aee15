// The arithmetic under the verdicts, against Math and against its own laws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../../fastCheck.ts";
import {
  absComplex,
  expComplex,
  lnComplex,
  minus,
  powerComplex,
  real,
  sqrtComplex,
  times,
} from "../../../../src/core/verify/math/complex.ts";
import { elementary } from "../../../../src/core/verify/math/elementary.ts";
import {
  angleFixed,
  cosSinFixed,
  expFixed,
  fixed,
  lnFixed,
  toDouble,
} from "../../../../src/core/verify/math/fixed.ts";
import {
  exactRoot,
  integerRoot,
  power,
  rational,
  sameRational,
  add,
  multiply,
  parseDecimal,
  toNumber,
} from "../../../../src/core/verify/math/rational.ts";
import { type Rounding, withinDecimals } from "../../../../src/core/verify/math/rounding.ts";

const field = fixed(256);
const scaled = (x: number): bigint => BigInt(Math.round(x * 2 ** 40)) << 216n;
const reals = (low: number, high: number) =>
  fc.double({ min: low, max: high, noNaN: true }).map((x) => Math.round(x * 2 ** 40) / 2 ** 40);
const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));
/** All but the last 56 bits. */
const tight = (a: bigint, b: bigint): boolean => (a > b ? a - b : b - a) < 1n << 56n;

test("pi and ln 2 to 256 bits", () => {
  assert.equal(
    (field.pi * 10n ** 60n) >> 256n,
    3141592653589793238462643383279502884197169399375105820974944n,
  );
  assert.equal(
    (field.ln2 * 10n ** 60n) >> 256n,
    693147180559945309417232121458176568075500134360255254120680n,
  );
});

test("exp, ln, cos, sin and the angle agree with Math", () => {
  fc.assert(
    fc.property(reals(-20, 20), reals(-20, 20), (x, y) => {
      assert.ok(near(toDouble(field, expFixed(field, scaled(x))), Math.exp(x)));
      const [c, s] = cosSinFixed(field, scaled(x));
      assert.ok(near(toDouble(field, c), Math.cos(x)) && near(toDouble(field, s), Math.sin(x)));
      assert.ok(near(toDouble(field, angleFixed(field, scaled(x), scaled(y))), Math.atan2(y, x)) || y === 0);
      if (x > 1e-6) assert.ok(near(toDouble(field, lnFixed(field, scaled(x))), Math.log(x)));
    }),
  );
});

test("exp and ln undo each other, sin^2 + cos^2 = 1, the square root squares back: to 200 bits", () => {
  fc.assert(
    fc.property(reals(0.001, 50), reals(-30, 30), (x, y) => {
      assert.ok(tight(expFixed(field, lnFixed(field, scaled(x))), scaled(x)));
      const [c, s] = cosSinFixed(field, scaled(y));
      assert.ok(tight((c * c + s * s) >> 256n, field.one));
      const z = { re: scaled(x), im: scaled(y) };
      const root = sqrtComplex(field, z);
      assert.ok(tight(absComplex(field, minus(times(field, root, root), z)), 0n));
      const third = powerComplex(field, z, real(field.one / 3n));
      assert.ok(tight(absComplex(field, minus(times(field, times(field, third, third), third), z)), 0n));
      assert.ok(tight(absComplex(field, minus(expComplex(field, lnComplex(field, z)), z)), 0n));
    }),
  );
});

test("elementary functions agree with Math where both are real", () => {
  const names = {
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    arcsin: Math.asin,
    arccos: Math.acos,
    arctan: Math.atan,
    sinh: Math.sinh,
    cosh: Math.cosh,
    tanh: Math.tanh,
    arcsinh: Math.asinh,
    arctanh: Math.atanh,
  };
  fc.assert(
    fc.property(reals(-0.99, 0.99), (x) => {
      for (const [name, reference] of Object.entries(names)) {
        const { re, im } = elementary(name, real(scaled(x)), field);
        assert.ok(
          near(toDouble(field, re), reference(x)) && Math.abs(toDouble(field, im)) < 1e-60,
          `${name}(${x})`,
        );
      }
    }),
  );
});

test("rationals keep the laws of a field and lowest terms", () => {
  const fractions = fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
    .map(([n, d]) => rational(n, d));
  fc.assert(
    fc.property(fractions, fractions, fractions, (a, b, c) => {
      assert.ok(sameRational(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c))));
      assert.ok(sameRational(add(a, b), add(b, a)));
      assert.ok(near(toNumber(a), Number(a.n) / Number(a.d)));
    }),
  );
});

test("integer roots are exact", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 60n }), fc.integer({ min: 2, max: 9 }), (x, k) => {
      const root = integerRoot(x, k);
      assert.ok(root ** BigInt(k) <= x && (root + 1n) ** BigInt(k) > x);
      assert.ok(sameRational(exactRoot(rational(x ** BigInt(k)), k)!, rational(x)));
    }),
  );
});

test("powers and decimals", () => {
  assert.deepEqual(power(rational(2n, 3n), -3n), rational(27n, 8n));
  assert.deepEqual(parseDecimal("12.50"), rational(25n, 2n));
  assert.throws(() => power(rational(2n), 5000n), { name: "Undecided" });
  assert.throws(() => power(rational(0n), -1n), { name: "Undecided" });
});

test("six decimals: half a unit of the last, relative where the value is small", () => {
  const of = (text: string) => parseDecimal(text);
  const [exact, written] = [false, true].map((both) => ({ decimals: 6, written: both })) as [
    Rounding,
    Rounding,
  ];
  assert.ok(withinDecimals(rational(1n, 3n), of("0.333333"), exact));
  assert.ok(!withinDecimals(rational(1n, 3n), of("0.33333"), exact));
  assert.ok(!withinDecimals(of("0.0000672"), of("0.0000673"), exact));
  assert.ok(!withinDecimals(rational(1n), of("1.000001"), exact));
  assert.ok(!withinDecimals(of("0.1234567"), of("0.1234568"), written));
  assert.ok(withinDecimals(of("0.1234567"), of("0.12345668"), written));
  assert.ok(withinDecimals(of("0.7071067811865475"), of("0.7071067811865476"), written));
  assert.ok(!withinDecimals(of(`0.${"0".repeat(33)}66261`), of(`0.${"0".repeat(33)}66262`), written));
});
