from msgspec.structs import replace

from crmctl.model.keys import is_message_key, message_sender
from crmctl.model.message import Message, Sender

ONE = Message("telegram", Sender("77", "Ирина", "+380501234567"), "да", at="2026-11-21T08:00:00+00:00")


def test_a_message_is_the_same_by_its_id_else_by_all_of_it() -> None:
    named = replace(ONE, id="m1")
    assert named.key == replace(named, text="нет", at="").key
    assert named.key != replace(named, id="m2").key
    assert named.key != replace(named, channel="viber").key
    assert named.key != replace(named, sender=Sender("78")).key
    assert ONE.key != named.key
    assert (
        len({ONE.key, replace(ONE, text="нет").key, replace(ONE, at="").key, replace(ONE, subject="x").key})
        == 4
    )


def test_who_sent_it_is_known_however_written() -> None:
    reaches = [
        (Sender("@Ivan"), Sender("ivan", "Иван")),
        (Sender(phone="+38 (050) 1"), Sender(phone="380501")),
        (Sender(email="A@Example.com"), Sender(email="a@example.com")),
    ]
    for one, other in reaches:
        assert replace(ONE, sender=one).key == replace(ONE, sender=other).key


def test_it_is_the_same_however_channel_and_phone_are_written() -> None:
    viber = replace(ONE, channel="viber", sender=Sender(phone="+380501234567", number="+380501234567"))
    other = replace(viber, channel="Viber", sender=Sender(phone="050 123-45-67", number="+380501234567"))
    assert (viber.key, viber.key) == (other.key, viber.former_key)
    assert other.former_key not in (other.key, viber.former_key)
    assert replace(ONE, channel="Telegram").key == ONE.key


def test_the_key_says_who_sent_it_and_in_which_channel_that_holds() -> None:
    reach, channel = message_sender(ONE.key)
    assert is_message_key(ONE.key)
    assert (reach, channel) == message_sender(replace(ONE, text="нет").key)
    elsewhere = message_sender(replace(ONE, channel="viber").key)
    assert (reach == elsewhere[0], channel == elsewhere[1]) == (True, False)
    by_phone = replace(ONE, sender=Sender(phone="+380501234567"))
    assert message_sender(by_phone.key)[1] == ""
    assert message_sender(replace(ONE, sender=Sender(name="Ирина")).key) == ("", "")


def test_what_history_holds_says_who_wrote() -> None:
    assert ONE.note == "telegram, Ирина (+380501234567): да"
    assert Message("call", Sender(phone="0501234567")).note == "call, 0501234567"
    letter = Message("email", Sender(name="Ирина"), "текст", subject="тема")
    assert letter.note == "email, Ирина: тема\n\nтекст"
