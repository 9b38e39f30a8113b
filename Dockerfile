FROM python:3.13-slim AS build
WORKDIR /source
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY orchestrator orchestrator
COPY scenes scenes
RUN pip install --no-cache-dir --constraint constraints.txt hatchling \
 && pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python -m venv --without-pip /relax \
 && pip --python /relax/bin/python install --no-cache-dir --constraint constraints.txt /wheels/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 1883 --home-dir /home/relax --create-home relax \
 && install --directory --owner relax --mode 700 /var/lib/relax
COPY --from=build /relax /relax
ENV PATH=/relax/bin:$PATH PYTHONUNBUFFERED=1 RELAX_STATE_DIR=/var/lib/relax
USER relax
WORKDIR /home/relax
# Asks the broker for `relax/status`, or for the topic in RELAX_HEALTH_TOPIC: who is gone is `offline` there by last will.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["python", "-m", "orchestrator.mqtt.health"]
ENTRYPOINT ["relax"]
CMD ["--help"]
