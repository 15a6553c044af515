/** The engineer's API under /api/engineer: every request and answer. Written from engineer_app/*shapes.py by `weixiu docs`:
 *  change them there. */

export interface PlaceOut {
  lat: number;
  lng: number;
  /** 真正的位置在这么多米以内 */
  radius_m: number;
  /** centroid 只是一片的中心，不能用来算距离 */
  source: "pin" | "geocoder" | "centroid";
}

export interface WindowOut {
  since: string;
  until: string;
  /** 客户知道这个时间；否则只是我们自己的安排 */
  promised: boolean;
}

export interface RouteOut {
  day: string;
  /** 当天第几个，从 1 起 */
  place: number;
  /** 该出发了 */
  leaves_at: string;
  starts_at: string;
  ends_at: string;
  /** 预计在客户家多久 */
  minutes: number;
}

export interface OfferOut {
  id: string;
  /** 到这时不答就问别人 */
  answer_by: string;
}

export interface CustomerOut {
  /** 没接单时打码 */
  name: string;
  /** 总是打码的 */
  phone: string;
  /** 完整号码，地下室没有信号也能拨：只有今天自己接下、还没结束的任务才有，每台手机第一次取到时留记录；其他自己的任务用 POST /jobs/<visit_id>/call */
  number: string | null;
  /** 没接单时打码 */
  address: string;
  division_code: string;
  place: PlaceOut | null;
  vip: boolean;
}

export interface WarrantyOut {
  component: string;
  /** 整机、主要部件、人工，部件名；return、exchange 是七天退、十五天换 */
  title: string;
  /** covered 保内，over 已过保，excluded 不保，unknown 待核 */
  result: string;
  /** 依据 */
  source: string;
  /** 保到哪天，当日还在保内；不知道从哪天起算时为 null */
  until: string | null;
  /** 没有依据时的说明，不重复部件和结果 */
  words: string;
  /** 凭什么：发票、编号读出的生产日期、换机、过户…… */
  evidence: string[];
}

export interface PastOrderOut {
  number: string;
  service_title: string;
  opened_at: string;
  status_title: string;
  words: string;
}

export interface ProductOut {
  id: string;
  model_id: string;
  model_code: string;
  model_name: string;
  category_code: string;
  serial: string | null;
  purchased_on: string | null;
}

export interface PictureOut {
  id: string;
  /** 谁拍的 */
  of: "customer" | "engineer";
  kind: "image" | "video";
  at: string;
  /** 工程师拍的：手机上取的编号 */
  upload_id: string | null;
}

export interface TriedOut {
  article_id: string;
  title: string;
  status_title: string;
  at: string;
}

export interface PastVisitOut {
  seq: number;
  status_title: string;
  /** rules.OUTCOMES 的代码；没有服务单时为空 */
  outcome: string;
  at: string;
}

export interface MoveOut {
  name: "accept" | "refuse" | "depart" | "check_in";
  /** 按钮上的字 */
  title: string;
  /** 要写原因 */
  reason: boolean;
}

export interface RegisterOut {
  /** 如 check.voltage、part.<line>、field.remark */
  key: string;
  /** 写入它的操作的 body；删掉的行是 null */
  value: Record<string, unknown> | null;
  /** 校正过的手机时间 */
  at: string;
  operation_id: string;
  /** 写入时服务单的版本 */
  version: number;
  /** 这台手机写的 */
  mine: boolean;
}

export interface SignatureOut {
  id: string;
  purpose: "sheet" | "receipt";
  hash: string;
  /** 签的就是现在这张服务单；否则已失效 */
  holds: boolean;
  at: string;
  name: string;
  upload_id: string;
}

export interface SheetOut {
  version: number;
  /** 现在要签的内容的哈希 */
  hash: string;
  /** 空：上门还没结束 */
  outcome: string;
  verify_code: string;
  registers: RegisterOut[];
  signatures: SignatureOut[];
}

export interface ConflictOut {
  operation_id: string;
  kind: string;
  words: string;
  at: string;
  /** 这位工程师这台手机写的 */
  mine: Record<string, unknown> | null;
  /** 另一台写的 */
  theirs: Record<string, unknown> | null;
  /** 现在有效的是 mine */
  stood: boolean;
}

export interface QuoteOut {
  id: string;
  version: number;
  /** 手机上取的编号；别人报的为空 */
  phone_key: string;
  /** asked 等客户、confirmed 已同意、rejected 不同意、superseded、withdrawn、expired */
  status: string;
  status_title: string;
  /** fees.Line：项目、金额、谁付、为什么 */
  lines: Record<string, unknown>[];
  /** 客户付多少分 */
  customer_fen: number;
  /** 客户不同意时只付多少分 */
  declined_fen: number;
  /** 同意的就是这些行 */
  hash: string;
}

