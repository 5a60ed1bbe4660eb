"""`learnometer contexts`: the JSON-LD contexts that the operator installs."""

from service.installed import Kind
from service.installing import group

command = group(
    Kind.CONTEXT,
    help_text="""Install, list and remove the JSON-LD contexts of extensions.

    A context gives terms their meaning, so none is ever downloaded. It takes effect when the
    program is started again.""",
)
