-- Broadcasts, what recipients do with mail, and the pages they see. The same text runs on H2 and
-- on PostgreSQL.

-- fields is what the author wrote, in JSON. Counts are of recipients by state; what is missing to
-- the audience still waits.
CREATE TABLE broadcast (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL REFERENCES team (id),
    name         VARCHAR(200) NOT NULL,
    segment_id   UUID,
    topic_id     UUID,
    fields       BYTEA NOT NULL,
    status       VARCHAR(12) NOT NULL,
    paused       BOOLEAN NOT NULL,
    per_minute   INTEGER NOT NULL,
    -- whose failed recipients this one is for
    retry_of     UUID,
    scheduled_at TIMESTAMP(6) WITH TIME ZONE,
    queued_at    TIMESTAMP(6) WITH TIME ZONE,
    sent_at      TIMESTAMP(6) WITH TIME ZONE,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    frozen       BOOLEAN NOT NULL,
    -- where the merged text lies once it is frozen
    merge_blob   VARCHAR(64),
    reached      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    sent         BIGINT NOT NULL,
    failed       BIGINT NOT NULL,
    suppressed   BIGINT NOT NULL,
    skipped      BIGINT NOT NULL,
    -- why it failed as a whole
    reason       VARCHAR(300)
);
CREATE INDEX broadcast_team ON broadcast (team_id, id);
CREATE INDEX broadcast_retry ON broadcast (team_id, retry_of);
CREATE INDEX broadcast_status ON broadcast (status, scheduled_at);

-- One row for each contact of the frozen audience: how it ended, and what came of its mail.
CREATE TABLE broadcast_recipient (
    broadcast_id UUID NOT NULL,
    ordinal      BIGINT NOT NULL,
    contact_id   UUID NOT NULL,
    address      VARCHAR(254) NOT NULL,
    state        VARCHAR(12) NOT NULL,
    reason       VARCHAR(300),
    email_id     UUID,
    delivered_at TIMESTAMP(6) WITH TIME ZONE,
    bounce_type  VARCHAR(12),
    complained   BOOLEAN NOT NULL,
    unsubscribed BOOLEAN NOT NULL,
    opens        INTEGER NOT NULL,
    clicks       INTEGER NOT NULL,
    PRIMARY KEY (broadcast_id, ordinal)
);
CREATE INDEX broadcast_recipient_email ON broadcast_recipient (email_id);

ALTER TABLE email ADD COLUMN broadcast_id UUID;

-- Every open and click, with what was made of it: human or machine, and why.
CREATE TABLE engagement (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL,
    email_id     UUID NOT NULL,
    broadcast_id UUID,
    kind         VARCHAR(8) NOT NULL,
    url          VARCHAR(4000),
    at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ip           VARCHAR(64),
    user_agent   VARCHAR(300),
    verdict      VARCHAR(8) NOT NULL,
    reason       VARCHAR(40) NOT NULL
);
CREATE INDEX engagement_email ON engagement (email_id, id);
CREATE INDEX engagement_broadcast ON engagement (broadcast_id, kind, verdict);

-- The last event that recipients of broadcasts know of.
CREATE TABLE response_progress (
    id       INTEGER PRIMARY KEY,
    event_id UUID NOT NULL
);

-- As metric_count, for the mail of one broadcast.
CREATE TABLE metric_broadcast_count (
    team_id      UUID NOT NULL,
    broadcast_id UUID NOT NULL,
    at_quarter   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    domain       VARCHAR(253) NOT NULL,
    metric       VARCHAR(40) NOT NULL,
    amount       BIGINT NOT NULL,
    PRIMARY KEY (team_id, broadcast_id, at_quarter, domain, metric)
);
CREATE INDEX metric_broadcast_quarter ON metric_broadcast_count (team_id, at_quarter);

-- How a team's pages look and what they say; options in JSON.
CREATE TABLE brand (
    team_id    UUID PRIMARY KEY REFERENCES team (id),
    options    VARCHAR(60000) NOT NULL,
    logo_blob  VARCHAR(64),
    logo_type  VARCHAR(40),
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- A form on which people ask for a segment's mail; options in JSON.
CREATE TABLE signup_form (
    id         UUID PRIMARY KEY,
    team_id    UUID NOT NULL REFERENCES team (id),
    segment_id UUID NOT NULL,
    name       VARCHAR(200) NOT NULL,
    options    VARCHAR(60000) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX signup_form_team ON signup_form (team_id, id);

-- Who asked and has not confirmed yet, or when it did, and to what. Whoever has confirmed stays here
-- when the form goes: it is the proof of having been asked.
CREATE TABLE signup (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL REFERENCES team (id),
    form_id      UUID NOT NULL,
    address      VARCHAR(254) NOT NULL,
    email        VARCHAR(254) NOT NULL,
    first_name   VARCHAR(200),
    last_name    VARCHAR(200),
    -- the words agreed to, as they stood on the form
    consent      VARCHAR(4000) NOT NULL,
    ip           VARCHAR(64) NOT NULL,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP(6) WITH TIME ZONE,
    confirmed_ip VARCHAR(64),
    contact_id   UUID
);
CREATE INDEX signup_team ON signup (team_id, id);
CREATE INDEX signup_address ON signup (team_id, address, id);
CREATE INDEX signup_form_id ON signup (form_id, id);
CREATE INDEX signup_pending ON signup (confirmed_at, created_at);
