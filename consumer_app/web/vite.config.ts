/** Builds the consumer pages' style (WeUI and ours) and their one small script into consumer_app/static/built, served under
 *  /c/static/built. The pages work without the script, but for what only WeChat can do: scanning, paying. */
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    target: "es2018", // what old phones' WeChat runs
    rollupOptions: {
      input: { page: "src/page.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
