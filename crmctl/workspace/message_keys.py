"""The messages that stand in history: which were taken before, and to whose records their senders wrote."""

from itertools import chain

from crmctl.model.change import taken_back
from crmctl.model.keys import is_message_key, message_sender
from crmctl.model.message import Message
from crmctl.storage.interface import Reader


class MessageKeys:
    """Messages that were taken, by key; those undone are forgotten. Those taken now are learnt one by one."""

    def __init__(self, reader: Reader) -> None:
        history = [each for each in reader.history() if each.undoes or is_message_key(each.key)]
        taken = taken_back(history)
        self._taken: dict[str, str] = {}
        self._written_to: dict[str, dict[str, dict[str, None]]] = {}
        for entry in history:
            if entry.key and (entry.id, entry.gen) not in taken:
                self._take(entry.key, entry.id)

    def record_of(self, message: Message) -> str:
        """Return the first record that got the message; empty for one that is new."""
        return self._taken.get(message.key) or self._taken.get(message.former_key, "")

    def written_to(self, message: Message) -> list[str]:
        """Return the records that the sender wrote to before."""
        found = (self._written_to.get(reach, {}).get(channel, ()) for reach, channel in _senders(message))
        return list(dict.fromkeys(chain.from_iterable(found)))

    def of_strangers(self, message: Message) -> set[str]:
        """Return the records that somebody wrote to who has the sender's id in other channels, and the sender not."""
        senders = _senders(message)
        others = [
            ids
            for reach in {reach for reach, _ in senders}
            for channel, ids in self._written_to.get(reach, {}).items()
            if (reach, channel) not in senders
        ]
        return set(chain.from_iterable(others)).difference(self.written_to(message))

    def learn(self, message: Message, record_id: str) -> None:
        """Take down that a record got a message."""
        self._take(message.key, record_id)

    def _take(self, key: str, record_id: str) -> None:
        self._taken.setdefault(key, record_id)
        reach, channel = message_sender(key)
        if reach:
            self._written_to.setdefault(reach, {}).setdefault(channel, {})[record_id] = None


def _senders(message: Message) -> dict[tuple[str, str], None]:
    """Return what the sender may be known by, and the channel it holds in: as it is now, and as it once was."""
    return dict.fromkeys((message_sender(message.key), message_sender(message.former_key)))
