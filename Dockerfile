# One image for every role; POSTHORN_ROLE says which one a container plays.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The sources come later, so the build does too: a change of code then keeps this layer.
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 POSTHORN_DATA_DIR=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json /app/openapi.json /app/LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
# Without DATABASE_URL the embedded PostgreSQL and the generated keys live here: mount something durable.
VOLUME /data
EXPOSE 8080
# A worker answers no HTTP: that its process runs is all there is to see of it from here.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "if (process.env.POSTHORN_ROLE !== 'worker') fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1, so that a stop reaches it and the requests under way can end.
# How the heap is kept clean: docs/operating.md says why.
CMD ["node", "--v8-pool-size=0", "--max-semi-space-size=32", "--no-allocation-site-pretenuring", "dist/src/main.js"]
