/** Whether work survives closing the page without network: with a service worker and IndexedDB it does. WeChat's browser may
 *  lack the first: there the page must stay open, and the app says so. */

/** Asks the browser not to throw our database away when the phone gets full. */
export async function askToStay(): Promise<boolean> {
  const storage = globalThis.navigator?.storage;
  if (!storage?.persist) return false;
  try {
    return (await storage.persisted()) || (await storage.persist());
  } catch {
    return false;
  }
}

/** Registers the service worker. Resolves with whether one stands by. A newer app takes over while nobody looks at this one:
 *  `before` keeps what is being typed, then the page opens anew. */
export async function standBy(before: () => Promise<void>): Promise<boolean> {
  const workers = globalThis.navigator?.serviceWorker;
  if (!workers || typeof indexedDB === "undefined") return false;
  try {
    const registration = await workers.register("/e/sw.js", { scope: "/e/", updateViaCache: "none" });
    const hadOne = Boolean(workers.controller);
    const whenHidden = (): void => {
      if (document.visibilityState === "hidden") registration.waiting?.postMessage("take over");
    };
    document.addEventListener("visibilitychange", whenHidden);
    workers.addEventListener("controllerchange", () => {
      if (hadOne) void before().then(() => location.reload());
    });
    await workers.ready;
    return true;
  } catch {
    return false;
  }
}
