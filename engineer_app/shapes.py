"""The JSON of the engineer's API: signing in, operations, uploads, parts; jobs are `job_shapes`, content `content_shapes`.

``engineer_app/web/src/api.ts`` is written from these by ``weixiu docs``; a test holds them together.
"""

from __future__ import annotations

from apiflask import Schema
from apiflask.validators import Range, Regexp
from marshmallow import fields

from engineer_app.job_shapes import JobOut, PartOut, ProductOut
from engineer_app.told import (
    Strict,
    anything,
    count,
    flag,
    moment,
    name,
    one_of,
    said,
    text,
    things,
    told,
    whole,
    words_of,
)

LARGEST_FILE = 30 << 20
UPLOAD_STATES = ("receiving", "checking", "kept", "refused")
OUTCOMES = ("applied", "conflict", "refused", "held", "kept")


class Nothing(Schema):
    """An empty object."""


class ErrorOut(Schema):
    """What every refusal looks like."""

    error = said("代码，供程序判断：unauthorized、revoked、not_found、too_many_requests、invalid……")
    message = said("给人看的说明")
    fields_ = anything("哪个字段有什么问题", data_key="fields")


class CodeIn(Strict):
    phone = text(30, "手机号", required=True)


class CodeOut(Schema):
    lasts_seconds = count("验证码多少秒内有效")
    again_seconds = count("多少秒后才能再要一个")


class SignInIn(Strict):
    phone = text(30, "手机号", required=True)
    code = text(10, "短信验证码", required=True)
    device = text(200, "这台手机怎么称呼，如“微信 8 · Android”", least=0, load_default="")
    ticket = text(2000, "从微信网页授权回来时地址 # 后的 wechat=…；带上就把这个微信绑定给这位工程师")


class WeChatIn(Strict):
    ticket = text(2000, "地址 # 后的 wechat=…", required=True)
    device = text(200, "这台手机怎么称呼", least=0, load_default="")


class CertificateOut(Schema):
    kind = said()
    title = said()
    since = fields.Date()
    until = fields.Date()


class MeOut(Schema):
    id = said()
    code = said("工号")
    name = said()
    grade = said()
    certificates = things(CertificateOut, "看过原件的证书")
    photo_id = said("有照片时有；GET /me/photo 是照片", allow_none=True)
    located = flag("同意上班时用应用里的位置；出发和签到的位置属于工作记录，不在此列")


class LocatedIn(Strict):
    agrees = fields.Boolean(required=True, truthy={True}, falsy={False}, **told("false 就收回，应用报过的位置随即删掉"))


class PositionIn(Strict):
    """By WGS 84, as phones say it."""

    lat = fields.Float(required=True, validate=Range(-90, 90))
    lng = fields.Float(required=True, validate=Range(-180, 180))
    radius_m = whole(0, 1_000_000, "真正的位置在这么多米以内", required=True)


class SignInOut(Schema):
    token = said("放在请求头 Authorization: Bearer 后面；只给这一次")
    device_id = said()
    ends_at = moment()
    me = fields.Nested(MeOut)


class DeviceOut(Schema):
    id = said()
    name = said()
    this = flag("就是现在这台")
    how = said("code 或 wechat")
    created_at = moment()
    seen_at = moment()
    ends_at = moment()


class DevicesOut(Schema):
    devices = things(DeviceOut, "最近用过的在前")


class TimeOut(Schema):
    now = moment("服务器的时间")


class OperationIn(Strict):
    """One thing done on the phone; `body` by `kind` is `OperationBodies` in api.ts, `domain.service_sheets.fields.KINDS`."""

    id = name("手机上取的编号，做一次就一个", required=True)
    seq = whole(1, words="这台手机的第几个操作，从 1 起不断号", required=True)
    visit_id = name("与上门无关时为 null", required=True, allow_none=True)
    base_version = whole(0, words="手机上看到的服务单版本", required=True)
    at = moment("手机自己的时间", required=True)
    kind = text(40, "操作的种类", required=True)
    body = anything("由 kind 决定", required=True)


