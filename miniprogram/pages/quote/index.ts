/** A quote: every line with who pays it and why. What is confirmed is what was seen; changed meanwhile, the new one is shown. */
import { askForMessages, doing, sure, told } from "../../acting";
import type { QuoteOut } from "../../api";
import { answerQuote, quote } from "../../calls";

Component({
  properties: { key: String },
  data: { quote: null as QuoteOut | null, busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, () => quote(this.data.key));
      if (found) this.setData({ quote: found });
    },
    async confirm() {
      const messages = askForMessages("quote");
      await this.answer("confirm");
      await messages;
    },
    async reject() {
      if (await sure("不同意就不做这些项目，已上门的只收上门费", "不同意")) await this.answer("reject");
    },
    async answer(answer: "confirm" | "reject") {
      const seen = this.data.quote;
      if (!seen) return;
      const after = await doing(this, () => answerQuote(seen.id, { answer, hash: seen.hash }));
      if (!after) return this.lookForNewer();
      this.setData({ quote: after });
      told(after.status_title);
    },
    /** It was refused: the words stay, and what holds now is shown below them. */
    async lookForNewer() {
      const words = this.data.trouble;
      const old = await doing(this, () => quote(this.data.quote?.id ?? this.data.key));
      const found = old?.newer_id ? await doing(this, () => quote(old.newer_id ?? "")) : old;
      this.setData({ trouble: words, ...(found ? { quote: found } : {}) });
    },
    newer() {
      wx.redirectTo({ url: `/pages/quote/index?key=${this.data.quote?.newer_id ?? ""}` });
    },
  },
});
