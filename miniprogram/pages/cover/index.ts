/** Extended warranties and cards: one's own, what can be bought for a product, gift codes. */
import { doing, sure, tapped, told, typed } from "../../acting";
import type { OfferOut, OwnCoverOut } from "../../api";
import { buy, covers, giveUpCover, shop, useGift } from "../../calls";

Component({
  properties: { productId: String },
  data: { offers: [] as OfferOut[], own: [] as OwnCoverOut[], seen: false, code: "", busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, () => Promise.all([shop(this.data.productId), covers()]));
      if (found) this.setData({ offers: found[0].offers, own: found[1].covers, seen: true });
    },
    async buy(event: WechatMiniprogram.CustomEvent) {
      const offer = this.data.offers[Number(tapped(event, "at"))];
      if (!offer?.eligible || !(await sure(`${offer.title}，${offer.price_shown}，${offer.cooling_days} 天内可全额退`, "去付款"))) return;
      const bought = await doing(this, () => buy({ plan_id: offer.plan_id, ...(offer.product_id ? { product_id: offer.product_id } : {}) }));
      if (bought?.payable_id) wx.navigateTo({ url: `/pages/pay/index?key=${bought.payable_id}&moment=cover` });
    },
    pay(event: WechatMiniprogram.CustomEvent) {
      wx.navigateTo({ url: `/pages/pay/index?key=${tapped(event, "id")}&moment=cover` });
    },
    /** What comes back is read out first, and sent along: changed meanwhile, nothing is given up. */
    async giveUp(event: WechatMiniprogram.CustomEvent) {
      const cover = this.data.own.find((one) => one.id === tapped(event, "id"));
      if (!cover || cover.back_fen === null || !(await sure(`退订「${cover.title}」：${cover.back_words}。退订后不再保障。`, "退订"))) return;
      const given = { back_fen: cover.back_fen, why: "客户在小程序退订" };
      if (await doing(this, () => giveUpCover(cover.id, given))) await this.look();
    },
    put(event: WechatMiniprogram.CustomEvent) {
      this.setData({ code: typed(event) });
    },
    async redeem() {
      const { code, productId } = this.data;
      const got = code.trim() ? await doing(this, () => useGift({ code: code.trim(), ...(productId ? { product_id: productId } : {}) })) : undefined;
      if (!got) return;
      told(got.message);
      if (!got.cover) return this.setData({ trouble: got.message });
      this.setData({ code: "" });
      await this.look();
    },
  },
});
