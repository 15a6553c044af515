"""How WeChat Pay says no: an HTTP status, a code and words, unsigned; a new answer is raised where its rule is.

The platform's internal number is the end of the Request-Id header; only the two the protocol sheet names are true to the real one.
"""

from typing import Any

CHANGED = 268498688  # the same number with other parameters
PAID = 268449538


class PayError(Exception):
    """An answer that is no 2xx."""

    def __init__(self, status: int, code: str, words: str, *, number: int = 0, detail: dict[str, Any] | None = None):
        self.status, self.code, self.words, self.detail = status, code, words, detail
        self.number = number or 268_435_456 + status
        super().__init__(f"{status} {code} {words}")

    def show(self) -> dict[str, Any]:
        """As JSON."""
        return {"code": self.code, "message": self.words, **({"detail": self.detail} if self.detail else {})}


class Unpayable(Exception):
    """What the phone says to the person instead of taking the money."""


def wrong_field(field: str, value: object, issue: str) -> PayError:
    """400 PARAM_ERROR, as the platform words it."""
    detail = {"field": field, "value": value, "issue": issue, "location": "body"}
    return PayError(400, "PARAM_ERROR", f"参数错误：{field} {issue}", detail=detail)


def invalid(words: str, *, number: int = 0) -> PayError:
    """400 INVALID_REQUEST."""
    return PayError(400, "INVALID_REQUEST", words, number=number)
