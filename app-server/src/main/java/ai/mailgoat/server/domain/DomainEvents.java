package ai.mailgoat.server.domain;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.domain.DomainBody.RecordBody;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.store.Tx;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// `domain.created`, `domain.updated` and `domain.deleted`.
final class DomainEvents {
    private final EventLog events;
    private final InstantSource clock;

    DomainEvents(EventLog events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    void created(Tx tx, Domain domain, List<DomainRecord> records) {
        record(tx, "domain.created", domain, records);
    }

    void updated(Tx tx, Domain domain, List<DomainRecord> records) {
        record(tx, "domain.updated", domain, records);
    }

    void deleted(Tx tx, Domain domain, List<DomainRecord> records) {
        record(tx, "domain.deleted", domain, records);
    }

    // Nobody owns the reserved domain, so nobody is told of it.
    private void record(Tx tx, String type, Domain domain, List<DomainRecord> records) {
        if (domain.team() != null) {
            events.record(
                    tx,
                    new Event(
                            domain.team(),
                            domain.id().value(),
                            type,
                            clock.instant(),
                            new Data(
                                    domain.id().value(),
                                    domain.name().ascii(),
                                    domain.status().apiName(),
                                    ApiTime.iso(domain.createdAt()),
                                    domain.region(),
                                    records.stream().map(RecordBody::of).toList())));
        }
    }

    record Data(
            UUID id,
            String name,
            String status,
            String createdAt,
            String region,
            List<RecordBody> records) {}
}
