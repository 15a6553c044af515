/** The service worker: the app opens without network. It keeps the shell of one version and nothing else: what the API says
 *  is personal and never lies in a cache. */
export {};
declare const self: ServiceWorkerGlobalScope;

/** Written in by sw_build.ts: the version, and every file of the shell. */
const SHELL = JSON.parse("%SHELL%") as { version: string; files: string[] };
const CACHES = "weixiu-shell-";
const CACHE = CACHES + SHELL.version;
const PAGE = "/e/";
/** Paths of the app that are the server's to answer. */
const NETWORK = ["/e/wechat", "/e/sw.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.files.map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The page says when: never while somebody types. */
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = request.method === "GET" && url.origin === self.location.origin && url.pathname.startsWith(PAGE);
  if (!ours || NETWORK.some((path) => url.pathname.startsWith(path))) return;
  event.respondWith(fromShell(request, request.mode === "navigate" ? PAGE : url.pathname));
});

async function fromShell(request: Request, path: string): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(path, { ignoreVary: true });
  return kept ?? fetch(request);
}
