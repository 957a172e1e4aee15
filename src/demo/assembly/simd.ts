// What the kernels share: four floats at a time.

// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, sum: v128): v128 {
  return f32x4.relaxed_madd(a, b, sum);
}

// @ts-ignore: decorator
@inline
export function sumOf(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** e^x to about one unit in the last place (Cephes `expf`); anything below -87 gives about 1e-38. */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
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

/** The sums of four vectors as one. */
// @ts-ignore: decorator
@inline
export function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}
