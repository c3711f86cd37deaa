"""SM4 as HJ 212-2025 uses it: ECB over what stands between `CP=&&` and `&&`, whole 16-byte blocks only.

NoPadding means that the rest, shorter than a block, stays as it is; so a frame keeps its length, and the checksum is that of
the plaintext (Annex A as the crate "a" on docs.rs quotes it, one source). ECB hides little: equal blocks look equal.
"""

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from detectors.domain.errors import Refused

_BLOCK = 16
_PLAIN = bytes(range(32, 127)) + b"\r\n\t"


def encrypt(key: bytes, content: bytes) -> bytes:
    """The content with its whole blocks encrypted."""
    whole = len(content) - len(content) % _BLOCK
    run = _cipher(key).encryptor()
    return run.update(content[:whole]) + run.finalize() + content[whole:]


def decrypt(key: bytes, content: bytes) -> bytes:
    """The content of `encrypt`."""
    whole = len(content) - len(content) % _BLOCK
    run = _cipher(key).decryptor()
    return run.update(content[:whole]) + run.finalize() + content[whole:]


def is_encrypted(content: bytes) -> bool:
    """Whether a content begins with a block of cipher: plaintext begins with a name in ASCII, a block by a chance of 1 : 10⁷."""
    return len(content) >= _BLOCK and bool(content[:_BLOCK].translate(None, _PLAIN))


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    if len(key) != _BLOCK:
        raise Refused("sm4_key: not 16 bytes", len(key))
    return Cipher(SM4(key), modes.ECB())  # noqa: S305  the standard asks for ECB
