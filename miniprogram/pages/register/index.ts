/** Registering a product: scan or type, pick the model where it was unclear, the serial, the day it was bought. */
import { doing, sure, tapped, told, typed } from "../../acting";
import type { ModelOut, RegisteredOut } from "../../api";
import { models, register } from "../../calls";

Component({
  data: { text: "", choices: [] as ModelOut[], model: null as ModelOut | null, serial: "", purchasedOn: "", said: "", busy: false, trouble: "" },
  methods: {
    async scan() {
      try {
        const { result } = await wx.scanCode({ scanType: ["barCode", "qrCode", "datamatrix"] });
        this.setData({ text: result });
      } catch {
        return; // closed without scanning
      }
      await this.find();
    },
    put(event: WechatMiniprogram.CustomEvent) {
      this.setData({ [tapped(event, "name")]: typed(event) });
    },
    /** An exact code is taken; a mistyped one is shown with what it may mean, never corrected silently. */
    async find() {
      const found = this.data.text.trim() ? await doing(this, () => models(this.data.text)) : undefined;
      if (found) this.setData({ model: found.exact, choices: found.exact ? [] : found.choices, serial: found.serial, said: found.message });
    },
    pick(event: WechatMiniprogram.CustomEvent) {
      const model = this.data.choices.find((one) => one.id === tapped(event, "id"));
      if (model) this.setData({ model, choices: [], said: "" });
    },
    async keep() {
      const done = await this.send(false);
      if (!done?.taken) return;
      if (await sure(done.message, "申请过户")) await this.send(true);
    },
    async send(askTransfer: boolean): Promise<RegisteredOut | undefined> {
      const { model, serial, purchasedOn } = this.data;
      if (!model) return undefined;
      const done = await doing(this, () =>
        register({
          model_id: model.id,
          ...(serial.trim() ? { serial: serial.trim() } : {}),
          ...(purchasedOn ? { purchased_on: purchasedOn } : {}),
          ask_transfer: askTransfer,
        }),
      );
      if (done && !done.taken) told(done.message);
      if (done?.product) wx.redirectTo({ url: `/pages/product/index?key=${done.product.id}` });
      return done;
    },
  },
});
