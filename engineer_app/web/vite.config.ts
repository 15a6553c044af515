/** Builds the engineer's app into engineer_app/static/built, served under /e/. What is only wanted now and then (the code
 *  reader, the signature pad) is imported when it is wanted and becomes a file of its own, outside the shell. */
import { execFileSync } from "node:child_process";
import { defineConfig } from "vite";
import { serviceWorker } from "./src/sw_build.ts";

/** Day and commit of what is built, shown under 我的: what somebody reads over the phone. */
function version(): string {
  try {
    return execFileSync("git", ["log", "-1", "--format=%cd-%h", "--date=format:%Y%m%d"], { encoding: "utf-8" }).trim();
  } catch {
    return "未知";
  }
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/e/static/",
  plugins: [serviceWorker()],
  define: { __VERSION__: JSON.stringify(version()) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    target: "es2020",
    assetsInlineLimit: 2048,
  },
});
