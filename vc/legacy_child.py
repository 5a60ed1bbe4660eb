"""Asks didkit about the one credential on standard input; prints good or bad. Run by vc.legacy."""

import asyncio
import atexit
import json
import sys
import time


async def _verdict(credential: str) -> str:
    import didkit

    options = json.dumps({"proofPurpose": "assertionMethod"})
    result = json.loads(await didkit.verify_credential(credential, options))
    return "good" if result["checks"] == ["proof"] and not result["errors"] else "bad"


if __name__ == "__main__":
    # didkit's threads may outlive the interpreter and bring it down; they end within this pause.
    atexit.register(time.sleep, 0.2)
    sys.stdout.write(asyncio.run(_verdict(sys.stdin.read())))
    sys.stdout.flush()
