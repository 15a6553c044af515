/** Writing to a customer: canned answers behind a slash, 对方正在输入 on the customer's phone, an empty field once sent. */

const TYPING_EVERY = 10_000;

export function help(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-composer]");
  const field = form?.querySelector("textarea");
  const list = document.getElementById("canned");
  if (!form || !field || !list) return;
  field.focus();
  let told = 0;
  field.addEventListener("input", () => {
    offer(list, field.value);
    if (field.value && Date.now() - told > TYPING_EVERY) {
      told = Date.now();
      void tell(form.dataset.typing ?? "");
    }
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === "Tab") put(field, list, marked(list));
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(list, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape") list.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the cursor
    put(field, list, (event.target as Element).closest<HTMLElement>("[data-words]"));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful, elt } = (event as CustomEvent<{ successful: boolean; elt: Element }>).detail;
    if (successful && elt === form) form.reset();
  });
}

/** Nothing comes of it when it does not arrive. */
async function tell(url: string): Promise<void> {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  await fetch(url, { method: "POST", headers: { ...headers, "HX-Request": "true" } }).catch(() => undefined);
}

/** Those whose name begins with what stands after the slash, or has it somewhere. */
function offer(list: HTMLElement, typed: string): void {
  const name = /^\/(\S*)$/.exec(typed)?.[1];
  let first = true;
  for (const item of options(list)) {
    item.hidden = name === undefined || !item.dataset.name?.includes(name);
    item.ariaSelected = String(!item.hidden && first);
    if (!item.hidden) first = false;
  }
  list.hidden = first;
}

function options(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-words]")];
}

function marked(list: HTMLElement): HTMLElement | null {
  return list.querySelector<HTMLElement>('[aria-selected="true"]');
}

function mark(list: HTMLElement, by: number): void {
  const seen = options(list).filter((item) => !item.hidden);
  const at = seen.findIndex((item) => item.ariaSelected === "true");
  const next = seen[(at + by + seen.length) % seen.length];
  for (const item of seen) item.ariaSelected = String(item === next);
  next?.scrollIntoView({ block: "nearest" });
}

function put(field: HTMLTextAreaElement, list: HTMLElement, item: HTMLElement | null): void {
  if (item) field.value = item.dataset.words ?? "";
  list.hidden = true;
  field.focus();
}
