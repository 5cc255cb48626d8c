# The production image: web, worker, beat and the one-time initialiser are the same image with different commands.
FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 DJANGO_SETTINGS_MODULE=config.settings.prod
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/mizan mizan \
    && mkdir -p /srv/mizan /data && chown mizan /data
WORKDIR /srv/mizan
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
# Nothing is connected to while the image is built; the values only satisfy the settings.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijklm ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://app_web@build.invalid/mizan REDIS_URL=redis://build.invalid:6379/0 MIZAN_DATA=/tmp/build \
    sh -c "python manage.py messages --compile && python manage.py collectstatic --no-input --verbosity 0"
# the file system is read-only but for /tmp: caches of fonts go there
ENV MIZAN_DATA=/data HOST=0.0.0.0 PORT=8000 XDG_CACHE_HOME=/tmp/cache
USER mizan
EXPOSE 8000
CMD ["docker/web"]
