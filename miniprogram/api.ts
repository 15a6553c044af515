/** The consumer's API under /api/consumer: every request and answer. Written from consumer_app/*shapes.py by `weixiu docs`:
 *  change them there. */

export interface LoginIn {
  /** wx.login 得到的 code，用一次，5 分钟内有效 */
  code: string;
  /** 小程序的 AppID；只有一个小程序时不用填 */
  account?: string;
}

export interface ConsentIn {
  /** 客户看到并同意的隐私说明的版本 */
  version: string;
}

export interface PhoneIn {
  /** 手机号按钮（getPhoneNumber）得到的 code */
  code?: string;
  /** 客户自己填的号码，记为未验证 */
  number?: string;
}

export interface PrivacyOut {
  /** 现行隐私说明的版本 */
  version: string;
  /** 隐私说明的网址 */
  url: string;
  /** 客户是否同意了现行版本；没有同意不能提交手机号 */
  agreed: boolean;
}

export interface PhoneOut {
  /** 打码的号码：138******78 */
  number: string;
  /** 微信验证过的；自己填的是 false */
  verified: boolean;
}

export interface ProductOut {
  id: string;
  name: string;
  /** 型号 */
  code: string;
}

export interface OrderOut {
  /** 工单号 */
  number: string;
  /** 报修、安装…… */
  service: string;
  /** 到哪一步了 */
  status: string;
  opened_at: string;
}

export interface MeOut {
  brand: string;
  hotline: string;
  /** 怎么称呼；还不知道时是 null */
  name: string | null;
  phones: PhoneOut[];
  /** 名下的产品，最新的在前 */
  products: ProductOut[];
  /** 没有办完的工单，最新的在前 */
  open_orders: OrderOut[];
  privacy: PrivacyOut;
}

export interface LoginOut {
  /** 放在请求头 Authorization: Bearer 后面；只给这一次 */
  token: string;
  /** 到这个时候失效，重新登录即可 */
  ends_at: string;
  me: MeOut;
}

export interface Nothing {
}

export interface ErrorOut {
  /** 代码，供程序判断 */
  error: string;
  /** 给人看的说明 */
  message: string;
  /** 哪个字段有什么问题 */
  fields?: Record<string, unknown>;
}

export interface ModelOut {
  id: string;
  /** 型号 */
  code: string;
  name: string;
  /** 品类代码 */
  category: string;
  /** 空调、冰箱…… */
  category_title: string;
}

export interface ModelsIn {
  /** 扫到的或输入的内容，写错的也行 */
  text: string;
}

export interface ModelsOut {
  /** 完全一致的型号；没有时是 null，请客户在 choices 里选 */
  exact: ModelOut | null;
  /** 相近的型号，最像的在前 */
  choices: ModelOut[];
  /** 内容里的机身编号，没有时是空 */
  serial: string;
  /** 给人看的说明：请选一个、没有这个型号…… */
  message: string;
}

export interface RegisterIn {
  model_id: string;
  /** 机身编号，6 到 24 位字母和数字；不知道时不填 */
  serial?: string;
  /** 购买日期 */
  purchased_on?: string;
  /** 编号登记在别人名下时，申请过户 */
  ask_transfer?: boolean;
}

export interface OwnProductOut {
  id: string;
  name: string;
  /** 型号 */
  code: string;
  category: string;
  category_title: string;
  /** 机身编号 */
  serial: string | null;
  purchased_on: string | null;
  registered_at: string;
  /** 购买凭证：unknown 没有、told 口述、waiting 待审核、seen 已审核、none 没有发票 */
  invoice: string;
  invoice_title: string;
}

export interface RegisteredOut {
  /** 编号被别人登记时是 null */
  product: OwnProductOut | null;
  /** 之前已经登记在自己名下 */
  already: boolean;
  /** 编号登记在别人名下；可以带 ask_transfer 再发一次 */
  taken: boolean;
  /** 已提交过户申请，客服核实后通知 */
  transfer_asked: boolean;
  message: string;
}

export interface OwnProductsOut {
  /** 最新登记的在前 */
  products: OwnProductOut[];
}

export interface WarrantyLineOut {
  /** whole 整机、main_parts 主要部件、labour 人工，或部件名 */
  component: string;
  title: string;
  /** covered 保内、over 已过保、excluded 不保、unknown 待核 */
  result: string;
  result_title: string;
  since: string | null;
  until: string | null;
  /** 给客户看的一句话 */
  words: string;
  /** 依据 */
  source: string;
}

