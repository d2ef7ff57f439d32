# The understanding of texts, with its model trained while the image is built: docker build -f deploy/nlu.Dockerfile .
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.13"
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never RASA_TELEMETRY_ENABLED=false
WORKDIR /app/nlu
COPY nlu/pyproject.toml nlu/uv.lock ./
COPY nlu/stubs stubs
COPY nlu/wolof wolof
# Libraries first: they change less often than our sentences, and the layer is kept.
RUN uv sync --frozen --no-dev
COPY nlu /app/nlu
COPY config/places.csv /app/config/places.csv
RUN .venv/bin/python -m training train

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10002 --create-home --shell /usr/sbin/nologin nlu
COPY --from=build /app /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 RASA_TELEMETRY_ENABLED=false
WORKDIR /app/nlu
USER 10002
CMD [".venv/bin/python", "-m", "training", "serve", "--help"]
