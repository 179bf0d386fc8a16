"""Run by test_booking_race.py: many people book one class at the same moment, from processes that
wait for each other.

Usage: python -m tests.races.booking_clients PORT PATH PROCESSES, with the people's session keys as
a JSON list on standard input. The answer is one JSON line: how often each status came back,
whatever was said that nobody should read, and the cookies with the sentences that the next page
shows.
"""

import http.client
import json
import multiprocessing
import sys
from collections import Counter
from http.cookies import SimpleCookie

from .leash import leash

TIMEOUT_SECONDS = 60
TOKEN = "r" * 32  # the CSRF cookie and the form say the same


def client(port: int, path: str, sessions: list[str], barrier, answers) -> None:
    """One process: its people book one after another, as fast as the portal answers."""
    leash()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    connection.connect()
    statuses, complaints, messages = Counter(), [], []
    barrier.wait()
    for session in sessions:
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST", path, body=f"csrfmiddlewaretoken={TOKEN}", headers=headers)
            response = connection.getresponse()
            said = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            statuses[repr(error)] += 1
            connection.close()
            continue
        statuses[str(response.status)] += 1
        cookies = SimpleCookie(" ".join(response.headers.get_all("Set-Cookie", [])))
        messages += [cookies["messages"].value] if "messages" in cookies else []
        if response.status >= 500 or "locked" in said:
            complaints.append("locked" if "locked" in said else said[:300])
    answers.put((statuses, complaints, messages))


def main(port: int, path: str, processes: int) -> None:
    sessions = json.load(sys.stdin)
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(processes), fork.Queue()
    clients = [
        fork.Process(target=client, args=(port, path, sessions[turn::processes], barrier, answers))
        for turn in range(processes)
    ]
    for process in clients:
        process.start()
    collected = [answers.get(timeout=2 * TIMEOUT_SECONDS) for _process in clients]
    for process in clients:
        process.join()
    statuses = sum((Counter(row[0]) for row in collected), Counter())
    answer = {
        "statuses": statuses,
        "complaints": sorted({complaint for row in collected for complaint in row[1]}),
        "messages": [message for row in collected for message in row[2]],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