export interface HistoryOut {
  at: string;
  service: string;
  status: string;
  /** 自己的工单才有 */
  number: string | null;
  /** 做了什么、换了什么 */
  done: string[];
  /** 李师傅（工号 1024） */
  engineer: string;
}

export interface ProductPageOut {
  product: OwnProductOut;
  /** 从哪天算、依据什么，一句话 */
  warranty_start: string;
  warranty: WarrantyLineOut[];
  /** 登记资料里有疑问的地方 */
  doubts: string[];
  /** 最近的在前 */
  history: HistoryOut[];
}

export interface ProofIn {
  /** 发票照片，不超过 10 MB */
  picture: string;
  /** 发票上的日期 */
  purchased_on?: string;
}

export interface PictureIn {
  /** 照片，不超过 10 MB */
  picture: string;
}

export interface PictureOut {
  /** 报修时放进 picture_ids */
  id: string;
}

export interface ContactOut {
  name: string | null;
  phones: OwnPhoneOut[];
  addresses: OwnAddressOut[];
}

export interface OwnPhoneOut {
  /** 报修时放进 phone_id */
  id: string;
  /** 打码的号码 */
  number: string;
  verified: boolean;
}

export interface OwnAddressOut {
  /** 报修时放进 address_id */
  id: string;
  line: string;
  /** 是否在服务范围内 */
  served: boolean;
}

export interface PlaceIn {
  /** 客户写的地址 */
  text: string;
  /** wx.chooseLocation 的纬度（gcj02） */
  lat?: number;
  lng?: number;
}

export interface PlaceChoiceOut {
  division_code: string;
  line: string;
}

export interface PlaceOut {
  /** 能找到门，且在服务范围内：请客户确认 line */
  complete: boolean;
  division_code: string;
  /** 认出的地址，读给客户确认 */
  line: string;
  /** 同名的几个地方，请客户选 */
  choices: PlaceChoiceOut[];
  /** 还缺什么 */
  message: string;
}

export interface ReportIn {
  service: "repair" | "install" | "maintenance";
  /** 自己的产品；没有登记的填 model_id 或 category */
  product_id?: string;
  model_id?: string;
  category?: string;
  /** 什么故障、要什么；报修必填 */
  words?: string;
  /** 以前的地址 */
  address_id?: string;
  /** 新地址，先用 POST /places 核对 */
  address?: string;
  /** 客户自己在地图上点的或定的位置 */
  lat?: number;
  lng?: number;
  /** 微信给的是 gcj02，浏览器给的是 wgs84 */
  datum?: "gcj02" | "wgs84";
  /** 真正的位置在这么多米以内；太粗的不用 */
  radius_m?: number;
  /** 以前的号码 */
  phone_id?: string;
  /** 新号码 */
  phone?: string;
  /** 怎么称呼 */
  name?: string;
  /** 是另一台：不并入已有的工单 */
  another?: boolean;
  picture_ids?: string[];
}

export interface WindowOut {
  since: string;
  until: string;
  /** 11月23日 周一 14:00–16:00 */
  words: string;
}

export interface OrderLineOut {
  /** 工单号，只有数字 */
  number: string;
  /** 分组写的工单号 */
  spoken: string;
  service: string;
  category_title: string;
  /** 产品名，不知道时是品类名 */
  product: string;
  /** 代码 */
  status: string;
  status_title: string;
  open: boolean;
  opened_at: string;
  /** 接下来：约在什么时候、要付款、可以评价…… */
  next: string;
}

export interface OwnOrdersOut {
  /** 最新的在前 */
  orders: OrderLineOut[];
}

export interface OpenedOut {
  order: OrderLineOut;
  /** 并入了已有的工单 */
  joined: boolean;
  /** 有危险时马上要做的事；没有时是空。要先显示 */
  safety: string;
  /** 可以选的上门时间；空的时候会有人来电 */
  windows: WindowOut[];
  message: string;
}

export interface StepOut {
  at: string;
  title: string;
  words: string;
}

export interface EngineerOut {
  /** 李师傅 */
  name: string;
  /** 工号 */
  code: string;
  grade: string;
  certificates: string[];
  /** 照片的路径 /orders/<number>/engineer/<id>，只在他要上门的时候能看 */
  photo_url: string | null;
  /** 出发后到离开前才有 */
  phone: string | null;
}

export interface PinOut {
  lat: number;
  lng: number;
  /** 真正的位置在这么多米以内 */
  radius_m: number;
}

