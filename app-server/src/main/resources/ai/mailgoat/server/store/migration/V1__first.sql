-- The same text runs on H2 and on PostgreSQL. Ids are UUIDv7, times are UTC.

CREATE TABLE team (
    id          UUID PRIMARY KEY,
    name        VARCHAR(200) NOT NULL,
    admin_email VARCHAR(254),
    created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- Signed-in people of the console; the hash is Argon2id.
CREATE TABLE app_user (
    id            UUID PRIMARY KEY,
    team_id       UUID NOT NULL REFERENCES team (id),
    email         VARCHAR(254) NOT NULL UNIQUE,
    password_hash VARCHAR(200) NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- team_id is null for the reserved domain, which every team may use.
CREATE TABLE domain (
    id                  UUID PRIMARY KEY,
    team_id             UUID REFERENCES team (id),
    name                VARCHAR(253) NOT NULL UNIQUE,
    region              VARCHAR(20) NOT NULL,
    status              VARCHAR(20) NOT NULL,
    return_path_label   VARCHAR(63) NOT NULL,
    tls                 VARCHAR(20) NOT NULL,
    open_tracking       BOOLEAN NOT NULL,
    click_tracking      BOOLEAN NOT NULL,
    tracking_subdomain  VARCHAR(63),
    sending             BOOLEAN NOT NULL,
    receiving           BOOLEAN NOT NULL,
    created_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    checking_since      TIMESTAMP(6) WITH TIME ZONE,
    next_check_at       TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX domain_team ON domain (team_id, created_at, id);
CREATE INDEX domain_check ON domain (next_check_at);

CREATE TABLE domain_record (
    domain_id   UUID NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    record      VARCHAR(20) NOT NULL,
    type        VARCHAR(10) NOT NULL,
    name        VARCHAR(253) NOT NULL,
    fqdn        VARCHAR(253) NOT NULL,
    content     VARCHAR(2000) NOT NULL,
    priority    INTEGER,
    required    BOOLEAN NOT NULL,
    status      VARCHAR(20) NOT NULL,
    found       VARCHAR(2000),
    checked_at  TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (domain_id, ordinal)
);

CREATE TABLE dkim_key (
    id           UUID PRIMARY KEY,
    domain_id    UUID NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    selector     VARCHAR(63) NOT NULL,
    algorithm    VARCHAR(20) NOT NULL,
    record_value VARCHAR(2000) NOT NULL,
    sealed_key   BYTEA NOT NULL,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX dkim_key_domain ON dkim_key (domain_id);

CREATE TABLE api_key (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL REFERENCES team (id),
    name         VARCHAR(200) NOT NULL,
    prefix       VARCHAR(16) NOT NULL UNIQUE,
    secret_hash  BYTEA NOT NULL,
    permission   VARCHAR(20) NOT NULL,
    domain_id    UUID REFERENCES domain (id) ON DELETE CASCADE,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    last_used_at TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX api_key_team ON api_key (team_id, created_at, id);

-- What changes of a mail, and what its lists show. Small, since each event rewrites the row.
CREATE TABLE email (
    id            UUID PRIMARY KEY,
    team_id       UUID NOT NULL REFERENCES team (id),
    message_id    VARCHAR(320) NOT NULL,
    sender        VARCHAR(1000) NOT NULL,
    sender_domain VARCHAR(253) NOT NULL,
    subject       VARCHAR(2000) NOT NULL,
    recipients    VARCHAR(60000) NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    scheduled_at  TIMESTAMP(6) WITH TIME ZONE,
    last_event    VARCHAR(20) NOT NULL
);
CREATE INDEX email_team ON email (team_id, id);

-- What was asked for, in JSON, written once and never updated. Up to some tens of KB in the row,
-- larger ones as a blob.
CREATE TABLE email_content (
    email_id     UUID PRIMARY KEY,
    content      BYTEA,
    content_blob VARCHAR(64)
);

-- One row for each envelope recipient: what became of it.
CREATE TABLE recipient (
    email_id UUID NOT NULL REFERENCES email (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    field    VARCHAR(3) NOT NULL,
    address  VARCHAR(254) NOT NULL,
    state    VARCHAR(12) NOT NULL,
    detail   VARCHAR(2000),
    PRIMARY KEY (email_id, ordinal)
);

-- What is still to be delivered: small rows that come, change and go.
CREATE TABLE queue_entry (
    id         UUID PRIMARY KEY,
    email_id   UUID NOT NULL,
    ordinal    INTEGER NOT NULL,
    lane       SMALLINT NOT NULL,
    domain     VARCHAR(253) NOT NULL,
    address    VARCHAR(254) NOT NULL,
    due_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    attempts   INTEGER NOT NULL,
    -- in the hands of a running process; what is still claimed at a start was in flight at a crash
    claimed    BOOLEAN NOT NULL,
    last_at    TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX queue_due ON queue_entry (due_at, id);
CREATE INDEX queue_domain_due ON queue_entry (domain, due_at, id);
CREATE INDEX queue_email ON queue_entry (email_id);

-- One row for each attempt at each recipient, as a DSN would tell it (RFC 3464, 2.3).
CREATE TABLE attempt (
    email_id  UUID NOT NULL,
    ordinal   INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    outcome   VARCHAR(12) NOT NULL,
    phase     VARCHAR(12) NOT NULL,
    mx_host   VARCHAR(253),
    ip        VARCHAR(64),
    tls       VARCHAR(100),
    code      INTEGER,
    enhanced  VARCHAR(12),
    reply     VARCHAR(2000),
    reason    VARCHAR(2000) NOT NULL,
    PRIMARY KEY (email_id, ordinal, number)
);

-- What happened, append-only. subject_id is the e-mail, the domain... that it happened to.
CREATE TABLE event (
    id         UUID PRIMARY KEY,
    team_id    UUID NOT NULL,
    subject_id UUID NOT NULL,
    type       VARCHAR(40) NOT NULL,
    at         TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    data       BYTEA NOT NULL
);
CREATE INDEX event_subject ON event (subject_id, id);

-- For a day after a rotation calls are signed with the previous secret, too. A deleted webhook is
-- gone for everybody; its row waits until its calls, which may be many, are swept away.
CREATE TABLE webhook (
    id                     UUID PRIMARY KEY,
    team_id                UUID NOT NULL REFERENCES team (id),
    endpoint               VARCHAR(2000) NOT NULL,
    events                 VARCHAR(4000) NOT NULL,
    status                 VARCHAR(10) NOT NULL,
    sealed_secret          BYTEA NOT NULL,
    previous_sealed_secret BYTEA,
    previous_until         TIMESTAMP(6) WITH TIME ZONE,
    created_at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    deleted_at             TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX webhook_team ON webhook (team_id, id);

-- One event owed to one endpoint. attempts counts those of the present schedule; due_at is null when
-- nothing more is to be tried. An event must outlive its calls: it is what they carry. No foreign
-- keys here and below: H2 makes one more index for each, and these rows come with every mail.
CREATE TABLE webhook_call (
    id          UUID PRIMARY KEY,
    webhook_id  UUID NOT NULL,
    event_id    UUID NOT NULL,
    type        VARCHAR(40) NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    status      VARCHAR(12) NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX webhook_call_due ON webhook_call (webhook_id, due_at, id);
CREATE INDEX webhook_call_webhook ON webhook_call (webhook_id, id);

-- status_code is null when no answer came; response then says why.
CREATE TABLE webhook_attempt (
    id          UUID PRIMARY KEY,
    call_id     UUID NOT NULL,
    at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    status_code INTEGER,
    response    VARCHAR(4000) NOT NULL
);
CREATE INDEX webhook_attempt_call ON webhook_attempt (call_id, id);

CREATE TABLE suppression (
    id         UUID PRIMARY KEY,
    team_id    UUID NOT NULL REFERENCES team (id),
    address    VARCHAR(254) NOT NULL,
    origin     VARCHAR(12) NOT NULL,
    source_id  UUID,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    UNIQUE (team_id, address)
);

-- A success to be told again for 24 hours: status and body as they were sent.
CREATE TABLE idempotency_key (
    team_id      UUID NOT NULL,
    endpoint     VARCHAR(100) NOT NULL,
    idem_key     VARCHAR(256) NOT NULL,
    request_hash BYTEA NOT NULL,
    status       INTEGER NOT NULL,
    response     BYTEA NOT NULL,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    PRIMARY KEY (team_id, endpoint, idem_key)
);
CREATE INDEX idempotency_age ON idempotency_key (created_at);
