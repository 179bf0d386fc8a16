"""Run by test_concurrent_edits.py in a process of its own, on a real database: several people save
one form at the same moment.

Usage: python -m tests.portal.edit_race PROCESSES [unguarded]. The answer is one JSON line: how many
saved, how many were shown the other's text.
"""

import json
import multiprocessing
import sys
import time
from unittest.mock import patch

import django

django.setup()

from django.db import connection, connections, transaction

from academy.models import Department, User
from academy.search import index
from academy.web.concurrent_edits import BASED_ON, ChangedMeanwhile
from courses.catalogue.service_items import change_item
from courses.forms.service_items import ServiceItemForm
from courses.models import ServiceItem

BETWEEN_CHECK_AND_WRITE = 0.3  # seconds; without the lock everybody checks before anybody writes


def save(turn: int, user: User, item: ServiceItem, based_on: str) -> str:
    sent = {
        "question": f"第 {turn} 个人的问法？",
        "name": item.name,
        "keywords": item.keywords,
        BASED_ON: based_on,
    }
    form = ServiceItemForm(sent, instance=item, user=user)
    assert form.is_valid(), form.errors
    try:
        with transaction.atomic():
            form.refuse_if_changed()
            change_item(item=item, **form.cleaned_data)
    except ChangedMeanwhile:
        return "asked"
    return "saved"


def saver(barrier, answers, turn: int, *parts) -> None:
    connections.close_all()
    barrier.wait()
    try:
        answers.put(save(turn, *parts))
    except Exception as error:  # the test wants to see any other outcome by name
        answers.put(repr(error))
    connections.close_all()


def without_the_lock():
    """The control: the row is read without a lock, and a moment passes between the check and the
    write.
    """

    def read_only(form: ServiceItemForm) -> ServiceItem:
        row = ServiceItem.objects.get(pk=form.instance.pk)
        time.sleep(BETWEEN_CHECK_AND_WRITE)
        return row

    return patch.object(ServiceItemForm, "locked_row", read_only)


def main(processes: int, guarded: bool) -> None:
    user = User.objects.create(phone="19900000001", name="示例甲")
    item = ServiceItem.objects.create(
        code="FW-01",
        name="加装电梯",
        department=Department.objects.create(code="D01", name="示例局", short_name="例"),
    )
    based_on = ServiceItemForm(instance=item, user=user).based_on
    index.rebuild()
    connection.close()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    if not guarded:
        without_the_lock().start()
    workers = [
        fork.Process(target=saver, args=(barrier, answers, turn, user, item, based_on))
        for turn in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=60) for _ in range(processes)]
    for worker in workers:
        worker.join()
    json.dump({outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), guarded=sys.argv[2:] != ["unguarded"])
