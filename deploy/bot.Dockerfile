# The bot: webhooks, workers, timers, migrations. Built from the checkout: docker build -f deploy/bot.Dockerfile .
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.13"
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock README.md ./
COPY nlu/wolof nlu/wolof
# Libraries first: they change less often than we do, and the layer is kept.
RUN uv sync --frozen --no-dev --no-install-project
COPY bot bot
COPY webhooks webhooks
COPY flows flows
COPY config config
COPY nlu/lexicon nlu/lexicon
RUN uv sync --frozen --no-dev

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin dellusi
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER 10001
CMD ["dellusi", "--help"]
