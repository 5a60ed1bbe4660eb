"""The keys of this installation, in their folder or in a hardware token."""

from keys.custody import Custody
from keys.register import read_unverified
from keys.tokens import Token
from service.settings import Settings
from vc.did import did_web
from vc.errors import Conflict, Refused, Unavailable
from verifier.checked import domain_of


def custody_of(settings: Settings) -> Custody:
    """The custody that the settings describe. Raises Malformed without a master secret."""
    return Custody(settings.keys_folder, settings.seal(), token=_token(settings))


def refuse_other_keys(custody: Custody, settings: Settings) -> None:
    """Raise Conflict when the keys at home belong to another origin.

    The origin is part of every DID: under another one nothing that was signed is ours, and what
    is done to the keys is done to nobody's.
    """
    ours = did_web(settings.authority)
    methods = [record.verification_method for record in custody.list()]
    if methods and not any(method.startswith(f"{ours}:") for method in methods):
        owner = methods[0].partition("#")[0]
        sentence = f"The keys in {settings.keys_folder} belong to {owner}, not to {ours}."
        raise Conflict("origin", sentence, place="LEARNOMETER_ORIGIN")


def owner_elsewhere(settings: Settings) -> str:
    """Whose keys lie in the home folder, when none of them are for our own address; or nothing."""
    # A hint needs no master secret, which whoever verifies may not have.
    try:
        register = read_unverified(settings.keys_folder)
        owners = [domain_of(kept.record.owner) for kept in register.keys]
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
