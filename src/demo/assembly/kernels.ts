// The arithmetic of a Llama transformer on rows of 32-bit floats, compiled to WebAssembly SIMD by AssemblyScript.
// Pointers are byte addresses in linear memory. Every sum runs in an order that depends on the shapes of the model alone:
// a row's result is the same to the bit whatever other rows are computed beside it.

/** Floats of a panel: columns of a packed weight matrix that lie beside each other. */
const panel: i32 = 8;

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, sum: v128): v128 {
  return f32x4.relaxed_madd(a, b, sum);
}

/**
 * out[rows][outDim] (+)= x[rows][inDim] * W, with W packed as [outDim / 8][inDim][8]. outDim is a multiple of 8.
 * Strides are in bytes. `add` is 1 where the product is added to what stands in `out`.
 */
export function matmul(
  x: usize,
  xStride: usize,
  weights: usize,
  out: usize,
  outStride: usize,
  rows: i32,
  inDim: i32,
  outDim: i32,
  add: i32,
): void {
  const panelBytes = <usize>(inDim * panel * 4);
  const panels = outDim / panel;
  const tiled = rows & ~3;
  for (let p = 0; p < panels; p++) {
    const w = weights + <usize>p * panelBytes;
    const column = out + <usize>(p * panel * 4);
    for (let r = 0; r < tiled; r += 4)
      fourRows(x + <usize>r * xStride, xStride, w, column + <usize>r * outStride, outStride, inDim, add);
  }
  for (let r = tiled; r < rows; r++) {
    const xRow = x + <usize>r * xStride;
    const outRow = out + <usize>r * outStride;
    let p = 0;
    for (; p + 4 <= panels; p += 4)
      fourPanels(xRow, weights + <usize>p * panelBytes, panelBytes, outRow + <usize>(p * panel * 4), inDim, add);
    for (; p < panels; p++)
      onePanel(xRow, weights + <usize>p * panelBytes, outRow + <usize>(p * panel * 4), inDim, add);
  }
}

