package ai.mailgoat.server.cli;

/// The exit codes, part of the command line's contract.
final class Exit {
    static final int OK = 0;
    static final int GENERAL = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int AUTH = 4;
    static final int FORBIDDEN = 5;
    static final int VALIDATION = 6;
    static final int CONFLICT = 7;
    static final int RATE_LIMITED = 8;
    static final int DOWN = 9;

    private Exit() {}
}
