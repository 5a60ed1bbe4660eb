"""What all tests share: where the published vectors lie."""

import os
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[2] / "shared" / "vectors"


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of published vectors, read in place."""
    if not VECTORS.is_dir():
        reason = f"the published vectors are not at {VECTORS}"
        if os.environ.get("REQUIRE_VECTORS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return VECTORS
