"""The content that is the same for all jobs: prompts, checks, diagnosis trees, outcomes, reasons. Cached for good."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from engineer_app.told import by_key, day, flag, one_of, said, things, words_of


class PromptOut(Schema):
    code = said()
    words = said()
    services = words_of("空：所有服务类型")
    source = said()
    since = day()
    until = fields.Date(allow_none=True)


class OptionOut(Schema):
    code = said()
    words = said()
    verdict = one_of(("fine", "warns", "blocks"))


class CheckOut(Schema):
    code = said()
    title = said()
    how = said()
    kind = one_of(("number", "choice", "yes_no"))
    services = words_of("空：所有服务类型")
    unit = said()
    least = said("十进制文字，含", allow_none=True)
    most = said("十进制文字，含", allow_none=True)
    options = things(OptionOut)
    failing = one_of(("fine", "warns", "blocks"), "超出范围或选“否”时")
    photo = flag("要拍照")
    put_right = said("不合格时告诉客户的话")
    source = said()
    since = day()
    until = fields.Date(allow_none=True)


class FindingOut(Schema):
    code = said()
    words = said()
    step = said(allow_none=True)
    cause = said(allow_none=True)


class StepOut(Schema):
    code = said()
    title = said()
    do = said()
    safety = said()
    findings = things(FindingOut)


class CauseOut(Schema):
    code = said()
    title = said()
    remedy = said()
    parts = words_of("可能的配件名")


class TreeOut(Schema):
    source = said()
    checked = day()
    start = said("没有更合适的入口时从这步开始")
    steps = by_key(fields.Nested(StepOut))
    causes = by_key(fields.Nested(CauseOut))


class NeedOut(Schema):
    code = said()
    words = said("接在“请先”后面")


class OutcomeOut(Schema):
    code = said()
    title = said()
    needs = words_of("NeedOut 的代码")


class ReasonOut(Schema):
    code = said()
    words = said()


class MaterialOut(Schema):
    code = said()
    title = said()
    unit = said("米、个……；数量以千分之一记：3.5 米 = 3500")
    whole = flag("只能是整数个")
    categories = words_of("常用它的品类代码；空是各品类通用")


class ContentOut(Schema):
    version = said()
    prompts = by_key(fields.List(fields.Nested(PromptOut)), "品类 → 安全提示；general 是所有品类的，排在前")
    checks = by_key(fields.List(fields.Nested(CheckOut)), "品类 → 环境检查")
    trees = by_key(fields.Nested(TreeOut), "品类 → 诊断树")
    outcomes = things(OutcomeOut, "从强到弱")
    needs = things(NeedOut)
    refuse_reasons = things(ReasonOut, "不接单的原因")
    change_reasons = things(ReasonOut, "申请改约的原因")
    symptoms = by_key(fields.String(), "症状代码 → 词")
    categories = by_key(fields.String(), "品类代码 → 词")
    materials = things(MaterialOut, "安装辅材")
    photo_purposes = things(ReasonOut, "照片的用途")