class SyncIn(Strict):
    device_now = moment("手机现在的时间", required=True)
    operations = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        **told("每个是 OperationIn，最多 100 个；写得不对的一个一个拒绝，不影响别的"),
    )


class AnswerOut(Schema):
    id = said()
    outcome = one_of(OUTCOMES)
    code = said("applied 且没有可说的时为空")
    words = said("给工程师看的说明")
    version = count("写入后服务单的版本；没有写入时为 null", allow_none=True)
    missing = words_of("要结束上门还缺什么，每条接在“请先”后面")
    mine = anything("冲突时：这台手机写的", allow_none=True)
    theirs = anything("冲突时：另一台手机写的", allow_none=True)
    stood = flag("冲突时：现在有效的是不是这台手机写的；不是冲突时为 null", allow_none=True)


class SyncOut(Schema):
    now = moment()
    answers = things(AnswerOut, "与送来的操作一一对应")
    last_seq = count("这台手机不断号地收到了第几个")
    jobs = things(JobOut, "送来的操作涉及的任务，现在的样子")
    gone = words_of("送来的操作涉及、但已经不是您的上门任务（visit_id）")


class UploadIn(Strict):
    id = name("手机上取的编号；photo.add、signature.add 里的 upload_id", required=True)
    visit_id = name(required=True)
    kind = one_of(("photo", "signature"), required=True)
    size = whole(1, words="字节数，最多 30 MB", required=True)
    sha256 = fields.String(
        required=True, validate=Regexp(r"\A[0-9a-f]{64}\Z"), **told("整个文件的 SHA-256，小写十六进制")
    )


class UploadOut(Schema):
    id = said()
    visit_id = said()
    kind = one_of(("photo", "signature"))
    size = count()
    offset = count("已经收到多少字节：下一片从这里开始")
    state = one_of(UPLOAD_STATES)
    words = said("拒绝时的说明，否则为空")
    picture_id = said("收好后 GET /pictures/<id> 用的编号", allow_none=True)


class PartsQuery(Strict):
    job = name("visit_id", required=True)
    q = text(64, "配件编码", required=True)


class PartsOut(Schema):
    exact = fields.Nested(PartOut, allow_none=True, **told("编码正是这个；没有时为 null"))
    near = things(PartOut, "没有正好的时候：可能想输的是这些")


class ModelsQuery(Strict):
    job = name("visit_id", required=True)
    q = text(64, "铭牌上的型号", required=True)


class ModelOut(Schema):
    id = said("选了之后：correct 操作，field=model，value 为这个 id")
    code = said("型号")
    name = said("名称")


class ModelsOut(Schema):
    exact = fields.Nested(ModelOut, allow_none=True, **told("型号正是这个；没有时为 null"))
    near = things(ModelOut, "没有正好的时候：可能是这些")


class ProductsQuery(Strict):
    job = name("visit_id", required=True)
    serial = text(64, "扫到或输入的机身编号", required=True)


class ProductsOut(Schema):
    found = one_of(
        ("this", "other_of_customer", "elsewhere", "unknown"),
        "this 就是工单这台；other_of_customer 这位客户的另一台；elsewhere 登记在别人名下；unknown 没有登记过",
    )
    words = said("给工程师看的说明")
    product = fields.Nested(ProductOut, allow_none=True, **told("this、other_of_customer 时"))
    others = things(ProductOut, "这位客户名下的其他产品，可改选")


class PageQuery(Strict):
    url = text(1000, "页面的完整地址，不带 #", required=True)


class PageOut(Schema):
    app_id = said("公众号")
    timestamp = count("秒")
    nonce = said()
    signature = said("wx.config 的签名，只对这个地址有效")


class PictureQuery(Strict):
    size = one_of(("large", "small"), load_default="large")


class CallOut(Schema):
    phone = said("客户的完整号码；看过会留记录")
