package ai.mailgoat.server.queue;

/// What came of the entries that one delivery took along.
///
/// @param tried how many of them were attempted
record Carried(Verdict verdict, int tried) {
    static final Carried NOTHING = new Carried(Verdict.UNTRIED, 0);

    /// What a delivery says of its site.
    enum Verdict {
        /// It answered, whatever it said of the mail.
        REACHED,
        /// It would fail other mail alike.
        UNREACHABLE,
        /// Nothing was tried.
        UNTRIED
    }
}
