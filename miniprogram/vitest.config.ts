/** Runs the mini-program's tests against a server that `tests/miniprogram/test_mini_program.py` starts; the pages are built first. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "../node_modules/.vite",
  test: {
    root: "miniprogram",
    include: ["tests/**/*.test.ts"],
    environment: "jsdom",
    fileParallelism: false,
    reporters: ["dot"],
    testTimeout: Number(process.env.WEIXIU_TEST_MS ?? 60_000),
  },
});
