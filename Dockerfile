# One image for every process: `serve` (the default), `worker`, and any other `daybook` sub-command.
FROM python:3.11-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock ./
RUN /app/.venv/bin/python -m pip install --require-hashes -r requirements.lock

FROM python:3.11-slim
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DAYBOOK_ENVIRONMENT=production \
    DAYBOOK_DATA_DIR=/data \
    DAYBOOK_HOST=0.0.0.0 \
    DAYBOOK_PORT=8000
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin daybook \
    && install --directory --owner=daybook --group=daybook --mode=0700 /data
WORKDIR /app
COPY --from=packages /app/.venv /app/.venv
COPY alembic.ini pyproject.toml README.md LICENSE ./
COPY schemas ./schemas
COPY migrations ./migrations
COPY api ./api
COPY scripts ./scripts
USER daybook
VOLUME ["/data"]
EXPOSE 8000
# A worker listens on no port: start its container with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import httpx, os; httpx.get(f'http://127.0.0.1:{os.environ[\"DAYBOOK_PORT\"]}/health/live', timeout=4).raise_for_status()"]
ENTRYPOINT ["python", "-m", "scripts.cli.main"]
CMD ["serve"]
