package ai.mailgoat.server.domain;

import ai.mailgoat.server.domain.DomainRecord.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How verdicts change records, and records a domain. Pure: no database, no DNS.
///
/// A record: `not_started` -> `pending` (somebody asked to verify) -> `verified`, or `failed` when
/// it is not there 72 hours later. Verified ones are looked at daily; one that is then wrong or
/// gone is in `temporary_failure` for 72 hours and counts as good for that long, then it is
/// `failed`. An answer that nobody could give changes nothing; only for a record that was never
/// there the 72 hours end all the same.
///
/// A domain: each capability (sending, receiving) is good, failed, awaited or not started, by its
/// records. Both alike: the domain is that. One good: `partially_verified` or `partially_failed`. A
/// record in `temporary_failure` leaves the domain `verified`, since it may still be used and the
/// API has no other word for it. Links have no say in it: until their record is there, those of
/// mail stand under the service's own name.
///
/// @param since when the present 72 hours began, `null` when nothing is awaited
/// @param nextCheckAt `null` for never
record Progress(
        List<DomainRecord> records,
        DomainStatus status,
        @Nullable Instant since,
        @Nullable Instant nextCheckAt) {

    static final Duration GRACE = Duration.ofDays(3);
    static final Duration RECHECK = Duration.ofDays(1);
    private static final Duration AFTER_UNKNOWN = Duration.ofHours(1);

    /// Waits since the beginning of the 72 hours: each applies until as much time has passed as it
    /// and those before it last together. People press "verify" right after publishing.
    private static final List<Duration> WAITS =
            List.of(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(30));

    private static final Duration LAST_WAIT = Duration.ofHours(1);

    private enum Capability {
        NOT_STARTED,
        AWAITED,
        GOOD,
        FAILED
    }

    /// Somebody asked to verify: whatever is not good becomes `pending`, and 72 hours begin anew.
    static Progress started(List<DomainRecord> records, Instant now) {
        var started =
                records.stream()
                        .map(r -> r.status().isGood() ? r : r.with(RecordStatus.PENDING, r.found()))
                        .toList();
        return new Progress(started, status(started), now, now);
    }

    /// The records changed because the capabilities did; nobody asked to verify.
    static Progress rearranged(Domain domain, List<DomainRecord> records, Instant now) {
        var status = status(records);
        boolean awaited = records.stream().anyMatch(r -> r.status() == RecordStatus.PENDING);
        return new Progress(
                records,
                status,
                awaited ? now : domain.checkingSince(),
                awaited ? now : domain.nextCheckAt());
    }

    /// DNS was asked.
    ///
    /// @param verdicts one for each of `records`, in their order
    static Progress checked(
            List<DomainRecord> records,
            List<Verdict> verdicts,
            @Nullable Instant since,
            Instant now) {
        boolean over = since != null && !now.isBefore(since.plus(GRACE));
        var after = new ArrayList<DomainRecord>();
        boolean newlyWrong = false;
        boolean unknown = false;
        for (int i = 0; i < records.size(); i++) {
            var record = records.get(i);
            var checked = checked(record, verdicts.get(i), over, now);
            newlyWrong |=
                    record.status() == RecordStatus.VERIFIED
                            && checked.status() == RecordStatus.TEMPORARY_FAILURE;
            unknown |= verdicts.get(i) instanceof Verdict.Unknown;
            after.add(checked);
        }
        // A record that went wrong has 72 hours of its own, however long others were awaited.
        boolean awaited = after.stream().anyMatch(Progress::isAwaited);
        Instant newSince = !awaited ? null : newlyWrong || since == null ? now : since;
        var status = status(after);
        return new Progress(
                List.copyOf(after), status, newSince, next(status, newSince, unknown, now));
    }

    private static DomainRecord checked(
            DomainRecord record, Verdict verdict, boolean over, Instant now) {
        return switch (verdict) {
            case Verdict.Match _ -> record.with(RecordStatus.VERIFIED, null).checked(now);
            case Verdict.Wrong(var found) ->
                    record.with(afterMiss(record.status(), over), found).checked(now);
            case Verdict.Missing _ ->
                    record.with(afterMiss(record.status(), over), null).checked(now);
            case Verdict.Unknown _ ->
                    over && record.status() == RecordStatus.PENDING
                            ? record.with(RecordStatus.FAILED, record.found())
                            : record;
        };
    }

    private static RecordStatus afterMiss(RecordStatus before, boolean over) {
        return switch (before) {
            case NOT_STARTED, PENDING -> over ? RecordStatus.FAILED : RecordStatus.PENDING;
            case VERIFIED -> RecordStatus.TEMPORARY_FAILURE;
            case TEMPORARY_FAILURE -> over ? RecordStatus.FAILED : RecordStatus.TEMPORARY_FAILURE;
            case FAILED -> RecordStatus.FAILED;
        };
    }

    private static boolean isAwaited(DomainRecord record) {
        return record.status() == RecordStatus.PENDING
                || record.status() == RecordStatus.TEMPORARY_FAILURE;
    }

    private static @Nullable Instant next(
            DomainStatus status, @Nullable Instant since, boolean unknown, Instant now) {
        if (since != null) {
            return now.plus(wait(Duration.between(since, now)));
        }
        return switch (status) {
            case FAILED, NOT_STARTED -> null;
            case VERIFIED, PENDING, PARTIALLY_VERIFIED, PARTIALLY_FAILED ->
                    now.plus(unknown ? AFTER_UNKNOWN : RECHECK);
        };
    }

    private static Duration wait(Duration elapsed) {
        var until = Duration.ZERO;
        for (var wait : WAITS) {
            until = until.plus(wait);
            if (elapsed.compareTo(until) < 0) {
                return wait;
            }
        }
        return LAST_WAIT;
    }

    static DomainStatus status(List<DomainRecord> records) {
        var sending = capability(records, Kind::isForSending);
        var receiving = capability(records, Kind::isForReceiving);
        if (sending == null || receiving == null || sending == receiving) {
            var one = sending != null ? sending : receiving;
            return one == null ? DomainStatus.NOT_STARTED : whole(one);
        }
        if (sending != Capability.GOOD && receiving != Capability.GOOD) {
            return DomainStatus.PENDING;
        }
        var other = sending == Capability.GOOD ? receiving : sending;
        return other == Capability.FAILED
                ? DomainStatus.PARTIALLY_FAILED
                : DomainStatus.PARTIALLY_VERIFIED;
    }

    /// Whether everything that sending needs is there.
    static boolean maySend(List<DomainRecord> records) {
        return capability(records, Kind::isForSending) == Capability.GOOD;
    }

    private static DomainStatus whole(Capability one) {
        return switch (one) {
            case NOT_STARTED -> DomainStatus.NOT_STARTED;
            case AWAITED -> DomainStatus.PENDING;
            case GOOD -> DomainStatus.VERIFIED;
            case FAILED -> DomainStatus.FAILED;
        };
    }

    private static @Nullable Capability capability(
            List<DomainRecord> records, Predicate<Kind> counts) {
        var statuses =
                records.stream()
                        .filter(r -> counts.test(r.kind()))
                        .map(DomainRecord::status)
                        .toList();
        if (statuses.isEmpty()) {
            return null;
        }
        if (statuses.contains(RecordStatus.FAILED)) {
            return Capability.FAILED;
        }
        if (statuses.contains(RecordStatus.PENDING)) {
            return Capability.AWAITED;
        }
        return statuses.contains(RecordStatus.NOT_STARTED)
                ? Capability.NOT_STARTED
                : Capability.GOOD;
    }
}
