// WeixinJSBridge as WeChat's browser puts it into every page. What the person sees or decides happens in a frame of the sandbox,
// whose page is webview.js; here is only the way there and back. A quiet call is a row of QUIET, one to look at a row of SHOWN.
(() => {
  const HOME = "__HOME__";
  const SHOWN = ["getBrandWCPayRequest", "scanQRCode", "geoLocation", "openLocation", "chooseImage", "imagePreview", "editAddress"];
  const QUIET = ["preVerifyJSAPI", "uploadImage", "downloadImage"];
  const NEED_NO_LIST = ["preVerifyJSAPI", "checkJsApi"];
  const AT_ONCE = /^(hide|show|menu:|shareTimeline|sendAppMessage|updateTimelineShareData|updateAppMessageShareData|closeWindow)/;
  const waiting = new Map();
  const pictures = new Map();
  let allowed = new Set();
  let count = 0;

  function frame(shown) {
    const made = document.createElement("iframe");
    made.src = `${HOME}/webview`;
    made.id = shown ? "weixin-sandbox" : `weixin-sandbox-${count}`;
    made.title = "微信";
    made.style.cssText = shown ? "position:fixed;inset:0;width:100%;height:100%;border:0;z-index:2147483647;background:transparent" : "display:none";
    document.body.append(made);
    return made;
  }

  function ask(name, params, shown) {
    const id = ++count;
    return new Promise((answered) => waiting.set(id, { frame: frame(shown), name, params, answered }));
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== new URL(HOME).origin || !event.data || event.data.of !== "weixin-sandbox") return;
    for (const [id, one] of waiting) {
      if (one.frame.contentWindow !== event.source) continue;
      if (event.data.ready) {
        one.frame.contentWindow.postMessage({ of: "weixin-sandbox", name: one.name, params: one.params, page: location.href.split("#")[0] }, HOME);
      } else {
        waiting.delete(id);
        one.frame.remove();
        one.answered(event.data.result);
      }
    }
  });

  function allow(names) {
    allowed = new Set(names);
  }

  async function answer(name, params) {
    if (name === "checkJsApi") return { err_msg: "checkJsApi:ok", checkResult: Object.fromEntries((params.jsApiList || []).map((one) => [one, SHOWN.includes(one) || QUIET.includes(one)])) };
    if (params.verifyAppId && !NEED_NO_LIST.includes(name) && !allowed.has(name)) return { err_msg: `${name}:permission denied` };
    if (name === "getNetworkType") return { err_msg: "network_type:wifi" };
    if (name === "getLocalImgData") return pictures.has(params.localId) ? { err_msg: "getLocalImgData:ok", localData: pictures.get(params.localId) } : { err_msg: "getLocalImgData:fail" };
    if (AT_ONCE.test(name)) return { err_msg: `${name}:ok` };
    if (!SHOWN.includes(name) && !QUIET.includes(name)) return { err_msg: `${name}:function not exist` };
    const given = name === "uploadImage" ? { ...params, data: pictures.get(params.localId) || "" } : params;
    const told = await ask(name, given, SHOWN.includes(name));
    if (name === "preVerifyJSAPI" && told.err_msg === "preVerifyJSAPI:ok") allow(params.verifyJsApiList || []);
    if (told.pictures) {
      told.localIds = told.pictures.map((data) => {
        const localId = `weixin://resourceid/${Math.random().toString(36).slice(2)}`;
        pictures.set(localId, data);
        return localId;
      });
      delete told.pictures;
    }
    return told;
  }

  window.WeixinJSBridge = {
    invoke(name, params, done) {
      answer(name, params || {}).then((told) => done && done(told));
    },
    on() {},
    call() {},
  };
  // Pages that asked before wait for this event, as in WeChat.
  const ready = () => document.dispatchEvent(new Event("WeixinJSBridgeReady"));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