export interface OwedOut {
  id: string;
  /** bill 服务账单、cover 延保或服务卡 */
  kind: string;
  title: string;
  due_fen: number;
  paid_fen: number;
  /** open 待付、paid 已付…… */
  status: string;
  status_title: string;
}

export interface JobOut {
  visit_id: string;
  order_id: string;
  /** 能念的工单号 */
  number: string;
  /** offer 待答复；today 今天（含已过期没做的）；coming 以后七天；done 两天内结束的 */
  section: "offer" | "today" | "coming" | "done";
  /** 这张工单的第几次上门 */
  seq: number;
  /** 上门的状态 */
  status: string;
  status_title: string;
  order_status: string;
  order_status_title: string;
  /** blocked、absent：等客户处理；否则为空 */
  on_hold: string;
  /** 客户已同意最多付多少分；还没有报价时为 null */
  agreed_fen: number | null;
  /** 算价要的一切，fees.Facts：价目、保修、服务卡；待答复和已结束的没有 */
  prices: Record<string, unknown> | null;
  /** 这张工单的报价，新的在前，最多三份 */
  quotes: QuoteOut[];
  /** 客户应付和已付的账单，新的在前 */
  owed: OwedOut[];
  /** 客户知道的是您；否则是一起去 */
  lead: boolean;
  offer: OfferOut | null;
  window: WindowOut | null;
  route: RouteOut | null;
  service_type: string;
  service_title: string;
  category_code: string;
  category_title: string;
  brand_id: string;
  brand_name: string;
  customer: CustomerOut;
  model_id: string | null;
  product: ProductOut | null;
  /** 签名内容里的 product：型号编码，或空 */
  signed_product: string;
  /** 签名内容里的 order：工单号原样 */
  signed_order: string;
  warranty: WarrantyOut[];
  /** 这台产品以前的工单，新的在前 */
  history: PastOrderOut[];
  /** 这张工单以前的上门 */
  visits: PastVisitOut[];
  /** 客户怎么说的 */
  words: string;
  /** 症状代码；词在 content.symptoms */
  symptoms: string[];
  error_code: string | null;
  wanted_time: string | null;
  pictures: PictureOut[];
  /** 客户自己试过的 */
  tried: TriedOut[];
  /** 现在可以按的；结束上门看 content.outcomes */
  moves: MoveOut[];
  /** 按这天的 content 确认和检查（上门建立那天） */
  content_day: string;
  /** 要确认的安全提示，代码 */
  prompts: string[];
  /** 要做的环境检查，代码 */
  checks: string[];
  /** 从诊断树的哪一步开始；这类没有树时为 null */
  diagnosis_step: string | null;
  /** 还没写过时为 null：版本 0 */
  sheet: SheetOut | null;
  /** 还没看过的冲突；看过后 POST /conflicts/<operation_id>/seen */
  conflicts: ConflictOut[];
}

export interface PartOut {
  code: string;
  name: string;
  /** 这个型号上有几个 */
  quantity: number;
  /** 属于保修条款的哪个部件 */
  component: string;
  /** 有序列号，要记 */
  serial_kept: boolean;
  /** 旧件要返厂 */
  old_returned: boolean;
  /** 替代件编码 */
  superseded_by: string | null;
}

export interface BrandOut {
  id: string;
  name: string;
  hotline: string;
  /** 公开的价目，一行一条 */
  price_words: string;
}

export interface UploadStateOut {
  id: string;
  visit_id: string;
  state: "receiving" | "checking" | "refused";
  words: string;
}

export interface JobsOut {
  /** 和 ETag 一样：没变时 304 */
  version: string;
  now: string;
  /** GET /content/<content_version> */
  content_version: string;
  /** 这台手机不断号地收到了第几个操作 */
  last_seq: number;
  /** 待答复的在前，再是今天的按路线，再是以后的，最后是做完的 */
  jobs: JobOut[];
  /** 型号 id → 物料清单 */
  bills: Record<string, PartOut[]>;
  brands: BrandOut[];
  /** 没有收完、正在检查，或被拒绝的照片 */
  uploads: UploadStateOut[];
}

export interface PromptOut {
  code: string;
  words: string;
  /** 空：所有服务类型 */
  services: string[];
  source: string;
  since: string;
  until: string | null;
}

