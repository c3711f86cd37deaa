"""Who logs in at a camera; it stands in no site folder, so that a site can be shown around."""

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from detectors.domain.errors import Misconfigured

EVERY = "*"  # the name under which the login of all other cameras stands
USER, PASSWORD = "{user}", "{password}"


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password; the password stays out of `repr`."""

    user: str
    password: str = field(repr=False)

    def into(self, place: str) -> str:
        """A URL with its placeholders filled."""
        return place.replace(USER, quote(self.user, safe="")).replace(PASSWORD, quote(self.password, safe=""))


def is_wanted(source: str) -> bool:
    """Whether a source leaves a place for who logs in."""
    return USER in source or PASSWORD in source


def read(file: Path) -> Mapping[str, Login]:
    """The logins of a TOML file by camera: a table with `user` and `password` for each, `["*"]` for the others.

    Raises:
        Misconfigured: if there is no such file, others than its owner may read it, or it says something else.
    """
    try:
        if stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise Misconfigured([f"{file}: others than its owner may read it; chmod 600 {file}"])
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise Misconfigured([f"{file}: {fault.strerror or fault}"]) from fault
    except ValueError:
        raise Misconfigured([f"{file}: it is not TOML"]) from None  # the fault might quote a password
    wrong = [name for name, login in said.items() if not _is_login(login)]
    if wrong:
        raise Misconfigured([f'{file}: [{name}] is not user = "…" and password = "…"' for name in wrong])
    return {name: Login(login["user"], login["password"]) for name, login in said.items()}


def _is_login(said: object) -> bool:
    return isinstance(said, dict) and said.keys() == {"user", "password"} and all(isinstance(one, str) for one in said.values())
