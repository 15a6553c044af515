/** What all pages do alike: say that something is under way, say in words why it failed, ask before what cannot be taken back. */
import { reportAnswers, templates } from "./calls";
import { Failed } from "./request";

interface Shown {
  setData(data: { busy?: boolean; trouble?: string }): void;
}

/** Does the work with the page marked busy. Undefined when it failed: the page shows why in `trouble`. */
export async function doing<T>(page: Shown, work: () => Promise<T>): Promise<T | undefined> {
  page.setData({ busy: true, trouble: "" });
  try {
    return await work();
  } catch (error) {
    page.setData({ trouble: error instanceof Failed ? error.message : "出错了，请稍后再试" });
    return undefined;
  } finally {
    page.setData({ busy: false });
  }
}

export async function sure(content: string, confirmText = "确定"): Promise<boolean> {
  return (await wx.showModal({ title: "请确认", content, confirmText })).confirm;
}

export function told(words: string): void {
  void wx.showToast({ title: words, icon: "none", duration: 2500 });
}

/** Asks which messages may be sent about what comes next: inside a tap only. Whatever is answered or fails, the work goes on. */
export async function askForMessages(moment: string): Promise<void> {
  try {
    const wanted = (await templates(moment)).templates.map((one) => one.id);
    if (!wanted.length) return;
    const { errMsg, ...answers } = await wx.requestSubscribeMessage({ tmplIds: wanted });
    await reportAnswers(answers as Record<string, string>);
  } catch {
    // No message then: what comes next is in the app, too.
  }
}

/** What a tap was on: `data-…` of the element. */
export function tapped(event: WechatMiniprogram.CustomEvent, name: string): string {
  return String((event.currentTarget.dataset as Record<string, unknown>)[name] ?? "");
}

export function typed(event: WechatMiniprogram.CustomEvent): string {
  return String((event.detail as { value?: unknown }).value ?? "");
}
