/** Signing in by phone and code, or by WeChat inside WeChat. It is shown over any screen; afterwards that screen is there again. */
import { useEffect, useState } from "preact/hooks";
import type { SignInOut } from "../api";
import { askCode, Failed, signIn, signInByWeChat } from "../calls";
import { say } from "../toast";
import { Button, Field, Notice } from "../ui";
import { store, useDraft } from "../use";

const PHONE = /^1[3-9]\d{9}$/;
const RETURN = "weixiu.return";
const TICKET = "#wechat=";
const ERROR = "#wechat_error=";

export const inWeChat = /MicroMessenger/i.test(navigator.userAgent);

/** What WeChat's authorization came back with, taken out of the address; then we are where we were. */
function comeBack(): { ticket: string; error: string } {
  const said = (start: string) => (location.hash.startsWith(start) ? decodeURIComponent(location.hash.slice(start.length)) : "");
  const found = { ticket: said(TICKET), error: said(ERROR) };
  if (found.ticket || found.error) {
    const before = sessionStorage.getItem(RETURN) ?? "#/";
    sessionStorage.removeItem(RETURN);
    history.replaceState(null, "", before);
    dispatchEvent(new HashChangeEvent("hashchange"));
  }
  return found;
}

function thisDevice(): string {
  const system = /iPhone|iPad/.test(navigator.userAgent) ? "iPhone" : /Android/.test(navigator.userAgent) ? "Android" : "电脑";
  return inWeChat ? `微信 · ${system}` : `${matchMedia("(display-mode: standalone)").matches ? "应用" : "浏览器"} · ${system}`;
}

export function SignIn() {
  const [phone, setPhone] = useDraft("signin.phone");
  const [code, setCode] = useState("");
  const [wait, setWait] = useState(0);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const [ticket, setTicket] = useState("");

  const attempt = async (what: () => Promise<SignInOut>) => {
    setBusy(true);
    setWrong("");
    try {
      await store.signedIn(await what());
    } catch (error) {
      setWrong(error instanceof Error ? error.message : "登录没有成功");
      setBusy(false);
      return error;
    }
    setBusy(false);
    return null;
  };

  useEffect(() => {
    const found = comeBack();
    setWrong(found.error);
    if (!found.ticket) return;
    setTicket(found.ticket);
    void attempt(() => signInByWeChat(found.ticket, thisDevice())).then((error) => {
      if (error instanceof Failed && error.code === "not_bound") setWrong("这个微信还没有绑定，用手机号登录一次就绑定好了");
    });
  }, []);

  useEffect(() => {
    if (!wait) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const ask = async () => {
    if (!PHONE.test(phone)) return setWrong("请填 11 位手机号");
    setWrong("");
    try {
      const answer = await askCode(phone);
      setWait(answer.again_seconds);
      say("验证码已发送");
    } catch (error) {
      setWrong(error instanceof Error ? error.message : "验证码没有发出去，请再试一次");
    }
  };
  const enter = () => {
    if (!PHONE.test(phone)) return setWrong("请填 11 位手机号");
    if (!/^\d{6}$/.test(code)) return setWrong("请填 6 位验证码");
    void attempt(() => signIn({ phone, code, device: thisDevice(), ...(ticket ? { ticket } : {}) }));
  };
  const unsent = store.status().unsent + store.status().unsentPhotos;
  return (
    <main class="sign-in">
      <div class="welcome">
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" />
        <p class="big">微修工程师</p>
      </div>
      {unsent > 0 && <Notice tone="warn">登录已过期。这台手机上还有 {unsent} 项没有上传，都还在；登录后接着上传。</Notice>}
      {ticket && <Notice>用手机号登录一次，这个微信就绑定给您，以后直接进入。</Notice>}
      <form
        class="group"
        onSubmit={(event) => {
          event.preventDefault();
          enter();
        }}
      >
        <div class="cells">
          <Field label="手机号" mode="tel" complete="tel" most={11} value={phone} onInput={setPhone} />
          <Field
            label="验证码"
            mode="numeric"
            complete="one-time-code"
            most={6}
            value={code}
            onInput={setCode}
            side={
              <Button small kind="plain" disabled={wait > 0} onClick={() => void ask()}>
                {wait ? `${wait} 秒` : "发验证码"}
              </Button>
            }
          />
        </div>
        <div class="stack">
          {wrong && (
            <p class="wrong" role="alert">
              {wrong}
            </p>
          )}
          <button class="button main" type="submit" disabled={busy}>
            {busy ? "正在登录…" : "登录"}
          </button>
          {inWeChat && (
            <Button
              kind="plain"
              onClick={() => {
                sessionStorage.setItem(RETURN, location.hash || "#/");
                location.href = "/e/wechat";
              }}
            >
              微信登录
            </Button>
          )}
        </div>
      </form>
      <p class="note">手机号由服务商登记。登录不了，请联系您的网点。</p>
    </main>
  );
}
