// What is done to each row by itself, and to each head of a row.
import { exp4, madd, sumOf } from "./simd";

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
