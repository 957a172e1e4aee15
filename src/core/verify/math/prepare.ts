import { contains, type Expression, negative, rebuild, relationOf } from "./expression.ts";
import { withMatricesWorkedOut } from "./matrix.ts";

const holdsSign = (node: Expression): boolean => contains(node, (part) => part.kind === "plusMinus");

/** An answer in the form it is compared in: plus-minus written out, what follows an arrow kept, matrices worked out. */
export function prepared(node: Expression): Expression {
  const signed = holdsSign(node) ? written(afterArrow(node)) : afterArrow(node);
  return contains(signed, (part) => part.kind === "matrix") ? rebuild(signed, withMatricesWorkedOut) : signed;
}

/** 3 \pm \sqrt{2} is two numbers; `x = \pm 3` says x is one of two. */
function written(node: Expression): Expression {
  if (node.kind === "list") return { ...node, items: node.items.flatMap((item) => spread(written(item))) };
  if (node.kind === "set") return { ...node, items: node.items.flatMap((item) => spread(written(item))) };
  if (!holdsSign(node)) return node;
  if (node.kind === "relation" && !node.sides.slice(0, -1).some(holdsSign)) {
    return { ...node, sides: [...node.sides.slice(0, -1), written(node.sides.at(-1)!)] };
  }
  return { kind: "list", joined: "or", items: [withSign(node, 1), withSign(node, -1)] };
}

const spread = (node: Expression): readonly Expression[] => (node.kind === "list" ? node.items : [node]);

const withSign = (node: Expression, sign: 1 | -1): Expression =>
  rebuild(node, (part) =>
    part.kind !== "plusMinus" ? part : part.sign * sign > 0 ? part.item : negative(part.item),
  );

/** `x + 2 = 5 \Rightarrow x = 3`: what was concluded. */
function afterArrow(node: Expression): Expression {
  if (node.kind !== "relation") return node;
  const at = node.operators.lastIndexOf("to");
  if (at < 0) return node;
  return relationOf(node.sides.slice(at + 1), node.operators.slice(at + 1));
}
