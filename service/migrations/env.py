"""Run by Alembic, on the connection that service/database.py opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type
from sqlalchemy.types import TypeDecorator

from service.migrations.tables import TABLES


def plain_types(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write a room's own column type as the plain type below it.

    A revision must still run when the room has moved or renamed its type.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return _repr_type(item.impl_instance, autogen)
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    render_as_batch=True,
    transactional_ddl=True,
    render_item=plain_types,
)
with context.begin_transaction():
    context.run_migrations()
