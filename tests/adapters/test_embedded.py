"""`adapters.embedded`: the servers come up in odd places and after violence, and go down with whoever started them.

Run by root, pytest's folders are closed to everybody else, so each of these also shows that the servers, which run
as nobody then, get through.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap

import psycopg
import pytest
import redis

from adapters import embedded
from adapters.launch import StartFailed
from tests.adapters.watching import alive, until


def query(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def start(server: embedded.Server) -> subprocess.Popen[bytes]:
    server.prepare()
    process = subprocess.Popen(
        server.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert until(server.ready, 20)
    return process


def test_both_servers_are_durable_and_speak_chinese(tmp_path):
    with embedded.postgres(tmp_path) as url, embedded.valkey(tmp_path) as valkey_url:
        assert query(url, "SHOW fsync") == [("on",)]
        assert query(url, "SHOW synchronous_commit") == [("on",)]
        assert query(url, "SHOW data_checksums") == [("on",)]
        assert query(url, "SELECT length('微修'), upper('é')") == [(2, "É")]
        with redis.Redis.from_url(valkey_url) as client:
            client.set("kept", "yes")
            assert client.execute_command("WAITAOF", 1, 0, 2000)[0] == 1, "in the append-only file, on the disk"


def test_what_was_written_is_there_after_kill_9(tmp_path):
    postgres, valkey = embedded.Postgres(tmp_path), embedded.Valkey(tmp_path)
    processes = [start(postgres), start(valkey)]
    query(postgres.url, "CREATE TABLE promises AS SELECT 1 AS kept")
    with redis.Redis.from_url(valkey.url) as client:
        client.set("kept", "yes")
        client.execute_command("WAITAOF", 1, 0, 2000)
    for process in processes:
        process.kill()
        process.wait()

    with embedded.postgres(tmp_path) as url, embedded.valkey(tmp_path) as valkey_url:
        assert query(url, "SELECT kept FROM promises") == [(1,)]
        with redis.Redis.from_url(valkey_url) as client:
            assert client.get("kept") == b"yes"


def test_a_lock_file_naming_a_living_stranger_is_in_nobody_s_way(tmp_path):
    server = embedded.Postgres(tmp_path, fsync=False)
    server.prepare()
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n0\n5432\n")
    with embedded.running(server) as url:
        assert query(url, "SELECT 1") == [(1,)]


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path, request):
    deep = tmp_path / ("x" * 120)
    request.addfinalizer(lambda: shutil.rmtree(embedded.Postgres(deep).place.sockets))
    with embedded.postgres(deep, fsync=False) as url, embedded.valkey(deep, fsync=False) as valkey_url:
        assert query(url, "SELECT 1") == [(1,)]
        with redis.Redis.from_url(valkey_url) as client:
            assert client.ping()
    assert "/" + "x" * 120 not in url


def test_only_its_own_user_reaches_the_sockets(tmp_path):
    server = embedded.Postgres(tmp_path, fsync=False)
    server.prepare()
    assert stat.S_IMODE(server.place.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


def test_a_folder_serves_one_server_at_a_time(tmp_path):
    server = embedded.Valkey(tmp_path)
    with embedded.running(server):
        second = subprocess.run(server.command(), capture_output=True, text=True, timeout=20, check=False)
        assert "in use by another server" in second.stderr
        assert server.ready()


def test_a_server_that_cannot_start_says_why(tmp_path):
    (tmp_path / "run").symlink_to("/")
    with pytest.raises(StartFailed, match="belongs to somebody else"), embedded.valkey(tmp_path):
        pass


def test_the_servers_die_with_a_program_that_is_killed(tmp_path):
    script = f"""
        import time
        from pathlib import Path
        from adapters import embedded
        with embedded.postgres(Path({str(tmp_path)!r}), fsync=False), embedded.valkey(Path({str(tmp_path)!r})):
            print("up", flush=True)
            time.sleep(600)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE) as program:
        assert program.stdout
        assert program.stdout.readline() == b"up\n"
        pid = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        program.send_signal(signal.SIGKILL)
    assert until(lambda: not alive(pid) and not embedded.Valkey(tmp_path).ready(), 20)
