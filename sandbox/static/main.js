// Puts the page together: who is chosen, what is fetched after a change, what the phone's buttons do.
import { api, follow } from "./api.js";
import { Chat, clockWords } from "./chat.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Panel } from "./panel.js";
import { People } from "./people.js";
import { Sheets } from "./sheets.js";

const $ = (id) => document.getElementById(id);
const KEY = "weixiu-sandbox-person";
let state = null;
let chosen = new URLSearchParams(location.search).get("openid") || sessionStorage.getItem(KEY) || "";

const person = () => state?.people.find((one) => one.openid === chosen) || state?.people[0];
const account = () => state?.accounts.find((one) => one.app_id === person()?.app_id) || state?.accounts[0];

const isProgram = () => account()?.kind === "mini_program";

const sheets = new Sheets($("sheets"));
sheets.whose = () => person()?.openid || "";
const chat = new Chat($("chat"), { say, view: (source) => sheets.picture(source) });
const composer = new Composer($("composer"), sheets, say, () => chat.toEnd());
const people = new People($("people"), { choose, add: askName });
const panel = new Panel($("panel"), () => ({ person: person(), account: account() }));

// A page that is opened from the phone asks WeChat who it is: for a minute it is this person, and nobody is asked.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#phone a[target=_blank]");
  if (link && person()) document.cookie = `weixin_sandbox_person=${person().union_id}; path=/connect; max-age=60; samesite=lax`;
}, true);

async function say(kind, given) {
  try {
    await api.send(person().openid, kind, given);
  } catch (wrong) {
    $("chat").append(el("div", { class: "notice" }, wrong.message));
    chat.toEnd();
  }
}

function choose(openid) {
  chosen = openid;
  sessionStorage.setItem(KEY, openid);
  drawers("");
  refresh();
}

async function goTo(appId) {
  choose((await api.elsewhere(person().openid, appId)).openid);
}

// Above the phone: the accounts one person can talk to. In a mini-program the chat is opened by a button of a page.
function showAccounts() {
  const { accounts } = state;
  const here = account().app_id;
  const key = JSON.stringify([here, accounts.map((one) => [one.app_id, one.name])]);
  if ($("phone-accounts").dataset.key === key) return;
  $("phone-accounts").dataset.key = key;
  $("phone-accounts").hidden = accounts.length < 2;
  $("phone-accounts").replaceChildren(
    ...accounts.map((one) => el("button", { type: "button", "aria-pressed": String(one.app_id === here), "data-app": one.app_id, onclick: () => goTo(one.app_id) }, one.kind === "mini_program" ? `${one.name}（客服会话）` : one.name)),
  );
  $("phone-enter").hidden = !isProgram();
  const enter = (words, given) => el("button", { type: "button", onclick: () => say("enter", given) }, words);
  $("phone-enter").replaceChildren(enter("进入客服会话", {}), enter("从报修页进入", { session_from: "repair_request" }));
}

function askName() {
  drawers("");
  sheets.name(state.accounts, addPerson);
}

async function addPerson(name, appId) {
  if (!name) throw new Error("要有个名字");
  const added = await api.addPerson(name, appId);
  choose(added.openid);
}

const refresh = follow(async () => {
  state = await api.state();
  const one = person();
  if (one) {
    showAccounts();
    const screen = await api.screen(one.openid);
    if (person().openid === one.openid) showPhone(screen);
  }
  people.show(state, one?.openid);
  await panel.show(state, account(), one);
});

function showPhone({ person: one, bubbles, now }) {
  $("phone-title").textContent = one.following ? (one.typing ? "对方正在输入…" : account().name) : "";
  $("topbar-name").textContent = one.name;
  $("composer").hidden = !one.following;
  $("phone-more").hidden = !one.following;
  $("phone").classList.toggle("stranger", !one.following);
  composer.setAccount(account());
  if (one.following) chat.show(one, bubbles, now);
  else chat.showProfile(account(), one, () => say("follow"), () => sheets.scan(say, "", true));
}

async function showCode(kind) {
  const { code } = await api.code(person().openid, kind);
  $("chat").append(el("div", { class: "notice", "data-code": kind }, `${kind === "login" ? "wx.login" : "手机号按钮"} 的 code：${code}`));
  chat.toEnd();
}

function programActions(one, change) {
  return [
    ["取登录 code（wx.login）", () => showCode("login")],
    ["取手机号 code（getPhoneNumber）", () => showCode("phone")],
    ...everywhere(one, change),
  ];
}

// What one can do in both kinds of account.
function everywhere(one, change) {
  return [
    ["扫码付款", () => sheets.payByCode(one.openid)],
    ["允许订阅消息…", () => sheets.subscriptions(account().subscriptions, one.credits, (templates) => say("subscribe_popup", { templates }))],
    ["在设置里关掉订阅消息…", () => sheets.subscriptions(account().subscriptions, one.credits, (templates) => say("subscribe_change", { templates: templates.map((each) => ({ ...each, status: "reject" })) }))],
    [one.refuses_messages ? "重新接收消息" : "拒收消息（48002）", change({ refuses_messages: !one.refuses_messages })],
    ["撤回手机号授权", () => say("user_authorization_revoke", { revoke_info: "8" })],
    ["注销授权（要求删除资料）", () => say("user_authorization_cancellation")],
  ];
}

function more() {
  const one = person();
  const change = (changes) => () => api.changePerson(one.openid, changes);
  if (isProgram()) return sheets.actions(programActions(one, change));
  sheets.actions([
    ["进入会话上报地理位置", () => sheets.location((given) => say("report_location", { ...given, precision: "30.000000" }), "上报地理位置")],
    [one.blacklisted ? "移出黑名单" : "被公众号拉黑（43019）", change({ blacklisted: !one.blacklisted })],
    ...everywhere(one, change),
    ["改了资料", () => say("user_info_modified", { revoke_info: "6" })],
    ["发一种没人认识的消息", () => say("raw", { fields: { MsgType: "hologram" } })],
    ["取消关注", () => say("unfollow"), "danger"],
  ]);
}

// On a narrow page the columns are drawers.
function drawers(name) {
  for (const id of ["people", "panel"]) $(id).classList.toggle("open", id === name);
  $("shade").hidden = !name;
}

$("phone-back").append(icon("back", 26));
$("phone-more").append(icon("more", 26));
$("phone-signs").append("5G ", el("i", { class: "battery" }));
$("phone-more").addEventListener("click", more);
$("phone-back").addEventListener("click", () => drawers("people"));
$("open-people").addEventListener("click", () => drawers("people"));
$("open-panel").addEventListener("click", () => drawers("panel"));
$("shade").addEventListener("click", () => drawers(""));
$("chat").addEventListener("click", () => composer.fold());

const tick = () => ($("phone-time").textContent = clockWords(Date.now() / 1000 + (state?.offset || 0)));
setInterval(tick, 1000);
setInterval(() => state?.people.some((one) => one.typing) && refresh(), 2000); // typing ends by itself
tick();