/** A tile of 4 rows and 8 columns: 8 sums in registers. */
// @ts-ignore: decorator
@inline
function fourRows(x: usize, xStride: usize, w: usize, out: usize, outStride: usize, inDim: i32, add: i32): void {
  let x0 = x;
  let x1 = x + xStride;
  let x2 = x1 + xStride;
  let x3 = x2 + xStride;
  const o1 = out + outStride;
  const o2 = o1 + outStride;
  const o3 = o2 + outStride;
  let a0 = f32x4.splat(0);
  let a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  if (add) {
    a0 = v128.load(out);
    a1 = v128.load(out, 16);
    b0 = v128.load(o1);
    b1 = v128.load(o1, 16);
    c0 = v128.load(o2);
    c1 = v128.load(o2, 16);
    d0 = v128.load(o3);
    d1 = v128.load(o3, 16);
  }
  const end = x0 + <usize>inDim * 4;
  while (x0 < end) {
    let w0 = v128.load(w);
    let w1 = v128.load(w, 16);
    let v = v128.load_splat<f32>(x0);
    a0 = madd(v, w0, a0);
    a1 = madd(v, w1, a1);
    v = v128.load_splat<f32>(x1);
    b0 = madd(v, w0, b0);
    b1 = madd(v, w1, b1);
    v = v128.load_splat<f32>(x2);
    c0 = madd(v, w0, c0);
    c1 = madd(v, w1, c1);
    v = v128.load_splat<f32>(x3);
    d0 = madd(v, w0, d0);
    d1 = madd(v, w1, d1);

    w0 = v128.load(w, 32);
    w1 = v128.load(w, 48);
    v = v128.load_splat<f32>(x0, 4);
    a0 = madd(v, w0, a0);
    a1 = madd(v, w1, a1);
    v = v128.load_splat<f32>(x1, 4);
    b0 = madd(v, w0, b0);
    b1 = madd(v, w1, b1);
    v = v128.load_splat<f32>(x2, 4);
    c0 = madd(v, w0, c0);
    c1 = madd(v, w1, c1);
    v = v128.load_splat<f32>(x3, 4);
    d0 = madd(v, w0, d0);
    d1 = madd(v, w1, d1);

    w += 64;
    x0 += 8;
    x1 += 8;
    x2 += 8;
    x3 += 8;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(o1, b0);
  v128.store(o1, b1, 16);
  v128.store(o2, c0);
  v128.store(o2, c1, 16);
  v128.store(o3, d0);
  v128.store(o3, d1, 16);
}

/** One row and 32 columns: for rows that are left over, and for a batch of one. */
// @ts-ignore: decorator
@inline
function fourPanels(x: usize, w: usize, panelBytes: usize, out: usize, inDim: i32, add: i32): void {
  let w0 = w;
  let w1 = w0 + panelBytes;
  let w2 = w1 + panelBytes;
  let w3 = w2 + panelBytes;
  let a0 = f32x4.splat(0);
  let a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  if (add) {
    a0 = v128.load(out);
    a1 = v128.load(out, 16);
    b0 = v128.load(out, 32);
    b1 = v128.load(out, 48);
    c0 = v128.load(out, 64);
    c1 = v128.load(out, 80);
    d0 = v128.load(out, 96);
    d1 = v128.load(out, 112);
  }
  const end = x + <usize>inDim * 4;
  while (x < end) {
    const v = v128.load_splat<f32>(x);
    a0 = madd(v, v128.load(w0), a0);
    a1 = madd(v, v128.load(w0, 16), a1);
    b0 = madd(v, v128.load(w1), b0);
    b1 = madd(v, v128.load(w1, 16), b1);
    c0 = madd(v, v128.load(w2), c0);
    c1 = madd(v, v128.load(w2, 16), c1);
    d0 = madd(v, v128.load(w3), d0);
    d1 = madd(v, v128.load(w3, 16), d1);
    x += 4;
    w0 += 32;
    w1 += 32;
    w2 += 32;
    w3 += 32;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
}

// @ts-ignore: decorator
@inline
function onePanel(x: usize, w: usize, out: usize, inDim: i32, add: i32): void {
  let a0 = add ? v128.load(out) : f32x4.splat(0);
  let a1 = add ? v128.load(out, 16) : f32x4.splat(0);
  const end = x + <usize>inDim * 4;
  while (x < end) {
    const v = v128.load_splat<f32>(x);
    a0 = madd(v, v128.load(w), a0);
    a1 = madd(v, v128.load(w, 16), a1);
    x += 4;
    w += 32;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** e^x to about one unit in the last place (Cephes `expf`); anything below -87 gives about 1e-38. */
// @ts-ignore: decorator
@inline
function exp4(value: v128): v128 {
  const x = f32x4.pmin(f32x4.splat(88), f32x4.pmax(f32x4.splat(-87), value));
  // 1.5 * 2^23 rounds to a whole number, which then stands in the low bits.
  const shifter = f32x4.splat(12582912);
  const shifted = madd(x, f32x4.splat(1.44269504088896341), shifter);
  const n = f32x4.sub(shifted, shifter);
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let y = f32x4.splat(1.9875691500e-4);
  y = madd(y, r, f32x4.splat(1.3981999507e-3));
  y = madd(y, r, f32x4.splat(8.3334519073e-3));
  y = madd(y, r, f32x4.splat(4.1665795894e-2));
  y = madd(y, r, f32x4.splat(1.6666665459e-1));
  y = madd(y, r, f32x4.splat(5.0000001201e-1));
  y = f32x4.add(madd(f32x4.mul(r, r), y, r), f32x4.splat(1));
  return f32x4.mul(y, i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000)));
}

/** out[row] = table[ids[row]]: token embeddings, and the rows that go through the head. Ids are 32-bit, tables dense. */
export function gather(ids: usize, table: usize, out: usize, rows: i32, dim: i32): void {
  const bytes = <usize>dim * 4;
  for (let r = 0; r < rows; r++)
    memory.copy(out + <usize>r * bytes, table + <usize>load<i32>(ids + <usize>r * 4) * bytes, bytes);
}

/** out = x / rms(x) * weight with rms = sqrt(mean(x^2) + epsilon) (Zhang and Sennrich 2019). */
export function rmsNorm(x: usize, weight: usize, out: usize, rows: i32, dim: i32, epsilon: f32): void {
  const bytes = <usize>dim * 4;
  for (let r = 0; r < rows; r++) {
    const row = x + <usize>r * bytes;
    const to = out + <usize>r * bytes;
    let squares = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = v128.load(row + at);
      squares = madd(v, v, squares);
    }
    const scale = f32x4.splat(<f32>1 / Mathf.sqrt(sumOf(squares) / <f32>dim + epsilon));
    for (let at: usize = 0; at < bytes; at += 16)
      v128.store(to + at, f32x4.mul(f32x4.mul(v128.load(row + at), scale), v128.load(weight + at)));
  }
}

/** out[row][i] = silu(gate) * up, where a row of `x` is [gate | up], each `dim` long (Shazeer 2020). */
export function swiGlu(x: usize, out: usize, rows: i32, dim: i32): void {
  const bytes = <usize>dim * 4;
  const one = f32x4.splat(1);
  for (let r = 0; r < rows; r++) {
    const gate = x + <usize>r * bytes * 2;
    const up = gate + bytes;
    const to = out + <usize>r * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      const g = v128.load(gate + at);
      const silu = f32x4.div(g, f32x4.add(one, exp4(f32x4.neg(g))));
      v128.store(to + at, f32x4.mul(silu, v128.load(up + at)));
    }
  }
}

