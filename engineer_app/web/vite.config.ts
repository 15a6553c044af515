/** Builds the engineer's app into engineer_app/static/built, served under /e/. What is only wanted now and then (the code
 *  reader, the signature pad) is imported when it is wanted and becomes a file of its own, outside the shell. */
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/e/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    target: "es2020",
    assetsInlineLimit: 2048,
    manifest: "files.json",
  },
});
