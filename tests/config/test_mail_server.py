"""Which mail server letters go to, and whom they are from."""

from pathlib import Path

import pytest

from crmctl.config.mail_server import mail_server
from crmctl.errors import CrmError, NotConfigured
from crmctl.model.letter import MailServer, Sender

SENDER = Sender("anna@example.com", "Anna")
GIVEN = {"CRMCTL_SMTP_HOST": "mail.example.com", "CRMCTL_SMTP_FROM": "Anna <anna@Example.com>"}


def written(folder: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path = folder / "crmctl" / "mail.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return {"XDG_CONFIG_HOME": str(folder)}


def refusal(environment: dict[str, str], user: Sender | None = None) -> str:
    with pytest.raises(CrmError) as caught:
        mail_server(environment, user)
    return caught.value.message


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, (587, "starttls")),
        ({"CRMCTL_SMTP_PORT": "465"}, (465, "tls")),
        ({"CRMCTL_SMTP_PORT": "2525"}, (2525, "starttls")),
        ({"CRMCTL_SMTP_TLS": "tls"}, (465, "tls")),
        ({"CRMCTL_SMTP_TLS": "none"}, (25, "none")),
        ({"CRMCTL_SMTP_TLS": "STARTTLS", "CRMCTL_SMTP_PORT": "465"}, (465, "starttls")),
    ],
)
def test_encryption_is_the_rule_and_follows_from_the_port(
    tmp_path: Path, more: dict[str, str], expected: tuple[int, str]
) -> None:
    server = mail_server(GIVEN | more | {"XDG_CONFIG_HOME": str(tmp_path)}, None)
    assert (server.port, server.tls) == expected
    assert server.sender == SENDER


def test_the_file_is_the_users_own_and_the_environment_wins(tmp_path: Path) -> None:
    text = "host: a.example.com\nport: 2525\nuser: anna\npassword: s3cret\nfrom: anna@example.com\n"
    environment = written(tmp_path, text)
    assert mail_server(environment, None) == MailServer(
        "a.example.com", 2525, Sender("anna@example.com"), "starttls", "anna", "s3cret"
    )
    assert mail_server(environment | {"CRMCTL_SMTP_HOST": "b.example.com"}, None).host == "b.example.com"


def test_a_file_of_the_folder_one_stands_in_is_not_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "host: evil.example.com\nfrom: anna@example.com\n")
    monkeypatch.chdir(tmp_path)
    environment = {"XDG_CONFIG_HOME": ".", "HOME": str(tmp_path / "home")}
    assert refusal(environment) == "no mail server is named"


def test_letters_are_from_the_acting_user_where_nothing_else_is_said(tmp_path: Path) -> None:
    environment = {"CRMCTL_SMTP_HOST": "a.example.com", "XDG_CONFIG_HOME": str(tmp_path)}
    assert mail_server(environment, SENDER).sender is SENDER
    assert refusal(environment) == "it is not known whom the letters are from"


def test_a_password_that_others_can_read_is_refused(tmp_path: Path) -> None:
    environment = written(tmp_path, "host: a.example.com\npassword: s3cret\n", 0o640)
    with pytest.raises(NotConfigured, match="others can read the password") as caught:
        mail_server(environment, SENDER)
    assert "s3cret" not in caught.value.message
    assert mail_server(written(tmp_path, "host: a.example.com\n", 0o644), SENDER).host == "a.example.com"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hots: x\n", 'unknown key "hots"'),
        ("- x\n", "is no list of settings"),
        ("host: {a: b}\n", "is no list of settings"),
        ("host: x\nhost: y\n", "mail.yaml:2: "),
    ],
)
def test_a_file_that_is_no_use_is_named(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(written(tmp_path, text), SENDER)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"CRMCTL_SMTP_PORT": "smtp"}, 'CRMCTL_SMTP_PORT: "smtp" is no port'),
        ({"CRMCTL_SMTP_PORT": "70000"}, 'CRMCTL_SMTP_PORT: "70000" is no port'),
        ({"CRMCTL_SMTP_TLS": "ssl3"}, 'CRMCTL_SMTP_TLS: "ssl3" is not known'),
        ({"CRMCTL_SMTP_FROM": "Anna"}, 'CRMCTL_SMTP_FROM "Anna": not an e-mail address'),
        ({"CRMCTL_SMTP_HOST": ""}, "no mail server is named"),
    ],
)
def test_what_the_environment_says_wrongly_is_named(tmp_path: Path, more: dict[str, str], told: str) -> None:
    assert refusal(GIVEN | more | {"XDG_CONFIG_HOME": str(tmp_path)}) == told
