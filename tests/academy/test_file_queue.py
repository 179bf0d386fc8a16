"""The queue of files takes being killed: what a dead writer leaves behind stops nobody."""

from contextlib import contextmanager
from queue import Empty

import pytest
from kombu import Connection

from academy.file_queue import Transport


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "queue"


@contextmanager
def opened(tmp_path):
    """The queue as a process finds it that has just started: it remembers nothing."""
    Transport.global_state.clear()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
        "polling_interval": 0.05,
    }
    with (
        Connection("filesystem://localhost", transport_options=options) as connection,
        connection.SimpleQueue("work") as queue,
    ):
        yield queue
    Transport.global_state.clear()


@pytest.fixture
def queue(tmp_path):
    with opened(tmp_path) as queue:
        yield queue


def test_messages_come_out_in_order_and_once(queue):
    for number in range(3):
        queue.put({"number": number})

    assert [queue.get(timeout=3).payload["number"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        queue.get(timeout=0.1)


def test_a_message_that_was_never_finished_is_skipped(queue, folder):
    queue.put({"number": 1})
    (folder / "0_half.work.msg").write_text("")
    (folder / "0_half.work.msg.part").write_text('{"num')

    assert queue.get(timeout=3).payload == {"number": 1}


def test_a_message_appears_whole(queue, folder):
    queue.put({"number": 1})

    assert [path.suffix for path in folder.iterdir()] == [".msg"]


def test_a_table_of_queues_that_was_never_finished_is_written_anew(queue, tmp_path):
    table = tmp_path / "control" / "work.exchange"
    assert table.exists()
    table.write_text("")

    with opened(tmp_path) as after:
        after.put({"number": 1})
        assert after.get(timeout=3).payload == {"number": 1}


def test_the_folders_are_made(queue, folder, tmp_path):
    assert folder.is_dir()
    assert (tmp_path / "control").is_dir()
