// `npm run package`: the VSIX as people install it.
import { statSync } from "node:fs";
import { packVsix } from "./packVsix.ts";

const path = await packVsix();
console.log(`${path} (${Math.ceil(statSync(path).size / 1000)} kB)`);
