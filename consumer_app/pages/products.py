"""我的产品: the list, registering by scan or by typing, one product with warranty and history, the invoice's photo."""

from __future__ import annotations

from flask import Blueprint, Response, request

from consumer_app.counter import Malformed
from consumer_app.person import Person
from consumer_app.product_shapes import RegisterIn
from consumer_app.subjects import codes, pictures, products
from consumer_app.subjects.products import ask_for_proof
from consumer_app.web_parts import PATH, Web, given_in, go, read
from domain.files.model import StoredFile
from domain.kit.errors import Refused

NO = 409


def register(door: Blueprint, web: Web) -> None:
    @door.get("/products")
    @web.signed_in
    def all_products(person: Person) -> Response:
        return web.page("products.html", person=person, tab="products", **products.all_of(person))

    @door.get("/products/new")
    @web.signed_in
    def new_product(person: Person) -> Response:
        return form(person)

    def form(person: Person, status: int = 200, **words: object) -> Response:
        """A text is asked for first; what it means is shown as choices, or with the rest of the form."""
        text, model_id = request.values.get("text", "").strip(), request.values.get("model_id", "")
        found = codes.find(person, text[:200]) if text and not model_id else None
        chosen = codes.model_json(person.model(model_id)) if model_id else found["exact"] if found else None
        serial = request.values.get("serial", "") or (found["serial"] if found else "")
        return web.page(
            "product_new.html", status, person=person, tab="products", text=text, found=found, chosen=chosen,
            serial=serial, purchased_on=request.form.get("purchased_on", ""), today=person.uow.today, **words,
        )  # fmt: skip

    @door.post("/products")
    @web.writes
    def register_one(person: Person) -> Response:
        if request.form.get("agree"):
            person.agree()
        try:
            with person.uow.session.begin_nested():
                made = products.register(person, given_in(RegisterIn()))
        except Refused as no:
            return form(person, NO, refused=str(no))
        if made["taken"] and not made["transfer_asked"]:
            return form(person, NO, taken=made["message"])
        if made["transfer_asked"]:
            return web.page(
                "done.html", person=person, title="已提交申请", words=made["message"], on=f"{PATH}/products"
            )
        return go(f"{PATH}/products/{made['product']['id']}?new=1")

    @door.get("/products/<product_id>")
    @web.signed_in
    def product(person: Person, product_id: str) -> Response:
        return one(person, product_id)

    def one(person: Person, product_id: str, status: int = 200, **words: object) -> Response:
        return web.page(
            "product.html", status, person=person, tab="products", new=request.args.get("new"),
            today=person.uow.today, **products.page(person, product_id), **words,
        )  # fmt: skip

    @door.post("/products/<product_id>/proof")
    def prove(product_id: str) -> Response:
        web.must_be_our_form()
        sent = request.files.get("picture")
        try:
            given = {"model_id": "x", **({"purchased_on": day} if (day := request.form.get("purchased_on")) else {})}
            bought = read(RegisterIn(), given).get("purchased_on")
            if sent is None or not sent.filename:
                raise Malformed("请选一张发票照片")
            if request.form.get("agree"):
                with web.at.runtime.transaction() as uow:
                    web.person(uow).agree()

            def keep(person: Person, file: StoredFile) -> None:
                ask_for_proof(person, product_id, file, bought)

            pictures.send(web.at, web.secret, sent.stream, keep)
        except Malformed as no:
            with web.at.runtime.transaction() as uow:
                return one(web.person(uow), product_id, NO, refused=str(no))
        return go(f"{PATH}/products/{product_id}#proof")

    @door.get("/pictures/<file_id>")
    def picture(file_id: str) -> Response:
        content = pictures.read(web.at, web.secret, file_id, whole="whole" in request.args)
        answer = Response(content, mimetype="image/jpeg")
        answer.headers["Cache-Control"] = "private, max-age=600"
        return answer
