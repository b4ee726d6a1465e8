"""The embedded Redis answers, keeps its data through a crash, and leaves nothing running."""

from pathlib import Path

import pytest
from redis import Redis

from app.bootstrap.redis_server import LONGEST_SOCKET_PATH, RedisServer, is_recent


@pytest.mark.parametrize(
    ("says", "version", "expected"),
    [
        ("Debian's Redis is new enough", "Redis server v=7.0.15 sha=00000000:0 bits=64", True),
        ("so is Valkey", "Valkey server v=9.1.2 sha=00000000:0", True),
        ("6.2 brought the safe way to take a job", "Redis server v=6.2.0", True),
        ("6.0 has it not", "Redis server v=6.0.16", False),
        ("10 is newer than 6.2", "Redis server v=10.0.0", True),
        ("a program that says nothing is not trusted", "", False),
    ],
)
def test_which_servers_are_new_enough(says: str, version: str, expected: bool) -> None:
    assert is_recent(version) is expected


def client(server: RedisServer) -> "Redis":
    """Return a client of this server."""
    return Redis.from_url(server.url)


def test_it_answers_and_ends(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server, client(server) as redis:
        assert redis.ping()
        assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert redis.config_get("port") == {"port": "0"}
    assert server.pid is None
    assert not server.socket.exists()


def test_what_was_queued_survives_a_crash(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server:
        with client(server) as redis:
            redis.rpush("queue", "letter")
            # The append-only file is written every second; a crash right now is allowed to lose it.
            redis.execute_command("WAITAOF", 1, 0, 5000)
        server.kill()
        assert server.pid is None
        server.start()
        with client(server) as redis:
            assert redis.lrange("queue", 0, -1) == [b"letter"]


def test_a_deep_folder_gets_a_socket_with_a_short_path(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with RedisServer(deep) as server, client(server) as redis:
        assert len(bytes(server.socket)) <= LONGEST_SOCKET_PATH
        assert redis.ping()
    assert not server.socket.parent.exists()