export interface PositionOut {
  /** 离上门地址的直线距离 */
  metres: number | null;
  /** 从上门地址看的方向，0 是北，顺时针 */
  bearing: number | null;
  minutes_old: number;
  /** 师傅的大概位置 */
  at: PinOut;
  /** 上门地址；不知道门在哪时没有 */
  home: PinOut | null;
}

export interface ChangeOut {
  id: string;
  before: string;
  wanted: string;
}

export interface MayOut {
  /** 改约 */
  move: boolean;
  cancel: boolean;
  urge: boolean;
  rate: boolean;
  /** 现场已整改好，可以再上门 */
  go_on: boolean;
}

export interface OrderPageOut {
  order: OrderLineOut;
  /** 客户的话 */
  words: string;
  address: string;
  /** 打码的号码 */
  phone: string;
  /** 经过，最近的在前 */
  steps: StepOut[];
  appointment: WindowOut | null;
  engineer: EngineerOut | null;
  position: PositionOut | null;
  change: ChangeOut | null;
  /** 受理时核定的保修，逐句 */
  warranty: string[];
  may: MayOut;
  /** 待确认的报价 */
  quote_id: string | null;
  /** 要付的款 */
  payable_id: string | null;
  /** 服务单页面的路径 */
  sheet_url: string | null;
  /** 照片的路径 /pictures/<id> */
  pictures: string[];
}

export interface WindowsOut {
  windows: WindowOut[];
}

export interface BookIn {
  /** GET …/windows 给的 */
  since: string;
  until: string;
  /** 改约的原因 */
  reason?: string;
}

export interface CancelIn {
  why: string;
}

export interface UrgeIn {
  words?: string;
}

export interface ChangeIn {
  id: string;
  yes: boolean;
}

export interface DoneOut {
  /** 给人看的结果 */
  message: string;
}

export interface RatingIn {
  stars: number;
  aspects?: Record<string, number>;
  tags?: string[];
  words?: string;
  /** 修好了没有 */
  solved?: boolean;
  /** 0 到 10，愿不愿意推荐给朋友 */
  recommend?: number;
}

export interface OptionOut {
  code: string;
  title: string;
}

export interface RatingOut {
  /** 现在可以评，或可以补充 */
  open: boolean;
  message: string;
  stars: number | null;
  aspects: OptionOut[];
  tags: OptionOut[];
  said_aspects: Record<string, number>;
  said_tags: string[];
  words: string;
}

export interface QuoteLineOut {
  title: string;
  /** 1、1.5 米…… */
  quantity: string;
  unit_fen: number;
  fen: number;
  /** ¥280.00 */
  shown: string;
  /** customer 客户、warranty 保修、cover 延保、card 服务卡、brand 品牌 */
  payer: string;
  payer_title: string;
  /** 为什么由谁付 */
  why: string;
}

export interface QuoteOut {
  id: string;
  order_number: string;
  version: number;
  /** asked 待确认、confirmed、rejected、superseded、withdrawn、expired */
  status: string;
  status_title: string;
  lines: QuoteLineOut[];
  /** 客户要付的 */
  customer_fen: number;
  customer_shown: string;
  /** 不同意也要付的上门检测费等 */
  declined_shown: string;
  /** 师傅的说明 */
  note: string;
  /** 由别人付的合计 */
  others_shown: string;
  /** 确认时原样发回：确认的就是看到的 */
  hash: string;
  /** 已经有新的报价 */
  newer_id: string | null;
}

export interface AnswerQuoteIn {
  answer: "confirm" | "reject";
  hash: string;
  why?: string;
}

export interface InvoiceOut {
  /** asked 已申请、issued 已开、refused 没有开 */
  status: string;
  status_title: string;
  number: string | null;
}

export interface PayableOut {
  id: string;
  title: string;
  order_number: string | null;
  /** open 待付、paid 已付、void 作废…… */
  status: string;
  status_title: string;
  due_fen: number;
  due_shown: string;
  paid_fen: number;
  refunded_fen: number;
  /** 没有退款时是空 */
  refunded_shown: string;
  invoice: InvoiceOut | null;
  may_ask_invoice: boolean;
}

export interface PayablesOut {
  /** 最新的在前 */
  payables: PayableOut[];
}

export interface PayIn {
  method?: "jsapi" | "h5";
}

