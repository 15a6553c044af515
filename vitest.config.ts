/** Runs the tests of the engineer's phone: what decides and what keeps, without a browser. A test is a file `*.test.ts`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["engineer_app/web/tests/**/*.test.ts"],
    setupFiles: ["engineer_app/web/tests/setup.ts"],
    environment: "node",
    pool: "threads",
    isolate: true,
    reporters: ["dot"],
    testTimeout: 10_000,
  },
});
