/** Paying: the cashier is WeChat's, whether it was paid is what our server was told, never what the cashier returned. */
import { askForMessages, doing, told } from "../../acting";
import type { PayableOut } from "../../api";
import { payable, payment, startPayment } from "../../calls";

/** How long to wait before each look at the result, in ms: together half a minute. */
const WAITS = [500, 1000, 1500, 2000, 3000, 5000, 7000, 10_000];

Component({
  properties: { key: String, moment: String },
  data: { payable: null as PayableOut | null, state: "", busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, () => payable(this.data.key));
      if (found) this.setData({ payable: found });
    },
    async pay() {
      if (this.data.busy) return;
      const started = await doing(this, () => startPayment(this.data.key));
      if (!started?.params) return this.look();
      this.setData({ busy: true });
      try {
        await wx.requestPayment(started.params as unknown as WechatMiniprogram.RequestPaymentOption);
      } catch {
        // Cancelled, or it only says so: the server knows.
      }
      await this.wait(started.payment_id);
      await askForMessages(this.data.moment || "payment");
      await this.look();
    },
    async wait(key: string) {
      this.setData({ busy: true, state: "正在确认付款结果…" });
      for (const pause of WAITS) {
        const now = await doing(this, () => payment(key));
        if (now?.done) {
          this.setData({ state: now.status === "paid" ? "" : "没有付款，可以再付一次", busy: false });
          if (now.status === "paid") told("付款成功");
          return;
        }
        this.setData({ busy: true });
        await new Promise((done) => setTimeout(done, pause));
      }
      this.setData({ state: "还没有收到微信的付款结果，稍后会自动更新，请不要重复付款", busy: false });
    },
  },
});