export interface OptionOut {
  code: string;
  words: string;
  verdict: "fine" | "warns" | "blocks";
}

export interface CheckOut {
  code: string;
  title: string;
  how: string;
  kind: "number" | "choice" | "yes_no";
  /** 空：所有服务类型 */
  services: string[];
  unit: string;
  /** 十进制文字，含 */
  least: string | null;
  /** 十进制文字，含 */
  most: string | null;
  options: OptionOut[];
  /** 超出范围或选“否”时 */
  failing: "fine" | "warns" | "blocks";
  /** 要拍照 */
  photo: boolean;
  /** 不合格时告诉客户的话 */
  put_right: string;
  source: string;
  since: string;
  until: string | null;
}

export interface FindingOut {
  code: string;
  words: string;
  step: string | null;
  cause: string | null;
}

export interface StepOut {
  code: string;
  title: string;
  do: string;
  safety: string;
  findings: FindingOut[];
}

export interface CauseOut {
  code: string;
  title: string;
  remedy: string;
  /** 可能的配件名 */
  parts: string[];
}

export interface TreeOut {
  source: string;
  checked: string;
  /** 没有更合适的入口时从这步开始 */
  start: string;
  steps: Record<string, StepOut>;
  causes: Record<string, CauseOut>;
}

export interface NeedOut {
  code: string;
  /** 接在“请先”后面 */
  words: string;
}

export interface OutcomeOut {
  code: string;
  title: string;
  /** NeedOut 的代码 */
  needs: string[];
}

export interface ReasonOut {
  code: string;
  words: string;
}

export interface MaterialOut {
  code: string;
  title: string;
  /** 米、个……；数量以千分之一记：3.5 米 = 3500 */
  unit: string;
  /** 只能是整数个 */
  whole: boolean;
  /** 常用它的品类代码；空是各品类通用 */
  categories: string[];
}

export interface ContentOut {
  version: string;
  /** 品类 → 安全提示；general 是所有品类的，排在前 */
  prompts: Record<string, PromptOut[]>;
  /** 品类 → 环境检查 */
  checks: Record<string, CheckOut[]>;
  /** 品类 → 诊断树 */
  trees: Record<string, TreeOut>;
  /** 从强到弱 */
  outcomes: OutcomeOut[];
  needs: NeedOut[];
  /** 不接单的原因 */
  refuse_reasons: ReasonOut[];
  /** 申请改约的原因 */
  change_reasons: ReasonOut[];
  /** 症状代码 → 词 */
  symptoms: Record<string, string>;
  /** 品类代码 → 词 */
  categories: Record<string, string>;
  /** 安装辅材 */
  materials: MaterialOut[];
  /** 照片的用途 */
  photo_purposes: ReasonOut[];
}

export interface PayIn {
  /** 任务的 owed 里的一张账单 */
  payable_id: string;
}

export interface CodeToPayOut {
  /** 之后用 GET /payments/<payment_id> 看结果 */
  payment_id: string;
  /** 画成二维码，客户用微信扫 */
  code_url: string;
  fen: number;
  title: string;
  expires_at: string;
}

export interface PaidOut {
  /** created、pending、unknown：等一等再看；paid 已付；closed 没有付 */
  status: string;
  status_title: string;
  /** 不用再看了 */
  done: boolean;
}

export interface CashIn {
  /** 任务的 owed 里的一张账单 */
  payable_id: string;
  /** 收到的现金，应等于应收 */
  fen: number;
}

export interface ReceiptOut {
  /** 收据号，写给客户 */
  number: string;
  fen: number;
}

export interface PlanOut {
  plan_id: string;
  title: string;
  price_fen: number;
  /** 今天付款的话，从哪天起 */
  since: string;
  until: string;
  terms: string;
  /** 几天内可以全额退 */
  cooling_days: number;
  /** 为什么不能卖；空：可以 */
  why_not: string;
}

export interface CardOut {
  cover_id: string;
  title: string;
  /** 还能用几次 */
  left: number;
  /** 这张工单用的就是它 */
  held: boolean;
}

export interface ShopOut {
  offers: PlanOut[];
  /** 客户的服务卡里这张工单能用的 */
  cards: CardOut[];
}

export interface SellIn {
  /** shop 里的一个方案 */
  plan_id: string;
}

export interface SoldOut {
  payable_id: string;
  /** 证书号；付了款才生效 */
  number: string | null;
}

export interface UseCardIn {
  /** shop 里的一张卡 */
  cover_id: string;
}

export interface Nothing {
}

