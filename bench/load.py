"""A small load generator: client processes with persistent connections to a server on this machine,
bounded in count and time.
"""

import http.client
import multiprocessing
import re
import time
from collections import Counter
from dataclasses import dataclass, field

TIMEOUT_SECONDS = 60
TIMING = re.compile(r'desc="([^"]+)";dur=([0-9.]+)')  # of a Server-Timing header


@dataclass(frozen=True)
class Request:
    """One request: method, path with query, cookies and form body."""

    path: str
    method: str = "GET"
    cookie: str = ""
    body: str = ""


@dataclass(frozen=True)
class Result:
    """What the clients saw: requests per second, how often each status came back, and milliseconds
    by what the server says they went into.
    """

    per_second: float
    statuses: dict[int, int]
    slowest_seconds: float
    body_bytes: int
    timings: dict[str, float] = field(default_factory=dict)


def _client(port: int, requests: list[Request], start, answers) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    statuses, timings, slowest, size = Counter(), Counter(), 0.0, 0
    start.wait()
    began = time.perf_counter()
    for request in requests:
        headers = {"Cookie": request.cookie} if request.cookie else {}
        if request.body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = time.perf_counter()
        try:
            connection.request(
                request.method, request.path, body=request.body or None, headers=headers
            )
            response = connection.getresponse()
            size = len(response.read())
            statuses[response.status] += 1
            for step, milliseconds in TIMING.findall(response.getheader("Server-Timing", "")):
                timings[step] += float(milliseconds)
        except (OSError, http.client.HTTPException):
            statuses[0] += 1
            connection.close()
        slowest = max(slowest, time.perf_counter() - sent)
    answers.put((began, time.perf_counter(), dict(statuses), slowest, size, dict(timings)))


def run(port: int, requests: list[Request], clients: int) -> Result:
    """Send all requests, shared out among so many clients at once."""
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(target=_client, args=(port, requests[number::clients], start, answers))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    collected = [answers.get(timeout=600) for _process in processes]
    for process in processes:
        process.join()
    seconds = max(row[1] for row in collected) - min(row[0] for row in collected)
    statuses = sum((Counter(row[2]) for row in collected), Counter())
    timings = sum((Counter(row[5]) for row in collected), Counter())
    return Result(
        len(requests) / seconds,
        dict(statuses),
        max(row[3] for row in collected),
        max(row[4] for row in collected),
        dict(timings),
    )
