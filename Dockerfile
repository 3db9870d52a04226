# The page is built with everything; the image has what runs only.
FROM node:24-bookworm-slim AS page
WORKDIR /rushes
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-progress
COPY tsconfig.json ./
COPY shared shared
COPY client-sdk client-sdk
COPY web web
RUN npm run --silent build

FROM node:24-bookworm-slim AS packages
WORKDIR /rushes
COPY package.json package-lock.json .npmrc ./
# The image brings Node itself: the package of it would be a second one.
RUN npm ci --no-progress --omit=dev && rm -rf node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg pocketsphinx pocketsphinx-en-us tini \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --create-home --uid 10001 rushes \
  && install -d -o rushes -g rushes /data
WORKDIR /rushes
COPY --from=packages /rushes/node_modules node_modules
COPY package.json LICENSE ./
COPY drizzle drizzle
COPY shared shared
COPY server server
COPY scripts scripts
COPY --from=page /rushes/web/dist web/dist
USER rushes
# On every address of the container: it does not start there without RUSHES_API_KEY.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
# As `npm start` does: unused memory goes back to the machine. And compiled code is kept where this user may write.
ENV MALLOC_TRIM_THRESHOLD_=4194304 MALLOC_MMAP_THRESHOLD_=33554432 NODE_COMPILE_CACHE=/data/.code
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "server/main.ts"]
