package ai.mailgoat.server.smtp;

import java.util.List;
import java.util.Optional;

/// One whole reply of a server (RFC 5321, 4.2): its code and the text of each line, without CRLF
/// and with control characters already made printable.
public record SmtpReply(int code, List<String> lines) {

    public SmtpReply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("reply code " + code);
        }
        lines = List.copyOf(lines);
    }

    public static SmtpReply of(int code, String text) {
        return new SmtpReply(code, List.of(text));
    }

    /// 2yz or 3yz: the command was taken (RFC 5321, 4.2.1).
    public boolean isPositive() {
        return code < 400;
    }

    /// 4yz: the same command may work later.
    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /// 5yz: the same command will not work later.
    public boolean isPermanent() {
        return code >= 500;
    }

    /// The enhanced status code of RFC 3463, from the first line, if its class agrees with the
    /// reply code.
    public Optional<EnhancedCode> enhanced() {
        return lines.isEmpty()
                ? Optional.empty()
                : EnhancedCode.atStartOf(lines.getFirst()).filter(e -> e.klass() == code / 100);
    }

    /// The text of all lines, joined by blanks.
    public String text() {
        return String.join(" ", lines);
    }

    /// As it would stand in a log: `550 5.1.1 no such user`.
    @Override
    public String toString() {
        return code + " " + text();
    }
}