/**
 * Rotary positions in place on `heads` heads of each row, halves rotated against each other (Su et al. 2021, in the form
 * of GPT-NeoX and of Llama on Hugging Face). cos and sin: [position][headDim / 2]; positions are 32-bit.
 */
export function rotate(
  x: usize,
  stride: usize,
  rows: i32,
  positions: usize,
  cos: usize,
  sin: usize,
  heads: i32,
  headDim: i32,
): void {
  const half = <usize>headDim * 2;
  for (let r = 0; r < rows; r++) {
    const angle = <usize>load<i32>(positions + <usize>r * 4) * half;
    let head = x + <usize>r * stride;
    for (let h = 0; h < heads; h++) {
      for (let at: usize = 0; at < half; at += 16) {
        const c = v128.load(cos + angle + at);
        const s = v128.load(sin + angle + at);
        const first = v128.load(head + at);
        const second = v128.load(head + half + at);
        v128.store(head + at, f32x4.sub(f32x4.mul(first, c), f32x4.mul(second, s)));
        v128.store(head + half + at, f32x4.add(f32x4.mul(second, c), f32x4.mul(first, s)));
      }
      head += half * 2;
    }
  }
}

/**
 * Writes each row's key and value heads, which stand beside each other, into its sequence's cache: per head the keys
 * [position][headDim], then the values, each taking `sideBytes`. `caches` holds the address of each row's cache; `layer` is added.
 */
export function remember(
  pairs: usize,
  stride: usize,
  rows: i32,
  positions: usize,
  caches: usize,
  layer: usize,
  sideBytes: usize,
  kvHeads: i32,
  headDim: i32,
): void {
  const headBytes = <usize>headDim * 4;
  const values = <usize>kvHeads * headBytes;
  for (let r = 0; r < rows; r++) {
    const at = <usize>r * 4;
    let from = pairs + <usize>r * stride;
    let to = load<usize>(caches + at) + layer + <usize>load<i32>(positions + at) * headBytes;
    for (let h = 0; h < kvHeads; h++) {
      for (let d: usize = 0; d < headBytes; d += 16) {
        v128.store(to + d, v128.load(from + d));
        v128.store(to + sideBytes + d, v128.load(from + values + d));
      }
      from += headBytes;
      to += sideBytes * 2;
    }
  }
}

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

/** The sums of four vectors as one. */
// @ts-ignore: decorator
@inline
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
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
