"""The API's rows about products and pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import make_response

from consumer_app import order_shapes
from consumer_app import product_shapes as shapes
from consumer_app.counter import Counter
from consumer_app.person import Person
from consumer_app.row import Given, Row
from consumer_app.subjects import codes, pictures, products


def rows(at: Counter) -> Iterable[Row]:
    def find(person: Person, given: Given) -> Any:
        return codes.find(person, given["text"])

    def all_of(person: Person, given: Given) -> Any:
        return products.all_of(person)

    def page(person: Person, given: Given, product_id: str) -> Any:
        return products.page(person, product_id)

    def prove(secret: str, given: Given, product_id: str) -> Any:
        told: dict[str, Any] = {}
        pictures.send(
            at, secret, given["picture"].stream,
            lambda person, file: told.update(
                products.ask_for_proof(person, product_id, file, given.get("purchased_on"))
            ),
        )  # fmt: skip
        return told

    def send(secret: str, given: Given) -> Any:
        return {"id": pictures.send(at, secret, given["picture"].stream).id}

    def show(secret: str, given: Given, file_id: str) -> Any:
        answer = make_response(pictures.read(at, secret, file_id, whole=True))
        answer.mimetype = "image/jpeg"
        return answer

    form = "form_and_files"
    return (
        Row("POST", "/models", find, "认型号", shapes.ModelsOut(), shapes.ModelsIn()),
        Row("GET", "/products", all_of, "我的产品", shapes.OwnProductsOut()),
        Row("POST", "/products", products.register, "登记产品", shapes.RegisteredOut(), shapes.RegisterIn()),
        Row("GET", "/products/<product_id>", page, "一台产品：保修和记录", shapes.ProductPageOut()),
        Row(
            "POST", "/products/<product_id>/proof", prove, "上传发票照片", order_shapes.DoneOut(), shapes.ProofIn(),
            location=form, outside=True,
        ),
        Row("POST", "/pictures", send, "上传照片", shapes.PictureOut(), shapes.PictureIn(), location=form, outside=True),
        Row("GET", "/pictures/<file_id>", show, "看照片", None, outside=True),
    )  # fmt: skip
