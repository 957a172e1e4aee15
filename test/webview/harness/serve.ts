// The panel by hand: node test/webview/harness/serve.ts [case], then open the address it prints.
import { cases } from "./cases.ts";
import { FakeHost } from "./fakeHost.ts";
import { reply } from "./panelPage.ts";
import { startHarness, themes, type ThemeName } from "./server.ts";

const name = process.argv[2] ?? "three";
const load = cases[name];
if (!load) throw new Error(`no case ${name}: expected one of ${Object.keys(cases).join(", ")}`);
const host = new FakeHost(await load());
const server = await startHarness({ answer: (message) => reply(host, message) });
for (const theme of Object.keys(themes) as ThemeName[]) console.log(server.url(theme));
