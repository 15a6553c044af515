/** Everything one owed or paid, and asking for an invoice of what was paid. */
import { doing, tapped, told, typed } from "../../acting";
import type { PayableOut } from "../../api";
import { askInvoice, payables } from "../../calls";

Component({
  data: { bills: null as PayableOut[] | null, asking: "", title: "", taxNumber: "", email: "", busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, payables);
      if (found) this.setData({ bills: found.payables });
    },
    pay(event: WechatMiniprogram.CustomEvent) {
      wx.navigateTo({ url: `/pages/pay/index?key=${tapped(event, "id")}&moment=payment` });
    },
    want(event: WechatMiniprogram.CustomEvent) {
      this.setData({ asking: tapped(event, "id") });
    },
    put(event: WechatMiniprogram.CustomEvent) {
      this.setData({ [tapped(event, "name")]: typed(event) });
    },
    async send() {
      const { asking, title, taxNumber, email } = this.data;
      if (!title.trim() || !email.trim()) return this.setData({ trouble: "请填写抬头和收发票的邮箱" });
      const done = await doing(this, () => askInvoice(asking, { title: title.trim(), tax_number: taxNumber.trim(), email: email.trim() }));
      if (!done) return;
      told("已申请，开好后发到您的邮箱");
      this.setData({ asking: "" });
      await this.look();
    },
  },
});
