"""The messages that stand in history: which were taken before, and to whose records their senders wrote."""

from crmctl.model.change import taken_back
from crmctl.model.message import KEY, Message, sender_of
from crmctl.storage.interface import Reader


class MessageKeys:
    """Messages that were taken, by key; those undone are forgotten. Those taken now are learnt one by one."""

    def __init__(self, reader: Reader) -> None:
        history = reader.keyed(KEY)
        taken = taken_back(history)
        self._taken: dict[str, str] = {}
        self._written_to: dict[str, dict[str, dict[str, None]]] = {}
        for entry in history:
            if entry.key.startswith(KEY) and (entry.id, entry.gen) not in taken:
                self._take(entry.key, entry.id)

    def record_of(self, message: Message) -> str:
        """Return the first record that got the message; empty for one that is new."""
        return self._taken.get(message.key, "")

    def written_to(self, message: Message) -> list[str]:
        """Return the records that the sender wrote to before."""
        return list(self._written_to.get(message.reach_key, {}).get(message.channel_key, ()))

    def of_strangers(self, message: Message) -> set[str]:
        """Return the records that somebody wrote to who has the sender's id in other channels, and the sender not."""
        others = self._written_to.get(message.reach_key, {}).items()
        found = {each for channel, ids in others if channel != message.channel_key for each in ids}
        return found.difference(self.written_to(message))

    def learn(self, message: Message, record_id: str) -> None:
        """Take down that a record got a message."""
        self._take(message.key, record_id)

    def _take(self, key: str, record_id: str) -> None:
        self._taken.setdefault(key, record_id)
        reach, channel = sender_of(key)
        if reach:
            self._written_to.setdefault(reach, {}).setdefault(channel, {})[record_id] = None
