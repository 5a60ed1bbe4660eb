"""The keys of this installation, in their folder or in a hardware token."""

from keys.custody import Custody, Token
from keys.sealing import MASTER_BYTES, Seal
from service.settings import Settings
from vc.errors import Refused, Unavailable
from verifier.checked import domain_of


def custody_of(settings: Settings) -> Custody:
    """The custody that the settings describe. Raises Malformed without a master secret."""
    return Custody(settings.keys_folder, settings.seal(), token=_token(settings))


def owner_elsewhere(settings: Settings) -> str:
    """Whose keys lie in the home folder, when none of them are for our own address; or nothing."""
    # Nothing is opened: the public facts are not sealed.
    custody = Custody(settings.keys_folder, Seal(bytes(MASTER_BYTES)))
    try:
        owners = [domain_of(record.owner) for record in custody.list()]
    except (Refused, OSError):
        return ""
    return "" if not owners or settings.authority in owners else owners[0]


def _token(settings: Settings) -> Token | None:
    hardware = settings.hardware_token
    if hardware is None:
        return None
    try:
        # Only who has such a token has installed what speaks to it.
        from keys.pkcs11 import Pkcs11Token
    except ModuleNotFoundError as error:
        sentence = "Tokens need the package python-pkcs11 (the extra pkcs11 of this program)."
        raise Unavailable("token", sentence, place="LEARNOMETER_PKCS11_MODULE") from error
    return Pkcs11Token(hardware.library, label=hardware.label, pin=hardware.pin)
