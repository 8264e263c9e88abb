# Ingestion: the worker by default, the collector with another command (docs/configuration.md).
#
#   docker build --file infra/docker/ingest.Dockerfile --tag lumina/ingest .
#   docker run lumina/ingest                                          the worker
#   docker run lumina/ingest node ingest/src/hosts/collector.ts       the collector
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY contracts/package.json contracts/
COPY ingest/package.json ingest/
# No dependency of the service compiles anything, and what the root prepares (git hooks) has no place here.
RUN npm ci --omit=dev --ignore-scripts --workspace @lumina/ingest

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY contracts contracts
COPY ingest ingest
# Dead letters are files here unless configured otherwise: mount a volume that outlives the container.
RUN mkdir -p /data/dead-letters && chown -R node:node /data
ENV DLQ_DIR=/data/dead-letters
VOLUME /data
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and gets SIGTERM itself; it drains before it exits.
# After an outage of the store the worker reads as fast as the stream allows: a small young generation keeps what that
# leaves behind from growing the process by 80 MB (npm run bench:ingest measures it).
CMD ["node", "--max-semi-space-size=4", "ingest/src/hosts/worker.ts"]
