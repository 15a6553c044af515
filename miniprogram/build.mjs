/** Compiles the mini-program into `miniprogram/built`, as WeChat's developer tools do: for the tests. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const built = join(root, "built");
const COPIED = new Set([".json", ".wxml", ".wxss", ".wxs"]);
const LEFT = new Set(["built", "tests", "tsconfig.json", "project.config.json"]);

rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
execFileSync(process.execPath, [join(root, "../node_modules/typescript/bin/tsc"), "-p", root], { stdio: "inherit" });
writeFileSync(join(built, "package.json"), '{ "type": "commonjs" }');
copy(root);

function copy(folder) {
  for (const one of readdirSync(folder, { withFileTypes: true })) {
    const from = join(folder, one.name);
    if (LEFT.has(relative(root, from))) continue;
    if (one.isDirectory()) copy(from);
    else if (COPIED.has(extname(one.name))) cpSync(from, join(built, relative(root, from)));
  }
}
