"""The queue as files in a folder, for a machine that has only Python: kombu's filesystem transport,
made safe to kill.

As it comes, a process killed while it writes leaves an empty file behind. An empty message ends
every worker that reads it, an empty table of queues keeps each one from starting again. Here files
appear whole or not at all, and what cannot be read is thrown away: the queue only hurries, the
sweep over the outbox delivers. Source: docs/rules.md R40.
"""

import json
import logging
import os
import uuid
from pathlib import Path
from time import monotonic_ns

from kombu.transport import filesystem

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Makes its folders, writes each message under another name first, and skips what is broken."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def _put(self, queue: str, payload: object, **kwargs) -> None:
        name = f"{monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"  # sorts by age
        # readers look at names that end in .msg
        unfinished = Path(self.data_folder_out, f"{name}.part")
        unfinished.write_text(json.dumps(payload))
        os.replace(unfinished, Path(self.data_folder_out, name))

    def _get(self, queue: str) -> object:
        while True:
            try:
                # raises Empty when nothing is left; it has taken the file away before it reads it
                return super()._get(queue)
            except ValueError:
                logger.warning("A message that could not be read was thrown away.")

    def get_table(self, exchange: str) -> list:
        try:
            return super().get_table(exchange)
        except ValueError:
            return []

    def _queue_bind(self, exchange: str, *binding: str) -> None:
        try:
            super()._queue_bind(exchange, *binding)
        except ValueError:
            self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, *binding)


class Transport(filesystem.Transport):
    Channel = Channel
