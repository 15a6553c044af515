/** Where we are: the part of the address after #, so that one document serves all screens without network. */
import { useEffect, useState } from "preact/hooks";

export type Route = string[];

export function here(): Route {
  const path = location.hash.startsWith("#/") ? location.hash.slice(2) : "";
  return path.split("/").filter(Boolean).map(decodeURIComponent);
}

/** The address of a screen: `to("job", id, "checks")`. */
export function to(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function go(...parts: string[]): void {
  location.hash = to(...parts);
}

/** Goes there without leaving this screen in the way of the back key: after something was finished on it. */
export function swap(...parts: string[]): void {
  location.replace(to(...parts));
}

/** For what is saved first: goes on from the screen that is being drawn, unless somebody went elsewhere while it was saved. */
export function onward(by: typeof go = swap): typeof go {
  const from = location.hash;
  return (...parts) => {
    if (location.hash === from) by(...parts);
  };
}

/** A change between drawing and listening is not missed. */
export function useRoute(): Route {
  const [route, setRoute] = useState(here);
  useEffect(() => {
    const changed = () => {
      setRoute(here());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", changed);
    if (to(...here()) !== to(...route)) changed();
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}
