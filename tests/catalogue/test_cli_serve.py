"""The demo and the server as processes: they come up, answer, and end in order."""

import json
import os
import re
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pyoxigraph
import pytest
from commands import datastore, invoke, started

DATASET = "http://www.w3.org/ns/dcat#Dataset"


def get(address: str, accept: str = "*/*") -> tuple[str, bytes]:
    with urlopen(Request(address, headers={"Accept": accept}), timeout=60) as response:
        return response.headers["Content-Type"], response.read()


def search(site: str, words: str) -> Any:
    return json.loads(get(f"{site}/search.json?q={quote(words)}&per_page=10")[1])


def wait_until_gone(pid: int) -> None:
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} is still there")


def test_the_demo_harvests_serves_and_ends(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--port", "0") as demo:
        site = demo.wait_for(r"(http://127\.0\.0\.1:\d+)/fr/\n")[1]
        demo.wait_for("Listening at|Ctrl-C ends it")
        demo.wait_for(r"search\.atom")
        curl = re.search(r"curl -L -H 'Accept: text/turtle' (\S+)", demo.said)
        assert curl
        addresses = re.findall(r"http://127\.0\.0\.1:\d+/\S+", demo.said)
        assert len(addresses) > 10
        for address in addresses:
            assert get(address)[1], address
        media_type, body = get(curl[1], "text/turtle")
        assert media_type.startswith("text/turtle")
        about = list(pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.TURTLE))
        assert DATASET in {getattr(triple.object, "value", "") for triple in about}
        assert search(site, "vélo")["count"] > 0
        assert search(site, "fiets")["count"] > 0
        download = next(t.object.value for t in about if t.predicate.value.endswith("#downloadURL"))
        assert b"70574" in get(download)[1]
        source = json.loads(datastore(tmp_path, "source", "list", "--json", DATA_DIR="var/demo")[0])[0]
        out, _ = datastore(tmp_path, "harvest", source["name"], DATA_DIR="var/demo")
        assert f"{source['name']}: done" in out
        assert demo.stop(signal.SIGINT) == 0
    assert "Traceback" not in demo.said


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("demo", "serve"):
            _, err = invoke(tmp_path, command, "--port", port, expect=1)
            assert f"127.0.0.1 port {port} cannot be used" in err
            assert "--port" in err


def test_the_demo_does_not_empty_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "var" / "demo").mkdir(parents=True)
    (tmp_path / "var" / "demo" / "thesis.txt").write_text("mine")
    _, err = invoke(tmp_path, "demo", "--port", "0", expect=1)
    assert "holds something else" in err
    assert (tmp_path / "var" / "demo" / "thesis.txt").read_text() == "mine"


def test_serve_answers_with_one_worker_beside_it_and_ends_both(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    with started(tmp_path, "serve", "--port", "0", "--workers", "1") as server:
        site = server.wait_for(r"The portal: (http://127\.0\.0\.1:\d+)/")[1]
        assert b"</html>" in get(f"{site}/fr/")[1]
        server.wait_for('"worker.started"')
        assert search(site, "nothing")["count"] == 0
        assert server.stop() == 0
        server.wait_for('"worker.stopped"')
    lines = [line for line in server.said.splitlines() if line.startswith("{")]
    assert all(json.loads(line)["event"] for line in lines)
    assert "Traceback (most" not in "".join(line for line in server.said.splitlines() if not line.startswith("{"))


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    with started(tmp_path, "serve", "--port", "0", "--workers", "1") as server:
        os.kill(worker_of(server.wait_for(r'[^\n]*"worker.started"[^\n]*')[0]), signal.SIGKILL)
        server.wait_for('"worker.died"')
        server.wait_for(r'(?s)"worker.died".*"worker.started"')
        assert server.stop() == 0


def test_without_a_worker_nothing_harvests(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    with started(tmp_path, "serve", "--port", "0", "--workers", "1", "--no-worker") as server:
        site = server.wait_for(r"The portal: (http://127\.0\.0\.1:\d+)/")[1]
        get(f"{site}/fr/")
        assert server.stop() == 0
    assert "worker.started" not in server.said


def test_what_the_web_counted_is_written_when_it_ends(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    with started(tmp_path, "serve", "--port", "0", "--workers", "1", "--no-worker") as server:
        site = server.wait_for(r"The portal: (http://127\.0\.0\.1:\d+)/")[1]
        asked = Request(f"{site}/fr/search?q=licornes", headers={"User-Agent": "Mozilla/5.0 (X11) Firefox/140"})
        with urlopen(asked, timeout=60) as answer:
            assert b"licornes" in answer.read()
        assert server.stop() == 0
    with closing(sqlite3.connect(tmp_path / "var" / "catalogue.sqlite")) as database:
        assert database.execute("SELECT times FROM unanswered").fetchall() == [(1,)]


def test_a_worker_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    with started(tmp_path, "serve", "--port", "0", "--workers", "1") as server:
        pid = worker_of(server.wait_for(r'[^\n]*"worker.started"[^\n]*')[0])
        server.popen.kill()
        wait_until_gone(pid)


def worker_of(line: str) -> int:
    return int(json.loads(line)["pid"])
