import { madd } from "./simd";

/** Floats of a panel: columns of a packed weight matrix that lie beside each other. */
const panel: i32 = 8;

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
