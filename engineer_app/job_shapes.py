"""A job as the phone keeps it: everything needed to do it without network, except the content that is the same for all."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from engineer_app.told import anything, by_key, count, day, flag, moment, one_of, said, things, told, words_of

SECTIONS = ("offer", "today", "coming", "done")
MOVES = ("accept", "refuse", "depart", "check_in")


class PlaceOut(Schema):
    lat = fields.Float()
    lng = fields.Float()
    radius_m = count("真正的位置在这么多米以内")
    source = one_of(("pin", "geocoder", "centroid"), "centroid 只是一片的中心，不能用来算距离")


class WindowOut(Schema):
    since = moment()
    until = moment()
    promised = flag("客户知道这个时间；否则只是我们自己的安排")


class RouteOut(Schema):
    day = day()
    place = count("当天第几个，从 1 起")
    leaves_at = moment("该出发了")
    starts_at = moment()
    ends_at = moment()
    minutes = count("预计在客户家多久")


class OfferOut(Schema):
    id = said()
    answer_by = moment("到这时不答就问别人")


class CustomerOut(Schema):
    name = said("没接单时打码")
    phone = said("总是打码的")
    number = said(
        "完整号码，地下室没有信号也能拨：只有今天自己接下、还没结束的任务才有，每台手机第一次取到时留记录；"
        "其他自己的任务用 POST /jobs/<visit_id>/call",
        allow_none=True,
    )
    address = said("没接单时打码")
    division_code = said()
    place = fields.Nested(PlaceOut, allow_none=True)
    vip = flag()


class WarrantyOut(Schema):
    component = said()
    title = said("整机、主要部件、人工，部件名；return、exchange 是七天退、十五天换")
    result = said("covered 保内，over 已过保，excluded 不保，unknown 待核")
    source = said("依据")
    until = fields.Date(allow_none=True, **told("保到哪天，当日还在保内；不知道从哪天起算时为 null"))
    words = said("没有依据时的说明，不重复部件和结果")
    evidence = fields.List(fields.String(), **told("凭什么：发票、编号读出的生产日期、换机、过户……"))


class PastOrderOut(Schema):
    number = said()
    service_title = said()
    opened_at = moment()
    status_title = said()
    words = said()


class ProductOut(Schema):
    id = said()
    model_id = said()
    model_code = said()
    model_name = said()
    category_code = said()
    serial = said(allow_none=True)
    purchased_on = fields.Date(allow_none=True)


class PictureOut(Schema):
    id = said()
    of = one_of(("customer", "engineer"), "谁拍的")
    kind = one_of(("image", "video"))
    at = moment()
    upload_id = said("工程师拍的：手机上取的编号", allow_none=True)


class TriedOut(Schema):
    article_id = said()
    title = said()
    status_title = said()
    at = moment()


class PastVisitOut(Schema):
    seq = count()
    status_title = said()
    outcome = said("rules.OUTCOMES 的代码；没有服务单时为空")
    at = moment()


class MoveOut(Schema):
    name = one_of(MOVES)
    title = said("按钮上的字")
    reason = flag("要写原因")


class RegisterOut(Schema):
    key = said("如 check.voltage、part.<line>、field.remark")
    value = anything("写入它的操作的 body；删掉的行是 null", allow_none=True)
    at = moment("校正过的手机时间")
    operation_id = said()
    version = count("写入时服务单的版本")
    mine = flag("这台手机写的")


class SignatureOut(Schema):
    id = said()
    purpose = one_of(("sheet", "receipt"))
    hash = said()
    holds = flag("签的就是现在这张服务单；否则已失效")
    at = moment()
    name = said()
    upload_id = said()


class SheetOut(Schema):
    version = count()
    hash = said("现在要签的内容的哈希")
    outcome = said("空：上门还没结束")
    verify_code = said()
    registers = things(RegisterOut)
    signatures = things(SignatureOut)


class ConflictOut(Schema):
    operation_id = said()
    kind = said()
    words = said()
    at = moment()
    mine = anything("这位工程师这台手机写的", allow_none=True)
    theirs = anything("另一台写的", allow_none=True)
    stood = flag("现在有效的是 mine")


class QuoteOut(Schema):
    id = said()
    version = count()
    phone_key = said("手机上取的编号；别人报的为空")
    status = said("asked 等客户、confirmed 已同意、rejected 不同意、superseded、withdrawn、expired")
    status_title = said()
    lines = fields.List(anything(), **told("fees.Line：项目、金额、谁付、为什么"))
    customer_fen = count("客户付多少分")
    declined_fen = count("客户不同意时只付多少分")
    hash = said("同意的就是这些行")


class OwedOut(Schema):
    id = said()
    kind = said("bill 服务账单、cover 延保或服务卡")
    title = said()
    due_fen = count()
    paid_fen = count()
    status = said("open 待付、paid 已付……")
    status_title = said()


class JobOut(Schema):
    visit_id = said()
    order_id = said()
    number = said("能念的工单号")
    section = one_of(SECTIONS, "offer 待答复；today 今天（含已过期没做的）；coming 以后七天；done 两天内结束的")
    seq = count("这张工单的第几次上门")
    status = said("上门的状态")
    status_title = said()
    order_status = said()
    order_status_title = said()
    on_hold = said("blocked、absent：等客户处理；否则为空")
    agreed_fen = fields.Integer(allow_none=True, **told("客户已同意最多付多少分；还没有报价时为 null"))
    prices = anything("算价要的一切，fees.Facts：价目、保修、服务卡；待答复和已结束的没有", allow_none=True)
    quotes = things(QuoteOut, "这张工单的报价，新的在前，最多三份")
    owed = things(OwedOut, "客户应付和已付的账单，新的在前")
    lead = flag("客户知道的是您；否则是一起去")
    offer = fields.Nested(OfferOut, allow_none=True)
    window = fields.Nested(WindowOut, allow_none=True)
    route = fields.Nested(RouteOut, allow_none=True)
    service_type = said()
    service_title = said()
    category_code = said()
    category_title = said()
    brand_id = said()
    brand_name = said()
    customer = fields.Nested(CustomerOut)
    model_id = said(allow_none=True)
    product = fields.Nested(ProductOut, allow_none=True)
    signed_product = said("签名内容里的 product：型号编码，或空")
    signed_order = said("签名内容里的 order：工单号原样")
    warranty = things(WarrantyOut)
    history = things(PastOrderOut, "这台产品以前的工单，新的在前")
    visits = things(PastVisitOut, "这张工单以前的上门")
    words = said("客户怎么说的")
    symptoms = words_of("症状代码；词在 content.symptoms")
    error_code = said(allow_none=True)
    wanted_time = said(allow_none=True)
    pictures = things(PictureOut)
    tried = things(TriedOut, "客户自己试过的")
    moves = things(MoveOut, "现在可以按的；结束上门看 content.outcomes")
    content_day = day("按这天的 content 确认和检查（上门建立那天）")
    prompts = words_of("要确认的安全提示，代码")
    checks = words_of("要做的环境检查，代码")
    diagnosis_step = said("从诊断树的哪一步开始；这类没有树时为 null", allow_none=True)
    sheet = fields.Nested(SheetOut, allow_none=True, **told("还没写过时为 null：版本 0"))
    conflicts = things(ConflictOut, "还没看过的冲突；看过后 POST /conflicts/<operation_id>/seen")


class PartOut(Schema):
    code = said()
    name = said()
    quantity = count("这个型号上有几个")
    component = said("属于保修条款的哪个部件")
    serial_kept = flag("有序列号，要记")
    old_returned = flag("旧件要返厂")
    superseded_by = said("替代件编码", allow_none=True)


class BrandOut(Schema):
    id = said()
    name = said()
    hotline = said()
    price_words = said("公开的价目，一行一条")


class UploadStateOut(Schema):
    id = said()
    visit_id = said()
    state = one_of(("receiving", "checking", "refused"))
    words = said()


class JobsOut(Schema):
    version = said("和 ETag 一样：没变时 304")
    now = moment()
    content_version = said("GET /content/<content_version>")
    last_seq = count("这台手机不断号地收到了第几个操作")
    jobs = things(JobOut, "待答复的在前，再是今天的按路线，再是以后的，最后是做完的")
    bills = by_key(fields.List(fields.Nested(PartOut)), "型号 id → 物料清单")
    brands = things(BrandOut)
    uploads = things(UploadStateOut, "没有收完、正在检查，或被拒绝的照片")
