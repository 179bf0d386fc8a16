"""A small load generator: client processes with persistent connections to a server on this machine, bounded in count and time."""

import http.client
import multiprocessing
import time
from collections import Counter
from dataclasses import dataclass

TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Request:
    """One request: method, path with query, cookies and form body."""

    path: str
    method: str = "GET"
    cookie: str = ""
    body: str = ""


@dataclass(frozen=True)
class Result:
    """What the clients saw: requests per second, and how often each status came back."""

    per_second: float
    statuses: dict[int, int]
    slowest_seconds: float
    body_bytes: int


def _client(port: int, requests: list[Request], start, answers) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    statuses, slowest, size = Counter(), 0.0, 0
    start.wait()
    began = time.perf_counter()
    for request in requests:
        headers = {"Cookie": request.cookie} if request.cookie else {}
        if request.body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = time.perf_counter()
        try:
            connection.request(request.method, request.path, body=request.body or None, headers=headers)
            response = connection.getresponse()
            size = len(response.read())
            statuses[response.status] += 1
        except (OSError, http.client.HTTPException):
            statuses[0] += 1
            connection.close()
        slowest = max(slowest, time.perf_counter() - sent)
    answers.put((began, time.perf_counter(), dict(statuses), slowest, size))


def run(port: int, requests: list[Request], clients: int) -> Result:
    """Send all requests, shared out among so many clients at once."""
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(clients), context.Queue()
    processes = [context.Process(target=_client, args=(port, requests[number::clients], start, answers)) for number in range(clients)]
    for process in processes:
        process.start()
    collected = [answers.get(timeout=600) for _process in processes]
    for process in processes:
        process.join()
    seconds = max(row[1] for row in collected) - min(row[0] for row in collected)
    statuses = sum((Counter(row[2]) for row in collected), Counter())
    return Result(len(requests) / seconds, dict(statuses), max(row[3] for row in collected), max(row[4] for row in collected))
