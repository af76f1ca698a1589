package ai.mailgoat.server.tracking;

/// Whether a person was behind an open or a click.
///
/// @param reason why it is thought so, one short word
record Verdict(boolean human, String reason) {

    static Verdict human(String reason) {
        return new Verdict(true, reason);
    }

    static Verdict machine(String reason) {
        return new Verdict(false, reason);
    }

    /// As it is stored and shown.
    String text() {
        return human ? "human" : "machine";
    }
}
