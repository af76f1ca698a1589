package ai.mailgoat.server.e2e;

import ai.mailgoat.server.dns.TestDnsServer;
import tools.jackson.databind.JsonNode;

/// Publishes what a domain asks for, as its owner would at a DNS provider.
final class TestZone {
    private static final int MX = 15;
    private static final int TXT = 16;
    private static final int A = 1;

    private TestZone() {}

    static void publish(TestDnsServer dns, JsonNode domain) {
        for (var record : domain.get("records")) {
            publishRecord(dns, record);
        }
    }

    private static void publishRecord(TestDnsServer dns, JsonNode record) {
        String name = record.get("fqdn").stringValue();
        String value = record.get("value").stringValue();
        switch (record.get("type").stringValue()) {
            case "MX" ->
                    dns.add(name, MX, 60, record.get("priority").intValue() + " " + value + ".");
            case "TXT" -> dns.add(name, TXT, 60, text(value));
            default -> throw new IllegalArgumentException(record.toString());
        }
    }

    /// A domain whose mail goes to loopback.
    static void receives(TestDnsServer dns, String domain) {
        dns.add(domain, MX, 60, "10 mx." + domain + ".");
        dns.add("mx." + domain, A, 60, "127.0.0.1");
    }

    // A string of a TXT record has at most 255 octets (RFC 1035, 3.3).
    private static String text(String value) {
        var strings = new StringBuilder();
        for (int i = 0; i < value.length(); i += 200) {
            strings.append('"').append(value, i, Math.min(value.length(), i + 200)).append("\" ");
        }
        return strings.toString().strip();
    }
}
