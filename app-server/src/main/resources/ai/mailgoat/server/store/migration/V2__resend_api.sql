-- Templates, contacts, received mail, request log, usage. The same text runs on H2 and on PostgreSQL.

-- What was sent with the mail beside its content; tags and ids are there to be filtered by.
ALTER TABLE email ADD COLUMN tags VARCHAR(60000);
ALTER TABLE email ADD COLUMN topic_id UUID;

-- A call for trial, about nothing that happened.
ALTER TABLE webhook_call ADD COLUMN test BOOLEAN DEFAULT FALSE NOT NULL;

-- Lists are walked in an index that holds what they are filtered by, and then the id.
CREATE INDEX suppression_team ON suppression (team_id, id);
CREATE INDEX suppression_origin ON suppression (team_id, origin, id);

-- fields is the template as its author last left it, in JSON; what is sent is the published version.
CREATE TABLE template (
    id                   UUID PRIMARY KEY,
    team_id              UUID NOT NULL REFERENCES team (id),
    name                 VARCHAR(200) NOT NULL,
    alias                VARCHAR(200),
    version_id           UUID NOT NULL,
    fields               BYTEA NOT NULL,
    published_version_id UUID,
    published_at         TIMESTAMP(6) WITH TIME ZONE,
    created_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    UNIQUE (team_id, alias)
);
CREATE INDEX template_team ON template (team_id, id);

