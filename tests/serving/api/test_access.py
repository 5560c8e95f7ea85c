"""Who may come in: keys, this machine, other people's pages."""

import base64
import hashlib
import json
import stat

import pytest
from typer.testing import CliRunner

from fazhi.model.reading import InputError
from fazhi.serving.api.cli import app
from fazhi.serving.api.keys import KeyRing, new_key, read_keys, write_keys
from fazhi.serving.api.run import policy_of
from fazhi.serving.api.service import Policy

BODY = {"paragraphs": [{"text": "开展行政执法检查3次。"}]}
SHUT = Policy(needs_key=True, is_local=False)


@pytest.fixture
def tokens(tmp_path):
    """A file with two keys; their tokens by name, and the file."""
    made = {name: new_key(name, is_admin=name == "admin") for name in ("tag", "admin")}
    write_keys(tmp_path / "keys.json", [key for key, _ in made.values()])
    return {"file": tmp_path / "keys.json", **{name: token for name, (_, token) in made.items()}}


def basic(token):
    return "Basic " + base64.b64encode(f"label-studio:{token}".encode()).decode()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("headers", "tag", "reload"),
    [
        ({}, 401, 401),
        ({"Authorization": "Bearer fz_wrong"}, 401, 401),
        ({"Authorization": "Bearer "}, 401, 401),
        ({"Authorization": "Digest {tag}"}, 401, 401),
        ({"Authorization": "Basic !"}, 401, 401),
        ({"Authorization": "Bearer {tag}"}, 200, 403),
        ({"authorization": "bearer {tag}"}, 200, 403),
        ({"X-API-Key": "{tag}"}, 200, 403),
        ({"Authorization": "BASIC"}, 200, 403),
        ({"Authorization": "Bearer {admin}"}, 200, 200),
        ({"Authorization": "Bearer {tag}", "Origin": "http://evil.example"}, 403, 403),
        ({"Authorization": "Bearer {tag}", "Origin": "http://127.0.0.1:8000"}, 200, 403),
    ],
)
async def test_keys_decide_who_tags_and_who_exchanges_the_bundle(serving, tokens, headers, tag, reload):
    sent = {
        name: basic(tokens["tag"]) if value == "BASIC" else value.format(**tokens) for name, value in headers.items()
    }
    async with serving(keys=tokens["file"], policy=SHUT) as client:
        tagged = await client.post("/v1/tag", json=BODY, headers=sent)
        reloaded = await client.post("/v1/admin/reload", headers=sent)
    assert (tagged.status_code, reloaded.status_code) == (tag, reload)
    if tag == 401:
        assert tagged.headers["www-authenticate"].startswith("Bearer")
        assert tagged.json()["error"]["code"] == "unauthorized"


@pytest.mark.anyio
async def test_only_open_paths_need_no_key(serving, tokens):
    async with serving(keys=tokens["file"], policy=SHUT) as client:
        paths = [*(await client.get("/openapi.json")).json()["paths"], "/", "/docs", "/openapi.json", "/nowhere"]
        found = {path: (await client.get(path)).status_code for path in paths}
    opened = {path for path, status in found.items() if status != 401}
    assert opened == {
        "/",
        "/docs",
        "/openapi.json",
        "/health/live",
        "/health/ready",
        "/studio/health",
        "/studio/webhook",
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("policy", "host", "tag", "reload"),
    [
        (Policy(False, True), "127.0.0.1:8000", 200, 200),
        (Policy(False, True), "localhost", 200, 200),
        (Policy(False, True), "[::1]:8000", 200, 200),
        (Policy(False, True), "127.0.0.2:8000", 200, 200),
        (Policy(False, True), "192.168.0.7:8000", 403, 403),
        (Policy(False, True), "rebound.example:8000", 403, 403),
        (Policy(False, True), "127.0.0.1.example", 403, 403),
        (Policy(False, True), "[", 403, 403),
        (Policy(False, False), "office.example", 200, 403),
    ],
)
async def test_without_keys_this_machine_alone_may_do_everything(serving, policy, host, tag, reload):
    async with serving(policy=policy) as client:
        headers = {"Host": host}
        tagged = await client.post("/v1/tag", json=BODY, headers=headers)
        reloaded = await client.post("/v1/admin/reload", headers=headers)
    assert (tagged.status_code, reloaded.status_code) == (tag, reload)


