/** All orders, the latest first. */
import { doing, tapped } from "../../acting";
import type { OrderLineOut } from "../../api";
import { orders } from "../../calls";

Component({
  data: { orders: null as OrderLineOut[] | null, busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  pageLifetimes: {
    show() {
      if (this.data.orders) void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, orders);
      if (found) this.setData({ orders: found.orders });
    },
    open(event: WechatMiniprogram.CustomEvent) {
      wx.navigateTo({ url: `/pages/order/index?number=${tapped(event, "number")}` });
    },
    async onPullDownRefresh() {
      await this.look();
      wx.stopPullDownRefresh();
    },
  },
});
