FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM node:24-bookworm-slim
# glibc's allocator keeps what decoders give back.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libjemalloc2 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# valibot names TypeScript as an optional peer, so npm installs it without the other tools of developers.
RUN npm ci --omit=dev && npm cache clean --force && rm -rf node_modules/typescript node_modules/@typescript
COPY fixtures/animation.gif fixtures/logo.png fixtures/portrait.jpg fixtures/sample.jpg ./fixtures/
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data
# The linker finds the library by its name, on every architecture. Pictures are rendered in processes of their own, so node's
# threads have files to read and write alone.
ENV NODE_ENV=production \
    LD_PRELOAD=libjemalloc.so.2 \
    UV_THREADPOOL_SIZE=8 \
    TINTYPE_HOST=0.0.0.0 \
    TINTYPE_PORT=3000 \
    TINTYPE_STORE=file:/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.TINTYPE_PORT + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
