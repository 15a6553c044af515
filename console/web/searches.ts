/** Keeps a search in the history entry, so that Back shows it again. Never in the address: it may be a phone number. */

type Kept = { fields?: [string, string][] };

export function rememberSearches(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-remembers]");
  if (!form) return;
  form.addEventListener("htmx:afterRequest", () => {
    const fields = [...new FormData(form)]
      .filter(([name]) => name !== "csrf_token")
      .map(([name, value]): [string, string] => [name, String(value)]);
    history.replaceState({ fields } satisfies Kept, "");
  });
  // After htmx, which takes hold of forms when the page is parsed: earlier, the form would be sent without it.
  document.addEventListener("DOMContentLoaded", () => restore(form, (history.state as Kept | null)?.fields ?? []));
}

function restore(form: HTMLFormElement, fields: [string, string][]): void {
  if (!fields.some(([, value]) => value)) return;
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
    else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }
  form.requestSubmit();
}
