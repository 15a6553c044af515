/** The one script of the consumer's pages: scanning, paying, places, and that a form is sent once. */
import "weui/dist/style/weui.min.css";
import "./page.css";
import { resume, wirePay } from "./pay.ts";
import { wirePin } from "./pin.ts";
import { wireWay } from "./way.ts";
import { insideWeChat, scan } from "./wechat.ts";

function wireScan(button: HTMLButtonElement): void {
  const form = button.form;
  const field = form?.querySelector<HTMLInputElement>(`[name="${button.dataset.scan}"]`);
  if (!form || !field || !insideWeChat()) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    scan()
      .then((text) => {
        if (!text) return;
        field.value = text;
        form.requestSubmit();
      })
      .catch(() => field.focus());
  });
}

/** Twice tapped is once sent; the button says that something is going on. */
function wireOnce(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll<HTMLButtonElement>("button:not([type=button])")) {
      button.classList.add("weui-btn_loading");
    }
  });
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".weui-btn_loading")) button.classList.remove("weui-btn_loading");
  });
}

/** How many photos were chosen: the browser's own words are too small to read. */
function wireFiles(field: HTMLInputElement): void {
  const label = field.closest("label");
  const words = label?.querySelector<HTMLElement>("[data-files]");
  if (words) label?.classList.add("upload_told");
  field.addEventListener("change", () => {
    if (words) words.textContent = field.files?.length ? `已选 ${field.files.length} 张` : "";
  });
}

for (const one of document.querySelectorAll<HTMLButtonElement>("button[data-scan]")) wireScan(one);
for (const one of document.querySelectorAll<HTMLFormElement>("form[method=post]")) wireOnce(one);
for (const one of document.querySelectorAll<HTMLInputElement>("input[type=file]")) wireFiles(one);
for (const one of document.querySelectorAll<HTMLElement>("[data-refresh]")) wireWay(one);
for (const one of document.querySelectorAll<HTMLElement>("[data-pin]")) wirePin(one);
for (const one of document.querySelectorAll<HTMLElement>("[data-start]")) {
  wirePay(one);
  resume(one);
}