export interface ErrorOut {
  /** 代码，供程序判断：unauthorized、revoked、not_found、too_many_requests、invalid…… */
  error: string;
  /** 给人看的说明 */
  message: string;
  /** 哪个字段有什么问题 */
  fields?: Record<string, unknown>;
}

export interface CodeIn {
  /** 手机号 */
  phone: string;
}

export interface CodeOut {
  /** 验证码多少秒内有效 */
  lasts_seconds: number;
  /** 多少秒后才能再要一个 */
  again_seconds: number;
}

export interface SignInIn {
  /** 手机号 */
  phone: string;
  /** 短信验证码 */
  code: string;
  /** 这台手机怎么称呼，如“微信 8 · Android” */
  device?: string;
  /** 从微信网页授权回来时地址 # 后的 wechat=…；带上就把这个微信绑定给这位工程师 */
  ticket?: string;
}

export interface WeChatIn {
  /** 地址 # 后的 wechat=… */
  ticket: string;
  /** 这台手机怎么称呼 */
  device?: string;
}

export interface CertificateOut {
  kind: string;
  title: string;
  since: string;
  until: string;
}

export interface MeOut {
  id: string;
  /** 工号 */
  code: string;
  name: string;
  grade: string;
  /** 看过原件的证书 */
  certificates: CertificateOut[];
  /** 有照片时有；GET /me/photo 是照片 */
  photo_id: string | null;
  /** 同意上班时用应用里的位置；出发和签到的位置属于工作记录，不在此列 */
  located: boolean;
}

export interface LocatedIn {
  /** false 就收回，应用报过的位置随即删掉 */
  agrees: boolean;
}

export interface PositionIn {
  lat: number;
  lng: number;
  /** 真正的位置在这么多米以内 */
  radius_m: number;
}

export interface SignInOut {
  /** 放在请求头 Authorization: Bearer 后面；只给这一次 */
  token: string;
  device_id: string;
  ends_at: string;
  me: MeOut;
}

export interface DeviceOut {
  id: string;
  name: string;
  /** 就是现在这台 */
  this: boolean;
  /** code 或 wechat */
  how: string;
  created_at: string;
  seen_at: string;
  ends_at: string;
}

export interface DevicesOut {
  /** 最近用过的在前 */
  devices: DeviceOut[];
}

export interface TimeOut {
  /** 服务器的时间 */
  now: string;
}

export interface OperationIn {
  /** 手机上取的编号，做一次就一个 */
  id: string;
  /** 这台手机的第几个操作，从 1 起不断号 */
  seq: number;
  /** 与上门无关时为 null */
  visit_id: string | null;
  /** 手机上看到的服务单版本 */
  base_version: number;
  /** 手机自己的时间 */
  at: string;
  /** 操作的种类 */
  kind: string;
  /** 由 kind 决定 */
  body: Record<string, unknown>;
}

export interface SyncIn {
  /** 手机现在的时间 */
  device_now: string;
  /** 每个是 OperationIn，最多 100 个；写得不对的一个一个拒绝，不影响别的 */
  operations: OperationIn[];
}

export interface AnswerOut {
  id: string;
  outcome: "applied" | "conflict" | "refused" | "held" | "kept";
  /** applied 且没有可说的时为空 */
  code: string;
  /** 给工程师看的说明 */
  words: string;
  /** 写入后服务单的版本；没有写入时为 null */
  version: number | null;
  /** 要结束上门还缺什么，每条接在“请先”后面 */
  missing: string[];
  /** 冲突时：这台手机写的 */
  mine: Record<string, unknown> | null;
  /** 冲突时：另一台手机写的 */
  theirs: Record<string, unknown> | null;
  /** 冲突时：现在有效的是不是这台手机写的；不是冲突时为 null */
  stood: boolean | null;
}

export interface SyncOut {
  now: string;
  /** 与送来的操作一一对应 */
  answers: AnswerOut[];
  /** 这台手机不断号地收到了第几个 */
  last_seq: number;
  /** 送来的操作涉及的任务，现在的样子 */
  jobs: JobOut[];
  /** 送来的操作涉及、但已经不是您的上门任务（visit_id） */
  gone: string[];
}

export interface UploadIn {
  /** 手机上取的编号；photo.add、signature.add 里的 upload_id */
  id: string;
  visit_id: string;
  kind: "photo" | "signature";
  /** 字节数，最多 30 MB */
  size: number;
  /** 整个文件的 SHA-256，小写十六进制 */
  sha256: string;
}

