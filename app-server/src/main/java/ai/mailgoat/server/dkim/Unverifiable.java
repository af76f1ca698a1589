package ai.mailgoat.server.dkim;

/// Ends the verification of one signature with a result that is not a pass.
final class Unverifiable extends Exception {
    private static final long serialVersionUID = 1L;

    private final DkimResult.Status status;
    private final String reason;

    Unverifiable(DkimResult.Status status, String reason) {
        super(reason, null, false, false);
        this.status = status;
        this.reason = reason;
    }

    DkimResult.Status status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
