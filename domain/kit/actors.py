"""Who does something: every change is recorded with an `Actor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The side a person acts for. What one member of staff may do is finer: `domain.access.roles`."""

    CUSTOMER = "customer"
    ENGINEER = "engineer"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """One acting person or program; ``id`` is a customer, engineer or staff id, or a program's name."""

    role: Role
    id: str

    def __str__(self) -> str:
        return f"{self.role}:{self.id}"


def system(program: str) -> Actor:
    """A program acting by itself, named so that history can be read: ``system("reactions")``."""
    return Actor(Role.SYSTEM, program)
