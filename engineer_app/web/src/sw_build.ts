/** Builds the service worker as sw.js beside the shell, with a list of all files of the shell and a version made of them.
 *  For Vite's configuration; nothing of it is on the phone. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SOURCE = new URL("./sw/sw.ts", import.meta.url).pathname;
const PLACE = /["'`]%SHELL%["'`]/;
/** Files that are of no use without network: WeChat's SDK wants a signature of the server's. */
const ONLINE = /weixin-js-sdk/;
/** Where the server has what does not lie under /e/static/. */
const ELSEWHERE: Record<string, string> = { "index.html": "/e/", "manifest.webmanifest": "/e/manifest.webmanifest" };

export function serviceWorker(): Plugin {
  let publicDir = "";
  return {
    name: "weixiu-service-worker",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      this.emitFile({ type: "chunk", id: SOURCE, fileName: "sw.js" });
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const whole = createHash("sha256");
        const files: string[] = [];
        const take = (name: string, content: string | Uint8Array): void => {
          if (name === "sw.js" || name.endsWith(".map") || ONLINE.test(name)) return;
          files.push(ELSEWHERE[name] ?? `/e/static/${name}`);
          whole.update(name).update(content);
        };
        for (const [name, file] of Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1))) {
          take(name, file.type === "chunk" ? file.code : file.source);
        }
        for (const name of inFolder(publicDir)) take(name, readFileSync(`${publicDir}/${name}`));
        const worker = bundle["sw.js"];
        if (worker?.type !== "chunk" || !PLACE.test(worker.code)) throw new Error("sw.ts has no place for the list of files");
        const list = JSON.stringify({ version: whole.digest("hex").slice(0, 12), files });
        worker.code = worker.code.replace(PLACE, () => JSON.stringify(list));
      },
    },
  };
}

function inFolder(folder: string): string[] {
  if (!folder) return [];
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return all.map((one) => `${one.parentPath}/${one.name}`.slice(folder.length + 1)).sort();
}