export interface PayParamsOut {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

export interface CashierOut {
  /** 之后用 GET /payments/<id> 查结果 */
  payment_id: string;
  params: PayParamsOut | null;
  h5_url: string | null;
}

export interface PaymentOut {
  id: string;
  /** created、pending、unknown 等一等再查；paid 已付；closed 没有付 */
  status: string;
  status_title: string;
  /** 不用再查了 */
  done: boolean;
  payable_id: string;
}

export interface InvoiceIn {
  /** 抬头 */
  title: string;
  /** 个人不填 */
  tax_number?: string;
  email: string;
}

export interface OfferOut {
  plan_id: string;
  /** warranty 延保、card 服务卡 */
  kind: string;
  title: string;
  price_fen: number;
  price_shown: string;
  product_id: string | null;
  product: string;
  eligible: boolean;
  /** 为什么不能买 */
  why_not: string;
  /** 从哪天起 */
  since: string | null;
  until: string | null;
  /** 可用几次 */
  uses: number | null;
  /** 几天内可以全额退 */
  cooling_days: number;
  /** 条款 */
  terms: string;
}

export interface ShopOut {
  offers: OfferOut[];
}

export interface ShopQuery {
  /** 只看这台能买的；不填看名下全部 */
  product_id?: string;
}

export interface BuyIn {
  plan_id: string;
  /** 服务卡可以不填 */
  product_id?: string;
}

export interface OwnCoverOut {
  id: string;
  /** 证书号 */
  number: string;
  kind: string;
  title: string;
  status: string;
  status_title: string;
  product: string;
  price_shown: string;
  since: string | null;
  until: string | null;
  uses: number | null;
  used: number;
  payable_id: string | null;
  may_cancel: boolean;
  /** 现在退订退多少；不能退时是 null */
  back_fen: number | null;
  /** 怎么算的 */
  back_words: string;
  terms: string;
}

export interface OwnCoversOut {
  covers: OwnCoverOut[];
}

export interface BoughtOut {
  cover: OwnCoverOut;
  /** 接着付款 */
  payable_id: string | null;
}

export interface CancelCoverIn {
  /** 客户看到的退款金额：变了就不退，先再看一次 */
  back_fen?: number;
  why?: string;
}

export interface GiftIn {
  code: string;
  product_id?: string;
}

export interface GiftOut {
  /** 没有兑换成功时是 null，message 说为什么 */
  cover: OwnCoverOut | null;
  message: string;
}

export interface PriceOut {
  title: string;
  /** ¥30.00、15%…… */
  shown: string;
  note: string;
}

export interface PriceGroupOut {
  title: string;
  lines: PriceOut[];
}

export interface PricesOut {
  brand: string;
  hotline: string;
  on: string;
  groups: PriceGroupOut[];
}

export interface ConsentOut {
  at: string;
  version: string;
}

export interface KeptOut {
  title: string;
  count: number;
  /** 做什么用、保存多久 */
  why: string;
}

export interface MyDataOut {
  name: string | null;
  phones: OwnPhoneOut[];
  addresses: OwnAddressOut[];
  kept: KeptOut[];
  /** 同意过的隐私说明，最近的在前 */
  consents: ConsentOut[];
  /** 是否同意接收活动和推广消息；没有说过同意就是 false */
  marketing: boolean;
  may_erase: boolean;
  /** 现在不能注销的原因 */
  why_not: string[];
}

export interface CorrectIn {
  name?: string;
  forget_phone_id?: string;
  forget_address_id?: string;
}

export interface MarketingIn {
  wanted: boolean;
}

export interface EraseIn {
  /** 放弃还在生效的延保和服务卡 */
  give_up_cover?: boolean;
  /** 填“注销” */
  confirm: string;
}

export interface PhoneCodeIn {
  /** 手机号；会收到一条短信验证码 */
  number: string;
}

export interface ProvePhoneIn {
  number: string;
  /** 短信里的 6 位数字 */
  code: string;
}

export interface PhoneCodeOut {
  lasts_seconds: number;
  /** 过这么久才能再要一条 */
  again_seconds: number;
}

export interface SubscriptionIn {
  /** 这一次弹窗的编号，由手机生成：同一个编号只记一次 */
  key?: string;
  answers: Record<string, "accept" | "reject" | "ban" | "filter">;
}

export interface TemplateOut {
  /** 模板 ID */
  id: string;
  title: string;
}

export interface MomentQuery {
  /** 正在办什么：预约、看报价、付款 */
  moment?: "booking" | "quote" | "payment";
}

export interface TemplatesOut {
  /** 现在该请客户允许的，最多 3 个 */
  templates: TemplateOut[];
}
