/** One's own data: seen, corrected, erased; the phone; advertising; cover and cards. */
import { doing, sure, tapped, told, typed } from "../../acting";
import type { MyDataOut } from "../../api";
import { correct, erase, givePhone, myData, setMarketing } from "../../calls";
import { signOut } from "../../request";

const OUT_OF_QUOTA = 1400001;

Component({
  data: { mine: null as MyDataOut | null, name: "", busy: false, trouble: "" },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    show(mine: MyDataOut | undefined) {
      if (mine) this.setData({ mine, name: mine.name ?? "" });
    },
    async look() {
      this.show(await doing(this, myData));
    },
    /** The button of WeChat that gives a verified number; each costs money, so a number can be typed when reporting as well. */
    async phoneGiven(event: WechatMiniprogram.ButtonGetPhoneNumber) {
      const { code, errno } = event.detail as { code?: string; errno?: number };
      if (errno === OUT_OF_QUOTA) return told("现在不能用微信手机号，报修时可以直接填写");
      if (!code) return;
      if (await doing(this, () => givePhone({ code }))) await this.look();
    },
    put(event: WechatMiniprogram.CustomEvent) {
      this.setData({ name: typed(event) });
    },
    async rename() {
      if (this.data.name.trim()) this.show(await doing(this, () => correct({ name: this.data.name.trim() })));
    },
    async forget(event: WechatMiniprogram.CustomEvent) {
      const [kind, key] = [tapped(event, "kind"), tapped(event, "id")];
      if (!(await sure("删除后要用需要重新填写", "删除"))) return;
      this.show(await doing(this, () => correct(kind === "phone" ? { forget_phone_id: key } : { forget_address_id: key })));
    },
    async marketing(event: WechatMiniprogram.CustomEvent) {
      const wanted = Boolean((event.detail as { value?: unknown }).value);
      this.show(await doing(this, () => setMarketing(wanted)));
    },
    covers() {
      wx.navigateTo({ url: "/pages/cover/index" });
    },
    bills() {
      wx.navigateTo({ url: "/pages/bills/index" });
    },
    async erase() {
      if (!(await sure("注销后姓名、电话、地址都会删除，不能恢复", "注销"))) return;
      const done = await doing(this, erase);
      if (!done) return;
      signOut();
      told(done.message);
      wx.reLaunch({ url: "/pages/home/index" });
    },
  },
});
