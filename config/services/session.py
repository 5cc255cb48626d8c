from collections.abc import Iterator
from contextlib import contextmanager
@contextmanager
def prepare_command(argv: list[str]) -> Iterator[None]:
    yield
