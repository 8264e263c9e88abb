# The backend for the front ends, in either role: set LUMINA_ROLE to distributor or regional (docs/configuration.md).
#
#   docker build --file infra/docker/bff.Dockerfile --tag lumina/bff .
#   docker run --rm lumina/bff node bff/src/cli/migrate.ts     before a new version of a regional service
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY contracts/package.json contracts/
COPY bff/package.json bff/
# No dependency of the service compiles anything, and what the root prepares (git hooks) has no place here.
RUN npm ci --omit=dev --ignore-scripts --workspace @lumina/bff

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY contracts contracts
COPY bff bff
# Only for the embedded configuration store; with DATABASE_URL nothing is written here.
RUN mkdir /data && chown node:node /data
ENV LUMINA_CONFIG_DIR=/data/config
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and gets SIGTERM itself; it drains before it exits.
# Two thousand viewers who come at once leave much behind: a small young generation keeps that from growing the process by
# more than 100 MB (npm run bench:bff -- streams measures it).
CMD ["node", "--max-semi-space-size=8", "bff/src/server.ts"]
