# The whole program; LEARNOMETER_ROLES says which part of it a container is.
FROM python:3.11-slim
WORKDIR /srv/learnometer
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --system --home-dir /var/lib/learnometer --create-home learnometer \
    && install -d -o learnometer -m 700 /var/lib/learnometer/keys
USER learnometer
ENV LEARNOMETER_HOME=/var/lib/learnometer
EXPOSE 8000
# Threads, because a synchronous worker is held by one slow reader. No access log: the address of a
# share link is its secret.
CMD ["gunicorn", "service.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket"]
