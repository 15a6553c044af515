// Builds elements from data. Text only ever becomes text nodes, so nothing in a message can become markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (typeof value !== "string" && name in node) node[name] = value;
    else node.setAttribute(name, String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Line icons on a 24 grid; a new one is a row.
const PATHS = {
  back: ["M15 4l-8 8 8 8"],
  more: ["M5 12h.01M12 12h.01M19 12h.01"],
  keyboard: ["M4 7h16v11H4z", "M7.5 10.5h.01M11 10.5h.01M14 10.5h.01M17 10.5h.01M8 14.5h8"],
  menu: ["M4 6.5h16v11H4z", "M8 10h8M8 14h5"],
  list: ["M5 8h14M5 12h14M5 16h14"],
  voice: ["M8 9.5a4 4 0 0 1 0 5", "M11.5 7a8 8 0 0 1 0 10", "M15 4.5a12 12 0 0 1 0 15"],
  smile: ["M8.5 14a4 4 0 0 0 7 0", "M9 9.5h.01M15 9.5h.01"],
  plus: ["M12 7v10M7 12h10"],
  photo: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M15.5 9h.01"],
  plate: ["M3 6h18v12H3z", "M6.5 10h7M6.5 14h11"],
  pin: ["M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21z", "M12 9.5h.01"],
  scan: ["M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4", "M4 12h16"],
  video: ["M3 7h12v10H3z", "M15 11l6-3v8l-6-3z"],
  clip: ["M7 4v16l10-8z"],
  link: ["M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3", "M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3"],
  program: ["M9.5 9a3 3 0 1 0 2.5 3V9a3 3 0 1 1 2.5 3"],
  close: ["M6 6l12 12M18 6L6 18"],
  file: ["M6 3h8l4 4v14H6z"],
};
const ROUND = new Set(["voice", "smile", "plus", "keyboard", "program"]);

export function icon(name, size = 24) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const put = (tag, attributes) => {
    const node = document.createElementNS(space, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    svg.append(node);
  };
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  if (ROUND.has(name)) put("circle", { cx: 12, cy: 12, r: 10.5, class: "ring" });
  for (const path of PATHS[name] || PATHS.file) put("path", { d: path });
  return svg;
}

const HUES = ["#4c8bf5", "#e6853e", "#5aa469", "#b35ca8", "#c0504d", "#3a9ea5", "#8a6fd1", "#7a8450"];

// A person's picture: the last character of the name on a colour of the name's own.
export function avatar(name, extra = "") {
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
  const node = el("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, [...name].at(-1) || "?");
  node.style.backgroundColor = HUES[sum % HUES.length];
  return node;
}

export function accountAvatar() {
  return el("span", { class: "avatar account", "aria-hidden": "true" }, "修");
}
