/** One order: what happened, who comes and when, and everything the customer may do now. */
import { askForMessages, doing, sure, tapped, told } from "../../acting";
import type { DoneOut, OrderPageOut, WindowOut } from "../../api";
import { answerChange, book, cancel, goOn, order, urge, windows } from "../../calls";

const DIRECTIONS = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];
const REASONS = ["已经好了", "不想修了", "下错单", "时间不合适", "其他"];

/** 2.4 公里外，东南方向，3 分钟前. */
export function whereabouts(position: OrderPageOut["position"]): string {
  if (!position || position.metres === null) return "";
  const far = position.metres < 1000 ? `${position.metres} 米` : `${(position.metres / 1000).toFixed(1)} 公里`;
  const where = position.bearing === null ? "" : `，在${DIRECTIONS[Math.round(position.bearing / 45) % 8]}边`;
  return `距您 ${far}${where}（${position.minutes_old} 分钟前）`;
}

Component({
  properties: { number: String },
  data: { shown: null as OrderPageOut | null, where: "", windows: [] as WindowOut[], busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  pageLifetimes: {
    show() {
      if (this.data.shown) void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, () => order(this.data.number));
      if (found) this.setData({ shown: found, where: whereabouts(found.position) });
    },
    /** Something was done: its answer is said, and the order looked at anew. */
    async done(work: () => Promise<DoneOut>) {
      const said = await doing(this, work);
      if (!said) return;
      told(said.message);
      this.setData({ windows: [] });
      await this.look();
    },
    ring() {
      const phone = this.data.shown?.engineer?.phone;
      if (phone) wx.makePhoneCall({ phoneNumber: phone });
    },
    async offerWindows() {
      const found = await doing(this, () => windows(this.data.number));
      if (!found) return;
      this.setData({ windows: found.windows });
      if (!found.windows.length) told("这几天约满了，请联系客服");
    },
    async move(event: WechatMiniprogram.CustomEvent) {
      const window = this.data.windows[Number(tapped(event, "at"))];
      if (!window || !(await sure(`改到 ${window.words}`))) return;
      const messages = askForMessages("booking");
      const found = await doing(this, () => book(this.data.number, { since: window.since, until: window.until }));
      await messages;
      if (found) this.setData({ shown: found, windows: [] });
    },
    async cancel() {
      let why: string | undefined;
      try {
        why = REASONS[(await wx.showActionSheet({ itemList: REASONS })).tapIndex];
      } catch {
        return; // closed without a reason
      }
      if (why && (await sure("取消后要再服务需重新下单", "取消工单"))) await this.done(() => cancel(this.data.number, why));
    },
    async urge() {
      await this.done(() => urge(this.data.number));
    },
    /** 现场已整改好: somebody may come again. */
    async goOn() {
      await this.done(() => goOn(this.data.number));
    },
    async answer(event: WechatMiniprogram.CustomEvent) {
      const change = this.data.shown?.change;
      if (change) await this.done(() => answerChange(this.data.number, change.id, tapped(event, "yes") === "yes"));
    },
    openQuote() {
      wx.navigateTo({ url: `/pages/quote/index?key=${this.data.shown?.quote_id ?? ""}` });
    },
    pay() {
      wx.navigateTo({ url: `/pages/pay/index?key=${this.data.shown?.payable_id ?? ""}&moment=payment` });
    },
    rate() {
      wx.navigateTo({ url: `/pages/rate/index?number=${this.data.number}` });
    },
    async onPullDownRefresh() {
      await this.look();
      wx.stopPullDownRefresh();
    },
  },
});
