package ai.mailgoat.server.dkim;

import java.util.List;
import java.util.random.RandomGenerator;

/// Messages in wire form that are hard on canonicalization: blanks, empty lines, folds, octets
/// above 127, fields several times or not at all.
final class RandomMessages {
    private static final List<String> NAMES =
            List.of(
                    "To",
                    "Cc",
                    "Subject",
                    "Date",
                    "Reply-To",
                    "Message-ID",
                    "Received",
                    "X-Mailer",
                    "List-Unsubscribe",
                    "sUBJECT",
                    "Content-Type");

    private RandomMessages() {}

    static String next(RandomGenerator random) {
        var message = new StringBuilder("From: ann@example.org\r\n");
        for (int i = random.nextInt(8); i > 0; i--) {
            message.append(NAMES.get(random.nextInt(NAMES.size()))).append(':');
            message.append(line(random));
            for (int folds = random.nextInt(3); folds > 0; folds--) {
                message.append("\r\n").append(random.nextBoolean() ? ' ' : '\t');
                message.append('x').append(line(random));
            }
            message.append("\r\n");
        }
        message.append("\r\n");
        for (int i = random.nextInt(12); i > 0; i--) {
            message.append(line(random)).append("\r\n");
        }
        return message.toString();
    }

    private static String line(RandomGenerator random) {
        var line = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> line.append(' ');
                case 1 -> line.append('\t');
                case 2 -> line.append((char) random.nextInt(0x80, 0x100));
                default -> line.append((char) random.nextInt(0x21, 0x7f));
            }
        }
        return line.toString();
    }
}
