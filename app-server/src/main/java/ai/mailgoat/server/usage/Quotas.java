package ai.mailgoat.server.usage;

/// How many recipients and received mails a team may have.
///
/// @param daily in a day (UTC); 0 is without limit
/// @param monthly in a calendar month (UTC); 0 is without limit
public record Quotas(long daily, long monthly) {
    boolean none() {
        return daily == 0 && monthly == 0;
    }
}
