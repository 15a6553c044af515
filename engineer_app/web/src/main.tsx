/** Opens the app: first what is kept on the phone, then the screens; the network comes when it comes. */
import { render } from "preact";
import { App } from "./app";
import { store } from "./store";
import "./styles/app.css";

async function open(): Promise<void> {
  const root = document.getElementById("app") as HTMLElement;
  try {
    await store.open();
  } catch (error) {
    root.textContent = `这台手机的浏览器打不开本机存储（${error instanceof Error ? error.message : "未知原因"}）。请关掉无痕模式，或换一个浏览器。`;
    return;
  }
  root.textContent = "";
  render(<App />, root);
}

void open();
