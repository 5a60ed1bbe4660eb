"""`learnometer schemas`: the JSON Schemas that the operator installs."""

from service.installed import Kind
from service.installing import group

command = group(
    Kind.SCHEMA,
    help_text="""Install, list and remove the JSON Schemas that credentials name.

    Credentials that name an installed schema are held to it. It takes effect when the program is
    started again.""",
)
