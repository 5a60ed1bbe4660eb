"""The application for a WSGI server such as gunicorn: `gunicorn service.wsgi:application`."""

import sys
from typing import Final

from service.faults import FAULTS, sentence
from service.settings import from_environment
from service.start import start

# gunicorn starts a worker that ended otherwise again and again.
_APPLICATION_CANNOT_LOAD: Final = 4

try:
    application = start(from_environment())
except FAULTS as fault:
    sys.stderr.write(f"Error: {sentence(fault)}\n")
    raise SystemExit(_APPLICATION_CANNOT_LOAD) from fault
