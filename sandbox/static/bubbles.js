// Draws one thing on the screen. A new kind is a function in KINDS: (content, tools) → element.
// tools: { say(kind, given), view(picture) } for what can be tapped.
import { accountAvatar, avatar, el, icon } from "./dom.js";

const LINK = /<a\s([^>]*)>([\s\S]*?)<\/a>|https?:\/\/[\w\-.~:/?#@!$&*+,;=%[\]()]+/gi;

function attribute(attributes, name) {
  const found = attributes.match(new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i"));
  return found ? (found[1] ?? found[2]) : "";
}

function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

function link(href, words) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);
}

function anchor(attributes, words, tools) {
  const href = attribute(attributes, "href").replaceAll("&amp;", "&");
  if (href.startsWith("weixin://bizmsgmenu?")) {
    const asked = new URLSearchParams(href.split("?")[1]);
    const given = { content: asked.get("msgmenucontent") || words, bizmsgmenuid: asked.get("msgmenuid") || "" };
    return el("button", { type: "button", class: "inline-link", onclick: () => tools.say("text", given) }, words);
  }
  if (attribute(attributes, "data-miniprogram-appid")) {
    const path = attribute(attributes, "data-miniprogram-path");
    return el("span", { class: "inline-link", title: `小程序 ${path}` }, icon("program", 15), words);
  }
  const safe = webAddress(href);
  return safe ? link(safe, words) : words;
}

// Text with <a> and bare addresses as WeChat shows them; any other markup stays visible as text.
export function richText(text, tools) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    parts.push(match[1] === undefined ? link(match[0], match[0]) : anchor(match[1], match[2], tools));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

const box = (kind, ...children) => el("div", { class: `bubble ${kind}` }, ...children);
const pictureOf = (mediaId) => `/mmbiz_pic/${mediaId}/0`;

function picture(content, tools) {
  const source = pictureOf(content.media_id);
  const image = el("img", { src: source, alt: "图片", onclick: () => tools.view(source) });
  return el("div", { class: "bubble image" }, image);
}

function voice(content) {
  const seconds = Math.max(1, Number(content.seconds) || Math.ceil((content.recognition || "　　").length / 4));
  const bar = box("voice", icon("voice", 20), el("span", {}, `${seconds}″`));
  bar.style.width = `${Math.min(220, 76 + seconds * 6)}px`;
  const heard = content.recognition === undefined || content.recognition === null ? null : content.recognition;
  return heard === null ? bar : el("div", { class: "stack" }, bar, el("div", { class: "heard" }, heard || "（没听清）"));
}

function video(content) {
  const title = content.title ? el("span", { class: "caption" }, content.title) : null;
  return el("div", { class: "bubble video" }, el("span", { class: "play" }, icon("clip", 30)), title);
}

function place(content) {
  return el(
    "div",
    { class: "bubble card place" },
    el("strong", {}, content.label || "位置"),
    el("small", {}, `${content.latitude}, ${content.longitude}`),
    el("div", { class: "map" }, icon("pin", 30)),
  );
}

function linkCard(content) {
  const href = webAddress(String(content.url || content.musicurl || ""));
  const inside = [
    el("strong", {}, content.title || "链接"),
    el("div", { class: "row" }, el("small", {}, content.description || content.url || ""), el("span", { class: "thumb" }, icon("link", 22))),
  ];
  return href ? el("a", { class: "bubble card", href, target: "_blank", rel: "noopener noreferrer" }, inside) : el("div", { class: "bubble card" }, inside);
}

function miniProgram(content) {
  const source = content.thumb_media_id || content.media_id;
  return el(
    "div",
    { class: "bubble card program" },
    el("small", { class: "from" }, icon("program", 16), "小程序"),
    el("strong", {}, content.title),
    source ? el("img", { src: pictureOf(source), alt: "" }) : el("div", { class: "blank" }),
    el("small", { class: "foot" }, content.pagepath || content.path || ""),
  );
}

function article(one, first) {
  const href = webAddress(one.url);
  const image = webAddress(one.picurl);
  const art = image ? el("img", { src: image, alt: "" }) : first ? el("div", { class: "blank" }, icon("photo", 34)) : el("span", { class: "blank" });
  const words = el("div", { class: "words" }, el("strong", {}, one.title), one.description ? el("small", {}, one.description) : null);
  const props = { class: first ? "article first" : "article", ...(href ? { href, target: "_blank", rel: "noopener noreferrer" } : {}) };
  return el(href ? "a" : "div", props, art, words);
}

function menu(content, tools) {
  const lines = content.list.map((line) =>
    el("button", { type: "button", class: "inline-link", onclick: () => tools.say("text", { content: line.content, bizmsgmenuid: line.id }) }, line.content),
  );
  return box("text msgmenu", content.head_content ? el("p", {}, richText(content.head_content, tools)) : null, lines, content.tail_content ? el("p", {}, richText(content.tail_content, tools)) : null);
}

function template(content) {
  const href = webAddress(content.url || "");
  const lines = content.lines.map((line) => el("div", { class: "pair" }, el("span", {}, line.name), el("span", {}, line.value)));
  const foot = href ? el("a", { class: "foot", href, target: "_blank", rel: "noopener noreferrer" }, "查看详情", el("span", {}, "›")) : null;
  return el("div", { class: "bubble card template" }, el("strong", {}, content.title), lines, foot);
}

const KINDS = {
  text: (content, tools) => box("text", richText(String(content.content), tools)),
  image: picture,
  voice,
  video,
  shortvideo: video,
  location: place,
  link: linkCard,
  music: linkCard,
  miniprogrampage: miniProgram,
  news: (content) => el("div", { class: "bubble news" }, content.articles.map((one, index) => article(one, index === 0))),
  mpnews: () => box("text", "[图文消息]"),
  wxcard: (content) => box("card", el("strong", {}, "卡券"), el("small", {}, content.card_id)),
  msgmenu: menu,
  template,
};
const WIDE = new Set(["news", "template"]);

export function draw(bubble, person, tools) {
  if (bubble.side === "system") return el("div", { class: `notice ${bubble.kind}`, "data-id": bubble.id }, bubble.content.content);
  const known = KINDS[bubble.kind] || (() => box("text", `[${bubble.kind}]`));
  const mine = bubble.side === "me";
  const marks = [
    bubble.content.agent ? el("div", { class: "mark" }, `客服 ${bubble.content.agent}`) : null,
    bubble.content.by_ai ? el("div", { class: "mark" }, "内容由第三方AI生成") : null,
  ];
  const body = el("div", { class: "body" }, known(bubble.content, tools), marks);
  const wide = WIDE.has(bubble.kind) ? " wide" : "";
  const sending = el("span", { class: "spinner", title: "正在送达" });
  return el("div", { class: `line ${bubble.side}${wide}`, "data-id": bubble.id, "data-kind": bubble.kind }, mine ? avatar(person.name) : accountAvatar(), body, mine ? sending : null);
}
