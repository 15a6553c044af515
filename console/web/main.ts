/** What the staff pages do in the browser: htmx, and the few things it cannot: keys, dialogs, remembering a search. */
import htmx from "htmx.org";
import { openBoard } from "./board";
import { askOnPage } from "./board_ask";
import { openCalendar } from "./calendar";
import { help } from "./composer";
import { keepSelection, listenForKeys } from "./keys";
import { listenForNews } from "./live";
import { rememberSearches } from "./searches";
import "./style.css";
import "./network.css";
import "./service_levels.css";
import "./searches.css";
import "./feedback.css";
import "./payments.css";
import "./covers.css";

/** No form of htmx's is ever sent by the browser itself: one it has not taken hold of yet is handed to it before it is sent. */
function sendByHtmx(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (form.matches("[hx-post], [hx-get]")) htmx.process(form);
    },
    { capture: true },
  );
}

/** Buttons with data-opens show a dialog, data-closes closes the one they are in. */
function openDialogs(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-opens], [data-closes], [data-clears], [data-drops]");
    if (!button) return;
    if (button.dataset.opens) (document.getElementById(button.dataset.opens) as HTMLDialogElement | null)?.showModal();
    if (button.dataset.drops) button.closest(button.dataset.drops)?.remove();
    if (button.dataset.closes !== undefined) button.closest("dialog")?.close();
    if (button.dataset.clears !== undefined) clear(button.closest("form"));
  });
}

/** Empties a form's fields, but for hidden ones, and sends it. */
function clear(form: HTMLFormElement | null): void {
  if (!form) return;
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) {
    if (field instanceof HTMLInputElement && field.type === "hidden") continue;
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = false;
    else if (!(field instanceof HTMLSelectElement && field.name === "brand")) field.value = "";
  }
  form.requestSubmit();
}

/** A click anywhere on a row opens it, unless a link, a button or selected text was meant. */
function openRows(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>("[data-href]");
    if (!row?.dataset.href || target.closest("a, button, input, select, label") || getSelection()?.toString()) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
  });
}

/** What the server refused is shown on top, in its own words. */
function showRefusals(): void {
  document.body.addEventListener("htmx:responseError", (event) => {
    const answer = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    const plain = answer.getResponseHeader("Content-Type")?.startsWith("text/html") && answer.responseText.length < 400;
    say(plain ? answer.responseText.trim() : "出错了，请刷新页面后再试");
  });
  document.body.addEventListener("htmx:sendError", () => say("网络不通，请稍后再试"));
}

/** In the dialog that is open, else on top of the page: behind a dialog nobody sees it. */
function say(words: string): void {
  const decoded = new DOMParser().parseFromString(words, "text/html").body.textContent ?? "";
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = decoded;
  const dialog = document.querySelector("dialog[open]");
  dialog?.querySelector(":scope > .notice")?.remove();
  if (dialog) dialog.prepend(notice);
  else document.getElementById("notices")?.replaceChildren(notice);
}

/** A chat opens at its end, and stays there as lines come in. */
function showChatEnds(): void {
  const toEnd = (chat: Element): void => chat.scrollTo({ top: chat.scrollHeight });
  document.querySelectorAll(".chat").forEach(toEnd);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.target as Element;
    if (target.matches(".chat")) toEnd(target);
  });
}

sendByHtmx();
openDialogs();
openRows();
showRefusals();
showChatEnds();
listenForKeys();
keepSelection();
listenForNews();
help();
rememberSearches();
openCalendar();
openBoard();
askOnPage();