export interface UploadOut {
  id: string;
  visit_id: string;
  kind: "photo" | "signature";
  size: number;
  /** 已经收到多少字节：下一片从这里开始 */
  offset: number;
  state: "receiving" | "checking" | "kept" | "refused";
  /** 拒绝时的说明，否则为空 */
  words: string;
  /** 收好后 GET /pictures/<id> 用的编号 */
  picture_id: string | null;
}

export interface PartsQuery {
  /** visit_id */
  job: string;
  /** 配件编码 */
  q: string;
}

export interface PartsOut {
  /** 编码正是这个；没有时为 null */
  exact: PartOut | null;
  /** 没有正好的时候：可能想输的是这些 */
  near: PartOut[];
}

export interface ModelsQuery {
  /** visit_id */
  job: string;
  /** 铭牌上的型号 */
  q: string;
}

export interface ModelOut {
  /** 选了之后：correct 操作，field=model，value 为这个 id */
  id: string;
  /** 型号 */
  code: string;
  /** 名称 */
  name: string;
}

export interface ModelsOut {
  /** 型号正是这个；没有时为 null */
  exact: ModelOut | null;
  /** 没有正好的时候：可能是这些 */
  near: ModelOut[];
}

export interface ProductsQuery {
  /** visit_id */
  job: string;
  /** 扫到或输入的机身编号 */
  serial: string;
}

export interface ProductsOut {
  /** this 就是工单这台；other_of_customer 这位客户的另一台；elsewhere 登记在别人名下；unknown 没有登记过 */
  found: "this" | "other_of_customer" | "elsewhere" | "unknown";
  /** 给工程师看的说明 */
  words: string;
  /** this、other_of_customer 时 */
  product: ProductOut | null;
  /** 这位客户名下的其他产品，可改选 */
  others: ProductOut[];
}

export interface PageQuery {
  /** 页面的完整地址，不带 # */
  url: string;
}

export interface PageOut {
  /** 公众号 */
  app_id: string;
  /** 秒 */
  timestamp: number;
  nonce: string;
  /** wx.config 的签名，只对这个地址有效 */
  signature: string;
}

export interface PictureQuery {
  size?: "large" | "small";
}

export interface CallOut {
  /** 客户的完整号码；看过会留记录 */
  phone: string;
}

/** What `body` of an operation holds, by its `kind`: domain/service_sheets/fields.py. */
export interface OperationBodies {
  "visit.move": { move: "check_in" | "depart"; position?: { lat: number; lng: number; datum: "gcj02" | "wgs84"; radius_m: number } | null; far_reason?: string };
  "visit.end": { outcome: "finished" | "waiting_part" | "taken_in" | "revisit" | "blocked" | "absent"; reason_code?: string; why?: string; parts?: string[] };
  "prompt.confirm": { code: string };
  "check.record": { code: string; value: string; unit?: string; photo_ids?: string[] };
  "diagnosis.record": { cause: string; path?: { node: string; finding: string }[]; remedy?: string; parts?: string[]; deviates?: boolean; said?: string };
  "field.set": { name: "fault_found" | "done" | "remark" | "serial" | "second_serial"; value: string };
  "part.put": { line: string; part_code: string; quantity: number; new_serial?: string; old_serial?: string; photo_ids?: string[]; old_part_kept?: boolean };
  "part.remove": { line: string };
  "material.put": { line: string; code: string; quantity: number };
  "material.remove": { line: string };
  "fee.put": { line: string; code: string; title: string; fen: number; payer: "brand" | "card" | "cover" | "customer" | "warranty"; quantity?: number };
  "fee.remove": { line: string };
  "quote.ask": { quote_id: string; note?: string };
  "quote.confirm": { quote_id: string; hash: string; customer_fen: number; shown: Record<string, number>; signature_id?: string };
  "quote.reject": { quote_id: string; why?: string };
  "photo.add": { upload_id: string; purpose: "after" | "before" | "check" | "door" | "nameplate" | "part" | "receipt"; of?: string };
  "signature.add": { signature_id: string; upload_id: string; purpose: "sheet" | "receipt" | "quote"; sheet_hash: string; content?: string; strokes?: number[][][]; name?: string };
  "correct": { field: "address" | "model" | "name" | "phone" | "product"; value: string; division_code?: string };
  "help.ask": { to: "senior" | "appraisal"; words: string };
  "change.ask": { window_since: string; window_until: string; reason_code: string; why?: string };
  "offer.answer": { offer_id: string; answer: "accept" | "refuse"; reason_code?: string; why?: string };
}

export type OperationKind = keyof OperationBodies;
