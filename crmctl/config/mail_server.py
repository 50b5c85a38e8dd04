"""The mail server of whoever sends: from the environment, else from a file of the user's own, never the workspace's.

A workspace is shared and reviewed; a password in it would be, too.
"""

import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from crmctl.config.yaml_reader import read_file
from crmctl.errors import BadValue, NotConfigured, WrongUse
from crmctl.model.field import Conventions, Field
from crmctl.model.letter import MailServer, Sender
from crmctl.own_folder import configuration_home
from crmctl.text import names_hint

KEYS = ("host", "port", "user", "password", "from", "tls")
"""What can be set: `host` in the file, `CRMCTL_SMTP_HOST` in the environment, which wins."""
_TLS = ("starttls", "tls", "none")
_CONVENTIONS = Conventions(datetime.min)
"""An address is read in the same way everywhere."""
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def own_file(environment: Mapping[str, str]) -> Path:
    """Return where the user's own settings are."""
    return configuration_home(environment) / "crmctl" / "mail.yaml"


def mail_server(environment: Mapping[str, str], user: Sender | None) -> MailServer:
    """Return the server and whom letters are from; else the acting `user`. Raises WrongUse, NotConfigured."""
    given = settings(environment)
    host = given.get("host", "")
    if not host:
        raise WrongUse(
            "no mail server is named",
            hint=f"set CRMCTL_SMTP_HOST and CRMCTL_SMTP_FROM, or host: and from: in {own_file(environment)}",
        )
    sender = sender_of(given) or user
    if sender is None:
        raise WrongUse(
            "it is not known whom the letters are from", hint="set CRMCTL_SMTP_FROM='Anna <anna@example.com>'"
        )
    port_text = given.get("port", "")
    tls = given.get("tls", "").lower() or ("tls" if port_text == str(_PORTS["tls"]) else "starttls")
    if tls not in _TLS:
        raise WrongUse(f'CRMCTL_SMTP_TLS: "{tls}" is not known', hint=names_hint(tls, _TLS))
    port = _port(port_text) if port_text else _PORTS[tls]
    return MailServer(host, port, sender, tls, given.get("user", ""), given.get("password", ""))


def sender_of(given: Mapping[str, str]) -> Sender | None:
    """Return whom letters are from, as `Anna <anna@example.com>` says it. Raises WrongUse for what is no address."""
    text = given.get("from", "").strip()
    if not text:
        return None
    name, bracket, address = text.rpartition("<")
    try:
        found = Field("email", "email").parse(address if bracket else text, _CONVENTIONS)
    except BadValue as error:
        raise WrongUse(f'CRMCTL_SMTP_FROM "{text}": {error.reason}', hint=error.hint) from None
    return Sender(str(found), name.strip().strip('"').strip())


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what is set, by key. Raises NotConfigured for a file that is no use."""
    found = _from_file(own_file(environment))
    found |= {
        key: value for key in KEYS if (value := environment.get(f"CRMCTL_SMTP_{key.upper()}")) is not None
    }
    return {key: value for key, value in found.items() if value}


def _from_file(path: Path) -> dict[str, str]:
    try:
        mode = path.stat().st_mode
    except OSError:
        return {}
    document = read_file(path, str(path))
    for finding in document.findings:
        raise NotConfigured(f"{path}:{finding.line}: {finding.message}", hint=finding.hint or None)
    data = document.data
    if not isinstance(data, dict) or any(isinstance(value, dict | list) for value in data.values()):
        raise NotConfigured(
            f"{path} is no list of settings", hint="a line each, such as host: mail.example.com"
        )
    for key in data:
        if key not in KEYS:
            raise NotConfigured(f'{path}: unknown key "{key}"', hint=names_hint(str(key), KEYS))
    if data.get("password") and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotConfigured(f"others can read the password in {path}", hint=f"chmod 600 {path}")
    return {key: str(value) for key, value in data.items() if value is not None}


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise WrongUse(f'CRMCTL_SMTP_PORT: "{text}" is no port', hint="such as 587")
    return int(text)