-- Every version that was ever published, written once.
CREATE TABLE template_version (
    id           UUID PRIMARY KEY,
    template_id  UUID NOT NULL REFERENCES template (id) ON DELETE CASCADE,
    fields       BYTEA NOT NULL,
    published_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX template_version_template ON template_version (template_id, id);

CREATE TABLE contact_property (
    id         UUID PRIMARY KEY,
    team_id    UUID NOT NULL REFERENCES team (id),
    prop_key   VARCHAR(50) NOT NULL,
    type       VARCHAR(10) NOT NULL,
    fallback   VARCHAR(2000),
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    UNIQUE (team_id, prop_key)
);

-- A legacy audience is a segment under its older name.
CREATE TABLE segment (
    id         UUID PRIMARY KEY,
    team_id    UUID NOT NULL REFERENCES team (id),
    name       VARCHAR(200) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX segment_team ON segment (team_id, id);

CREATE TABLE topic (
    id                   UUID PRIMARY KEY,
    team_id              UUID NOT NULL REFERENCES team (id),
    name                 VARCHAR(50) NOT NULL,
    description          VARCHAR(200),
    default_subscription VARCHAR(10) NOT NULL,
    visibility           VARCHAR(10) NOT NULL,
    created_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX topic_team ON topic (team_id, id);

-- address is the e-mail address in its folded form, by which contacts are told apart; properties
-- is a JSON object of values by the id of the contact_property, so that a property made anew under
-- an old key does not bring old values back.
CREATE TABLE contact (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL,
    email        VARCHAR(254) NOT NULL,
    address      VARCHAR(254) NOT NULL,
    first_name   VARCHAR(200),
    last_name    VARCHAR(200),
    unsubscribed BOOLEAN NOT NULL,
    properties   VARCHAR(210000) NOT NULL,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE UNIQUE INDEX contact_address ON contact (team_id, address);
CREATE INDEX contact_team ON contact (team_id, id);
CREATE INDEX contact_unsubscribed ON contact (team_id, unsubscribed, id);

-- No foreign keys on these two: H2 would make further indexes, and imports write them by the
-- hundred thousand. Who deletes a contact, a segment or a topic deletes its rows here.
CREATE TABLE segment_contact (
    segment_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    PRIMARY KEY (segment_id, contact_id)
);
CREATE INDEX segment_contact_contact ON segment_contact (contact_id, segment_id);

-- Only explicit choices; without a row the topic's default holds.
CREATE TABLE contact_topic (
    contact_id   UUID NOT NULL,
    topic_id     UUID NOT NULL,
    subscription VARCHAR(10) NOT NULL,
    PRIMARY KEY (contact_id, topic_id)
);
CREATE INDEX contact_topic_topic ON contact_topic (topic_id, contact_id);

-- Contacts, segments and topics that are deleted while some of their rows in the two tables above
-- are still to be deleted.
CREATE TABLE leftover (
    kind     VARCHAR(30) NOT NULL,
    owner_id UUID NOT NULL,
    PRIMARY KEY (kind, owner_id)
);

-- options holds column map, segments, topics and the conflict rule, in JSON. row_done is how many
-- rows of the file are settled: where the work goes on after a restart. errors is a bounded JSON
-- list of rows that failed, failure is why the whole import did.
CREATE TABLE contact_import (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL REFERENCES team (id),
    status       VARCHAR(12) NOT NULL,
    options      VARCHAR(60000) NOT NULL,
    row_done     BIGINT NOT NULL,
    total        BIGINT NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    skipped      BIGINT NOT NULL,
    failed       BIGINT NOT NULL,
    errors       VARCHAR(60000) NOT NULL,
    failure      VARCHAR(2000),
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    completed_at TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX contact_import_team ON contact_import (team_id, id);
CREATE INDEX contact_import_team_status ON contact_import (team_id, status, id);
CREATE INDEX contact_import_status ON contact_import (status, id);

-- A mail that came in. listed is what lists show of it, content what was parsed out of it, both in
-- JSON; raw_blob is the message.
CREATE TABLE received_email (
    id           UUID PRIMARY KEY,
    team_id      UUID NOT NULL REFERENCES team (id),
    domain_id    UUID,
    message_id   VARCHAR(998) NOT NULL,
    sender       VARCHAR(1000) NOT NULL,
    subject      VARCHAR(2000) NOT NULL,
    listed       VARCHAR(1000000) NOT NULL,
    content      BYTEA,
    content_blob VARCHAR(64),
    raw_blob     VARCHAR(64) NOT NULL,
    raw_size     BIGINT NOT NULL,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX received_email_team ON received_email (team_id, id);

-- One row for each answered request of a key. Bodies are cut and secrets taken out before they
-- come here.
CREATE TABLE request_log (
    id            UUID PRIMARY KEY,
    team_id       UUID NOT NULL,
    method        VARCHAR(10) NOT NULL,
    endpoint      VARCHAR(1000) NOT NULL,
    status        INTEGER NOT NULL,
    user_agent    VARCHAR(300),
    api_key_id    UUID,
    took_micros   BIGINT NOT NULL,
    request_body  BYTEA,
    response_body BYTEA,
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX request_log_team ON request_log (team_id, id);

-- Recipients sent to and mails received, by day (UTC); what quotas are held against.
CREATE TABLE usage_day (
    team_id  UUID NOT NULL,
    on_day   DATE NOT NULL,
    sent     BIGINT NOT NULL,
    received BIGINT NOT NULL,
    PRIMARY KEY (team_id, on_day)
);

-- Events counted by quarter of an hour, sender's domain and name, up to the event named in
-- metric_progress. Quarters, for there are time zones half an hour and three quarters off.
CREATE TABLE metric_count (
    team_id    UUID NOT NULL,
    at_quarter TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    domain     VARCHAR(253) NOT NULL,
    metric     VARCHAR(40) NOT NULL,
    amount     BIGINT NOT NULL,
    PRIMARY KEY (team_id, at_quarter, domain, metric)
);
CREATE TABLE metric_progress (
    id       INTEGER PRIMARY KEY,
    event_id UUID NOT NULL
);

-- An application that may act for a team; its tokens are known by their hash only.
CREATE TABLE oauth_grant (
    id             UUID PRIMARY KEY,
    team_id        UUID NOT NULL REFERENCES team (id),
    client_id      VARCHAR(200) NOT NULL,
    client_name    VARCHAR(200) NOT NULL,
    scopes         VARCHAR(2000) NOT NULL,
    prefix         VARCHAR(16) NOT NULL UNIQUE,
    secret_hash    BYTEA NOT NULL,
    created_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    last_used_at   TIMESTAMP(6) WITH TIME ZONE,
    revoked_at     TIMESTAMP(6) WITH TIME ZONE,
    revoked_reason VARCHAR(200)
);
CREATE INDEX oauth_grant_team ON oauth_grant (team_id, id);

-- A team that asks for a domain which another team has; proved by a TXT record.
CREATE TABLE domain_claim (
    id             UUID PRIMARY KEY,
    team_id        UUID NOT NULL REFERENCES team (id),
    name           VARCHAR(253) NOT NULL,
    domain_id      UUID,
    options        VARCHAR(2000) NOT NULL,
    token          VARCHAR(100) NOT NULL,
    status         VARCHAR(12) NOT NULL,
    blocked_reason VARCHAR(200),
    failure_reason VARCHAR(200),
    created_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX domain_claim_team ON domain_claim (team_id, id);
CREATE INDEX domain_claim_name ON domain_claim (name);
