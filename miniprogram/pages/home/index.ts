/** The first page: agreeing to the privacy notice, what one wants, what is under way, what one has. */
import { doing, tapped } from "../../acting";
import type { MeOut } from "../../api";
import { agree, me } from "../../calls";

const WANTS = [
  { service: "repair", title: "报修", words: "家电坏了" },
  { service: "install", title: "预约安装", words: "新机到货" },
  { service: "maintenance", title: "清洗保养", words: "深度清洗" },
];

Component({
  data: { me: null as MeOut | null, wants: WANTS, busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  pageLifetimes: {
    show() {
      if (this.data.me) void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, me);
      if (found) this.setData({ me: found });
    },
    async agree() {
      const version = this.data.me?.privacy.version;
      const found = version ? await doing(this, () => agree(version)) : undefined;
      if (found) this.setData({ me: found });
    },
    readNotice() {
      wx.setClipboardData({ data: this.data.me?.privacy.url ?? "" });
    },
    want(event: WechatMiniprogram.CustomEvent) {
      wx.navigateTo({ url: `/pages/report/index?service=${tapped(event, "service")}` });
    },
    register() {
      wx.navigateTo({ url: "/pages/register/index" });
    },
    openOrder(event: WechatMiniprogram.CustomEvent) {
      wx.navigateTo({ url: `/pages/order/index?number=${tapped(event, "number")}` });
    },
    openProduct(event: WechatMiniprogram.CustomEvent) {
      wx.navigateTo({ url: `/pages/product/index?key=${tapped(event, "id")}` });
    },
    ring() {
      if (this.data.me) wx.makePhoneCall({ phoneNumber: this.data.me.hotline });
    },
    async onPullDownRefresh() {
      await this.look();
      wx.stopPullDownRefresh();
    },
  },
});
