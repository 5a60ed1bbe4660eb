"""Contexts and schemas of an operator, for as long as a test runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import contexts
import contexts.schemas
from vc import own_terms


@contextmanager
def installed(
    *, contexts_at: Mapping[str, bytes] | None = None, schemas_at: Mapping[str, bytes] | None = None
) -> Iterator[None]:
    """Make them known, and forget them again."""
    try:
        for url, content in (contexts_at or {}).items():
            contexts.install(url, content)
        for url, content in (schemas_at or {}).items():
            contexts.schemas.install(url, content)
        yield
    finally:
        contexts._installed.clear()
        contexts.schemas._installed.clear()
        contexts.raw.cache_clear()
        contexts.load.cache_clear()
        own_terms._outermost.cache_clear()
