package ai.mailgoat.server.queue;

/// How much goes on at a time. One site is a set of MX hosts that many domains may share.
///
/// @param connections deliveries at once, in all
/// @param connectionsPerSite deliveries at once at one site
/// @param broadcastPerMinute broadcast mails a minute, in all; 0 is without limit
/// @param broadcastPerMinutePerSite the same for each site
public record DispatchLimits(
        int connections,
        int connectionsPerSite,
        int broadcastPerMinute,
        int broadcastPerMinutePerSite) {}
