package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import java.time.Instant;
import java.util.UUID;

/// One recipient of one mail that is still to be delivered.
///
/// @param ordinal the recipient's place in its mail
/// @param lane which mail goes first at a crowded site
/// @param domain what decides the route: the recipient's domain, or the reserved one for mail that
///   stays here
/// @param address the envelope recipient
/// @param due when the next attempt may be made
/// @param expires when to give up
/// @param attempts how many were booked so far
public record Entry(
        UUID id,
        EmailId email,
        int ordinal,
        Lane lane,
        String domain,
        String address,
        Instant due,
        Instant expires,
        int attempts) {

    /// In this order. The number is what stands in the database.
    public enum Lane {
        TRANSACTIONAL(0),
        BROADCAST(1);

        private final int number;

        Lane(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        static Lane of(int number) {
            return number == TRANSACTIONAL.number ? TRANSACTIONAL : BROADCAST;
        }
    }
}
