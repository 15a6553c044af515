"""The engineer's API under /api/engineer. A call is a row of `routes`; what it does lives in a module beside this one.

The one policy for every call: small bodies, a phone's session but for signing in, one transaction, one shape of every no.
"""

from __future__ import annotations

from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import Response, abort, jsonify, make_response, request
from flask.blueprints import BlueprintSetupState

from domain.engineers import devices
from domain.engineers.devices import SignedInEngineer
from domain.files.pictures import small
from domain.files.store import FileStore, NoStore, unseal
from domain.files.uploads import PIECE, BadHash
from domain.kit.strangers import is_endless
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.gateway import Gateway
from engineer_app import api_money, archive, content, jobs, own_photo, sending, shapes, signing_in, syncing
from engineer_app.content_shapes import ContentOut
from engineer_app.job_shapes import JobsOut
from engineer_app.js_sdk import NO_SIGNER, PageSigner, official_account
from engineer_app.money import Till
from engineer_app.refusals import OFFSET, register
from engineer_app.rows import Given, Rows, token
from engineer_app.signing_in import Desk

LARGEST = 256 * 1024
SESSION = {"type": "http", "scheme": "bearer", "description": "POST /api/engineer/sign-in 返回的 token"}
FOR_GOOD = "private, max-age=31536000, immutable"
A_DAY = "private, max-age=86400"


def blueprint(
    desk: Desk, files: FileStore | None = None, signer: PageSigner = NO_SIGNER, gateway: Gateway | None = None
) -> APIBlueprint:
    """The API, given what it runs on; without ``gateway`` nothing can be paid in WeChat."""
    door = APIBlueprint("engineer_api", __name__, url_prefix="/api/engineer", tag="工程师")
    door.record_once(document)
    door.before_request(small_only)
    door.after_request(never_kept)
    register(door)
    rows = Rows(door, desk, files or NoStore())
    routes(rows)
    own_photo.photo(rows)
    pages(rows, signer)
    api_money.till(rows, Till(desk, gateway))
    return door


def routes(rows: Rows) -> None:
    signing(rows)
    work(rows)
    files(rows)


