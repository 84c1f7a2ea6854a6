# The image of rollbackd. What a container can and cannot see of its host: docs/install.md.
#
#   docker build -t rollbackd .
#
# BASE: Debian with Node 24 and npm. TOOLS: whatever holds the vendor's mongodump and mongorestore in /usr/bin, built for a C library
# that is no newer than the one of BASE.
#
# Both by tag and not by digest: what Debian, Node and MongoDB mend is in the next build, as it is with the packages of apt below. What you
# roll out is the image that you have built and tried, named by its own digest. To build twice from the same, pin them yourself:
#
#   docker build --build-arg BASE=node:24-bookworm-slim@sha256:... --build-arg TOOLS=mongo:7.0-jammy@sha256:... -t rollbackd .
ARG BASE=node:24-bookworm-slim
ARG TOOLS=mongo:7.0-jammy

FROM ${TOOLS} AS tools

FROM ${BASE} AS packages
WORKDIR /opt/rollbackd
COPY package.json package-lock.json .npmrc ./
COPY scripts/node/package.json scripts/node/
RUN npm ci --omit=dev

FROM ${BASE} AS build
WORKDIR /opt/rollbackd
COPY package.json package-lock.json .npmrc ./
COPY scripts/node/package.json scripts/node/
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM ${BASE}
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
  ca-certificates git libgssapi-krb5-2 openssh-client \
  && rm -rf /var/lib/apt/lists/*
COPY --from=tools /usr/bin/mongodump /usr/bin/mongorestore /usr/bin/
# A tool that cannot be loaded here is to fail now, not in the middle of a rollback.
RUN mongodump --version && mongorestore --version && git --version

# In a deployment it runs as the owner of the application's pm2, by `--user`; here as somebody who owns nothing else.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/rollbackd --shell /usr/sbin/nologin rollbackd \
  && install --directory --owner=rollbackd --group=rollbackd --mode=0700 /var/lib/rollbackd \
  && install --directory --owner=rollbackd --group=rollbackd --mode=0755 /run/rollbackd /run/lock/rollbackd /etc/rollbackd

WORKDIR /opt/rollbackd
COPY package.json LICENSE ./
COPY bin bin
COPY config config
# What messages of the program point to.
COPY docs docs
COPY --from=packages /opt/rollbackd/node_modules node_modules
COPY --from=build /opt/rollbackd/dist dist
# A Node that is too old for it is to fail now, too.
RUN ln -s /opt/rollbackd/bin/rollbackd.js /usr/local/bin/rollbackd && rollbackd --version

ENV NODE_ENV=production
USER rollbackd
# Journal, recorder and evidence: they outlive the container.
VOLUME /var/lib/rollbackd
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["rollbackd", "health"]
# Node itself is the process that gets the signals.
ENTRYPOINT ["node", "/opt/rollbackd/bin/rollbackd.js"]
CMD ["run"]
