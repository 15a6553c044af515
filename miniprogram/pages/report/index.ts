/** Reporting a fault, or booking an installation or a cleaning: product, words, address read back, phone, pictures, then the time. */
import { askForMessages, doing, sure, tapped, told, typed } from "../../acting";
import type { ContactOut, OpenedOut, OwnProductOut, PlaceOut, ReportIn } from "../../api";
import { addPicture, book, contact, place, products, report } from "../../calls";

const TITLES: Record<string, string> = { repair: "报修", install: "预约安装", maintenance: "清洗保养" };
const MOST_PICTURES = 9;

/** A place of the map, and the words it had there. */
interface Pin {
  lat: number;
  lng: number;
  of: string;
}

Component({
  properties: { service: String, productId: String },
  data: {
    title: "", products: [] as OwnProductOut[], product: "", words: "", contact: null as ContactOut | null, phoneId: "", phone: "", name: "",
    addressId: "", address: "", pin: null as Pin | null, place: null as PlaceOut | null, pictures: [] as string[], opened: null as OpenedOut | null, busy: false, trouble: "",
  },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      this.setData({ title: TITLES[this.data.service] ?? "报修", product: this.data.productId });
      const found = await doing(this, () => Promise.all([products(), contact()]));
      if (!found) return;
      const [owned, known] = [found[0].products, found[1]];
      this.setData({
        products: owned,
        contact: known,
        product: this.data.product || (owned.length === 1 ? (owned[0]?.id ?? "") : ""),
        phoneId: known.phones[0]?.id ?? "",
        addressId: known.addresses.find((one) => one.served)?.id ?? "",
        name: known.name ?? "",
      });
    },
    put(event: WechatMiniprogram.CustomEvent) {
      this.setData({ [tapped(event, "name")]: typed(event) });
    },
    pick(event: WechatMiniprogram.CustomEvent) {
      this.setData({ [tapped(event, "name")]: tapped(event, "id") });
    },
    /** The address as it was understood is read back: a wrong house number is caught here and not by the engineer. */
    async checkPlace() {
      if (!this.data.address.trim()) return;
      const found = await doing(this, () => place({ text: this.data.address }));
      if (found) this.setData({ place: found });
    },
    async onMap() {
      try {
        const { address, name, latitude, longitude } = await wx.chooseLocation({});
        const found = await doing(this, () => place({ text: `${address}${name}`, lat: latitude, lng: longitude }));
        if (found) this.setData({ place: found, address: `${address}${name}`, addressId: "", pin: { lat: latitude, lng: longitude, of: `${address}${name}` } });
      } catch {
        return; // closed without choosing
      }
    },
    async addPictures() {
      let files: string[] = [];
      try {
        const left = MOST_PICTURES - this.data.pictures.length;
        files = (await wx.chooseMedia({ count: left, mediaType: ["image"] })).tempFiles.map((one) => one.tempFilePath);
      } catch {
        return; // closed without choosing
      }
      for (const file of files) {
        const kept = await doing(this, () => addPicture(file));
        if (kept) this.setData({ pictures: [...this.data.pictures, kept.id] });
      }
    },
    /** What is still missing, in words; "" when it can be sent. */
    missing(): string {
      const { product, service, words, addressId, address, place, phoneId, phone } = this.data;
      if (!product) return "请选择产品，没有登记的请先登记";
      if (service === "repair" && !words.trim()) return "请说说是什么故障";
      if (!addressId && !address.trim()) return "请填写上门地址";
      if (!addressId && !place?.complete) return place?.message || "请先核对地址";
      return phoneId || phone.trim() ? "" : "请填写联系电话";
    },
    /** The place chosen on the map, as long as the address is of it: the door may be written behind, another road is another place. */
    pinned(): { lat?: number; lng?: number } {
      const { pin, address } = this.data;
      return pin && address.startsWith(pin.of) ? { lat: pin.lat, lng: pin.lng } : {};
    },
    wanted(): ReportIn {
      const { service, product, words, addressId, place, phoneId, phone, name, pictures } = this.data;
      return {
        service: service as ReportIn["service"], product_id: product, words: words.trim(), picture_ids: pictures,
        ...(addressId ? { address_id: addressId } : { address: place?.line ?? "", ...this.pinned() }),
        ...(phoneId ? { phone_id: phoneId } : { phone: phone.trim() }),
        ...(name.trim() ? { name: name.trim() } : {}),
      };
    },
    async send() {
      const missing = this.missing();
      if (missing) return this.setData({ trouble: missing });
      const messages = askForMessages("booking");
      const opened = await doing(this, () => report(this.wanted()));
      await messages;
      if (opened) this.setData({ opened });
    },
    async choose(event: WechatMiniprogram.CustomEvent) {
      const [opened, at] = [this.data.opened, Number(tapped(event, "at"))];
      const window = opened?.windows[at];
      if (!opened || !window || !(await sure(`预约 ${window.words} 上门`))) return;
      const done = await doing(this, () => book(opened.order.number, { since: window.since, until: window.until }));
      if (!done) return;
      told(`已预约 ${window.words}`);
      this.open();
    },
    open() {
      wx.redirectTo({ url: `/pages/order/index?number=${this.data.opened?.order.number ?? ""}` });
    },
    register() {
      wx.navigateTo({ url: "/pages/register/index" });
    },
  },
});
