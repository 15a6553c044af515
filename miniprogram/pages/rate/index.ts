/** Rating one order, once: stars, aspects, tags, words; and what was said before. */
import { doing, tapped, told, typed } from "../../acting";
import type { RatingOut } from "../../api";
import { rate, rating } from "../../calls";

Component({
  properties: { number: String },
  data: {
    asked: null as RatingOut | null, marks: [1, 2, 3, 4, 5], stars: 0, aspects: {} as Record<string, number>, tags: {} as Record<string, boolean>,
    words: "", busy: false, trouble: "",
  },
  lifetimes: {
    attached() {
      void this.look();
    },
  },
  methods: {
    async look() {
      this.show(await doing(this, () => rating(this.data.number)));
    },
    show(found: RatingOut | undefined) {
      if (!found) return;
      const tags = Object.fromEntries(found.said_tags.map((code) => [code, true]));
      this.setData({ asked: found, stars: found.stars ?? 0, aspects: found.said_aspects, tags, words: found.words });
    },
    star(event: WechatMiniprogram.CustomEvent) {
      this.setData({ stars: Number(tapped(event, "stars")) });
    },
    aspect(event: WechatMiniprogram.CustomEvent) {
      this.setData({ aspects: { ...this.data.aspects, [tapped(event, "code")]: Number(tapped(event, "stars")) } });
    },
    tag(event: WechatMiniprogram.CustomEvent) {
      const code = tapped(event, "code");
      this.setData({ tags: { ...this.data.tags, [code]: !this.data.tags[code] } });
    },
    put(event: WechatMiniprogram.CustomEvent) {
      this.setData({ words: typed(event) });
    },
    async send() {
      const { stars, aspects, words } = this.data;
      if (!stars) return this.setData({ trouble: "请先点星星" });
      const tags = Object.keys(this.data.tags).filter((code) => this.data.tags[code]);
      const done = await doing(this, () => rate(this.data.number, { stars, aspects, tags, words: words.trim() }));
      this.show(done);
      if (done) told(done.message || "感谢您的评价");
    },
  },
});
