// The page an h5_url leads to: another browser called WeChat, one pays there and comes back to redirect_url, if one was given.
import { atTheCashier } from "./cashier.js";

const asked = new URLSearchParams(location.search);
const back = asked.get("redirect_url") || "";
const words = document.getElementById("h5-words");
const told = await atTheCashier(document.getElementById("h5"), { prepay_id: asked.get("prepay_id") || "" });
words.textContent = told.err_msg.endsWith(":ok") ? "已支付，可以回到商家页面" : told.err_desc || "没有支付";
if (/^https?:\/\//.test(back)) location.replace(back);
