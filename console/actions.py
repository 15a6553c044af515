"""What the trail's actions are called on the staff's pages; moves of orders and visits are called by their lifecycles.

A new action is a line here: a test reads them all from the source.
"""

from __future__ import annotations

ACTIONS = {
    "order.view": "查看工单", "order.open": "开单", "order.report": "并入报修", "order.change": "修改工单", "order.sheet": "打印派工单",
    "customer.view": "查看客户", "product.view": "查看产品", "product.register": "登记产品",
    "product.ask_transfer": "申请过户", "product.transfer_accept": "同意过户", "product.transfer_refuse": "驳回过户",
    "product.serial": "补登编号", "personal.reveal": "查看隐私信息", "desk.view": "查看待办", "desk.ask": "进入待办",
    "desk.claim": "接手待办", "desk.drop": "放回待办", "desk.finish": "办结待办", "desk.reply": "回复客户",
    "desk.pass_on": "转交会话", "desk.canned": "修改常用语", "desk.canned_drop": "删除常用语", "desk.hours": "修改在岗时间",
    "desk.on_duty": "上岗", "desk.off_duty": "离岗", "chat.view": "查看会话",
    "incident.open": "安全事件", "incident.view": "查看安全事件", "incident.acknowledge": "接手安全事件",
    "incident.close": "关闭安全事件", "incident.on_call": "修改值班名单",
    "staff.add": "添加员工", "staff.token": "生成令牌", "staff.sign_in": "登录", "staff.sign_out": "退出登录",
    "staff.sign_in_failed": "登录失败", "staff.locked": "账号锁定", "staff.change_password": "修改密码",
    "staff.set_password": "重设密码", "staff.set_role": "修改角色", "staff.disable": "停用员工",
    "staff.enable": "启用员工", "message.retry": "重发消息", "template.put": "设置模板消息", "subscription.report": "订阅通知的选择", "reaction.retry": "重试死信",
    "privacy.consent": "同意隐私声明", "contact.unfollow": "取消关注", "contact.revoke": "撤回授权",
    "provider.put": "修改服务商", "provider.view": "查看服务商", "provider.authorize": "品牌授权", "station.put": "修改网点",
    "coverage.put": "修改服务网格", "coverage.end": "停用网格", "network.import": "导入网络表格", "network.export": "导出网络表格",
    "engineer.put": "修改工程师", "engineer.view": "查看工程师", "engineer.dismiss": "工程师离职", "engineer.skill": "修改技能",
    "engineer.certificate": "登记证书", "certificate.withdraw": "作废证书", "engineer.authorize": "授权工程师",
    "engineer.end": "终止技能或授权", "engineer.add_many": "批量登记", "engineer.located": "定位同意", "engineer.rate": "更新评分",
    "shift.put": "添加班次", "shift.end": "停用班次", "leave.take": "请假", "leave.end": "取消请假",
    "visit.offer": "派出上门", "file.view": "查看照片或视频", "file.glance": "看到照片缩略图",
    "appointment.book": "约定时间", "appointment.expire": "暂留到期", "appointment.give_up": "取消预约",
    "appointment.hold": "暂留时间", "appointment.keep": "按时到达", "appointment.miss": "没有按时到达",
    "appointment.remind": "上门提醒", "capacity.book": "占用时间", "capacity.close": "上门结束，时间据实", "capacity.move": "时间改给他人",
    "capacity.raise": "提高每日上限", "capacity.release": "放出时间", "capacity.reserve": "占用时间",
    "change.answer": "答复改约", "change.ask": "申请改约", "change.call": "请回电（改约）", "change.lapse": "改约未答复",
    "change.withdraw": "撤回改约", "clock.meet": "时效已完成", "clock.pause": "时效暂停", "clock.resume": "时效继续",
    "clock.void": "停止计时", "contact.stop_marketing": "不再接收营销", "customer.join": "合并客户", "customer.phone": "登记电话",
    "desk.ask_again": "再次进入待办", "dispatch.assign": "指派", "dispatch.stand_down": "撤回派工", "dispatch.wait": "等待派工",
    "engineer.bind": "绑定微信", "engineer.position": "更新位置", "engineer.position_agreed": "同意定位",
    "engineer.revoke_device": "退出某台手机", "engineer.sign_in": "工程师登录", "guide.call_back": "自助后回访",
    "guide.offer": "推荐自助步骤", "guide.order": "自助后报修", "offer.accept": "接单", "offer.refuse": "拒单",
    "order.appraisal": "质量鉴定", "order.call": "拨打客户电话", "order.contacted": "已联系客户", "order.export": "导出工单",
    "order.phone_carried": "客户号码存入手机",
    "order.go_on": "恢复派工", "order.responsible": "改变负责服务商", "order.urge": "客户催单", "plan.accept": "采用路线方案",
    "plan.ask": "要求排路线", "plan.make": "排路线", "policy.end": "停用时效规则", "policy.put": "修改时效规则",
    "provider.plans_automatic": "修改自动排路线", "search.drop": "删除组合查询", "search.keep": "保存组合查询",
    "sheet.print": "打印服务单", "sheet.seen": "看过改派后的记录", "sheet.sign": "客户签名", "sheet.view": "查看服务单",
    "visit.engineers": "确定上门人员", "warranty.answer": "核定保修", "warranty.find": "保修认定", "warranty.proof": "登记购买凭证",
    "warranty.serial_rule": "修改编号规则", "warranty.withdraw": "撤回保修认定",
}  # fmt: skip
