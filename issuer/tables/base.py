"""What the issuer's tables share."""

from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The tables with the prefix issuer_; rows are made with keyword arguments."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[str]: JSON,
        list[dict[str, str]]: JSON,
        dict[str, str]: JSON,
        dict[str, Any]: JSON,
    }
