# Built from a checkout: docker build -t ottugi .
# The base brings npm, which the repair of damaged packages needs; what runs is the Node that package-lock.json pins.

FROM node:24-bookworm-slim AS build
# The pinned Node needs libatomic, also for building.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libatomic1 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/ottugi
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# Whatever the modes in the checkout were, the user of the container reads all of it and may change nothing.
RUN npm run build \
  && npm ci --omit=dev \
  && chmod -R a+rX .

FROM node:24-bookworm-slim
# bubblewrap and ripgrep are for the tools of the agent; what bubblewrap needs from the container is said in docs/install.md.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates libatomic1 procps ripgrep tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 ottugi \
  && useradd --uid 10001 --gid ottugi --no-create-home --home-dir /var/lib/ottugi --shell /usr/sbin/nologin ottugi \
  && install --directory --owner=ottugi --group=ottugi --mode=0700 /var/lib/ottugi
COPY --from=build /opt/ottugi /opt/ottugi
RUN ln -s /opt/ottugi/bin/ottugi /usr/local/bin/ottugi
ENV OTTUGI_HOME=/var/lib/ottugi \
  LANG=C.UTF-8 \
  PATH=/opt/ottugi/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
USER ottugi
WORKDIR /var/lib/ottugi
VOLUME /var/lib/ottugi
# Published ports reach a container from outside of it. A token is made before anything listens.
ENV OTTUGI_DASHBOARD__HOST=0.0.0.0
EXPOSE 7711
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["ottugi", "health"]
ENTRYPOINT ["ottugi"]
CMD ["run-forever"]
