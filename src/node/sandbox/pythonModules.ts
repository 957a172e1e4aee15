/** The Python files of media/sandbox, in the order in which they import each other. */
export const pythonModules = [
  "wire",
  "longestblock",
  "plusrules",
  "likenumpy",
  "candidate",
  "checker",
] as const;
