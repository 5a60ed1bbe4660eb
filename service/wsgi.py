"""The application for a WSGI server such as gunicorn: `gunicorn service.wsgi:application`."""

from service.app import create_app
from service.settings import from_environment

application = create_app(from_environment())
