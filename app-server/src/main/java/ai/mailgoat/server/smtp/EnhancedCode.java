package ai.mailgoat.server.smtp;

import java.util.Optional;
import java.util.regex.Pattern;

/// `class.subject.detail` of RFC 3463, such as 5.1.1.
public record EnhancedCode(int klass, int subject, int detail) {

    private static final Pattern FORM =
            Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?=\\s|$)");

    public EnhancedCode {
        if (klass != 2 && klass != 4 && klass != 5) {
            throw new IllegalArgumentException("class " + klass);
        }
        // RFC 3463, 2: subject and detail have one to three digits.
        if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("code %d.%d".formatted(subject, detail));
        }
    }

    /// The code at the very start of a reply's text, where RFC 2034 (4) puts it.
    public static Optional<EnhancedCode> atStartOf(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        return Optional.of(
                new EnhancedCode(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))));
    }

    @Override
    public String toString() {
        return klass + "." + subject + "." + detail;
    }
}
