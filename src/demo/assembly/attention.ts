import { exp4, madd, sumOf, sumsOf } from "./simd";

/**
 * Causal attention of each row over positions 0..its own of its sequence (Vaswani et al. 2017), several query heads to a
 * key head where there are fewer of those (Ainslie et al. 2023). The first `shared` positions of a row stand in a cache that
 * many sequences share, the others in its own. `scores` is scratch of one float a position, rounded up to 4.
 */
export function attend(
  queries: usize,
  stride: usize,
  out: usize,
  rows: i32,
  positions: usize,
  caches: usize,
  sharedCaches: usize,
  shared: usize,
  layer: usize,
  sideBytes: usize,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  scores: usize,
): void {
  const headBytes = <usize>headDim * 4;
  const group = heads / kvHeads;
  const scale: f32 = <f32>1 / Mathf.sqrt(<f32>headDim);
  for (let r = 0; r < rows; r++) {
    const at = <usize>r * 4;
    const length = load<i32>(positions + at) + 1;
    const first = load<i32>(shared + at);
    const own = load<usize>(caches + at) + layer;
    const before = load<usize>(sharedCaches + at) + layer;
    for (let h = 0; h < heads; h++) {
      const query = queries + <usize>r * stride + <usize>h * headBytes;
      const head = <usize>(h / group) * sideBytes * 2;
      const total = softmaxScores(query, before + head, own + head, first, length, headDim, scale, scores);
      const to = out + (<usize>r * <usize>heads + <usize>h) * headBytes;
      const values = head + sideBytes;
      weigh(before + values, own + values, first, length, headDim, scores, <f32>1 / total, to);
    }
  }
}

/** Fills `scores` with e^(score - max) and returns their sum. Reads up to 3 positions past `length`, which do not count. */
// @ts-ignore: decorator
@inline
function softmaxScores(
  query: usize,
  before: usize,
  own: usize,
  shared: i32,
  length: i32,
  headDim: i32,
  scale: f32,
  scores: usize,
): f32 {
  const blocks = (length + 3) >> 2;
  const low = f32x4.splat(-Infinity);
  const queryEnd = query + <usize>headDim * 4;
  const headBytes = <usize>headDim * 4;
  let most = low;
  let offset: usize = 0;
  for (let b = 0; b < blocks; b++) {
    const t = b * 4;
    const k0 = offset + (t < shared ? before : own);
    const k1 = offset + (t + 1 < shared ? before : own) + headBytes;
    const k2 = offset + (t + 2 < shared ? before : own) + headBytes * 2;
    const k3 = offset + (t + 3 < shared ? before : own) + headBytes * 3;
    let s0 = f32x4.splat(0);
    let s1 = s0, s2 = s0, s3 = s0;
    let at: usize = 0;
    for (let q = query; q < queryEnd; q += 16) {
      const v = v128.load(q);
      s0 = madd(v, v128.load(k0 + at), s0);
      s1 = madd(v, v128.load(k1 + at), s1);
      s2 = madd(v, v128.load(k2 + at), s2);
      s3 = madd(v, v128.load(k3 + at), s3);
      at += 16;
    }
    let s = f32x4.mul(sumsOf(s0, s1, s2, s3), f32x4.splat(scale));
    const there = i32x4.lt_s(i32x4.add(i32x4.splat(t), i32x4(0, 1, 2, 3)), i32x4.splat(length));
    s = v128.bitselect(s, low, there);
    most = f32x4.pmax(most, s);
    v128.store(scores + <usize>b * 16, s);
    offset += headBytes * 4;
  }
  const top = f32x4.splat(
    max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    ),
  );
  let sum = f32x4.splat(0);
  for (let b = 0; b < blocks; b++) {
    const at = scores + <usize>b * 16;
    const e = exp4(f32x4.sub(v128.load(at), top));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  return sumOf(sum);
}

/** out[headDim] = sum over positions of score * value, times `factor`. */
// @ts-ignore: decorator
@inline
function weigh(
  before: usize,
  own: usize,
  shared: i32,
  length: i32,
  headDim: i32,
  scores: usize,
  factor: f32,
  out: usize,
): void {
  const f = f32x4.splat(factor);
  const headBytes = <usize>headDim * 4;
  const turn = min(shared, length);
  let d = 0;
  for (; d + 32 <= headDim; d += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    let at = scores;
    let end = scores + <usize>turn * 4;
    let value = before + <usize>d * 4;
    for (let side = 0; side < 2; side++) {
      for (; at < end; at += 4) {
        const p = v128.load_splat<f32>(at);
        a0 = madd(p, v128.load(value), a0);
        a1 = madd(p, v128.load(value, 16), a1);
        a2 = madd(p, v128.load(value, 32), a2);
        a3 = madd(p, v128.load(value, 48), a3);
        a4 = madd(p, v128.load(value, 64), a4);
        a5 = madd(p, v128.load(value, 80), a5);
        a6 = madd(p, v128.load(value, 96), a6);
        a7 = madd(p, v128.load(value, 112), a7);
        value += headBytes;
      }
      end = scores + <usize>length * 4;
      value = own + <usize>turn * headBytes + <usize>d * 4;
    }
    const to = out + <usize>d * 4;
    v128.store(to, f32x4.mul(a0, f));
    v128.store(to, f32x4.mul(a1, f), 16);
    v128.store(to, f32x4.mul(a2, f), 32);
    v128.store(to, f32x4.mul(a3, f), 48);
    v128.store(to, f32x4.mul(a4, f), 64);
    v128.store(to, f32x4.mul(a5, f), 80);
    v128.store(to, f32x4.mul(a6, f), 96);
    v128.store(to, f32x4.mul(a7, f), 112);
  }
  for (; d < headDim; d += 4) {
    let a = f32x4.splat(0);
    for (let t = 0; t < length; t++) {
      const value = (t < turn ? before : own) + <usize>t * headBytes + <usize>d * 4;
      a = madd(v128.load_splat<f32>(scores + <usize>t * 4), v128.load(value), a);
    }
    v128.store(out + <usize>d * 4, f32x4.mul(a, f));
  }
}
