/** The first page against a running server. */
import { beforeEach, expect, test } from "vitest";
import { asked, open, putPhone, until, willLogIn } from "./phone";

beforeEach(() => putPhone());

test("signs in and shows the brand, and its number is called by a tap", async () => {
  willLogIn("code-1");
  const page = open("pages/home/index");
  await until(() => page.dom.innerHTML.includes("客服"));
  expect(page.dom.textContent).toContain("没有进行中的工单");
  page.querySelector(".brand .soft").dispatchEvent("tap");
  await until(() => asked.length > 0);
  expect(asked[0]?.name).toBe("makePhoneCall");
});

test("a code that is none is said in words", async () => {
  willLogIn("used-before");
  const page = open("pages/home/index");
  await until(() => page.querySelector(".trouble") !== undefined);
  expect(page.dom.textContent).toContain("再试一次");
});
