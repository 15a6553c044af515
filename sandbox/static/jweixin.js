// A stand-in for https://res.wx.qq.com/open/js/jweixin-1.6.0.js that works in any browser: window.wx over WeixinJSBridge, which
// is served above it. A new call is a row of CALLS: the bridge's name, what goes there, what is done with what comes back.
(() => {
  const text = (value) => `${value}`;
  const same = (...names) => (given) => Object.fromEntries(names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
  const nothing = () => ({});
  const CALLS = {
    chooseWXPay: ["getBrandWCPayRequest", (given) => ({ timeStamp: text(given.timestamp ?? given.timeStamp), nonceStr: given.nonceStr, package: given.package, signType: given.signType || "SHA1", paySign: given.paySign })],
    scanQRCode: ["scanQRCode", (given) => ({ needResult: given.needResult || 0, scanType: given.scanType || ["qrCode", "barCode"] })],
    getLocation: ["geoLocation", (given) => ({ type: given.type || "wgs84" })],
    openLocation: ["openLocation", same("latitude", "longitude", "name", "address", "scale", "infoUrl")],
    chooseImage: ["chooseImage", (given) => ({ count: given.count || 9, sourceType: given.sourceType || ["album", "camera"] })],
    uploadImage: ["uploadImage", same("localId")],
    getLocalImgData: ["getLocalImgData", same("localId")],
    previewImage: ["imagePreview", same("current", "urls")],
    openAddress: ["editAddress", nothing],
    getNetworkType: ["getNetworkType", nothing],
    checkJsApi: ["checkJsApi", same("jsApiList")],
    closeWindow: ["closeWindow", nothing],
    hideOptionMenu: ["hideOptionMenu", nothing],
    showOptionMenu: ["showOptionMenu", nothing],
    hideMenuItems: ["hideMenuItems", same("menuList")],
    updateAppMessageShareData: ["updateAppMessageShareData", nothing],
    updateTimelineShareData: ["updateTimelineShareData", nothing],
  };
  const bridged = (name) => (CALLS[name] ? CALLS[name][0] : name);
  let how = null;
  let state = null; // what came of wx.config
  let readies = [];
  let refused = null;

  function signed(params) {
    return how ? { ...params, appId: params.appId || how.appId, verifyAppId: how.appId, verifySignType: "sha1", verifyTimestamp: text(how.timestamp), verifyNonceStr: how.nonceStr, verifySignature: how.signature } : params;
  }

  function invoke(name, params, given, shown) {
    WeixinJSBridge.invoke(name, signed(params), (told) => {
      const words = told.err_msg.slice(told.err_msg.indexOf(":") + 1);
      const { err_msg: _, ...rest } = told;
      const result = { ...rest, errMsg: `${shown}:${words}` };
      if (words === "ok" || shown === "getNetworkType") given.success?.(result);
      else if (words === "cancel") given.cancel?.(result);
      else given.fail?.(result);
      given.complete?.(result);
    });
  }

  const wx = {
    config(given) {
      how = given;
      const then = {
        success: () => readies.splice(0).forEach((done) => done()),
        fail: (no) => refused?.(no),
        complete: (told) => (state = told),
      };
      invoke("preVerifyJSAPI", { verifyJsApiList: (given.jsApiList || []).map(bridged) }, then, "config");
    },
    ready: (done) => (state ? done() : readies.push(done)),
    error: (done) => (state && state.errMsg !== "config:ok" ? done(state) : (refused = done)),
    miniProgram: { getEnv: (done) => done({ miniprogram: false }) },
  };
  for (const [name, [there, made]] of Object.entries(CALLS)) wx[name] = (given = {}) => invoke(there, made(given), given, name);
  window.wx = window.jWeixin = wx;
})();
