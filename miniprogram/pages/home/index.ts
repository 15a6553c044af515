/** The first page: who it is for, what one has, what is under way. */
import { call, Failed } from "../../request";

interface Me {
  brand: string;
  hotline: string;
  products: { id: string; name: string; code: string }[];
  open_orders: { number: string; service: string; status: string; opened_at: string }[];
}

Component({
  data: { me: null as Me | null, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      try {
        this.setData({ me: await call<Me>("GET", "/me"), trouble: "" });
      } catch (error) {
        this.setData({ trouble: error instanceof Failed ? error.message : "出错了，请稍后再试" });
      }
    },
    async onPullDownRefresh() {
      await this.look();
      wx.stopPullDownRefresh();
    },
    ring() {
      if (this.data.me) wx.makePhoneCall({ phoneNumber: this.data.me.hotline });
    },
  },
});
