"""How experienced engineers are; hard cases want a senior one."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    JUNIOR = "junior"
    ENGINEER = "engineer"
    SENIOR = "senior"
    EXPERT = "expert"

    @property
    def rank(self) -> int:
        return list(Grade).index(self)


TITLES = {Grade.JUNIOR: "初级", Grade.ENGINEER: "中级", Grade.SENIOR: "高级", Grade.EXPERT: "专家"}