@pytest.mark.anyio
async def test_a_page_of_another_site_cannot_post_to_this_machine(serving):
    async with serving() as client:
        for origin in ("http://evil.example", "null", "http://127.0.0.1:9000"):
            answer = await client.post("/v1/admin/reload", headers={"Origin": origin})
            assert (answer.status_code, answer.json()["error"]["field"]) == (403, "Origin")
        answer = await client.get("/v1/model", headers={"Origin": "http://evil.example"})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.anyio
async def test_a_key_that_was_taken_back_is_refused_after_a_reload(serving, tokens):
    admin, tag = ({"Authorization": f"Bearer {tokens[name]}"} for name in ("admin", "tag"))
    async with serving(keys=tokens["file"], policy=SHUT) as client:
        assert (await client.get("/v1/model", headers=tag)).status_code == 200
        write_keys(tokens["file"], [key for key in read_keys(tokens["file"]) if key.name != "tag"])
        assert (await client.post("/v1/admin/reload", headers=admin)).status_code == 200
        assert (await client.get("/v1/model", headers=tag)).status_code == 401


@pytest.mark.parametrize(
    ("host", "keys", "no_auth", "policy"),
    [
        ("127.0.0.1", None, False, Policy(needs_key=False, is_local=True)),
        ("localhost", None, False, Policy(needs_key=False, is_local=True)),
        ("::1", None, False, Policy(needs_key=False, is_local=True)),
        ("127.0.0.1", "keys", False, Policy(needs_key=True, is_local=True)),
        ("0.0.0.0", "keys", False, Policy(needs_key=True, is_local=False)),  # noqa: S104
        ("0.0.0.0", None, True, Policy(needs_key=False, is_local=False)),  # noqa: S104
    ],
)
def test_where_it_is_bound_decides_whether_keys_are_needed(host, keys, no_auth, policy):
    assert policy_of(host, keys, no_auth) == policy


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "::", "office.example"])  # noqa: S104
def test_other_machines_never_come_in_by_oversight(host):
    with pytest.raises(InputError, match="lets other machines in, and there are no keys"):
        policy_of(host, None, False)


def test_keys_are_shown_once_and_kept_as_hashes_for_their_owner_alone(tmp_path):
    file = tmp_path / "deep" / "keys.json"
    options = ["--keys", str(file)]
    added = CliRunner().invoke(app, ["keys", "add", "校验系统", *options])
    assert added.exit_code == 0
    token = added.stdout.strip()
    assert token.startswith("fz_")
    assert len(token) == 3 + 43  # 256 bits in base64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [kept] = json.loads(file.read_text(encoding="utf-8"))["keys"]
    assert (kept["name"], kept["sha256"]) == ("校验系统", hashlib.sha256(token.encode()).hexdigest())
    assert token not in file.read_text(encoding="utf-8")
    assert KeyRing(file).owner(token).name == "校验系统"
    assert KeyRing(file).owner(token + "x") is None

    again = CliRunner().invoke(app, ["keys", "add", "校验系统", *options])
    assert "has a key already" in str(again.exception)
    assert CliRunner().invoke(app, ["keys", "add", "乙", "--admin", *options]).exit_code == 0
    listed = CliRunner().invoke(app, ["keys", "list", *options]).stdout.split("\n")
    assert [line.split("\t")[0::2] for line in listed if line] == [["校验系统", "tag"], ["乙", "admin"]]
    assert CliRunner().invoke(app, ["keys", "remove", "校验系统", *options]).exit_code == 0
    assert [key.name for key in read_keys(file)] == ["乙"]
    assert "has no key" in str(CliRunner().invoke(app, ["keys", "remove", "丙", *options]).exception)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "is no file of keys"),
        ("[]", "is no file of keys"),
        ('{"keys": [{"name": "a"}]}', "is no file of keys"),
        ('{"keys": [{"name": "a", "sha256": "", "created": ""}]}', "holds a key that is none"),
        ('{"keys": [{"name": "a", "sha256": null, "created": ""}]}', "holds a key that is none"),
    ],
)
def test_a_file_that_holds_no_keys_is_refused(tmp_path, content, what):
    file = tmp_path / "keys.json"
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(InputError, match=what):
        read_keys(file)


def test_a_file_that_others_may_read_is_refused(tokens):
    tokens["file"].chmod(0o640)
    with pytest.raises(InputError, match=r"may be read by others \(mode 640\)"):
        read_keys(tokens["file"])
