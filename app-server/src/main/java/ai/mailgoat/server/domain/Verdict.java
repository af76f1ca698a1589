package ai.mailgoat.server.domain;

/// What DNS says about one record.
sealed interface Verdict {

    /// It is there as wanted.
    record Match() implements Verdict {}

    /// Something else is there.
    record Wrong(String found) implements Verdict {}

    /// Nothing is there.
    record Missing() implements Verdict {}

    /// Nobody could say now: no reason to change anything.
    record Unknown(String reason) implements Verdict {}
}
