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

/** Registers the service worker. Resolves with whether one stands by; `updated` is called when a newer app waits. */
export async function standBy(updated: (use: () => void) => void): Promise<boolean> {
  const workers = globalThis.navigator?.serviceWorker;
  if (!workers || typeof indexedDB === "undefined") return false;
  try {
    const registration = await workers.register("/e/sw.js", { scope: "/e/", updateViaCache: "none" });
    const offer = (): void => {
      const waiting = registration.waiting;
      if (waiting && workers.controller) updated(() => waiting.postMessage("take over"));
    };
    offer();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", offer);
    });
    await workers.ready;
    return true;
  } catch {
    return false;
  }
}
