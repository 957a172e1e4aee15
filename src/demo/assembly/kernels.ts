// The arithmetic of a Llama transformer on rows of 32-bit floats, compiled to WebAssembly SIMD by AssemblyScript.
// Pointers are byte addresses in linear memory. Every sum runs in an order that depends on the shapes of the model alone:
// a row's result is the same to the bit whatever other rows are computed beside it.
export { attend } from "./attention";
export { matmul } from "./matmul";
export { gather, remember, rmsNorm, rotate, swiGlu } from "./rows";
