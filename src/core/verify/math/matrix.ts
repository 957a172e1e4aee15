import type { Context } from "./context.ts";
import { type Expression, type Of, product, sum, whole } from "./expression.ts";
import { Undecided } from "./limits.ts";

/** Matrices of the same shape with equal entries, whatever their brackets; determinants by their value. */
export function sameMatrix(gold: Expression, answer: Expression, context: Context): string | null {
  if (gold.kind === "matrix" && gold.determinant) return context.same(determinant(gold.rows), answer);
  if (answer.kind === "matrix" && answer.determinant) return context.same(gold, determinant(answer.rows));
  if (gold.kind !== "matrix" || answer.kind !== "matrix") return sameVector(gold, answer, context);
  const same =
    gold.rows.length === answer.rows.length &&
    gold.rows.every(
      (row, r) =>
        row.length === answer.rows[r]!.length &&
        row.every((cell, c) => context.same(cell, answer.rows[r]![c]!) !== null),
    );
  return same ? "matrix" : null;
}

/** A column vector against a tuple: only where the person chose to be lenient. */
function sameVector(gold: Expression, answer: Expression, context: Context): string | null {
  if (context.options.mode !== "lenient") return null;
  const [matrix, other] = gold.kind === "matrix" ? [gold, answer] : [answer as Of<"matrix">, gold];
  const flat = matrix.rows.length === 1 || matrix.rows[0]!.length === 1 ? matrix.rows.flat() : null;
  if (flat === null || other.kind !== "tuple" || other.items.length !== flat.length) return null;
  return flat.every((cell, k) => context.same(cell, other.items[k]!) !== null) ? "matrix" : null;
}

type Rows = readonly (readonly Expression[])[];

/** By cofactors, up to 4 x 4. */
function determinant(rows: Rows): Expression {
  if (rows.length !== rows[0]!.length || rows.length > 4) throw new Undecided("determinant too large");
  if (rows.length === 1) return rows[0]![0]!;
  return sum(
    ...rows[0]!.map((cell, c) => {
      const minor = rows.slice(1).map((row) => row.filter((_, k) => k !== c));
      return product(whole(c % 2 === 0 ? 1 : -1), cell, determinant(minor));
    }),
  );
}

/** Sums, products and whole powers with matrices in them, worked out; any other node as it is. */
export function withMatricesWorkedOut(node: Expression): Expression {
  if (node.kind === "sum" && node.items.every((item) => item.kind === "matrix"))
    return node.items.slice(1).reduce<Expression>((a, b) => added(a, b), node.items[0]!);
  if (node.kind === "product" && node.items.some((item) => item.kind === "matrix"))
    return node.items.reduce(multiplied);
  if (node.kind === "power" && isTransposed(node.exponent) && plain(node.base)) {
    const { rows } = node.base;
    return { ...node.base, rows: rows[0]!.map((_, c) => rows.map((row) => row[c]!)) };
  }
  if (node.kind === "power" && node.base.kind === "matrix" && node.exponent.kind === "number")
    return raised(node.base, Number(node.exponent.value.n), node);
  return node;
}

const isTransposed = (exponent: Expression): boolean =>
  exponent.kind === "symbol" && (exponent.name === "T" || exponent.name === "top");

const plain = (node: Expression): node is Of<"matrix"> => node.kind === "matrix" && !node.determinant;

function added(a: Expression, b: Expression): Expression {
  if (!plain(a) || !plain(b) || a.rows.length !== b.rows.length)
    throw new Undecided("matrices of different shape");
  return { ...a, rows: a.rows.map((row, r) => row.map((cell, c) => sum(cell, b.rows[r]![c] ?? whole(0)))) };
}

function multiplied(a: Expression, b: Expression): Expression {
  if (!plain(a) || !plain(b)) {
    const [matrix, scalar] = plain(a) ? [a, b] : [b, a];
    return plain(matrix)
      ? { ...matrix, rows: matrix.rows.map((row) => row.map((cell) => product(scalar, cell))) }
      : product(a, b);
  }
  if (a.rows[0]!.length !== b.rows.length || a.rows.length * b.rows[0]!.length * b.rows.length > 1000)
    throw new Undecided("matrices of different shape");
  return {
    ...a,
    rows: a.rows.map((row) =>
      b.rows[0]!.map((_, c) => sum(...row.map((cell, k) => product(cell, b.rows[k]![c]!)))),
    ),
  };
}

function raised(base: Of<"matrix">, exponent: number, node: Expression): Expression {
  if (!plain(base) || exponent < 1 || exponent > 6) return node;
  return Array.from({ length: exponent }, (): Expression => base).reduce(multiplied);
}
