/** Builds the staff pages' script and style into console/static/built, beside Swagger UI for the API pages.
 *  A further front end is a further entry of `input`; a library that is only served goes into `served`. */
import { cpSync, mkdirSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const out = "console/static/built";
const served = {
  "swagger-ui": ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-32x32.png"],
};

/** Swagger UI comes built: the files it needs are copied, so that /docs works offline. */
function serveSwagger(): Plugin {
  return {
    name: "serve-swagger-ui",
    closeBundle() {
      for (const [folder, files] of Object.entries(served)) {
        mkdirSync(`${out}/${folder}`, { recursive: true });
        for (const file of files) cpSync(`node_modules/swagger-ui-dist/${file}`, `${out}/${folder}/${file}`);
      }
    },
  };
}

export default defineConfig({
  publicDir: false,
  plugins: [serveSwagger()],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    rollupOptions: {
      checks: { eval: false }, // htmx: only for hx-on and js: values, which our pages do not use
      input: { console: "console/web/main.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