def signing(rows: Rows) -> None:
    desk = rows.desk

    def code(given: Given) -> Any:
        return signing_in.ask_code(desk, address(), given["phone"])

    def sign_in(given: Given) -> Any:
        return signing_in.sign_in(desk, address(), given)

    def wechat(given: Given) -> Any:
        return signing_in.sign_in_bound(desk, address(), given)

    def sign_out(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        signing_in.sign_out(uow, who, who.device.id, "退出登录")
        return {}

    def end(uow: UnitOfWork, who: SignedInEngineer, given: Given, device_id: str) -> Any:
        signing_in.sign_out(uow, who, device_id, "从另一台手机移除")
        return {}

    def listed(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return signing_in.devices_json(uow, who)

    def me(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return signing_in.me_json(uow, who.engineer)

    def stand(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        signing_in.stand(uow, who.engineer, given)
        return {}

    def located(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return signing_in.locate(uow, who.engineer, given["agrees"])

    rows.open("POST", "/code", code, "发送短信验证码", shapes.CodeOut(), shapes.CodeIn())
    rows.open("POST", "/sign-in", sign_in, "用验证码登录；带 ticket 就绑定微信", shapes.SignInOut(), shapes.SignInIn())
    rows.open("POST", "/wechat", wechat, "用已绑定的微信登录", shapes.SignInOut(), shapes.WeChatIn())
    rows.mine("POST", "/sign-out", sign_out, "退出登录", shapes.Nothing())
    rows.mine("GET", "/me", me, "我和我的证书", shapes.MeOut())
    rows.mine("POST", "/me/located", located, "同意或不再同意上班时定位", shapes.MeOut(), shapes.LocatedIn())
    rows.mine(
        "POST",
        "/me/position",
        stand,
        "现在的位置：同意了才收，下班不记，只留最近一次",
        shapes.Nothing(),
        shapes.PositionIn(),
    )
    rows.mine("GET", "/devices", listed, "登录着的手机", shapes.DevicesOut())
    rows.mine("DELETE", "/devices/<string:device_id>", end, "移除一台手机", shapes.Nothing())


def work(rows: Rows) -> None:
    def time(given: Given) -> Any:
        return {"now": rows.desk.runtime.clock()}

    def snapshot(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Response:
        return tagged(jobs.snapshot(uow, who))

    def fixed(uow: UnitOfWork, who: SignedInEngineer, given: Given, version: str) -> Response:
        answer = jsonify(content.of_version(version))
        answer.headers["Cache-Control"] = FOR_GOOD
        return answer

    def sync(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return syncing.take(uow, who, given)

    def call(uow: UnitOfWork, who: SignedInEngineer, given: Given, visit_id: str) -> Any:
        return archive.call(uow, who, visit_id)

    def seen(uow: UnitOfWork, who: SignedInEngineer, given: Given, operation_id: str) -> Any:
        syncing.seen(uow, who, operation_id)
        return {}

    def parts(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return archive.parts(uow, who, given["job"], given["q"])

    def models(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return archive.models(uow, who, given["job"], given["q"])

    def products(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return archive.products(uow, who, given["job"], given["serial"])

    rows.open("GET", "/time", time, "服务器的时间", shapes.TimeOut())
    rows.mine("GET", "/jobs", snapshot, "手机上的全部任务（ETag，没变时 304）", JobsOut())
    rows.mine("POST", "/jobs/<string:visit_id>/call", call, "看客户的完整号码（留记录）", shapes.CallOut())
    rows.mine("POST", "/conflicts/<string:operation_id>/seen", seen, "看过一个冲突", shapes.Nothing())
    rows.mine("GET", "/content/<string:version>", fixed, "提示、检查、诊断树等内容", ContentOut())
    rows.mine("POST", "/sync", sync, "上传操作", shapes.SyncOut(), shapes.SyncIn())
    rows.mine("GET", "/parts", parts, "按编码找配件", shapes.PartsOut(), shapes.PartsQuery())
    rows.mine("GET", "/models", models, "按铭牌找型号", shapes.ModelsOut(), shapes.ModelsQuery())
    rows.mine("GET", "/products", products, "机身编号是哪台产品", shapes.ProductsOut(), shapes.ProductsQuery())


def files(rows: Rows) -> None:
    def begin(uow: UnitOfWork, who: SignedInEngineer, given: Given) -> Any:
        return at_offset(sending.begin(uow, who, given))

    def look(uow: UnitOfWork, who: SignedInEngineer, given: Given, upload_id: str) -> Any:
        return at_offset(sending.look(uow, who, upload_id))

    def piece(given: Given, upload_id: str) -> Any:
        request.max_content_length = PIECE
        data = request.get_data(cache=False)
        with rows.desk.runtime.transaction() as uow:
            who = devices.must_be(uow, token())
            taken = sending.take_piece(uow, who, upload_id, request.headers.get(OFFSET, ""), data)
        if isinstance(taken, BadHash):
            raise taken
        return at_offset(taken)

    def picture(given: Given, file_id: str) -> Response:
        """The content is read after the transaction: a store may be slow."""
        with rows.desk.runtime.transaction() as uow:
            sealed = archive.picture(uow, devices.must_be(uow, token()), file_id)
        data = unseal(sealed.key, sealed.file_id, rows.files.get(sealed.place))
        is_small = given.get("size") == "small" and sealed.mime == "image/jpeg"
        answer = make_response(small(data) if is_small else data)
        answer.headers.update({"Content-Type": sealed.mime, "Cache-Control": A_DAY})
        return answer

    rows.mine("POST", "/uploads", begin, "开始上传一个文件，或接着传", shapes.UploadOut(), shapes.UploadIn())
    rows.mine("GET", "/uploads/<string:upload_id>", look, "一个上传到哪里了", shapes.UploadOut())
    rows.open(
        "PATCH", "/uploads/<string:upload_id>", piece, "下一片：请求头 Upload-Offset，内容最多 256 KB",
        shapes.UploadOut(), signed_in=True,
    )  # fmt: skip
    rows.open(
        "GET", "/pictures/<string:file_id>", picture, "一张照片（JPEG）或视频", None, shapes.PictureQuery(),
        signed_in=True,
    )  # fmt: skip


def pages(rows: Rows, signer: PageSigner) -> None:
    def js_sdk(given: Given) -> Any:
        """The platform is asked after the transaction: it may be slow."""
        with rows.desk.runtime.transaction() as uow:
            account_id = official_account(uow, rows.desk, devices.must_be(uow, token()))
            signer.must_be_ours(given["url"])
            timestamp = int(uow.now.timestamp())
        return signer.signed(account_id, given["url"], timestamp)

    rows.open(
        "GET", "/js-sdk", js_sdk, "在微信里用扫一扫：给一个页面签名", shapes.PageOut(), shapes.PageQuery(),
        signed_in=True,
    )  # fmt: skip


def at_offset(upload: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    return upload, 200, {OFFSET: str(upload["offset"])}


def tagged(made: dict[str, Any]) -> Response:
    """304 where the phone has this version."""
    answer = jsonify(made)
    answer.set_etag(made["version"])
    answer.headers["Cache-Control"] = "private, no-cache"
    return cast("Response", answer.make_conditional(request))


def address() -> str:
    return request.remote_addr or ""


def document(state: BlueprintSetupState) -> None:
    app = cast("APIFlask", state.app)
    app.config["SECURITY_SCHEMES"] = {**(app.config.get("SECURITY_SCHEMES") or {}), "device": SESSION}


def small_only() -> None:
    request.max_content_length = LARGEST
    if request.is_json and is_endless(request.get_data()):
        abort(400)


def never_kept(response: Response) -> Response:
    """Unless the call said otherwise."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
