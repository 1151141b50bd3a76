# The browser app is built in one stage; the last one has what the server needs to run.

FROM node:24-slim AS app
WORKDIR /app
COPY package.json package-lock.json ./
# The locked versions; why it is not `npm ci` stands in server/bootstrap.mjs. Scripts would only fetch another Node.
RUN npm install --no-save --no-audit --no-fund --ignore-scripts
COPY index.html vite.config.ts tsconfig.json tsconfig.base.json tsconfig.web.json tsconfig.node.json tsconfig.pure.json ./
COPY public ./public
COPY src ./src
COPY server ./server
RUN node server/build.ts

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --omit=dev --no-save --no-audit --no-fund --ignore-scripts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8787
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=app /app/dist ./dist
COPY package.json ./
COPY server ./server
# The embedded engine is the same code in the browser and here.
COPY src/fill ./src/fill
# What a picture costs is counted alike, too.
COPY src/blend/price.ts ./src/blend/price.ts
# Kept results, the one place that is written to.
RUN mkdir data && chown node:node data
ENV DATA_DIR=/app/data
VOLUME /app/data
USER node
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8787) + '/readyz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]
