"""What the project says about its settings and what it reads agree."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

from config.env import VARIABLES

ROOT = settings.BASE_DIR
PRODUCTION = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "books.example.sa",
    "DATABASE_URL": "postgres://app_web@database/mizan",
    "REDIS_URL": "redis://cache:6379/0",
}


def load_production(**changes):
    """Load the production settings in a process of their own; return its exit code and errors."""
    known = {key: value for key, value in os.environ.items() if key not in VARIABLES}
    result = subprocess.run(
        [sys.executable, "-c", "import config.settings.prod"],
        cwd=ROOT,
        env=known | PRODUCTION | changes,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stderr


def test_env_example_lists_every_variable_with_its_default():
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert listed == {name: variable.default for name, variable in VARIABLES.items()}


def test_no_variable_is_read_past_the_registry():
    pattern = re.compile(r"os\.(environ\[\"|environ\.get\(\"|getenv\(\")([A-Z_]+)")
    allowed = {
        "DJANGO_SETTINGS_MODULE",
        "MIZAN_SERVERS",
        "CI",
        "MIZAN_SHARED",
        "PYTEST_XDIST_WORKER",
    }
    found = {
        (file.relative_to(ROOT).as_posix(), match[2])
        for folder in (*settings.PRODUCT_APPS, "config")
        for file in (ROOT / folder).rglob("*.py")
        for match in pattern.finditer(file.read_text())
        if match[2] not in allowed
    }

    assert found == set()


def test_compose_uses_known_variables_only():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    ours = [service for service in compose["services"].values() if service.get("image") == "mizan"]

    assert len(ours) == 4
    for service in ours:
        assert set(service["environment"]) <= set(VARIABLES)


def test_compose_names_every_variable_it_cannot_do_without():
    text = (ROOT / "docker-compose.yml").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+):\?\}", text))
    head = text[: text.index("name: mizan")]

    assert needed == set(re.findall(r"\b[A-Z_]{8,}\b", head))
    optional = set(re.findall(r"\$\{([A-Z_]+):-", text))
    assert optional <= set(VARIABLES)


def test_image_runs_what_compose_calls_as_an_ordinary_user():
    image = (ROOT / "Dockerfile").read_text()
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    assert re.search(r"^USER (?!root)\w+$", image, re.MULTILINE)
    declared = set(re.findall(r"\b([A-Z_]+)=", " ".join(re.findall(r"^ENV (.+)$", image, re.M))))
    ours = declared - {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PIP_NO_CACHE_DIR"}
    assert ours - {"XDG_CACHE_HOME"} <= set(VARIABLES)
    ignored = (ROOT / ".dockerignore").read_text().split()
    for service in services.values():
        script = service.get("command", [""])[0]
        if script.startswith("docker/"):
            assert os.access(ROOT / script, os.X_OK), script
    assert not {"docker", "config", "manage.py", "locale", "static", "templates"} & set(ignored)
    assert services["web"]["volumes"] == services["worker"]["volumes"] == ["files:/data"]


def test_the_image_installs_the_libraries_that_documents_need():
    image = (ROOT / "Dockerfile").read_text()
    prepared = re.findall(r"missing\+=\((lib\S+)\)", (ROOT / "scripts" / "prepare").read_text())

    assert prepared
    assert [library for library in prepared if library not in image.split()] == []


def test_only_the_initialiser_knows_the_owner_and_the_superuser():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    for name, service in services.items():
        secrets = {"DATABASE_ADMIN_URL", "DATABASE_OWNER_URL"} & set(service.get("environment", {}))
        assert bool(secrets) == (name == "initialise")


def test_production_starts_with_what_it_needs():
    assert load_production() == (0, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"SECRET_KEY": ""},
        {"DATABASE_URL": ""},
        {"REDIS_URL": ""},
        {"ALLOWED_HOSTS": ""},
        {"ALLOWED_HOSTS": "*"},
        {"DEBUG": "1"},
    ],
)
def test_production_refuses_to_start_without(changes):
    code, errors = load_production(**changes)

    assert code != 0
    assert f"BadSetting: {next(iter(changes))}:" in errors
