/** One product: its warranty in words, its history, the invoice, and what can be done for it. */
import { doing, told } from "../../acting";
import type { ProductPageOut } from "../../api";
import { product, showInvoice } from "../../calls";

Component({
  properties: { key: String },
  data: { shown: null as ProductPageOut | null, busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, () => product(this.data.key));
      if (found) this.setData({ shown: found });
    },
    async invoice() {
      let file: string | undefined;
      try {
        file = (await wx.chooseMedia({ count: 1, mediaType: ["image"] })).tempFiles[0]?.tempFilePath;
      } catch {
        return; // closed without choosing
      }
      const kept = file ? await doing(this, () => showInvoice(this.data.key, file, "")) : undefined;
      if (kept) {
        told(kept.message);
        await this.look();
      }
    },
    report() {
      wx.navigateTo({ url: `/pages/report/index?service=repair&productId=${this.data.key}` });
    },
    cover() {
      wx.navigateTo({ url: `/pages/cover/index?productId=${this.data.key}` });
    },
  },
});
