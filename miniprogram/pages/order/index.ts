/** One order: what happened, who comes and when, and everything the customer may do now. */
import { askForMessages, doing, sure, tapped, told } from "../../acting";
import type { DoneOut, OrderPageOut, WindowOut } from "../../api";
import { answerChange, book, cancel, engineerPhoto, goOn, order, urge, windows } from "../../calls";

const DIRECTIONS = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];
const REASONS = ["已经好了", "不想修了", "下错单", "时间不合适", "其他"];

/** 2.4 公里外，东南方向，3 分钟前. */
export function whereabouts(position: OrderPageOut["position"]): string {
  if (!position || position.metres === null) return "";
  const far = position.metres < 1000 ? `${position.metres} 米` : `${(position.metres / 1000).toFixed(1)} 公里`;
  const where = position.bearing === null ? "" : `，在${DIRECTIONS[Math.round(position.bearing / 45) % 8]}边`;
  return `距您 ${far}${where}（${position.minutes_old} 分钟前）`;
}

/** What the map has: the engineer, and home where it is known. Both are by GCJ-02, as the map is. */
export function onMap(position: OrderPageOut["position"]) {
  if (!position) return null;
  const { at, home } = position;
  const marker = (id: number, pin: typeof at, content: string) => ({
    id, latitude: pin.lat, longitude: pin.lng, width: 24, height: 34, callout: { content, display: "ALWAYS", padding: 6, borderRadius: 6, fontSize: 13 },
  });
  const markers = [marker(1, at, "师傅"), ...(home ? [marker(2, home, "您家")] : [])];
  const circles = [{ latitude: at.lat, longitude: at.lng, radius: at.radius_m, fillColor: "#fa9d3b33", color: "#fa9d3b66", strokeWidth: 1 }];
  return { latitude: at.lat, longitude: at.lng, markers, circles, points: markers.map(({ latitude, longitude }) => ({ latitude, longitude })) };
}

Component({
  properties: { number: String },
  data: {
    shown: null as OrderPageOut | null, where: "", map: null as ReturnType<typeof onMap>, face: "", faceOf: "",
    windows: [] as WindowOut[], busy: false, trouble: "",
  },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  pageLifetimes: {
    show() {
      if (this.data.shown) void this.look();
    },
  },
  methods: {
    async look() {
      const found = await doing(this, () => order(this.data.number));
      if (!found) return;
      this.setData({ shown: found, where: whereabouts(found.position), map: onMap(found.position) });
      await this.lookWho(found.engineer?.photo_url ?? "");
    },
    /** The photo of who comes, fetched once; without one, or without network, there is the name. */
    async lookWho(path: string) {
      if (path === this.data.faceOf) return;
      this.setData({ face: "", faceOf: "" });
      if (!path) return;
      const face = await engineerPhoto(path).catch(() => "");
      if (face) this.setData({ face, faceOf: path });
    },
    /** In WeChat's own map, from which one can go on to a way there. */
    openMap() {
      const at = this.data.shown?.position?.at;
      if (at) void wx.openLocation({ latitude: at.lat, longitude: at.lng, name: "师傅的大概位置", address: this.data.where, scale: 14 });
    },
    /** Something was done: its answer is said, and the order looked at anew. */
    async done(work: () => Promise<DoneOut>) {
      const said = await doing(this, work);
      if (!said) return;
      told(said.message);
      this.setData({ windows: [] });
      await this.look();
    },
    ring() {
      const phone = this.data.shown?.engineer?.phone;
      if (phone) wx.makePhoneCall({ phoneNumber: phone });
    },
    async offerWindows() {
      const found = await doing(this, () => windows(this.data.number));
      if (!found) return;
      this.setData({ windows: found.windows });
      if (!found.windows.length) told("这几天约满了，请联系客服");
    },
    async move(event: WechatMiniprogram.CustomEvent) {
      const window = this.data.windows[Number(tapped(event, "at"))];
      if (!window || !(await sure(`改到 ${window.words}`))) return;
      const messages = askForMessages("booking");
      const found = await doing(this, () => book(this.data.number, { since: window.since, until: window.until }));
      await messages;
      if (found) this.setData({ shown: found, windows: [] });
    },
    async cancel() {
      let why: string | undefined;
      try {
        why = REASONS[(await wx.showActionSheet({ itemList: REASONS })).tapIndex];
      } catch {
        return; // closed without a reason
      }
      if (why && (await sure("取消后要再服务需重新下单", "取消工单"))) await this.done(() => cancel(this.data.number, why));
    },
    async urge() {
      await this.done(() => urge(this.data.number));
    },
    /** 现场已整改好: somebody may come again. */
    async goOn() {
      await this.done(() => goOn(this.data.number));
    },
    async answer(event: WechatMiniprogram.CustomEvent) {
      const change = this.data.shown?.change;
      if (change) await this.done(() => answerChange(this.data.number, change.id, tapped(event, "yes") === "yes"));
    },
    openQuote() {
      wx.navigateTo({ url: `/pages/quote/index?key=${this.data.shown?.quote_id ?? ""}` });
    },
    pay() {
      wx.navigateTo({ url: `/pages/pay/index?key=${this.data.shown?.payable_id ?? ""}&moment=payment` });
    },
    rate() {
      wx.navigateTo({ url: `/pages/rate/index?number=${this.data.number}` });
    },
    async onPullDownRefresh() {
      await this.look();
      wx.stopPullDownRefresh();
    },
  },
});
